"""An archive with every payload in every place where somebody else's words can stand."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct, field

from archiver.build import build_site
from archiver.diagnostics import Problem
from archiver.matter import FORBIDDEN

# The only reasons to refuse a payload: as an address or a name it leads nowhere.
MAY_BE_REFUSED = frozenset(
    "broken-link broken-fragment bad-address unsafe-slug reserved-slug unsafe-path".split()
)
_ROUNDS = 6
# How many payloads a coverage has.
GROUP = 8

Parts = list[tuple[str, str]]


class Writing(Struct, frozen=True):
    """A payload as each kind of place takes it."""

    raw: str

    @property
    def line(self) -> str:
        """On one line."""
        return " ".join(self.raw.split())

    @property
    def literal(self) -> str:
        """As Markdown that means these very characters."""
        return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", self.line)

    @property
    def attribute(self) -> str:
        """Inside the quotes of an attribute."""
        return entities.escape(self.line)

    @property
    def path(self) -> str:
        """As the rest of a path in an address."""
        return quote(self.line, safe="")

    @property
    def quoted(self) -> str:
        """Inside the double quotes of YAML."""
        return json.dumps(self.raw, ensure_ascii=False)


def tame(payload: str) -> str:
    """A payload without the characters that content may not hold: those are another test's."""
    return FORBIDDEN.sub("\ufffd", payload).replace("\r", "\n")


class File(Struct):
    """A content file of named parts: a line of front matter each, then pieces of text."""

    path: str
    front: Parts = field(default_factory=list)
    body: Parts = field(default_factory=list)

    def write(self, root: Path) -> None:
        """Write what is left of it."""
        lines = ["---", *(text for _, text in self.front), "---", ""]
        text = "\n".join(lines) + "".join(f"{text}\n\n" for _, text in self.body)
        target = root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")

    def drop(self, lines: Iterable[int]) -> dict[int, str]:
        """Leave out the parts that lines belong to; {line: name of its part}."""
        names = {}
        number = 2
        for parts, between in ((self.front, 1), (self.body, 2)):
            kept: Parts = []
            for name, text in parts:
                end = number + text.count("\n") + between
                found = [line for line in lines if number <= line < end]
                names.update(dict.fromkeys(found, name))
                if not found:
                    kept.append((name, text))
                number = end
            parts[:] = kept
            number += 1
        return names


class Refused(Struct, frozen=True):
    """A payload that was not let in at one place."""

    file: str
    part: str
    problem: Problem


class Group(Struct, frozen=True):
    """A coverage of some payloads: its folder, its title, and how many posts it has."""

    folder: str
    title: str
    posts: int


class Archive(Struct):
    """The archive in `root`, its coverages, and what was refused of it."""

    root: Path
    groups: tuple[Group, ...]
    refused: list[Refused]


def build_archive(root: Path, payloads: Sequence[str]) -> Archive:
    """Coverages of some payloads each, and in them a post for each payload in each kind of place.

    The text of a post can swallow what follows in it, so each has one place; plain text cannot, or
    it would be seen that words are missing, so a field holds the payloads of a whole coverage.
    Whatever an error is told of is left out, and noted; what is left is built into `build`.
    """
    writings = [Writing(tame(payload)) for payload in payloads]
    files: dict[str, File] = {}
    groups = []
    for start in range(0, len(writings), GROUP):
        together = writings[start : start + GROUP]
        folder = f"g{start // GROUP}"
        made = list(_make_files(f"content/{folder}", together))
        files |= {file.path: file for file in made}
        groups.append(Group(folder, join(together).line, len(made) - 1))
    site = File("content/site.md", [("site", f"title: {json.dumps('Hostile')}")])
    for file in (site, *files.values()):
        file.write(root)
    refused: list[Refused] = []
    for _ in range(_ROUNDS):
        result = build_site(root, root / "build")
        errors = [one for one in result.problems if one.severity == "error"]
        if not errors:
            return Archive(root, tuple(groups), refused)
        for path in sorted({one.place.path for one in errors}):
            lines = {one.place.line: one for one in errors if one.place.path == path}
            names = files[path].drop(lines)
            assert set(names) == set(lines), f"{path}: {lines} are in none of its parts"
            refused += [Refused(path, names[line], one) for line, one in lines.items()]
            files[path].write(root)
    raise AssertionError(f"errors without an end: {errors[:5]}")


def join(writings: Iterable[Writing]) -> Writing:
    """Some payloads as one text, in which the words of each are known to be the end of it."""
    return Writing(" ".join([*(one.line for one in writings), "the end"]))


