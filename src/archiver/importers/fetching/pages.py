"""Where the other pages of a coverage are: a function a format, by the names of readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from archiver.importers.capture import Capture
from archiver.importers.readers.json_ld import read_stamp
from archiver.importers.record import Record, list_linked_data

ListPages = Callable[[Record, Capture], Iterator[str]]


def list_pages(record: Record, capture: Capture) -> list[str]:
    """The addresses of other pages of a coverage that a page names, each once; of its own host only."""
    if not record.address:
        return []
    family = capture.reader.partition("-")[0]
    named = _PAGES.get(capture.reader) or _PAGES.get(family) or list_next
    here = urlsplit(record.address)
    found: dict[str, None] = {}
    for address in named(record, capture):
        there = urlsplit(_join(record.address, address))
        if (there.scheme, there.netloc) == (here.scheme, here.netloc):
            found[urlunsplit(there._replace(fragment=""))] = None
    found.pop(urlunsplit(here._replace(fragment="")), None)
    return list(found)


def list_next(record: Record, capture: Capture) -> Iterator[str]:
    """The page that `rel=next` names, where its address is the same but for a page's number.

    Elsewhere it may be another story: blogs link their articles with it.
    """
    if not record.looks_like_html:
        return
    for node in record.tree.css('link[rel~="next"][href], a[rel~="next"][href]'):
        address = _join(record.address, node.attributes.get("href") or "")
        if _strip_page(address) == _strip_page(record.address):
            yield address


def list_bbc(record: Record, capture: Capture) -> Iterator[str]:
    """The BBC's pages by number: `/page/2` to 2022, `?page=2` since."""
    parts = urlsplit(record.address)
    path = re.sub(r"/page/\d+/*$", "", parts.path).rstrip("/")
    for number in range(1, min(capture.pages, _MOST) + 1):
        if capture.reader == "bbc-lx":
            spelled = parts._replace(path=f"{path}/page/{number}" if number > 1 else path, query="")
            yield urlunsplit(spelled)
        elif number > 1 or _read_query(record.address, "page") not in ("", "1"):
            yield _set_query(record.address, "page", str(number) if number > 1 else "")


def list_guardian(record: Record, capture: Capture) -> Iterator[str]:
    """The Guardian's pages by the block that they begin with: links of the page, or its model's."""
    if record.looks_like_json:
        model = record.json
        links = model.get("pagination") if isinstance(model, dict) else None
        for name in ("newest", "newer", "older", "oldest"):
            address = links.get(name) if isinstance(links, dict) else None
            if isinstance(address, str) and address:
                yield _join(capture.url or record.address, address)
        return
    for node in record.tree.css("#liveblog-navigation a[href], .liveblog-navigation a[href]"):
        address = _join(record.address, node.attributes.get("href") or "")
        if urlsplit(address).path == urlsplit(record.address).path:
            yield address


def list_superdesk(record: Record, capture: Capture) -> Iterator[str]:
    """Pages of an answer of Superdesk's API, by `_meta`."""
    answer = record.json
    if isinstance(answer, dict) and isinstance(answer.get("posts"), dict):
        answer = answer["posts"]
    meta = answer.get("_meta") if isinstance(answer, dict) else None
    total, size = _count(meta, "total"), _count(meta, "max_results")
    pages = -(-total // size) if size else 0
    for number in range(1, min(pages, _MOST) + 1):
        if number != max(1, _count(meta, "page")):
            yield _set_query(record.address, "page", str(number))


def list_wordpress(record: Record, capture: Capture) -> Iterator[str]:
    """Pages of an answer of WordPress Liveblog: `get-entries/<page>/<last entry>`."""
    pages = _count(record.json, "pages")
    for number in range(1, min(pages, _MOST) + 1):
        address = re.sub(r"(/get-entries/)\d+(?=/|$)", rf"\g<1>{number}", record.address)
        if address != record.address:
            yield address


def list_live24(record: Record, capture: Capture) -> Iterator[str]:
    """The page after the last item of an answer of 24liveblog."""
    data = record.json.get("data") if isinstance(record.json, dict) else None
    news = data.get("news") if isinstance(data, dict) else None
    last = news[-1] if isinstance(news, list) and news else None
    number = last.get("nid") if isinstance(last, dict) else None
    if isinstance(number, str | int) and "/news" in urlsplit(record.address).path:
        yield _set_query(record.address, "last_nid", str(number))


def is_open(record: Record, capture: Capture) -> bool:
    """Whether posts may still come: as the reader says, where its format tells; else by the end of the
    coverage, which is not told or still to come."""
    mark = _TELLING.get(capture.reader.partition("-")[0])
    if capture.is_live or (mark is not None and mark in record.text):
        return capture.is_live
    ends = [capture.ended.instant] if capture.ended else []
    if record.looks_like_html:
        for one in list_linked_data(record):
            if "LiveBlogPosting" in str(one.get("@type")):
                stamp = read_stamp(one.get("coverageEndTime"), ZoneInfo("UTC"))
                ends.append(stamp.instant if stamp else None)
    moments = [end for end in ends if end is not None]
    return not moments or record.captured is None or max(moments) > record.captured


_MOST = 1000
# Families of readers whose format tells whether the coverage is live, where this stands in it.
_TELLING = {
    "archiver": "",
    "bbc": "",
    "guardian": "",
    "superdesk": "blog_status",
    "24liveblog": '"closed"',
}
_PAGES: dict[str, ListPages] = {
    "bbc": list_bbc,
    "guardian": list_guardian,
    "superdesk": list_superdesk,
    "wordpress": list_wordpress,
    "24liveblog": list_live24,
}


def _join(home: str, address: str) -> str:
    """An address as seen from a page; that page's own where it cannot be read."""
    try:
        joined = urljoin(home, address.strip())
        urlsplit(joined)
    except ValueError:
        return home
    return joined


def _strip_page(address: str) -> tuple[str, str]:
    parts = urlsplit(_set_query(address, "page", ""))
    return re.sub(r"(?:/page)?/\d{1,4}/*$|/+$", "", parts.path), parts.query


def _read_query(address: str, name: str) -> str:
    return dict(parse_qsl(urlsplit(address).query)).get(name, "")


def _set_query(address: str, name: str, value: str) -> str:
    """An address with a part of its query set, or without it."""
    parts = urlsplit(address)
    pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    if value:
        pairs.append((name, value))
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def _count(value: Any, name: str) -> int:
    number = value.get(name) if isinstance(value, dict) else 0
    return number if isinstance(number, int) and number > 0 else 0
