"""A small archive as values that tests change: posts, coverages, the site, its theme, and their files.

Links name posts by number, so that the files of a changed archive are in order again; what breaks
one is laid over its file.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from book import PICTURE
from photographs import photograph

THEME = Path(__file__).parents[1] / "themes/default"
DAYS = ("2017-03-21", "2017-03-22", "2017-03-23")
# The day of which no time is recorded.
UNTIMED = 1
FLAGS = ("key", "pinned", "breaking", "summary")


class Post(NamedTuple):
    """A post; `links` are numbers of posts, and whether their headings are meant; `revisions` are the
    names of earlier texts, and what these said."""

    coverage: str
    name: str
    folder: str = ""
    slug: str = ""
    day: int = 0
    minute: int = 0
    order: int = 0
    words: int = 0
    more: int = 0
    title: int | None = None
    heading: int | None = None
    byline: str = ""
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    links: tuple[tuple[int, bool], ...] = ()
    home: str = ""
    picture: str = ""
    document: bool = False
    embed: int | None = None
    language: str = ""
    corrected: bool = False
    updated: int | None = None
    origin: int | None = None
    withdrawn: bool = False
    draft: bool = False
    revisions: tuple[tuple[str, int], ...] = ()

    @property
    def path(self) -> str:
        """Where its file lies."""
        return posixpath.join("content", self.coverage, self.folder, f"{self.name}.md")


class Coverage(NamedTuple):
    """A coverage's own file, and the notes of its imports; `points` are numbers of posts that its key
    points lead to."""

    title: int = 0
    notice: int | None = None
    zone: str = ""
    language: str = ""
    status: str = ""
    started: str = ""
    points: tuple[int, ...] = ()
    heading: int = 0
    rights: int | None = None
    capture: int | None = None
    notes: int | None = None
    picture: str = ""


class Site(NamedTuple):
    """The settings of the archive."""

    title: int = 0
    base: int | None = None
    page_size: int = 3
    theme: str = ""
    language: str = "en-GB"
    zone: str = "Europe/London"
    search: bool = True


class Archive(NamedTuple):
    """All that is in the archive: posts by number, coverages by name, media and theme by path."""

    site: Site
    coverages: Mapping[str, Coverage]
    posts: Mapping[int, Post]
    media: Mapping[str, int]
    theme: Mapping[str, int]


def write_archive(archive: Archive) -> dict[str, bytes]:
    """{path: bytes} of all files of an archive, as they should be."""
    texts = {"content/site.md": _write_site(archive)}
    for name, coverage in archive.coverages.items():
        texts[f"content/{name}/coverage.md"] = _write_coverage(name, coverage, archive)
        if coverage.notes is not None:
            texts[f"content/{name}/captures/imported.json"] = _write_notes(coverage.notes)
    for number, post in archive.posts.items():
        texts[post.path] = _write_post(number, post, archive)
        for name, words in post.revisions:
            home = posixpath.join("content", post.coverage, "revisions", post.folder, post.name)
            texts[f"{home}/{name}.md"] = f"---\ntitle: Earlier\n---\nKnown at {words:03}.\n"
    files = {path: text.encode() for path, text in texts.items()}
    files |= {path: _write_medium(path, number) for path, number in archive.media.items()}
    return files | {path: _write_theme(path, number) for path, number in archive.theme.items()}


def _write_site(archive: Archive) -> str:
    site = archive.site
    fields = [f"title: The archive {site.title}", f"timezone: {site.zone}"]
    fields += [f"language: {site.language}", f"timeline_page_size: {site.page_size}"]
    if site.base is not None:
        fields.append(f"base_url: https://archive.example/{site.base}/")
    if site.theme:
        fields.append(f"theme: {site.theme}")
    if not site.search:
        fields.append("search: false")
    leads = "".join(f"[{name}]({name}/coverage.md)\n" for name in sorted(archive.coverages))
    return _join(fields, f"About this archive.\n\n{leads}")


def _write_coverage(name: str, coverage: Coverage, archive: Archive) -> str:
    fields = [f"title: The {name} {coverage.title}"]
    named = {"timezone": coverage.zone, "language": coverage.language}
    named |= {"status": coverage.status, "started": coverage.started}
    fields += [f"{field}: {value}" for field, value in named.items() if value]
    if coverage.notice is not None:
        fields.append(f"notice: Notice {coverage.notice:03}")
    if coverage.rights is not None:
        fields.append(f"rights: {{licence: Licence {coverage.rights}, holder: Somebody}}")
    if coverage.capture is not None:
        moment = f"2017-03-2{coverage.capture + 1}T20:00:00Z"
        fields += ["source:", "  url: https://paper.example/live", "  captures:"]
        fields.append(f"    - {{url: 'https://paper.example/live', captured: '{moment}'}}")
    here = f"content/{name}"
    points = [
        f"  - 'A point: [this]({_find_link(here, archive.posts[number].path)})'"
        for number in coverage.points
        if _is_published(number, archive)
    ]
    if points:
        fields += ["key_points:", *points]
    body = f"Introduction.\n\n## How it was kept {coverage.heading}\n\nBy hand.\n"
    if coverage.picture:
        body += f"\n![What it was](media/{coverage.picture})\n"
    return _join(fields, body)


def _write_notes(number: int) -> str:
    """What an import noted; every third is broken."""
    notes = {
        "media": {f"https://paper.example/{number}.png": "a.png"},
        "doubts": {"noon-0.md": f"Doubt {number}", "days/noon-4.md": "Another"},
    }
    return json.dumps(notes) if number % 3 else "{"


def _write_post(number: int, post: Post, archive: Archive) -> str:
    day = DAYS[post.day]
    clock = "" if post.day == UNTIMED else f"T{9 + post.minute // 60:02}:{post.minute % 60:02}:00Z"
    fields = [f"date: {day}{clock}", f"order: {post.order}"]
    fields += [f"{flag}: true" for flag in post.flags]
    named = {"byline": post.byline, "slug": post.slug, "language": post.language}
    fields += [f"{field}: {value}" for field, value in named.items() if value]
    aliases = tuple(f"{alias}-{number}" for alias in post.aliases)
    for field, values in (("tags", post.tags), ("aliases", aliases)):
        if values:
            fields.append(f"{field}: [{', '.join(values)}]")
    if post.corrected:
        fields.append("corrections: [{date: 2017-04-01, note: It was the old bridge.}]")
    if post.updated is not None:
        fields.append(f"updated: 2017-04-0{post.updated + 1}T10:00:00Z")
    if post.origin is not None:
        fields.append(f"source: {{url: 'https://paper.example/live#{post.origin}'}}")
    if post.draft:
        fields.append("draft: true")
    if post.withdrawn:
        return _join([*fields, "withdrawn: {date: 2018-01-01, by: The editor}"], "")
    if post.title is not None:
        fields.append(f"title: Headline {post.title:03}")
    body = [f"What was known at {post.words:03}, *as it was told*."]
    body += [f"More of it, part {part}." for part in range(post.more)]
    body += [_write_link(post, *link, archive) for link in post.links if link[0] != number]
    if post.home in archive.coverages:
        target = f"content/{post.home}/coverage.md"
        heading = archive.coverages[post.home].heading
        body.append(f"[How]({_find_link(_find_folder(post), target)}#how-it-was-kept-{heading})")
    if post.heading is not None:
        body.append(f"## Part {post.heading}")
    if post.picture:
        body.append(f'![What it shows](media/{post.picture} "A caption. Credit: The Paper")')
    if post.document and f"content/{post.coverage}/media/notes.csv" in archive.media:
        body.append("[The notes](media/notes.csv)")
    if post.embed is not None:
        body.append(_write_embed(post.embed))
    return _join(fields, "\n\n".join(filter(None, body)) + "\n")


def _write_link(post: Post, number: int, deep: bool, archive: Archive) -> str:
    """A link to a post that is published; into it, where it has a heading."""
    if not _is_published(number, archive):
        return ""
    target = archive.posts[number]
    link = _find_link(_find_folder(post), target.path)
    if deep and target.heading is not None and not target.withdrawn:
        link += f"#part-{target.heading}"
    return f"See [that post]({link})."


def _write_embed(number: int) -> str:
    if number % 2:
        return f'<iframe src="https://www.youtube.com/embed/abcdefg{number:04}"></iframe>'
    return f"```embed\nprovider: twitter\nauthor: A reader\ntext: |\n  Said {number}.\n```"


def _write_medium(path: str, number: int) -> bytes:
    """Bytes of one length for every number; of pictures and drawings, every other is amiss."""
    if path.endswith(".svg"):
        unsafe = "<script>1</script>" if number % 2 else "<g><path d=''/></g>"
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
            f'{unsafe}<rect width="{number:03}" height="9"/></svg>'
        ).encode()
    if path.endswith(".jpg"):
        return _photograph(number)
    if path.endswith(".vtt"):
        return f"WEBVTT\n\n00:00.000 --> 00:01.000\nSaid {number:03}\n".encode()
    if path.endswith(".png"):
        whole = PICTURE if number % 2 == 0 else PICTURE[:8] + bytes(len(PICTURE) - 8)
        return whole + f"{number:03}".encode()
    return f"number,{number:03}\n".encode()


@cache
def _photograph(number: int) -> bytes:
    """A picture that has a copy; every other was taken with the camera on its side, or is damaged."""
    data = photograph((700, 90 + number), orientation=6 if number % 2 else 1, grain=8)
    return data if number % 3 < 2 else data[:-400] + bytes(400)


def _write_theme(path: str, number: int) -> bytes:
    """A file of the site's own theme: the default one's, with a mark that a page shows."""
    name = path.split("/", 2)[2]
    if name.endswith(".toml"):
        return f'key = "Key event {number:03}"\ncontributors = "Names {number:03}"\n'.encode()
    if name.endswith(".css"):
        return f"p{{margin:{number:03}px}}\n".encode()
    text = (THEME / name).read_text(encoding="utf-8")
    mark = f"<!-- {number:03} -->"
    block = "{% block main %}"
    if block in text:
        return text.replace(block, block + mark, 1).encode()
    return (text.rstrip("\n") + mark + "\n").encode()


def _is_published(number: int, archive: Archive) -> bool:
    return number in archive.posts and not archive.posts[number].draft


def _find_folder(post: Post) -> str:
    return posixpath.dirname(post.path)


def _find_link(folder: str, target: str) -> str:
    return posixpath.relpath(target, folder)


def _join(fields: list[str], body: str) -> str:
    return "---\n" + "\n".join(fields) + f"\n---\n{body}"
