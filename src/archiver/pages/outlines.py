"""What the pages of the whole site need of a coverage: a small summary without bodies."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from archiver.load import move_body, move_stamp
from archiver.model import Entry, Mention, Stamp
from archiver.pages.density import FEW_BARS, count_density
from archiver.pages.edition import Edition
from archiver.pages.posts import count_gaps, find_last_change, write_moment
from archiver.pages.sitemap_views import count_sitemaps, find_changed
from archiver.pages.views import PostView
from archiver.times import find_zone
from archiver.urls import entry_path

# How many posts a feed shows.
FEED_LENGTH = 50


class Names(Struct, frozen=True):
    """Of a mention, whose and what names are on it."""

    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Mentions(Struct, frozen=True, array_like=True):
    """Mentions of a coverage's entries, in order, of which each is made when it is asked for: a site of
    a million posts has as many.

    `ends` tells where in `packed` each one ends, as 64-bit numbers.
    """

    packed: bytes
    ends: bytes
    zone: str

    def __len__(self) -> int:
        return len(self.ends) // 8

    def __iter__(self) -> Iterator[Mention]:
        return self.choose(range(len(self)))

    def choose(self, numbers: Iterable[int]) -> Iterator[Mention]:
        """Some of them."""
        zone = find_zone(self.zone)
        assert zone is not None, "it was a coverage's"
        for part in self.cut(numbers):
            mention = _DECODER.decode(part)
            yield msgspec.structs.replace(mention, date=move_stamp(mention.date, zone))

    @property
    def names(self) -> Iterator[Names]:
        """The names on each, and no more."""
        return map(_NAMES.decode, self.cut(range(len(self))))

    def cut(self, numbers: Iterable[int]) -> Iterator[bytes]:
        """The bytes of some, equal where all that lists show of them is equal; each tells its own length."""
        ends = memoryview(self.ends).cast("Q")
        packed = self.packed
        return (packed[ends[number - 1] if number else 0 : ends[number]] for number in numbers)


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Mention)
_NAMES = msgspec.msgpack.Decoder(Names)


def pack_mentions(mentions: Iterable[Mention], zone: str) -> Mentions:
    """Mentions of one coverage, whose times are in one zone."""
    packed = bytearray()
    ends = array("Q")
    for mention in mentions:
        packed += _ENCODER.encode(mention)
        ends.append(len(packed))
    return Mentions(bytes(packed), ends.tobytes(), zone)


class Recent(Struct, frozen=True, array_like=True):
    """One of a coverage's newest posts: when it last changed, its page, and what it looks like."""

    updated: str
    path: str
    key: bytes


class Outline(Struct, frozen=True):
    """What the pages of the whole site need of a coverage.

    `mentions` are its entries in order; `recent` its newest posts; `gaps` counts what is missing,
    by kind; `density` counts posts by equal intervals, where that shows anything; `changed` is the date of
    the last change, and `sitemaps` how many list its pages.
    """

    slug: str
    title: str
    language: str
    timezone: str
    description: str
    status: str
    publisher: str
    first: Stamp | None
    last: Stamp | None
    count: int
    gaps: tuple[tuple[str, int], ...]
    density: tuple[int, ...]
    contributors: tuple[str, ...]
    recent: tuple[Recent, ...]
    mentions: Mentions
    changed: str = ""
    sitemaps: int = 0


def make_outline(edition: Edition) -> Outline:
    """What the site's own pages need of a coverage."""
    coverage = edition.coverage
    entries = coverage.entries
    density = count_density(entries, FEW_BARS)
    return Outline(
        slug=coverage.slug,
        title=coverage.title,
        language=coverage.language,
        timezone=coverage.timezone,
        description=coverage.description,
        status=coverage.status,
        publisher=coverage.source.publisher if coverage.source else "",
        first=entries[0].date if entries else coverage.started,
        last=entries[-1].date if entries else coverage.ended or coverage.started,
        count=len(entries),
        gaps=tuple(count_gaps(edition).items()),
        density=density.counts if density else (),
        contributors=tuple(byline.name for byline in coverage.contributors),
        recent=tuple(
            Recent(
                write_moment(find_last_change(entry, coverage.timezone), coverage.timezone),
                entry_path(coverage.slug, entry.slug),
                edition.frame + edition.briefs[entry.slug].key,
            )
            for entry in list_recent(edition)
        ),
        changed=find_changed(coverage),
        sitemaps=count_sitemaps(edition),
        mentions=pack_mentions(
            (_make_mention(edition, entry) for entry in entries), coverage.timezone
        ),
    )


def sort_outlines(outlines: Iterable[Outline]) -> tuple[Outline, ...]:
    """By the day of their first post, then by name."""
    return tuple(
        sorted(
            outlines,
            key=lambda one: (one.first.day.isoformat() if one.first else "", one.slug),
        )
    )


def list_recent(edition: Edition) -> Sequence[Entry]:
    """The posts that a feed shows, newest first."""
    return edition.coverage.entries[: -FEED_LENGTH - 1 : -1]


def pack_posts(edition: Edition) -> bytes:
    """The newest posts as a feed of the whole site shows them."""
    posts = [edition.posts[entry.slug] for entry in list_recent(edition)]
    return _ENCODER.encode((edition.coverage.timezone, posts))


def unpack_posts(packed: bytes) -> list[PostView]:
    """What `pack_posts` has packed."""
    zone, posts = _POSTS.decode(packed)
    found = find_zone(zone)
    assert found is not None, "only we have packed it"
    return [msgspec.structs.replace(post, body=move_body(post.body, found)) for post in posts]


_POSTS = msgspec.msgpack.Decoder(tuple[str, tuple[PostView, ...]])


def _make_mention(edition: Edition, entry: Entry) -> Mention:
    coverage = edition.coverage
    return Mention(
        coverage=coverage.slug,
        slug=entry.slug,
        headline=edition.briefs[entry.slug].headline,
        date=entry.date,
        names=tuple(byline.name for byline in entry.byline),
        tags=entry.tags,
        key=entry.key,
        language=entry.language or coverage.language,
        draft=entry.draft,
    )
