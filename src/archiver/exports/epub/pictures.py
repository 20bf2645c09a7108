"""The pictures of a book: of kinds that every reader of EPUB knows, told by their first bytes."""

from __future__ import annotations

from pathlib import Path

# EPUB 3.3, section 3.2: core media types; with the ending that a file of that kind has here.
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


def find_core_type(path: Path) -> str:
    """The media type of a picture that may be in a book, or nothing."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError:
        return ""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    # What was not one is no file of the site: drawings are judged when it is built.
    return "image/svg+xml" if path.suffix.lower() == ".svg" else ""


def name_picture(number: int, media_type: str) -> str:
    """What a picture is called in the book: a name that any system can hold."""
    return f"media/picture-{number}.{_ENDINGS[media_type]}"
