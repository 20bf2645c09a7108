"""The nouns of an archive, frozen: what every later step reads and none may change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

# What tells one state of a file from another without reading it (see `regular.sign_status`).
Signature = bytes


class Source(Struct, frozen=True):
    """One content file as text: its path below the archive's root, with `/`, and its decoded words.

    `digest` is the SHA-256 of its bytes, `signature` what its file was like when it was read.
    """

    path: str
    text: str
    digest: bytes = b""
    signature: Signature | None = None


class Stamp(Struct, frozen=True):
    """When something was published: a local day, and the moment where it was recorded.

    `moment` is aware and in the zone of its coverage; None says that only the day is known.
    """

    day: date
    moment: datetime | None = None

    @property
    def instant(self) -> datetime | None:
        """The moment in UTC. Only these may be compared: Python compares two moments of one zone by
        their wall clocks, which run twice through an hour when summer time ends (PEP 495)."""
        return self.moment.astimezone(UTC) if self.moment else None


class Byline(Struct, frozen=True):
    """Who reported: a person, a desk or a channel, with role and place where they are known."""

    name: str
    role: str = ""
    place: str = ""


class Correction(Struct, frozen=True):
    """A correction as the publisher noted it."""

    date: Stamp
    note: str


class Withdrawal(Struct, frozen=True):
    """A tombstone: the text is gone, the permalink stays.

    `was` are digests of permalinks that told too much themselves and are gone (see
    `urls.digest_permalink`); the post then has another, which tells nothing.
    """

    date: Stamp
    by: str = ""
    reason: str = ""
    was: tuple[str, ...] = ()


class Origin(Struct, frozen=True):
    """A post's own id and address at its publisher."""

    id: str = ""
    url: str = ""


class Quoted(Struct, frozen=True):
    """The post that an embedded post answers or quotes, one level deep."""

    author: str = ""
    handle: str = ""
    text: str = ""


class MediaKind(StrEnum):
    """How a browser shows a file kept beside the words."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


class Facts(Struct, frozen=True, array_like=True):
    """What is known of a medium that is kept: the size in pixels of a picture or film as it is shown, 0
    where that is not known; how wide a picture's copies are (see `renditions`); the digest of a file that
    may be a transcript."""

    width: int = 0
    height: int = 0
    copies: tuple[int, ...] = ()
    digest: bytes = b""


class Candidate(Struct, frozen=True):
    """A file that a browser may choose to show for a picture, and how many pixels wide it is (WHATWG HTML,
    4.8.4.2.1)."""

    href: str
    width: int


class Media(Struct, frozen=True, tag=True):
    """A picture, film, sound or document in a post.

    `href` is relative to the coverage's folder; empty where nothing was kept, and then `address`
    says where the thing stood: on another host, or in a file that is not there. `width` and `height` are
    its size as it is shown, 0 where that is not known; `candidates` what may be shown for a picture;
    `poster` stands for a film until it is played; `transcript` holds paragraphs between empty lines.
    """

    kind: MediaKind
    href: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    address: str = ""
    width: int = 0
    height: int = 0
    candidates: tuple[Candidate, ...] = ()
    poster: str = ""
    transcript: str = ""


class Genre(StrEnum):
    """What an embed was, as a reader would call it."""

    POST = "post"
    VIDEO = "video"
    SOUND = "sound"
    PICTURE = "picture"
    CHART = "chart"
    MAP = "map"
    DOCUMENT = "document"
    PAGE = "page"


class Anchor(Struct, frozen=True):
    """Words of an embed's text that were a link, and where it led."""

    text: str
    url: str


class Embed(Struct, frozen=True, tag=True):
    """What somebody else's platform showed in a post, as text.

    `links` are the links of `text` in their order; `label` is what the embed said of itself ("View
    this post on …", the date in its own words), which is nothing of its substance.
    """

    provider: str
    genre: Genre = Genre.POST
    url: str = ""
    author: str = ""
    handle: str = ""
    date: Stamp | None = None
    title: str = ""
    text: str = ""
    links: tuple[Anchor, ...] = ()
    media: tuple[Media, ...] = ()
    transcript: str = ""
    reply_to: Quoted | None = None
    quotes: Quoted | None = None
    label: str = ""
    captured: Stamp | None = None

    @property
    def was_captured(self) -> bool:
        """Whether anything of its substance was kept."""
        kept = any(medium.href for medium in self.media)
        return bool(self.text or self.transcript or kept)


