"""The sites that are looked at: the repository's own, and some that are made to be hard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from click.testing import CliRunner
from PIL import Image

from archiver.build import build_site
from archiver.cli.importing import import_captures

REPOSITORY = Path(__file__).resolve().parents[2]

_PICTURES = {
    "content/storm/media/wide.png": (1600, 300),
    "content/storm/media/tall.png": (40, 900),
    "content/storm/media/map of the coast.png": (640, 480),
    "content/العاصفة/media/صورة.png": (320, 200),
}

_AWKWARD = {
    "content/site.md": """
        title: The “awkward” <archive> & its friends
        description: Everything that is hard to show, "quoted" & <tagged>
        language: en
        timezone: Europe/London
        base_url: https://archive.example/some/place
        timeline_page_size: 5
        ---
        Made to be *hard*: see [its friends](https://friends.example/).
        """,
    "content/storm/coverage.md": """
        title: Storm & flood, <em>as it happened</em> — “a headline that wraps on a telephone, twice”
        description: A long coverage in days, hours and parts
        status: live
        started: 2017-03-23T22:00Z
        contributors: [{name: Ada Lovelace, role: Live reporter}, Žofie Übelacker-Østergård]
        key_points:
          - "**One** point with [a link](2017-03-24-1402-first.md)"
          - A-very-long-word-without-any-place-to-break-it-at-all-which-telephones-find-too-wide-by-far
        notice: "Some posts describe *flooding*. [More about this](coverage.md)."
        rights: {licence: CC BY 4.0, holder: The Awkward Archive}
        source:
          publisher: Storm Watch
          url: https://storm.example/live?a=1&b=2
          missing: ["The morning, “all” of it", Two <maps>]
        ---
        The introduction has

        # a heading of its own

        and a list:

        1. one
        2. two
           - and a half
        """,
    "content/storm/2017-03-23-2359-before-midnight.md": """
        date: 2017-03-23T23:59:30Z
        byline: {name: Ada Lovelace, role: Live reporter, place: "Sea Wall, Harbour Town"}
        tags: [storm, "c++ & <html>"]
        ---
        A minute before midnight, with no title, and first words that go on for so long that
        a list has to cut them somewhere sensible.
        """,
    "content/storm/2017-03-24-0001-after-midnight.md": """
        date: 2017-03-24T00:01:00Z
        title: "No: \\"quotes\\" & <b>tags</b> in a title 🌊"
        ---
        > First the wind,
        > then the water.
        >
        > — Somebody, at the *harbour*

        Then `code`, ~~struck~~ words, a hard\\
        break, and an address: <https://storm.example/a/very/long/address/that/cannot/be/broken/anywhere/at/all/because/it/is/one/word>.
        """,
    "content/storm/2017-03-24-1402-first.md": """
        date: 2017-03-24T14:02:00Z
        updated: 2017-03-24T16:00:00Z
        title: Headings, notes and a wide table
        key: true
        pinned: true
        byline: [Ada Lovelace, {name: Grace Hopper, role: Correspondent, place: Sea Wall}, 山田太郎]
        tags: [storm, flood]
        corrections: [{date: 2017-03-24T15:00:00Z, note: "The gauge stood at 3 m, not at 30 m, <sic>."}]
        ---
        A note[^gauge], the same again[^gauge], and another[^tide].

        # First level

        ### Third level

        ##### Fifth level

        | Gauge | 14:00 | 14:10 | 14:20 | 14:30 | 14:40 | 14:50 | 15:00 | 15:10 | 15:20 | 15:30 | 15:40 |
        |:------|------:|------:|------:|------:|------:|------:|------:|------:|------:|------:|:-----:|
        | North | 2.001 | 2.102 | 2.203 | 2.304 | 2.405 | 2.506 | 2.607 | 2.708 | 2.809 | 2.910 | 3.011 |
        | South | 1.001 | 1.102 | 1.203 | 1.304 | 1.405 | 1.506 | 1.607 | 1.708 | 1.809 | 1.910 | 2.011 |

        ```
        a line of code which is much too long for a telephone and may not be broken by anybody, ever, at all
        ```

        [^gauge]: Read by *hand*.
        [^tide]: See [the other post](2017-03-24-1402-second.md#what-it-says).
        """,
    "content/storm/revisions/2017-03-24-1402-first/2017-03-24T151000Z.md": """
        title: Headings
        ---
        A note, the same again, and an address:
        <https://storm.example/a/very/long/address/that/cannot/be/broken/anywhere/at/all/because/it/is/one/word>.
        """,
    "content/storm/2017-03-24-1402-second.md": """
        date: 2017-03-24T14:02:00Z
        order: 2
        breaking: true
        aliases: [older-name, storm/oldest-name]
        source: {id: p2, url: "https://storm.example/live/p2?x=1&y=%20"}
        ---
        ## What it says

        A note of its own[^one], back to [the first](2017-03-24-1402-first.md#third-level), over to
        [the other coverage](../العاصفة/coverage.md) and to [a post of it](../العاصفة/الموجة-الأولى.md).

        [^one]: With the number that the post above has too.
        """,
    "content/storm/2017-03-24-1405-pictures.md": """
        date: 2017-03-24T14:05:00Z
        title: Pictures, here and gone
        ---
        ![A wide harbour](media/wide.png "The harbour at two. Credit: Ada Lovelace/Storm Watch")

        ![A tall mast](media/tall.png)

        ![A map, with spaces in its name](<media/map of the coast.png> "Credit: The map makers")

        ![A picture that was lost](media/lost.png "It showed the wall. Credit: Nobody")

        ![A picture of somebody else's](https://pictures.storm.example/remote.jpg "It stood on another host")

        ![](media/wide.png)

        A small ![mast](media/tall.png) within the text, and a lost ![flag](media/flag.png) too.

        ![What the harbour master said](media/said.mp3)

        ![The wave](media/wave.mp4 "The wave, as filmed from the wall")

        ![The tide table](media/tides.pdf)

        ![A film that was lost](media/lost.mp4)
        """,
    "content/storm/2017-03-24-1406-embeds.md": """
        date: 2017-03-24T14:06:00Z
        title: What others said
        ---
        ```embed
        provider: twitter
        url: https://twitter.com/somebody/status/1
        author: Some <b>Body</b>
        handle: "@somebody"
        date: 2017-03-24T14:05:00Z
        text: |
          The water is here.
          It is cold & <wet>.

          A second paragraph.
        media: [media/wide.png, media/not-kept.jpg]
        reply_to: {author: Grace, handle: "@grace", text: Where is it?}
        quotes: {author: The Tide, text: It comes.}
        captured: 2017-03-25T09:00:00Z
        ```

        ```embed
        provider: youtube
        title: The wall breaks
        url: https://www.youtube.com/watch?v=x
        transcript: |
          Look at that.

          Run.
        ```

        ```embed
        provider: instagram
        ```

        ```embed
        provider: twitter
        author: Somebody
        url: https://twitter.com/somebody/status/2
        ```
        """,
    "content/storm/2017-03-24-1407-withdrawn.md": """
        date: 2017-03-24T14:07:00Z
        byline: Ada Lovelace
        withdrawn: {date: 2017-03-25T10:00:00Z, by: The editor, reason: "It was wrong, <entirely>"}
        ---
        """,
    "content/storm/2017-03-24-1408-summary.md": """
        date: 2017-03-24T14:08:00Z
        summary: true
        key: true
        tags: [Storm]
        ---
        - one
          1. deep
             - deeper
               - deepest

        ---

        <details open><summary>More</summary><p>Raw <abbr title="HyperText">HTML</abbr>,
        <ruby>漢<rt>kan</rt></ruby>, <time datetime="2017">then</time> and <script>alert(1)</script>
        <img src="https://spy.example/x.png" onerror="alert(2)"></p></details>

        <h1 id="x" class="y" style="position:fixed">Raw heading</h1>

        <dl><dt>Term</dt><dd>Meaning</dd></dl>
        """,
    "content/storm/2017-03-25-morning.md": """
        date: 2017-03-25
        order: 1
        ---
        Nobody wrote down when this was.
        """,
    "content/storm/2017-03-25-0900-nine.md": """
        date: 2017-03-25T09:00:00Z
        order: 2
        title: Nine
        ---
        At nine.
        """,
    "content/storm/2017-03-26-0059-before-summer.md": """
        date: 2017-03-26T00:59:00Z
        ---
        The last minute of winter time.
        """,
    "content/storm/2017-03-26-0200-summer.md": """
        date: 2017-03-26T01:00:00Z
        ---
        The first of summer time.
        """,
    "content/العاصفة/coverage.md": """
        title: العاصفة كما حدثت
        description: تغطية من اليمين إلى اليسار
        language: ar
        timezone: Africa/Cairo
        contributors: [{name: ليلى حداد, role: مراسلة, place: القاهرة}]
        key_points: ["وصلت **الموجة** الأولى"]
        notice: كتبت هذه التغطية للاختبار
        source: {publisher: صحيفة, missing: [الصور]}
        ---
        مقدمة قصيرة.
        """,
    "content/العاصفة/الموجة-الأولى.md": """
        date: 2017-03-24T10:00:00Z
        title: الموجة الأولى (2017)
        key: true
        byline: {name: ليلى حداد, role: مراسلة, place: القاهرة}
        tags: [عاصفة, storm]
        ---
        قالت *ليلى* إن الماء وصل[^1]، انظر [العاصفة](../storm/2017-03-24-1402-first.md).

        ![صورة](media/صورة.png "الميناء. Credit: ليلى")

        > اركضوا
        >
        > — أحدهم

        | الساعة | المتر |
        |--------|------:|
        | 10     | 2     |

        [^1]: حاشية.
        """,
    "content/العاصفة/english.md": """
        date: 2017-03-24T10:01:00Z
        language: en-GB
        title: In English, within Arabic
        byline: Grace Hopper
        ---
        The wave (the first) came at 10:00.

        ```embed
        provider: twitter
        author: أحدهم
        handle: "@somebody"
        text: الماء هنا!
        ```
        """,
    "content/日本/coverage.md": """
        title: 日本の嵐
        language: ja
        timezone: Asia/Tokyo
        ---
        """,
    "content/日本/été-über-straße.md": """
        date: 2017-03-24T19:00:00+09:00
        byline: 山田太郎
        tags: [嵐, naïve café]
        ---
        嵐が来ました。とても長い一文で、どこでも改行できるので、電話の画面でも横に動かす必要はありません。
        """,
    "content/empty/coverage.md": """
        title: Nothing yet
        status: live
        ---
        """,
    **{
        f"content/storm/2017-03-27-nobody-knows-{number}.md": f"""
        date: 2017-03-27
        order: {number}
        tags: [flood]
        ---
        Number {number} of a day without times.
        """
        for number in range(1, 8)
    },
}

_FILES = {
    "content/storm/media/said.mp3": b"ID3",
    "content/storm/media/wave.mp4": b"\0\0\0\x18ftypmp42",
    "content/storm/media/tides.pdf": b"%PDF-1.4\n%%EOF\n",
}

_LONG_POSTS = 320


def build_repository(output: Path) -> Path:
    """The repository's own site."""
    return _build(REPOSITORY, output)


def build_awkward(folder: Path) -> Path:
    """A small site of all that is hard to show."""
    _write(folder / "root", _AWKWARD)
    for path, data in _FILES.items():
        (folder / "root" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "root" / path).write_bytes(data)
    for path, size in _PICTURES.items():
        (folder / "root" / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (23, 80, 138)).save(folder / "root" / path)
    return _build(folder / "root", folder / "awkward")


def build_long(folder: Path) -> Path:
    """A site whose lists of posts do not fit a page, and where one hour has parts."""
    posts = {
        f"content/long/post-{number:03}.md": f"""
        date: 2017-03-24T{10 + number // 300}:{number // 6 % 50:02}:00Z
        byline: One Reporter
        tags: [one tag]
        ---
        The water in the harbour stands at {number} centimetres above the mark.
        """
        for number in range(_LONG_POSTS)
    }
    files = {
        "content/site.md": "title: A long one\ntimeline_page_size: 200\n---\n",
        "content/long/coverage.md": "title: Long\n---\n",
        "content/none/coverage.md": "title: None\n---\n",
    }
    _write(folder / "root", {**files, **posts})
    return _build(folder / "root", folder / "long")


def build_bare(folder: Path) -> Path:
    """A site with no coverage at all."""
    _write(folder / "root", {"content/site.md": "title: Nothing here\n---\n"})
    return _build(folder / "root", folder / "bare")


def build_imported(folder: Path) -> Path:
    """A site of captures: pages of our own making in the formats of many publishers."""
    _write(
        folder / "root",
        {"content/site.md": "title: Imported\nbase_url: https://a.example/x\n---\n"},
    )
    captures = Path(__file__).parents[1] / "captures"
    # Some files there are no captures, which is told.
    result = CliRunner().invoke(import_captures, [f"{captures}", "--root", f"{folder / 'root'}"])
    assert len(list((folder / "root/content").glob("*/coverage.md"))) > 15, result.output
    return _build(folder / "root", folder / "imported")


def list_pages(site: Path) -> list[str]:
    """The pages of a site but those that only lead on, as paths below it, sorted."""
    return sorted(set(_list_html(site)) - set(list_aliases(site)))


def list_aliases(site: Path) -> list[str]:
    """The pages that lead on to where a post is now."""
    return [
        path
        for path in _list_html(site)
        if 'http-equiv="refresh"' in (site / path).read_text(encoding="utf-8")
    ]


def choose_pages(site: Path, each: int) -> list[str]:
    """Some pages of every kind, spread over the site."""
    kinds: dict[str, list[str]] = {}
    for path in list_pages(site):
        kinds.setdefault(name_kind(path), []).append(path)
    chosen = set()
    for pages in kinds.values():
        step = max(1, len(pages) // each)
        chosen.update(pages[::step][:each])
    return sorted(chosen)


def name_kind(path: str) -> str:
    """The kind of a page, by its path."""
    folder, _, name = path.removesuffix(".html").rpartition("/")
    stem, _, number = name.partition(".")
    part = "part of " if number else ""
    if not folder:
        return part + {"index": "site", "404": "lost", "search": "search"}[stem]
    if folder in ("contributors", "tags"):
        return f"{part}{folder}" + (" index" if stem == "index" else "")
    if stem == "provenance":
        return stem
    if stem in ("index", "newest"):
        return f"{part}timeline {stem}"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", stem):
        return f"{part}day"
    return f"{part}hour" if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d", stem) else "entry"


def _list_html(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def _write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("---\n" + dedent(text).lstrip("\n"), encoding="utf-8")


def _build(root: Path, output: Path) -> Path:
    result = build_site(root, output, jobs=1)
    errors = [problem for problem in result.problems if problem.severity == "error"]
    assert not errors, errors
    return output
