"""What an export must know of all posts before it begins: their dates, and which captures are withheld."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from archiver.exports.publication import Publication
from archiver.exports.records import Chronicle
from archiver.exports.register import Post, Register
from archiver.importers.withheld import list_withheld_captures
from archiver.model import Capture, Coverage, Entry, Stamp
from archiver.pages.posts import write_headline
from archiver.theme import Theme
from archiver.urls import entry_path

# Of an archive in which nothing has a date.
NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)


class Survey(Struct, frozen=True):
    """The coverages without their posts, the newest date in each, and in all of them.

    `withheld` are the files in captures/ that hold a withdrawn post, by path, with their SHA-256.
    """

    coverages: tuple[Coverage, ...]
    newest_of: Mapping[str, datetime]
    newest: datetime
    withheld: Mapping[str, str]


class Contents(Struct, frozen=True):
    """A site to be exported with all its coverages, what is known of its posts, and the address below which
    it stands; `date` stands in for all others where somebody wished for one."""

    publication: Publication
    register: Register
    survey: Survey
    base_url: str = ""
    date: datetime | None = None

    @property
    def newest(self) -> datetime:
        """The date of the whole."""
        return self.date or self.survey.newest


def survey_posts(publication: Publication, register: Register) -> Survey:
    """Go through all posts, and note each in the register."""
    theme = publication.open_theme()
    coverages: list[Coverage] = []
    newest_of: dict[str, datetime] = {}
    withdrawn: list[str] = []
    for chronicle in publication.open_chronicles():
        coverage = chronicle.coverage
        coverages.append(coverage)
        newest = find_newest(coverage, chronicle.zone)
        for post in _survey_coverage(chronicle, theme):
            register.add_post(post)
            newest = max(newest, post.date)
            if post.is_withdrawn:
                withdrawn.append(post.path)
        newest_of[coverage.slug] = newest
    withheld = list_withheld_captures(publication.root, withdrawn) if withdrawn else ()
    return Survey(
        tuple(coverages),
        newest_of,
        max(newest_of.values(), default=NO_DATE),
        {one.path: one.sha256 for one in withheld},
    )


def list_captures(coverage: Coverage) -> tuple[Capture, ...]:
    """The captures that a coverage was imported from."""
    return coverage.source.captures if coverage.source else ()


def find_newest(coverage: Coverage, zone: ZoneInfo) -> datetime:
    """The newest date that a coverage's own file names."""
    stamps = [coverage.started, coverage.ended]
    stamps += [capture.captured for capture in list_captures(coverage)]
    return max((find_instant(one, zone) for one in stamps if one), default=NO_DATE)


def find_newest_of_post(entry: Entry, zone: ZoneInfo) -> datetime:
    """The newest date that a post names."""
    stamps = [entry.date, *(one.date for one in entry.corrections)]
    stamps += [entry.updated] if entry.updated else []
    stamps += [entry.withdrawn.date] if entry.withdrawn else []
    return max(find_instant(one, zone) for one in stamps)


def find_instant(stamp: Stamp, zone: ZoneInfo) -> datetime:
    """A stamp as a moment in UTC, to the second: a bare day is its first moment in its zone."""
    moment = stamp.moment or datetime.combine(stamp.day, time(), tzinfo=zone)
    return moment.astimezone(UTC).replace(microsecond=0)


def tell_withheld(number: int) -> Iterator[str]:
    """What is told of captures that hold a withdrawn post."""
    if number:
        files = "1 file" if number == 1 else f"{number} files"
        yield f"Withheld, for a withdrawn post in it, and listed by digest only: {files} of captures/."


def _survey_coverage(chronicle: Chronicle, theme: Theme) -> Iterator[Post]:
    coverage, zone = chronicle.coverage, chronicle.zone
    words = theme.words(coverage.language)
    for entry in chronicle.read_entries():
        yield Post(
            entry_path(coverage.slug, entry.slug),
            entry.path,
            find_newest_of_post(entry, zone),
            write_headline(entry, words),
            entry.withdrawn is not None,
        )