class Link(Struct, frozen=True):
    """A link to another content file, by that file's path, and where it stands."""

    target: str
    fragment: str
    path: str
    line: int
    column: int


class Body(Struct, frozen=True):
    """A Markdown text made ready.

    `html` is sanitised, with a numbered slot where each of `slots` belongs (see `markdown.slots`);
    `text` is what a reader sees, without markup; `markdown` is the source as written; `fragments`
    are the ids that links may name.
    """

    markdown: str = ""
    html: str = ""
    text: str = ""
    slots: tuple[Media | Embed, ...] = ()
    links: tuple[Link, ...] = ()
    fragments: tuple[str, ...] = ()

    @property
    def pictures(self) -> Iterator[Media]:
        """The pictures that are there to be shown, those of embeds too."""
        for slot in self.slots:
            for medium in slot.media if isinstance(slot, Embed) else (slot,):
                if medium.href and medium.kind is MediaKind.PICTURE:
                    yield medium


class Revision(Struct, frozen=True):
    """An earlier text of a post. `captured` is when another was first found in its place; None where
    that is not known."""

    path: str
    captured: Stamp | None = None
    title: str = ""
    updated: Stamp | None = None
    body: Body = Body()


class Entry(Struct, frozen=True):
    """One post of a coverage; its `revisions` are the earliest first."""

    path: str
    coverage: str
    slug: str
    date: Stamp
    order: int | None = None
    updated: Stamp | None = None
    title: str = ""
    byline: tuple[Byline, ...] = ()
    key: bool = False
    pinned: bool = False
    breaking: bool = False
    summary: bool = False
    tags: tuple[str, ...] = ()
    language: str = ""
    source: Origin | None = None
    aliases: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    withdrawn: Withdrawal | None = None
    draft: bool = False
    body: Body = Body()
    revisions: tuple[Revision, ...] = ()


class Capture(Struct, frozen=True):
    """A record that was imported: a file under captures/, its address, time and digest.

    `format` names the reader that understood it, `tool` what made the capture, where it says so.
    """

    file: str = ""
    url: str = ""
    captured: Stamp | None = None
    format: str = ""
    tool: str = ""
    sha256: str = ""


class Provenance(Struct, frozen=True):
    """Where a coverage came from, and what no capture of it held."""

    publisher: str = ""
    url: str = ""
    captures: tuple[Capture, ...] = ()
    missing: tuple[str, ...] = ()


class Notes(Struct, frozen=True):
    """What imports noted of a coverage: where its media were on the web, by path below its folder, and
    what is in doubt about its posts, by the path of their files below it."""

    origins: dict[str, str] = {}
    doubts: dict[str, str] = {}


class Rights(Struct, frozen=True):
    """Under what terms a coverage may be used, and who holds it."""

    licence: str = ""
    holder: str = ""


class Coverage(Struct, frozen=True):
    """One event as it was covered, its entries in their order (see `load.order_entries`).

    The Markdown fields (`key_points`, `notice`) are Bodies of one paragraph without its `<p>`;
    `cleaned` are those media that are not published as they are (see `media`).
    """

    path: str
    slug: str
    title: str
    language: str
    timezone: str
    description: str = ""
    status: str = "closed"
    started: Stamp | None = None
    ended: Stamp | None = None
    contributors: tuple[Byline, ...] = ()
    key_points: tuple[Body, ...] = ()
    notice: Body | None = None
    rights: Rights | None = None
    source: Provenance | None = None
    notes: Notes = Notes()
    introduction: Body = Body()
    entries: tuple[Entry, ...] = ()
    media: tuple[str, ...] = ()
    cleaned: tuple[str, ...] = ()


class Mention(Struct, frozen=True):
    """What the pages of the whole site need of an entry, and no more."""

    coverage: str
    slug: str
    headline: str
    date: Stamp
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    key: bool = False
    language: str = ""
    draft: bool = False


class Site(Struct, frozen=True):
    """The archive: its settings, which are the front matter of `content/site.md`."""

    path: str
    title: str
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    base_url: str = ""
    theme: str = "default"
    timeline_page_size: int = 300
    search: bool = True
    format: int = 1
    introduction: Body = Body()


class Page(Struct, frozen=True):
    """One file to be: its path in build/, the kind of renderer, and all that the renderer may read."""

    path: str
    kind: str
    view: Any
