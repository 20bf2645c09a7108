"""What a browser sees in a page, and the faults that can be read from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit
from urllib.request import urlopen

import msgspec
from selectolax.lexbor import LexborHTMLParser

# Attributes whose addresses a browser loads or follows.
_ATTRIBUTES = ("href", "src", "srcset", "poster", "data", "action", "formaction", "background")

# An expression: its addresses are as the browser itself resolves them.
SURVEY = f"""(() => {{
  const links = [];
  const split = (value) => value.split(",").map((part) => part.trim().split(/\\s/)[0]);
  const style = getComputedStyle(document.body);
  const root = document.documentElement;
  for (const element of document.querySelectorAll("*")) {{
    for (const attribute of {list(_ATTRIBUTES)}) {{
      const value = element.getAttribute(attribute);
      if (value === null) continue;
      const parts = attribute === "srcset" ? split(value) : [value];
      for (const part of parts) {{
        links.push({{
          tag: element.localName,
          rel: element.getAttribute("rel") ?? "",
          written: part,
          url: new URL(part, document.baseURI).href,
        }});
      }}
    }}
  }}
  return {{
    url: location.href,
    letters: document.body.innerText.trim().length,
    margin: style.marginTop,
    background: style.backgroundColor,
    language: root.lang,
    direction: getComputedStyle(root).direction,
    overflow: root.scrollWidth - window.innerWidth,
    broken: [...document.images].filter((one) => one.complete && !one.naturalWidth).map((one) => one.src),
    links,
  }};
}})()"""


class Address(msgspec.Struct, frozen=True):
    """A link or a source, as written and as the browser resolves it."""

    tag: str
    rel: str
    written: str
    url: str


class Facts(msgspec.Struct, frozen=True):
    """What a browser sees in one page."""

    url: str
    letters: int
    margin: str
    background: str
    language: str
    direction: str
    overflow: int
    broken: tuple[str, ...]
    links: tuple[Address, ...]


class Viewer(Protocol):
    """A browser's window."""

    def open(self, url: str) -> None: ...

    def evaluate(self, expression: str) -> Any: ...


def survey(viewer: Viewer, base: str, paths: Iterable[str]) -> dict[str, Facts]:
    """Open pages below an address, one after the other, and see what is in them."""
    found = {}
    for path in paths:
        viewer.open(urljoin(base, path))
        found[path] = msgspec.convert(viewer.evaluate(SURVEY), Facts)
    return found


def find_blank(pages: Mapping[str, Facts]) -> list[str]:
    """The pages that show nothing, or that their style sheet has not reached, or with a broken picture."""
    faults = []
    for path, facts in pages.items():
        if facts.letters < 40:
            faults.append(f"{path} shows {facts.letters} letters")
        if facts.margin != "0px":
            faults.append(f"{path} is without its style")
        faults += [f"{path} cannot show {picture}" for picture in facts.broken]
    return faults


def find_lost_links(site: Path, base: str, pages: Mapping[str, Facts]) -> list[str]:
    """The addresses in pages that lead to no file of the site, to no element, or load from elsewhere."""
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    find_ids = cache(lambda path: _read_ids(site / path))
    faults = []
    for path, facts in pages.items():
        for link in facts.links:
            fault = _judge(link, base, files, find_ids)
            if fault:
                faults.append(f'{path}: <{link.tag}> "{link.written}" {fault}')
    return faults


def read_page(base: str, path: str, html: str) -> Facts:
    """The addresses in a page without a browser: not all stay, and a server is asked sooner so."""
    links = []
    for node in LexborHTMLParser(html).css("*"):
        written = [
            part.split()[0] if name == "srcset" else part
            for name, value in node.attributes.items()
            if name in _ATTRIBUTES
            for part in ((value or "").split(", ") if name == "srcset" else [value or ""])
        ]
        if node.attributes.get("http-equiv") == "refresh":
            written.append((node.attributes.get("content") or "").partition("url=")[2])
        rel = node.attributes.get("rel") or ""
        links += [Address(node.tag or "", rel, one, urljoin(base + path, one)) for one in written]
    return Facts(base + path, 0, "", "", "", "", 0, (), tuple(links))


def crawl(base: str) -> dict[str, Facts]:
    """All that a reader finds below an address who begins at its index and follows every link."""
    found: dict[str, Facts] = {}
    pending = [base + "index.html"]
    while pending:
        url = pending.pop()
        path = unquote(url).removeprefix(unquote(base))
        if path in found or not unquote(url).startswith(unquote(base)):
            continue
        with urlopen(url) as answer:
            page = answer.read().decode("utf-8") if path.endswith(".html") else ""
        found[path] = read_page(base, quote(path), page)
        pending += [urldefrag(link.url).url for link in found[path].links]
    return found


def _read_ids(file: Path) -> frozenset[str]:
    tree = LexborHTMLParser(file.read_text(encoding="utf-8"))
    return frozenset(node.attributes.get("id") or "" for node in tree.css("[id]"))


def _judge(
    link: Address, base: str, files: set[str], find_ids: Callable[[str], frozenset[str]]
) -> str:
    """Why an address is wrong, or nothing."""
    url, fragment = (unquote(part) for part in urldefrag(link.url))
    if not url.startswith(unquote(base)):
        scheme = urlsplit(link.url).scheme
        if link.tag == "a" and scheme in ("http", "https", "mailto", "tel"):
            return ""
        if link.tag == "link" and link.rel == "canonical" and scheme == "https":
            return ""
        return "leads out of the site"
    path = url.removeprefix(unquote(base))
    if path not in files:
        return "leads to no file"
    if fragment and (not path.endswith(".html") or fragment not in find_ids(path)):
        return f"leads to no element of {path}"
    return ""
