"""The pages of the whole site: its index, contributors and tags, and the page for what is not there."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from archiver.digests import digest_value, make_digest
from archiver.languages import find_direction
from archiver.model import Site
from archiver.pages.edition import Sheet
from archiver.pages.frames import SEARCH, make_site_frame
from archiver.pages.outlines import Names, Outline
from archiver.pages.posts import make_post_date, make_stamp, read_seal_time
from archiver.pages.views import (
    Anchor,
    CardView,
    Group,
    Headline,
    IndexView,
    ListView,
    LostView,
    NamesView,
    NameView,
    SealView,
    SearchView,
)
from archiver.seals import LIST, Seal, write_time
from archiver.urls import (
    absolute_link,
    list_path,
    quote_path,
    relative_link,
    spell_slug,
    timeline_path,
)
from archiver.words import Words

LIST_SIZE = 300


def plan_index(
    site: Site,
    base: bytes,
    outlines: Sequence[Outline],
    words: Words,
    heads: Sequence[Seal] = (),
) -> Iterator[Sheet]:
    """The site's index, newest coverage first, with the newest seals."""
    seals = tuple(
        SealView(
            seal.digest,
            make_stamp(read_seal_time(write_time(seal.time), site.timezone), words),
            LIST,
        )
        for seal in heads
    )
    newest = sorted(outlines, key=lambda outline: outline.slug)
    newest.sort(key=lambda outline: outline.last.day if outline.last else date.max, reverse=True)
    total = sum(outline.count for outline in outlines)
    cards = [_make_card(outline, words) for outline in newest]
    for leaf in _paginate("", "index", len(cards)):
        shown = tuple(cards[leaf.start : leaf.stop])
        key = make_digest(base, digest_value((shown, leaf, total, len(cards), seals)))
        yield Sheet(
            leaf.path,
            "index",
            key,
            partial(_make_index, site, leaf, shown, total, len(cards), words, seals),
        )


def digest_lists(base: bytes, folder: str, outlines: Sequence[Outline]) -> bytes:
    """What stands for all pages of a folder, and is the key of its index."""
    shown = [
        (one.slug, one.title, one.language, one.timezone, one.contributors) for one in outlines
    ]
    packed = (one.mentions.packed for one in outlines)
    return make_digest(base, folder.encode(), digest_value(shown), *packed)


