"""What the sitemaps of a coverage list: its pages, each with its last change.

Dates come from the content alone. Sitemaps name whole addresses, so there are none without a `base_url`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from html import escape

from archiver.digests import digest_value
from archiver.model import Coverage, Entry, Stamp
from archiver.pages.edition import Edition, Sheet
from archiver.pages.views import SitemapView
from archiver.times import write_stamp
from archiver.urls import absolute_link, entry_path, timeline_path

# What one sitemap may hold (sitemaps.org/protocol.html): addresses, and bytes.
MOST = 50_000
LARGEST = 50 * 2**20
# The bytes that stand round an address and its date.
_AROUND = 100

Listed = tuple[str, str]


def plan_sitemaps(edition: Edition) -> Iterator[Sheet]:
    """The sitemaps of a coverage, in its folder: one, or several where it is very large."""
    site, coverage = edition.site, edition.coverage
    if not site.base_url:
        return
    for number, addresses in enumerate(cut_sitemap(_list_pages(edition)), 1):
        path = name_sitemap(coverage.slug, number)
        yield Sheet(
            path, "sitemap", digest_value((path, addresses)), partial(SitemapView, addresses)
        )


def find_changed(coverage: Coverage) -> str:
    """When anything in a coverage last changed, as its content says; empty where it says nothing."""
    last = max((_find_last(entry) for entry in coverage.entries), key=_rank_stamp, default=None)
    return write_stamp(last) if last else ""


def count_sitemaps(edition: Edition) -> int:
    """How many sitemaps a coverage has."""
    if not edition.site.base_url:
        return 0
    # By far the most coverages are small, and there is no need to look closer.
    pages = len(edition.coverage.entries) + len(edition.parts) + 2
    longest = 3 * 400 + len(edition.site.base_url) + _AROUND
    if pages <= MOST and pages * longest <= LARGEST:
        return 1
    return sum(1 for _ in cut_sitemap(_list_pages(edition)))


def cut_sitemap(pages: Iterable[Listed]) -> Iterator[tuple[Listed, ...]]:
    """Addresses as many sitemaps hold them."""
    part: list[Listed] = []
    size = _AROUND
    for address, changed in pages:
        more = len(escape(address).encode()) + len(changed) + _AROUND
        if part and (len(part) == MOST or size + more > LARGEST):
            yield tuple(part)
            part, size = [], _AROUND
        part.append((address, changed))
        size += more
    yield tuple(part)


def _list_pages(edition: Edition) -> Iterator[Listed]:
    """The index, the days and hours, the provenance and every entry, each with its last change.

    Tombstones ask search engines to leave them out, and are left out.
    """
    coverage, base = edition.coverage, edition.site.base_url

    def spell(path: str, entries: Sequence[Entry]) -> Listed:
        last = max((_find_last(entry) for entry in entries), key=_rank_stamp, default=None)
        return absolute_link(base, path), write_stamp(last) if last else ""

    yield spell(timeline_path(coverage.slug), coverage.entries)
    yield spell(timeline_path(coverage.slug, "provenance"), ())
    for part in edition.parts:
        entries = [entry for chunk in part.chunks for entry in chunk.entries]
        yield spell(timeline_path(coverage.slug, part.name), entries)
    for entry in coverage.entries:
        if not entry.withdrawn:
            yield (
                absolute_link(base, entry_path(coverage.slug, entry.slug)),
                write_stamp(_find_last(entry)),
            )


def _find_last(entry: Entry) -> Stamp:
    """When an entry was last changed."""
    if not (entry.updated or entry.corrections or entry.withdrawn):
        return entry.date
    stamps = [entry.date, *(one.date for one in entry.corrections)]
    stamps += [
        stamp for stamp in (entry.updated, entry.withdrawn and entry.withdrawn.date) if stamp
    ]
    return max(stamps, key=_rank_stamp)


def _rank_stamp(stamp: Stamp) -> tuple[int, float]:
    """By day, and by the clock of the coverage where that is known."""
    moment = stamp.moment
    clock = moment.hour * 3600 + moment.minute * 60 + moment.second if moment else 0
    return stamp.day.toordinal(), clock


def name_sitemap(coverage: str, number: int) -> str:
    """The path of a coverage's sitemap; the first has no number."""
    return f"{coverage}/sitemap.xml" if number == 1 else f"{coverage}/sitemap.{number}.xml"
