"""The only speller of permalinks, of the paths in build/, and of the relative links between them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

# Names that archiver's own pages have or will have beside an entry or a coverage (DESIGN, "What is built").
RESERVED = frozenset(
    """index newest provenance coverage feed media captures revisions seal contributors tags search
    assets 404 sitemap robots""".split()
)
_DAY_PAGE = re.compile(r"\d{4}-\d\d-\d\d(t\d\d)?")
_DEVICE = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]")
MAXIMUM_SLUG = 180
# By far the most slugs need no closer look.
_PLAIN_SLUG = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_-]{{0,{MAXIMUM_SLUG - 1}}}")
# C0 controls and the space.
_IGNORED = "".join(map(chr, range(0x21)))
# By far the most paths need no quoting.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.~-]+")


def judge_slug(slug: str) -> str:
    """Why a name cannot be a permalink, or nothing: it must work on every file system and in every link."""
    if _PLAIN_SLUG.fullmatch(slug) and not is_device(slug):
        return ""
    if not slug:
        return "it is empty"
    if unicodedata.normalize("NFC", slug) != slug:
        return "it is not in Unicode's composed form (NFC)"
    if not slug[0].isalnum():
        return f"it begins with `{slug[0]}`; a letter or a digit must come first"
    for char in slug:
        if not (char.isalnum() or char in "-_" or unicodedata.category(char) in ("Mn", "Mc")):
            name = "a space" if char == " " else f"`{char}`"
            return f"it holds {name}; letters, digits, `-` and `_` may stand in it"
    if len(slug.encode()) > MAXIMUM_SLUG:
        return f"it is longer than {MAXIMUM_SLUG} bytes"
    if is_device(slug):
        return "it is the name of a device on Windows"
    return ""


def is_device(name: str) -> bool:
    """Whether Windows takes the name of a file, whatever its ending, for a device: `con`, `NUL.txt`."""
    return _DEVICE.fullmatch(name.partition(".")[0].rstrip(" ").lower()) is not None


def is_reserved(slug: str) -> bool:
    """Whether a page of archiver's own has that name."""
    folded = slug.casefold()
    return folded in RESERVED or _DAY_PAGE.fullmatch(folded) is not None


@lru_cache(maxsize=100_000)
def spell_slug(name: str) -> str:
    """A name of a contributor or a tag as a file's name: the same for spellings that differ only in
    case, accents' composition or punctuation."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    words = re.sub(r"[\W_]+", "-", folded).strip("-")
    if not words:
        return "x-" + _shorten_digest(name)
    if len(words.encode()) > 80:
        words = (
            words.encode()[:70].decode(errors="ignore").strip("-") + "-" + _shorten_digest(folded)
        )
    if judge_slug(words):
        return "x-" + _shorten_digest(folded)
    return words + "-" if words == "index" else words


def entry_path(coverage: str, slug: str) -> str:
    """The permalink of an entry."""
    return f"{coverage}/{slug}.html"


def copy_path(path: str, width: int) -> str:
    """A picture's copy of this width; both paths are below the coverage's folder, the picture's in media/.

    No file of content is published in that folder.
    """
    return f"renditions/{path.removeprefix('media/')}.{width}.webp"


def digest_permalink(path: str) -> str:
    """What stands for a permalink that may not be told, as a withdrawn post's `was`: `sha256:` and the
    digest of its path in build/, as UTF-8, in hexadecimal digits."""
    return f"sha256:{hashlib.sha256(path.encode()).hexdigest()}"


def timeline_path(coverage: str, name: str = "index") -> str:
    """A page of a coverage: its index, `newest`, a day, an hour or a part of these."""
    return f"{coverage}/{name}.html"


def list_path(folder: str, name: str = "index", number: int = 1) -> str:
    """A page of a list; the first has no number."""
    stem = f"{folder}/{name}" if folder else name
    return f"{stem}.html" if number == 1 else f"{stem}.{number}.html"


def quote_path(path: str) -> str:
    """A path as it stands in a link (RFC 3986)."""
    return path if _PLAIN_PATH.fullmatch(path) else quote(path, safe="/-_.~!$&'()*+,;=@")


def relative_link(source: str, target: str) -> str:
    """The link from one page of the site to another, both as paths in build/; always names a file."""
    while True:
        here, slash, below = source.partition("/")
        if not slash or not target.startswith(here + "/"):
            return "../" * source.count("/") + quote_path(target)
        source, target = below, target[len(here) + 1 :]


def absolute_link(base_url: str, target: str) -> str:
    """A page's address on the web; empty where the site does not say where it will be."""
    return f"{base_url.rstrip('/')}/{quote_path(target)}" if base_url else ""


def fold_path(path: str) -> str:
    """A path as a file system that ignores case and Unicode composition sees it."""
    return unicodedata.normalize("NFC", path).casefold()


def scheme_of(address: str) -> str:
    """The scheme of an address as a browser reads it, in lower case; empty for a relative one.

    Browsers drop C0 controls and spaces at the ends, and tabs and line breaks anywhere (WHATWG URL).
    """
    if address.startswith("https://"):
        return "https"
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", _strip_address(address))
    return match[1].lower() if match else ""


def is_remote(address: str) -> bool:
    """Whether a browser would go to another host, or out of the folder, for an address."""
    cleaned = _strip_address(address)
    return bool(scheme_of(cleaned)) or cleaned.replace("\\", "/").startswith("/")


# In sanitised HTML `<` begins a tag and nothing else; quotes may hold `>`.
HTML_TAG = re.compile(r'<[^">]*(?:"[^"]*"[^">]*)*>')
_ADDRESS = re.compile(r'\b(href|src|poster|srcset)="([^"]*)"')


def rebase_html(html: str, prefix: str) -> str:
    """Sanitised HTML whose relative links and sources were written for another folder.

    `prefix` is that folder as seen from here, with its final slash, or a whole address.
    """

    def rebase(match: re.Match[str]) -> str:
        address = match[2]
        if match[1] == "srcset":
            candidates = (prefix + candidate for candidate in address.split(", "))
            return f'srcset="{", ".join(candidates)}"'
        if not address or address.startswith("#") or is_remote(address):
            return match[0]
        return f'{match[1]}="{prefix}{address}"'

    def rebase_tag(match: re.Match[str]) -> str:
        return _ADDRESS.sub(rebase, match[0])

    return HTML_TAG.sub(rebase_tag, html) if prefix else html


def _strip_address(address: str) -> str:
    return re.sub(r"[\t\n\r]", "", address.strip(_IGNORED))


def _shorten_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
