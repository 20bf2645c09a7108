"""The kinds of media that may lie in media/, by the endings of their names: one table for all who ask."""

from __future__ import annotations

from archiver.model import MediaKind

# Only what no browser runs when it is opened from a disk, whatever bytes it holds: a test tries them
# all. Firefox, where the system tells it nothing of an ending, looks at the bytes and runs what reads
# like HTML: so it is with `.jpe`, `.tsv`, `.7z`, `.tar`, and with those of SIGNED.
ENDINGS = {
    MediaKind.PICTURE: frozenset("png jpg jpeg gif webp avif bmp tif tiff ico heic svg".split()),
    MediaKind.VIDEO: frozenset("mp4 m4v webm ogv mov".split()),
    MediaKind.AUDIO: frozenset("mp3 m4a aac ogg oga opus wav flac".split()),
    MediaKind.DOCUMENT: frozenset(
        "pdf csv txt docx xlsx pptx odt ods odp rtf epub zip gz json vtt".split()
    ),
}
# The first boxes of ISO base media and QuickTime files. The byte before is that of a length: no letter.
_BOXES = (b"ftyp", b"free", b"mdat", b"moov", b"skip", b"wide")
SIGNED = frozenset("heic m4v mov".split())
# What stands beside a film or sound, with its words.
TRANSCRIPTS = ("vtt", "txt")
# What may stand beside a film, to be shown until it is played.
POSTERS = ("jpg", "jpeg", "png", "webp", "avif")
_PAGES = frozenset("htm html js mht mhtml mjs php shtml svg xht xhtml xml xsl xslt".split())
_KINDS = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}


def find_ending(path: str) -> str:
    """What follows the last dot of a file's name, in lower case; empty where there is none.

    Many servers unpack `.gz` on the way and go by the ending before it, so both are the ending of
    a packed page.
    """
    stem, dot, ending = path.rpartition("/")[2].lower().rpartition(".")
    packed = stem.rpartition(".")[2]
    if ending == "gz" and packed in _PAGES:
        return f"{packed}.gz"
    return ending if dot else ""


def find_kind(path: str) -> MediaKind | None:
    """The kind of a file, or None where it is none that is kept."""
    return _KINDS.get(find_ending(path))


def is_signed(head: bytes) -> bool:
    """Whether a file of one of the kinds SIGNED begins as such, and so with what no browser runs."""
    return head[:1] == b"\0" and head[4:8] in _BOXES


_MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "ico": "image/x-icon",
    "heic": "image/heic",
    "svg": "image/svg+xml",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "rtf": "application/rtf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "gz": "application/gzip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "json": "application/json; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "woff2": "font/woff2",
    "xml": "application/xml; charset=utf-8",
}


def find_type(path: str) -> str:
    """The media type of a file by its ending, as a server tells it: never by the system's own tables."""
    return _MEDIA_TYPES.get(find_ending(path), "application/octet-stream")
