"""Detached signatures, made and checked by OpenSSH (`ssh-keygen -Y`): archiver holds no key and no cipher.

The format is that of OpenSSH's PROTOCOL.sshsig. Signatures are made for the namespace `archiver`, so
that none can be passed off as one of something else.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

NAMESPACE = "archiver"
TOOL = "ssh-keygen"
# Seconds; a key on a card, or one with a password, waits for somebody.
_PATIENCE = 300


class SignatureError(Exception):
    """Why something could not be signed, or is not signed as it should be."""


def sign_file(path: Path, key: Path) -> Path:
    """Sign a file with a private key, or with the one that an agent holds of a public key; the signature
    lies beside it as `<name>.sig`. SignatureError with what the tool says."""
    signature = path.with_name(f"{path.name}.sig")
    _run(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE, str(path)])
    if not signature.is_file():
        raise SignatureError(f"{TOOL} has made no signature")
    return signature


def check_signature(
    data: bytes, signature: Path, allowed: Path, moment: datetime | None = None
) -> str:
    """Who signed some bytes, by the name in a file of allowed signers (ssh-keygen(1)); SignatureError
    where nobody of these did. A key need only have been valid at that moment."""
    options = ["-s", str(signature), "-f", str(allowed)]
    if moment:
        # Older versions know no letter for UTC, but take the time as the local one.
        options += ["-O", f"verify-time={moment.astimezone(UTC):%Y%m%d%H%M%S}"]
    found = _run(["-Y", "find-principals", *options], environment={"TZ": "UTC"})
    names = found.decode(errors="replace").splitlines()
    if not names:
        raise SignatureError("nobody of the allowed signers has signed it")
    name = names[0].split(",")[0]
    _run(
        ["-Y", "verify", "-n", NAMESPACE, "-I", name, *options],
        data,
        environment={"TZ": "UTC"},
    )
    return name


def _run(
    arguments: Sequence[str],
    data: bytes | None = None,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 (a list of arguments, without a shell)
            [TOOL, *arguments],
            input=data,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
            env={**os.environ, **(environment or {})},
        )
    except FileNotFoundError:
        raise SignatureError(f"there is no `{TOOL}` here; it comes with OpenSSH") from None
    except subprocess.TimeoutExpired:
        raise SignatureError(f"{TOOL} did not answer") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise SignatureError(said[-1] if said else f"{TOOL} ended with {done.returncode}")
    return done.stdout
