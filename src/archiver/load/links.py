"""Links between content files: the pages they lead to, and whether the headings they name are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from archiver.diagnostics import Place, Report
from archiver.matter import Matter
from archiver.model import Link
from archiver.urls import is_remote, quote_path, relative_link

# The page of a content file of another coverage: its path in build/ and the anchor of its ids.
FindElsewhere = Callable[[str], tuple[str, str] | None]
INTRODUCTION = "_introduction"


def make_finder(
    folder: str, here: str, slugs: Mapping[str, str], find_elsewhere: FindElsewhere
) -> Callable[[str], tuple[str, str] | None]:
    """Finds pages as seen from the page `here`; `slugs` are those of the entries in `folder`."""
    # A partial can be sent to another process.
    return partial(_find_page, folder, here, slugs, find_elsewhere)


def _find_page(
    folder: str, here: str, slugs: Mapping[str, str], find_elsewhere: FindElsewhere, target: str
) -> tuple[str, str] | None:
    if target in slugs:
        slug = slugs[target]
        return quote_path(f"{slug}.html"), slug
    if slugs and target.startswith(folder + "/") and not target.endswith("/coverage.md"):
        return None
    found = find_elsewhere(target)
    if found is None:
        return None
    path, anchor = found
    return (path if is_remote(path) or not path else relative_link(here, path)), anchor


def check_fragments(
    links: Iterable[Link],
    fragments: Mapping[str, tuple[str, ...]],
    known: Callable[[str], bool],
    matters: Mapping[str, Matter],
    report: Report,
) -> tuple[Link, ...]:
    """Report links to headings that are not there; the links into other coverages are handed on.

    `fragments` are those of this coverage's files; `known` says whether a file is one of them.
    """
    outward: list[Link] = []
    for link in links:
        if not known(link.target):
            outward.append(link)
        elif link.fragment and link.fragment not in fragments.get(link.target, ()):
            matter = matters[link.path]
            width = len(link.fragment) + 1
            report_fragment(link, matter.place(link.line, link.column, width), report)
    return tuple(outward)


def report_fragment(link: Link, place: Place, report: Report) -> None:
    """A link names a heading that its target does not have."""
    report.error(
        "broken-fragment",
        f"there is no heading `#{link.fragment}` in {link.target}",
        place,
        "a heading's fragment is its words in lower case, joined by hyphens",
    )
