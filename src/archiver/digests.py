"""Digests by which one state of something is told from another; they are never published."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

SIZE = 16


def make_digest(*parts: bytes) -> bytes:
    """A digest of some bytes, other parts make another one, however they are cut."""
    if len(parts) == 1:
        return hashlib.blake2b(parts[0], digest_size=SIZE).digest()
    digest = hashlib.blake2b(digest_size=SIZE)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def digest_value(value: Any) -> bytes:
    """A digest of a value: equal for equal values of the model."""
    return make_digest(_ENCODER.encode(value))


# Without an order, a set or a dict would be another value in another process.
_ENCODER = msgspec.msgpack.Encoder(order="deterministic")