def _make_files(folder: str, together: Sequence[Writing]) -> Iterator[File]:
    every = join(together)
    introduction = [("introduction", own.raw) for own in together]
    yield File(f"{folder}/coverage.md", _fill_overview(every, together), introduction)
    date = "date: 2017-03-23T10:{:02}:{:02}Z"
    for number, own in enumerate(together):
        kinds = {**_fill_texts(own), **_fill_pasted(own), "embeds": _fill_embeds(own)}
        for minute, (kind, body) in enumerate(kinds.items()):
            front = [("date", date.format(minute, number)), ("title", f"title: {kind} {number}")]
            front += _fill_addresses(own) if kind == "raw" else []
            text = [("words", "Words before."), *body]
            yield File(f"{folder}/{kind}-{number}.md", front, text)
    yield File(
        f"{folder}/fields.md",
        [("date", date.format(58, 0)), *_fill_fields(every, together)],
        [("words", "Words before.")],
    )
    yield File(
        f"{folder}/withdrawn.md",
        [
            ("date", date.format(59, 0)),
            ("withdrawal", "withdrawn:"),
            ("withdrawal", "  date: 2017-03-24"),
            ("withdrawal", f"  by: {every.quoted}"),
            ("withdrawal", f"  reason: {every.quoted}"),
        ],
    )


def _fill_overview(every: Writing, together: Sequence[Writing]) -> Parts:
    text = every.quoted
    return [
        ("title", f"title: {text}"),
        ("description", f"description: {text}"),
        ("contributors", "contributors:"),
        *_fill_names(every, together),
        ("key point", "key_points:"),
        *(("key point", f"- {own.quoted}") for own in together),
        ("notice", f"notice: {text}"),
        ("rights", "rights:"),
        ("rights", f"  licence: {text}"),
        ("rights", f"  holder: {text}"),
        ("source", "source:"),
        ("source", f"  publisher: {text}"),
        ("source", f"  missing: [{text}, {text}]"),
        ("source", "  captures:"),
        ("source", f"  - file: {text}"),
        ("source", f"    format: {text}"),
        ("source", f"    sha256: {text}"),
    ]


def _fill_fields(every: Writing, together: Sequence[Writing]) -> Parts:
    text = every.quoted
    return [
        ("title", f"title: {text}"),
        ("byline", "byline:"),
        *_fill_names(every, together),
        ("tags", f"tags: [{', '.join(own.quoted for own in together)}, {text}]"),
        ("corrections", "corrections:"),
        ("corrections", "- date: 2017-03-24"),
        ("corrections", f"  note: {text}"),
    ]


def _fill_names(every: Writing, together: Sequence[Writing]) -> Parts:
    return [
        ("name", f"- name: {every.quoted}"),
        ("name", f"  role: {every.quoted}"),
        ("name", f"  place: {every.quoted}"),
        *(("name", f"- {own.quoted}") for own in together),
    ]


def _fill_addresses(own: Writing) -> Parts:
    return [
        ("alias", f"aliases: [{own.quoted}]"),
        ("source", "source:"),
        ("source", f"  id: {own.quoted}"),
        ("url", f"  url: {own.quoted}"),
    ]


def _fill_embeds(own: Writing) -> Parts:
    text = own.quoted
    quoted = f"{{author: {text}, handle: {text}, text: {text}}}"
    every = "\n".join(
        [
            "```embed",
            f"provider: {text}",
            *(f"{name}: {text}" for name in ("author", "handle", "title", "text", "transcript")),
            f"reply_to: {quoted}",
            f"quotes: {quoted}",
            f"media: [{text}, {text}]",
            f"url: https://example.org/{own.path}",
            "```",
        ]
    )
    return [
        ("embed", every),
        ("embed", f"```embed\nprovider: {text}\n```"),
        ("embed", f"```embed\nprovider: twitter\nauthor: {text}\n```"),
        ("embed", f"```embed\nprovider: twitter\ntitle: {text}\nhandle: {text}\n```"),
        ("address", f"```embed\nprovider: twitter\ntext: words\nurl: {text}\n```"),
        ("embed", f"```embed\nprovider: twitter\nmedia: {text}\n```"),
        ("code", f"~~~ {own.line}\n{own.line}\n~~~"),
        ("code", f"    {own.line}"),
    ]


def _fill_texts(own: Writing) -> dict[str, Parts]:
    """A post for each construct of Markdown, since what one swallows would hide the next."""
    raw, line, literal = own.raw, own.line, own.literal
    bare = line.replace("<", "%3C").replace(">", "%3E")
    return {
        "raw": [("raw", raw)],
        "heading": [("heading", f"# {line}")],
        "table": [("table", f"| a | b |\n| - | - |\n| {line} | {line} |")],
        "list": [("list", f"- {line}\n  1. {line}")],
        "quotation": [("quotation", f"> {line}\n> — {line}")],
        "note": [("note", f"words[^1] words[^{literal[:40]}]\n\n[^1]: {line}")],
        "words": [("words", f"[{line}](https://example.org/) **{line}** ~~{line}~~ `{line}`")],
        "autolink": [("autolink", f"<https://example.org/{line}> <{line}>")],
        "link": [("link", f"[words]({line})"), ("link", f"[words](<{bare}>)")],
        "reference": [("reference", f"[words][one]\n\n[one]: <{bare}> '{literal}'")],
        "picture": [("picture", f'![{line}]({line} "{line}")')],
        "info": [("info", f"```{line}\nwords\n```"), ("info", f"~~~ {raw}\nwords\n~~~")],
        "literal": [
            ("literal", f"{literal}"),
            ("literal", f'[{literal}](https://example.org/{own.path} "{literal}")'),
            ("literal", f'![{literal}](media/none.png "{literal} Credit: {literal}")'),
            ("literal", f'words ![{literal}](<{literal}> "{literal}") words'),
            ("literal", f"## {literal}"),
        ]
        + [
            ("literal", f'![{literal}](<{literal}.{kind}> "{literal}")')
            for kind in ("mp4", "mp3", "pdf")
        ],
    }


