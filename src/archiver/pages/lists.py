"""The pages of the whole site: its index, contributors and tags, and the page for what is not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import TypeVar

from archiver.languages import find_direction
from archiver.model import Mention, Outline, Page, Site
from archiver.pages.frames import make_site_frame
from archiver.pages.posts import make_post_date
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
)
from archiver.urls import (
    absolute_link,
    entry_path,
    list_path,
    quote_path,
    relative_link,
    spell_slug,
    timeline_path,
)
from archiver.words import Words

LIST_SIZE = 300
Item = TypeVar("Item")


def make_index(site: Site, outlines: Sequence[Outline], words: Words) -> Iterator[Page]:
    """The site's index, newest coverage first."""
    newest = sorted(outlines, key=lambda outline: outline.slug)
    newest.sort(key=lambda outline: outline.last.day if outline.last else date.max, reverse=True)
    total = sum(outline.count for outline in outlines)
    for path, number, some, pages in _paginate("", "index", newest, words):
        title = site.title if number == 1 else f"{site.title} ({number})"
        view = IndexView(
            frame=make_site_frame(site, path, title, section="index"),
            introduction=site.introduction,
            cards=tuple(_make_card(outline, words) for outline in some),
            pages=pages,
            total_posts=total,
            total_coverages=len(outlines),
        )
        yield Page(path, "index", view)


def make_lists(
    site: Site,
    outlines: Sequence[Outline],
    folder: str,
    names_of: Callable[[Mention], Iterable[str]],
    words: Words,
) -> Iterator[Page]:
    """The index of all names in a folder (`contributors`, `tags`), and the pages of each."""
    spellings: dict[str, Counter[str]] = {}
    mentions: dict[str, list[Mention]] = {}
    for outline in outlines:
        if folder == "contributors":
            for name in outline.contributors:
                spellings.setdefault(spell_slug(name), Counter())[name] += 0
        for mention in outline.mentions:
            for name in dict.fromkeys(names_of(mention)):
                slug = spell_slug(name)
                spellings.setdefault(slug, Counter())[name] += 1
                posts = mentions.setdefault(slug, [])
                if not posts or posts[-1] is not mention:
                    posts.append(mention)
    # A name spelled in several ways is shown in the most usual one.
    labels = {
        slug: min(found, key=lambda name: (-found[name], name)) for slug, found in spellings.items()
    }
    ordered = sorted(labels, key=lambda slug: (labels[slug].casefold(), slug))
    for path, _, some, pages in _paginate(folder, "index", ordered, words):
        names = tuple(
            NameView(f"{quote_path(slug)}.html", labels[slug], len(mentions.get(slug, ())))
            for slug in some
        )
        frame = make_site_frame(site, path, words[folder], section=folder)
        yield Page(path, "names", NamesView(frame, names, pages))
    by_slug = {outline.slug: outline for outline in outlines}
    for slug in ordered:
        yield from _make_list(
            site, folder, slug, labels[slug], mentions.get(slug, []), by_slug, words
        )


def make_lost(site: Site, words: Words) -> Page:
    """The page that a server shows where there is none (404)."""
    frame = make_site_frame(site, "404.html", words["lost"])
    home = absolute_link(site.base_url, "index.html") or "index.html"
    return Page("404.html", "lost", LostView(frame, home))


def _make_list(
    site: Site,
    folder: str,
    slug: str,
    label: str,
    mentions: list[Mention],
    outlines: Mapping[str, Outline],
    words: Words,
) -> Iterator[Page]:
    key = "by_contributor" if folder == "contributors" else "with_tag"
    for path, _, some, pages in _paginate(folder, slug, mentions, words):
        groups = tuple(
            _make_group(outlines[coverage], list(of), path, words)
            for coverage, of in groupby(some, key=lambda mention: mention.coverage)
        )
        title = words.say(key, name=label)
        frame = make_site_frame(site, path, title, section=folder)
        yield Page(path, "list", ListView(frame, label, len(mentions), groups, pages))


def _make_group(outline: Outline, mentions: list[Mention], here: str, words: Words) -> Group:
    return Group(
        outline.title,
        relative_link(here, timeline_path(outline.slug)),
        outline.language,
        find_direction(outline.language),
        tuple(
            Headline(
                relative_link(here, entry_path(mention.coverage, mention.slug)),
                mention.headline,
                make_post_date(mention.date, words),
                mention.key,
                mention.language,
                find_direction(mention.language),
                words["draft"] if mention.draft else "",
            )
            for mention in mentions
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
    )


def _paginate(
    folder: str, name: str, items: Sequence[Item], words: Words
) -> Iterator[tuple[str, int, Sequence[Item], tuple[Anchor, ...]]]:
    """A long list cut into pages: each page's path, number and items, and links to all pages."""
    count = max(1, -(-len(items) // LIST_SIZE))
    for number in range(1, count + 1):
        path = list_path(folder, name, number)
        links = tuple(
            Anchor(
                relative_link(path, list_path(folder, name, other)),
                words.number(other),
                current=other == number,
            )
            for other in range(1, count + 1)
        )
        yield (
            path,
            number,
            items[(number - 1) * LIST_SIZE : number * LIST_SIZE],
            (links if count > 1 else ()),
        )
