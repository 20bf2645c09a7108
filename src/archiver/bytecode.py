"""Compiled templates of the default theme, kept where Python keeps the bytecode of archiver's own code.

To compile them takes as long as to build some hundred posts, and each process of a build needs them. They
are no part of what a build remembers of a site: they come with the installation, as Python's own do.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from archiver.compiler import is_below
from archiver.digests import SIZE, make_digest
from archiver.regular import sign_file


class KeptTemplates(BytecodeCache):
    """The bytecode of the templates in one folder; of any others, none is kept.

    `makers` are the files whose code takes part in compiling them; the bytecode lies beside that of the
    first. What cannot be read or written is compiled again, which is all that ever happens where Python is
    told to keep no bytecode.
    """

    def __init__(self, folder: Path, *makers: str) -> None:
        self._folder = folder
        self._files = cache_from_source(makers[0]).removesuffix(".pyc")
        signatures = [sign_file(path) for path in makers]
        self._made_by = f"{jinja2.__version__} {sys.version} {signatures}".encode()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """A name for the file of a template in the folder; nothing for others."""
        if not is_below(filename, self._folder):
            return ""
        return make_digest(name.encode(), os.fsencode(filename or "")).hex()[:16]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take over what was kept of the same text, where it is whole."""
        if not bucket.key:
            return
        with suppress(OSError):
            kept = self._name(bucket).read_bytes()
            code = kept[SIZE:]
            if kept[:SIZE] == self._seal(bucket, code):
                bucket.code = marshal.loads(code)  # noqa: S302 (as Python reads its own bytecode)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it: whole, whoever else does the same at this moment."""
        if not bucket.key or sys.dont_write_bytecode:
            return
        code = marshal.dumps(bucket.code)
        path = self._name(bucket)
        draft = path.with_suffix(f".{os.getpid()}.pyc")
        try:
            draft.write_bytes(self._seal(bucket, code) + code)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink()

    def _seal(self, bucket: Bucket, code: bytes) -> bytes:
        return make_digest(self._made_by, bucket.checksum.encode(), code)

    def _name(self, bucket: Bucket) -> Path:
        return Path(f"{self._files}.{bucket.key}.pyc")