def _fill_pasted(own: Writing) -> dict[str, Parts]:
    """What other platforms give one to paste, with a payload in each of its places."""
    raw, attribute, path = own.line, own.attribute, own.path
    loader = '<script async src="https://platform.spy.example/widgets.js"></script>'
    pasted = {
        "tweet": f'<blockquote class="twitter-tweet"><p lang="en" dir="ltr">{raw}</p>&mdash; A Name '
        f'(@name) <a href="https://twitter.com/x/status/1">March 23, 2017</a></blockquote>{loader}',
        "tweeter": f'<blockquote class="twitter-tweet"><p lang="{attribute}" dir="ltr">{attribute}</p>'
        f'&mdash; {raw} (@{raw}) <a href="https://twitter.com/x/status/1">{raw}</a></blockquote>',
        "tweeted": f'<blockquote class="twitter-tweet" cite="{attribute}" data-id="{attribute}"><p>words'
        f' <a href="{attribute}">{attribute}</a></p>&mdash; {attribute} (@{attribute}) '
        f'<a href="{attribute}">March 23, 2017</a></blockquote>{loader}',
        "figure": f'<figure class="{attribute}"><img src="{attribute}" srcset="{attribute} 2x" '
        f'alt="{attribute}" title="{attribute}"><figcaption>{raw}</figcaption></figure>',
        "picture-tag": f'<img data-src="{attribute}" src="https://img.spy.example/{path}.jpg" '
        f'alt="{attribute}" data-caption="{attribute}"> <picture><source srcset="{attribute}">'
        f'<img src="{attribute}"></picture>',
        "frame": f'<iframe title="{attribute}" src="https://www.youtube.com/embed/{path}" '
        f'data-src="{attribute}" srcdoc="{attribute}" name="{attribute}">{raw}</iframe>',
        "framed": f'<iframe src="{attribute}" title="{attribute}"></iframe><iframe data-src="'
        f'{attribute}"></iframe><iframe src="https://spy.example/{attribute}">{attribute}</iframe>',
        "amp": f'<amp-twitter data-tweetid="{attribute}" layout="{attribute}"><blockquote placeholder>'
        f'{raw}</blockquote></amp-twitter><amp-youtube data-videoid="{attribute}"></amp-youtube>'
        f'<amp-instagram data-shortcode="{attribute}"></amp-instagram><amp-facebook data-href="'
        f'{attribute}"></amp-facebook><amp-iframe src="{attribute}"></amp-iframe>',
        "consent": f'<template class="lb_consent--awaiting"><p>{raw}</p></template>'
        f'<div class="lb_consent--awaiting" data-provider="{attribute}"><p>Allow {raw} content?</p></div>',
        "consented": f'<figure data-canonical-url="{attribute}"><p>Allow <strong>{attribute}</strong> '
        f"content?</p></figure>\n\nAllow {raw} content?\n\nView more on twitter {raw}",
        "platform": f'<blockquote class="instagram-media" data-instgrm-permalink="{attribute}"><a href="'
        f'{attribute}">{raw}</a></blockquote>',
        "platforms": f'<div class="fb-post" data-href="{attribute}"><blockquote cite="{attribute}"><p>'
        f'{attribute}</p></blockquote></div><blockquote class="tiktok-embed" cite="{attribute}" '
        f'data-video-id="{attribute}"><section><a title="{attribute}" href="{attribute}">{attribute}</a>'
        f"</section></blockquote>",
        "player": f'<video src="{attribute}" poster="{attribute}" title="{attribute}"><source src="'
        f'{attribute}"><track src="{attribute}" label="{attribute}">{raw}</video>',
        "object": f'<object data="{attribute}" type="{attribute}"><param name="movie" value="{attribute}">'
        f'<embed src="{attribute}">{raw}</object>',
        "anchor": f'<a href="{attribute}" title="{attribute}" target="{attribute}">words</a> '
        f"<a href='{own.raw}'>words</a> <p title={raw}>words</p> <p id=\"{attribute}\">words</p>",
    }
    return {kind: [(kind, text)] for kind, text in pasted.items()}


def list_file_names(payloads: Sequence[str], ending: str) -> dict[str, str]:
    """{file name: payload}: as much of each payload as a disk takes."""
    names: dict[str, str] = {}
    for payload in payloads:
        kept = payload.replace("\x00", "").replace("/", "_").strip(".")
        while len(kept.encode()) > 250 - len(ending):
            kept = kept[:-1]
        if kept:
            names.setdefault(kept + ending, payload)
    return names
