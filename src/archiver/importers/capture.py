"""The neutral value between a reader and the writer: what one capture of live coverage holds.

A reader makes it and never writes; the writer turns it into content files and knows no publisher.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from archiver.model import Byline, Embed, MediaKind, Stamp


class Run(Struct, frozen=True):
    """Words of one kind: `\\n` in them is a line break; `href` is where they lead."""

    text: str
    href: str = ""
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    deleted: bool = False


Runs = tuple[Run, ...]


class Paragraph(Struct, frozen=True):
    """Some words."""

    runs: Runs


class Heading(Struct, frozen=True):
    """A sub-heading within a post, 1 the highest."""

    level: int
    runs: Runs


class Listing(Struct, frozen=True):
    """A list; each item holds blocks."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1


class Quotation(Struct, frozen=True):
    """Words of somebody else, and whose."""

    blocks: tuple[Block, ...]
    attribution: Runs = ()


class Table(Struct, frozen=True):
    """Rows of cells, of which the first is the head."""

    rows: tuple[tuple[Runs, ...], ...]


class Preformatted(Struct, frozen=True):
    """Text whose white space counts."""

    text: str


class Rule(Struct, frozen=True):
    """A break between parts."""


class Medium(Struct, frozen=True):
    """A picture, film, sound or document by its address, as the page had it."""

    kind: MediaKind
    address: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


class Embedded(Struct, frozen=True):
    """Somebody else's post or player; its media are addresses."""

    embed: Embed


class Written(Struct, frozen=True):
    """Markdown as it was written, from a source that has it: it is not made again; `text` is its words."""

    markdown: str
    text: str = ""


Block = (
    Paragraph
    | Heading
    | Listing
    | Quotation
    | Table
    | Preformatted
    | Rule
    | Medium
    | Embedded
    | Written
)


class Post(Struct, frozen=True):
    """One post as a capture has it.

    `id` and `url` are the post's own at its publisher; `published` a moment, or a day where the time is
    not recorded; `time_source` the layer that it came from; `seen` the words that a reader saw in the
    post's own element, for the audit of losses; `doubt` says what is not certain of its bounds.
    A source that was written by archiver itself has more: `name` is its file's, `order` its place among
    the posts of its day, `further` are fields of front matter as they are written, and `revisions` are its
    earlier texts as they are written, by the names of their files.
    """

    id: str = ""
    url: str = ""
    published: Stamp | None = None
    time_source: str = ""
    updated: Stamp | None = None
    title: str = ""
    byline: tuple[Byline, ...] = ()
    blocks: tuple[Block, ...] = ()
    key: bool = False
    pinned: bool = False
    breaking: bool = False
    summary: bool = False
    tags: tuple[str, ...] = ()
    language: str = ""
    seen: str = ""
    doubt: str = ""
    name: str = ""
    order: int | None = None
    further: Mapping[str, Any] = field(default_factory=dict)
    revisions: Mapping[str, str] = field(default_factory=dict)


class Capture(Struct, frozen=True):
    """One capture of a coverage: a page of it, or all.

    `posts` are in the page's order, `newest_first` or not; `has_own_ids` is false where the ids are only
    places on the page, and shift with it. `files` are media to be kept under their own names, by path
    below the coverage's folder, `folder` that folder's own name, where the source gives one, `origins`
    the addresses that kept files had on the web, by the same paths, and `captures` those that the source
    itself was made of; `further` are fields of front matter as they are written. `page` and
    `pages` say which of several pages this is (0: not known); `expected` how many posts the page says
    there are.
    """

    reader: str
    publisher: str = ""
    title: str = ""
    description: str = ""
    language: str = ""
    timezone: str = ""
    url: str = ""
    captured: datetime | None = None
    is_live: bool = False
    started: Stamp | None = None
    ended: Stamp | None = None
    contributors: tuple[Byline, ...] = ()
    key_points: tuple[Runs, ...] = ()
    introduction: tuple[Block, ...] = ()
    tags: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    newest_first: bool = True
    has_own_ids: bool = True
    page: int = 0
    pages: int = 0
    expected: int = 0
    missing: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    folder: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    captures: tuple[Mapping[str, str], ...] = ()
    further: Mapping[str, Any] = field(default_factory=dict)


def read_words(blocks: tuple[Block, ...]) -> str:
    """All words of some blocks, a line a block."""
    lines: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(runs) | Heading(_, runs):
                lines.append(join_runs(runs))
            case Listing(items):
                lines += [read_words(item) for item in items]
            case Quotation(inner, attribution):
                lines += [read_words(inner), join_runs(attribution)]
            case Table(rows):
                lines += [" ".join(map(join_runs, row)) for row in rows]
            case Preformatted(text) | Written(_, text):
                lines.append(text)
            case Medium():
                lines += [block.alt, block.caption, block.credit]
            case Embedded(embed):
                lines += [embed.author, embed.handle, embed.title, embed.text, embed.label]
                lines += [embed.transcript]
    return "\n".join(line for line in lines if line)


def join_runs(runs: Runs) -> str:
    """The words of some runs."""
    return "".join(run.text for run in runs)