def plan_lists(
    site: Site,
    base: bytes,
    outlines: Sequence[Outline],
    folder: str,
    names_of: Callable[[Names], Iterable[str]],
    words: Words,
) -> Iterator[Sheet]:
    """The index of all names in a folder (`contributors`, `tags`), and the pages of each."""
    spellings: dict[str, Counter[str]] = {}
    # {slug: which mention of which outline, turn by turn}, for there may be a million of them.
    mentions: dict[str, array[int]] = {}
    for which, outline in enumerate(outlines):
        if folder == "contributors":
            for name in outline.contributors:
                spellings.setdefault(_spell(name), Counter())[name] += 0
        for number, named in enumerate(outline.mentions.names):
            for name in dict.fromkeys(names_of(named)):
                slug = _spell(name)
                spellings.setdefault(slug, Counter())[name] += 1
                found = mentions.setdefault(slug, array("L"))
                # Two spellings of one name may stand on one post.
                if not found or found[-1] != number or found[-2] != which:
                    found.append(which)
                    found.append(number)
    labels = label_names(spellings)
    names = [
        NameView(f"{quote_path(slug)}.html", label, len(mentions.get(slug, ())) // 2)
        for slug, label in labels
    ]
    whole = digest_lists(base, folder, outlines)
    for leaf in _paginate(folder, "index", len(names)):
        shown = tuple(names[leaf.start : leaf.stop])
        key = whole if leaf.number == 1 else make_digest(whole, digest_value(leaf))
        yield Sheet(leaf.path, "names", key, partial(_make_names, site, folder, leaf, shown, words))
    heads = [
        digest_value((outline.slug, outline.title, outline.language, outline.timezone))
        for outline in outlines
    ]
    for (slug, _), view in zip(labels, names, strict=True):
        found = mentions.get(slug, array("L"))
        for leaf in _paginate(folder, slug, view.count):
            shown_mentions = found[2 * leaf.start : 2 * leaf.stop]
            pairs = zip(shown_mentions[::2], shown_mentions[1::2], strict=True)
            groups = [
                (which, [number for _, number in of])
                for which, of in groupby(pairs, key=itemgetter(0))
            ]
            packed = (
                part
                for which, numbers in groups
                for part in (heads[which], b"".join(outlines[which].mentions.cut(numbers)))
            )
            key = make_digest(base, digest_value((view, leaf)), *packed)
            make_view = partial(_make_list, site, folder, leaf, view, outlines, groups, words)
            yield Sheet(leaf.path, "list", key, make_view)


def label_names(spellings: Mapping[str, Counter[str]]) -> list[tuple[str, str]]:
    """Slugs and labels, sorted: a name spelled in several ways is shown in the most usual one."""
    labels = [(slug, min(of, key=lambda name: (-of[name], name))) for slug, of in spellings.items()]
    return sorted(labels, key=lambda pair: (pair[1].casefold(), pair[0]))


def plan_lost(site: Site, base: bytes, words: Words) -> Sheet:
    """The page that a server shows where there is none (404)."""

    def make_view() -> LostView:
        frame = make_site_frame(site, "404.html", words["lost"])
        return LostView(frame, absolute_link(site.base_url, "index.html") or "index.html")

    return Sheet("404.html", "lost", base, make_view)


def plan_search(site: Site, base: bytes, volumes: Sequence[str], words: Words) -> Sheet:
    """The page of the search, over an index of these volumes."""

    def make_view() -> SearchView:
        frame = make_site_frame(site, SEARCH, words["search"], section="search")
        return SearchView(frame, tuple(volumes), site.timezone)

    return Sheet(SEARCH, "search", make_digest(base, digest_value(list(volumes))), make_view)


class _Leaf(Struct, frozen=True):
    """A page of a list: its path and number, which items stand on it, and how many pages there are."""

    folder: str
    name: str
    number: int
    count: int
    start: int
    stop: int

    @property
    def path(self) -> str:
        return list_path(self.folder, self.name, self.number)

    def link_pages(self, words: Words) -> tuple[Anchor, ...]:
        """Links to all pages of the list, where there are several."""
        if self.count == 1:
            return ()
        return tuple(
            Anchor(
                relative_link(self.path, list_path(self.folder, self.name, other)),
                words.number(other),
                current=other == self.number,
            )
            for other in range(1, self.count + 1)
        )


def _paginate(folder: str, name: str, items: int) -> Iterator[_Leaf]:
    """A long list cut into pages."""
    count = max(1, -(-items // LIST_SIZE))
    for number in range(1, count + 1):
        start = (number - 1) * LIST_SIZE
        yield _Leaf(folder, name, number, count, start, min(items, start + LIST_SIZE))


# A site has few names, and each of them often.
_spell = lru_cache(maxsize=10_000)(spell_slug)


def _make_index(
    site: Site,
    leaf: _Leaf,
    cards: tuple[CardView, ...],
    posts: int,
    coverages: int,
    words: Words,
    seals: tuple[SealView, ...],
) -> IndexView:
    title = site.title if leaf.number == 1 else f"{site.title} ({words.number(leaf.number)})"
    return IndexView(
        frame=make_site_frame(site, leaf.path, title, section="index"),
        introduction=site.introduction,
        cards=cards,
        pages=leaf.link_pages(words),
        total_posts=posts,
        total_coverages=coverages,
        seals=seals,
    )


def _make_names(
    site: Site, folder: str, leaf: _Leaf, names: tuple[NameView, ...], words: Words
) -> NamesView:
    frame = make_site_frame(site, leaf.path, words[folder], section=folder)
    return NamesView(frame, names, leaf.link_pages(words))


def _make_list(
    site: Site,
    folder: str,
    leaf: _Leaf,
    name: NameView,
    outlines: Sequence[Outline],
    groups: Sequence[tuple[int, Sequence[int]]],
    words: Words,
) -> ListView:
    shown = tuple(
        _make_group(outlines[which], numbers, leaf.path, words) for which, numbers in groups
    )
    key = "by_contributor" if folder == "contributors" else "with_tag"
    frame = make_site_frame(site, leaf.path, words.say(key, name=name.label), section=folder)
    return ListView(frame, name.label, name.count, shown, leaf.link_pages(words))


def _make_group(outline: Outline, numbers: Sequence[int], here: str, words: Words) -> Group:
    home = relative_link(here, f"{outline.slug}/")
    return Group(
        outline.title,
        relative_link(here, timeline_path(outline.slug)),
        outline.language,
        find_direction(outline.language),
        tuple(
            Headline(
                f"{home}{quote_path(mention.slug)}.html",
                mention.headline,
                make_post_date(mention.date, words),
                mention.key,
                mention.language,
                find_direction(mention.language),
                words["draft"] if mention.draft else "",
            )
            for mention in outline.mentions.choose(numbers)
        ),
    )


def _make_card(outline: Outline, words: Words) -> CardView:
    dates = ""
    if outline.first and outline.last:
        dates = words.span(outline.first.day, outline.last.day)
    return CardView(
        href=relative_link("index.html", timeline_path(outline.slug)),
        title=outline.title,
        description=outline.description,
        dates=dates,
        count=outline.count,
        status=outline.status,
        publisher=outline.publisher,
        language=outline.language,
        direction=find_direction(outline.language),
        gaps=sum(count for kind, count in outline.gaps if kind != "times"),
        density=outline.density,
    )
