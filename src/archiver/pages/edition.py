"""A coverage as its pages are planned, and the sheets that the plan consists of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from archiver.diagnostics import Problem
from archiver.digests import digest_value, make_digest
from archiver.load import Asked
from archiver.model import Coverage, Entry, Link, Page, Revision, Site
from archiver.pages.chunks import Chunk, Part
from archiver.pages.views import PostView, SharedImage
from archiver.words import Words

Found_co = TypeVar("Found_co", covariant=True)


class Trace(Struct, frozen=True, array_like=True):
    """Something of others, or a medium, that stood in a text: what kind of thing it was, whose platform
    it came from (of an embed), its address, the file that was kept of it, and whether it was kept."""

    kind: str
    provider: str | None
    address: str
    href: str
    was_kept: bool


class Brief(Struct, frozen=True, array_like=True):
    """What pages that do not show a post need of its text.

    `key` is equal where the post as shown is equal, `line` where its line in a list is; both hold for
    one theme and one frame of the coverage. `embeds` and `media` count those that were lost, `size` is
    that of its part of `coverage.json` in bytes; `edited` says when it was sealed, if it is another now;
    `image` is the picture that may stand for it elsewhere, its address below the coverage's folder; the
    rest are what was found and asked when the text was made ready. `traces` are in the order of the
    text, those of an embed's media after it.
    """

    key: bytes
    line: bytes
    headline: str
    embeds: int = 0
    media: int = 0
    size: int = 0
    fragments: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[Problem, ...] = ()
    asked: tuple[Asked, ...] = ()
    edited: str = ""
    image: SharedImage | None = None
    traces: tuple[Trace, ...] = ()


class Lookup(Protocol[Found_co]):
    """Finds something by a post's slug, or makes it."""

    def __getitem__(self, slug: str, /) -> Found_co: ...


class Edition(Struct, frozen=True):
    """A coverage with all that its pages are made of.

    `chunks` are the timeline's pages that show posts in full, `parts` all of its pages but the index.
    `posts`, `briefs` and `revisions`, all by slug, make what they are asked for; a brief is cheap where it
    was kept, the others always have to be made. `frame` is equal where all that every page of the
    coverage shows is equal, `whole` where what its index alone shows is, too.
    """

    site: Site
    coverage: Coverage
    chunks: tuple[Chunk, ...]
    parts: tuple[Part, ...]
    words: Words
    posts: Lookup[PostView]
    briefs: Lookup[Brief]
    revisions: Lookup[tuple[Revision, ...]]
    frame: bytes
    whole: bytes

    def join_keys(self, entries: tuple[Entry, ...]) -> bytes:
        """What posts look like when they are shown one after the other."""
        return b"".join(self.briefs[entry.slug].key for entry in entries)

    def digest_posts(self, entries: tuple[Entry, ...]) -> bytes:
        """What stands for some posts, in this order and in this coverage."""
        return make_digest(self.frame, self.join_keys(entries))

    def join_lines(self, entries: tuple[Entry, ...]) -> bytes:
        """What a list of posts looks like."""
        return b"".join(self.briefs[entry.slug].line for entry in entries)


class Sheet(Struct, frozen=True):
    """A page to be: its path and kind, and how to make what its renderer may read.

    Two sheets of one path with an equal `key` make pages of equal bytes. Without a key there is no
    telling.
    """

    path: str
    kind: str
    key: bytes
    make_view: Callable[[], Any]

    def make_page(self) -> Page:
        """The page."""
        return Page(self.path, self.kind, self.make_view())


def digest_frame(base: bytes, site: Site, coverage: Coverage) -> tuple[bytes, bytes]:
    """The `frame` and `whole` of an edition, made with what `base` stands for: archiver and the theme."""
    # What a site and a coverage say of themselves on each of their pages.
    shown = (
        site.title,
        site.description,
        site.language,
        site.base_url,
        site.timeline_page_size,
        site.search,
    )
    own = {
        name: getattr(coverage, name)
        for name in coverage.__struct_fields__
        if name not in ("entries", "media", "cleaned")
    }
    on_index = ("key_points", "introduction", "status", "notes")
    framing = {name: value for name, value in own.items() if name not in on_index}
    frame = make_digest(base, digest_value(shown), digest_value(framing))
    return frame, make_digest(frame, digest_value({name: own[name] for name in on_index}))


def digest_line(entry: Entry, headline: str, gaps: tuple[int, int]) -> bytes:
    """What a list shows of a post, and what an index counts."""
    flags = (entry.key, entry.pinned, entry.draft, not entry.title, gaps)
    return digest_value((entry.slug, headline, entry.date, entry.language, flags))
