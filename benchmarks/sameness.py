"""Whether both made the same pages: their number by kind, their bytes, and the words of some of them."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from corpus import Corpus
from tools import Tool

# How far the two sets of HTML pages may differ in size, and how many posts are compared word by word,
# of those without an embed and of those with an embed block.
TOLERANCE = 0.2
COMPARED = 50
KINDS = ("post pages", "timeline pages", "lists", "other pages", "data and feeds", "assets")


class Made(NamedTuple):
    """What a tool made: how many files of each kind, and the bytes of all HTML."""

    files: Counter[str]
    html_bytes: int


def count_files(tool: Tool, corpus: Corpus) -> Made:
    """What lies in a tool's output, by kind."""
    posts = {
        f"{coverage.slug}/{post.slug}.html" for coverage in corpus.make() for post in coverage.posts
    }
    folders = {path.partition("/")[0] for path in posts}
    files: Counter[str] = Counter()
    html_bytes = 0
    for path in tool.output.rglob("*"):
        if not path.is_file():
            continue
        below = path.relative_to(tool.output).as_posix()
        top = below.partition("/")[0]
        if path.suffix == ".html":
            html_bytes += path.stat().st_size
        if below in posts:
            files["post pages"] += 1
        elif path.suffix in (".xml", ".json"):
            files["data and feeds"] += 1
        elif top == "assets":
            files["assets"] += 1
        elif top in folders:
            files["timeline pages"] += 1
        elif top in ("contributors", "tags"):
            files["lists"] += 1
        elif path.suffix == ".html":
            files["other pages"] += 1
    return Made(files, html_bytes)


def compare_tools(archiver: Tool, hugo: Tool, made: tuple[Made, Made], corpus: Corpus) -> list[str]:
    """In what the two did not make the same pages; `benchmarks/hugo/` should follow the theme."""
    ours, theirs = made
    complaints = [
        f"{ours.files[kind]:,} {kind} by archiver, {theirs.files[kind]:,} by Hugo"
        for kind in KINDS
        if ours.files[kind] != theirs.files[kind]
    ]
    if abs(theirs.html_bytes / ours.html_bytes - 1) > TOLERANCE:
        complaints.append(
            f"{theirs.html_bytes:,} bytes of HTML by Hugo, {ours.html_bytes:,} by archiver"
        )
    # A headline made of first words is cut by each in its own way: posts among titled ones are compared.
    titled = [
        (f"{coverage.slug}/{post.slug}.html", post.embed)
        for coverage in corpus.make()
        for before, post, after in zip(
            coverage.posts, coverage.posts[1:], coverage.posts[2:], strict=False
        )
        if before.title and post.title and after.title
    ]
    # Of pasted HTML only archiver makes a card: those pages are counted, and weighed with the others.
    bare = [path for path, embed in titled if embed is None]
    cards = [path for path, embed in titled if embed is not None and not embed.is_pasted]
    for path in (*_choose_some(bare), *_choose_some(cards)):
        pages = [(tool.output / path).read_text(encoding="utf-8") for tool in (archiver, hugo)]
        if read_words(pages[0]) != read_words(pages[1]):
            complaints.append(f"the words of {path}")
        if read_data(pages[0]) != read_data(pages[1]):
            complaints.append(f"the linked data of {path}")
    return complaints


def _choose_some(paths: Sequence[str]) -> Sequence[str]:
    return paths[:: max(1, len(paths) // COMPARED)]


def read_words(page: str) -> list[str]:
    """The words of a page as a reader sees them."""
    body = page.partition("<body")[2]
    return html.unescape(re.sub(r"<[^>]*>", " ", f"<body{body}")).split()


def read_data(page: str) -> object:
    """The JSON-LD in a page's head."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1]) if found else None
