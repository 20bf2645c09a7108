"""What was asked and answered, and the answer unpacked: never more of it than a limit."""

from __future__ import annotations

import re
import zlib
from datetime import datetime

from msgspec import Struct

from archiver.importers.fetching.addresses import FetchError

Headers = tuple[tuple[bytes, bytes], ...]
# Names of character sets that servers use; Python knows others under which text takes long or is none.
_CHARSET = re.compile(
    r"(?:iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|koi8-[ru]|macintosh|tis-620|windows-874|"
    r"shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp|gb(?:k|2312|18030)|big5(?:-hkscs)?|utf-16(?:le|be|-le|-be)?)",
    re.IGNORECASE,
)


class Exchange(Struct, frozen=True):
    """One request and its answer; the body as it was sent, without the transfer's chunks, or only its
    SHA-256 where nothing else was asked for."""

    address: str
    moment: datetime
    asked: Headers
    status: int
    answered: Headers
    body: bytes
    sha256: str = ""

    def find(self, name: str) -> str:
        """The first header of a name, in lower case, of the answer."""
        for key, value in self.answered:
            if key.lower() == name.encode():
                return value.decode("latin-1").strip()
        return ""


class Answer(Struct, frozen=True):
    """What is at an address in the end: its bytes unpacked, and all that was exchanged on the way."""

    data: bytes
    exchanges: tuple[Exchange, ...]

    @property
    def address(self) -> str:
        """Where it was found, after all redirects."""
        return self.exchanges[-1].address

    @property
    def moment(self) -> datetime:
        """When it was asked for."""
        return self.exchanges[-1].moment

    @property
    def page(self) -> bytes:
        """The bytes as UTF-8, where only the answer's headers say that they are something else."""
        kind = self.exchanges[-1].find("content-type")
        said = re.search(r"""charset\s*=\s*["']?([\w:.-]{2,40})""", kind, re.IGNORECASE)
        if said is None or not _CHARSET.fullmatch(said[1]):
            return self.data
        if not said[1].lower().startswith("utf-16"):
            try:
                self.data.decode()
            except UnicodeDecodeError:
                pass
            else:
                return self.data
        elif self.data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in self.data[:512]:
            return self.data
        try:
            return self.data.decode(said[1], errors="replace").encode()
        except LookupError:
            return self.data


def read_body(exchanges: tuple[Exchange, ...], size: int) -> Answer:
    """The answer that the last exchange holds. FetchError where it unpacks to more than `size` bytes."""
    last = exchanges[-1]
    packed = last.find("content-encoding").lower()
    if packed in ("", "identity"):
        return Answer(last.body, exchanges)
    if packed not in ("gzip", "x-gzip", "deflate"):
        raise FetchError("the answer is packed in a way that was not asked for")
    try:
        return Answer(unpack(last.body, size, packed == "deflate"), exchanges)
    except zlib.error as error:
        raise FetchError("the answer is packed, and cannot be unpacked", may_pass=True) from error


def unpack(data: bytes, size: int, deflate: bool = False) -> bytes:
    """Bytes unpacked: gzip in any number of members, or deflate with a head (RFC 1950) or without."""
    window = zlib.MAX_WBITS if deflate else 16 + zlib.MAX_WBITS
    if deflate and (len(data) < 2 or (data[0] & 15) != 8 or (data[0] << 8 | data[1]) % 31):
        window = -zlib.MAX_WBITS
    parts: list[bytes] = []
    length = 0
    while data:
        unpacker = zlib.decompressobj(window)
        parts.append(unpacker.decompress(data, size + 1 - length))
        length += len(parts[-1])
        if length > size:
            raise FetchError(f"the answer unpacks to more than {size} bytes")
        if not unpacker.eof:
            raise zlib.error("it is cut off")
        data = b"" if deflate else unpacker.unused_data.lstrip(b"\0")
    return b"".join(parts)
