"""An archive with every kind of page and all that a page may hold, in two languages; and an ordinary one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from archiver.build import build_site
from book import Book
from photographs import photograph
from sealing import seal_archive

WHOLE = ("en", "ar")
CORPUS = Path(__file__).resolve().parents[2] / "benchmarks/corpus.py"
# More than a list of names holds (300), so that it has parts.
_POSTS = 320
_SIZE = 20

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "archive": "The harbour archive",
        "about": "Live coverage of a town by the sea, kept as it was published",
        "storm": "Storm over the harbour",
        "lead": "The sea wall breaks at four in the afternoon, and the town is told to go uphill",
        "days": "After the storm",
        "none": "Nothing yet",
        "name": "Ada Lovelace",
        "other": "Grace Hopper",
        "role": "Live reporter",
        "place": "Harbour Town",
        "paper": "The Harbour Paper",
        "point": "The **wall** broke",
        "tag": "high water",
        "wall": "The wall breaks",
        "film": "The wave, as filmed from the wall",
        "seen": "The wave at the wall",
        "words": "The water stands at the third step, and nobody may cross the bridge.",
        "more": "The pumps have been started.",
        "before": "The water stands at the second step.",
        "note": "It was the third step, not the second.",
        "missing": "The morning of the first day",
        "reason": "It named a child",
        "editor": "The editor",
        "code": "A *word* with a [link](coverage.md) and `code`",
    },
    "ar": {
        "archive": "أرشيف الميناء",
        "about": "تغطية حية لبلدة على البحر محفوظة كما نشرت",
        "storm": "عاصفة فوق الميناء",
        "lead": "انهار السد في الرابعة بعد الظهر وطلب من السكان الصعود إلى التل",
        "days": "بعد العاصفة",
        "none": "لا شيء بعد",
        "name": "ليلى حداد",
        "other": "سمير منصور",
        "role": "مراسلة",
        "place": "الميناء",
        "paper": "صحيفة الميناء",
        "point": "انهار **السد**",
        "tag": "المد العالي",
        "wall": "انهيار السد",
        "film": "الموجة كما صورت من السد",
        "seen": "الموجة عند السد",
        "words": "وصل الماء إلى الدرجة الثالثة ولا يسمح لأحد بعبور الجسر.",
        "more": "بدأ تشغيل المضخات.",
        "before": "وصل الماء إلى الدرجة الثانية.",
        "note": "كانت الدرجة الثالثة لا الثانية.",
        "missing": "صباح اليوم الأول",
        "reason": "ذكر اسم طفل",
        "editor": "المحرر",
        "code": "*كلمة* مع [رابط](coverage.md) و`code`",
    },
}

_FILES: Mapping[str, str] = {
    "content/site.md": """
        title: {archive}
        description: {about}
        language: {language}
        timezone: Europe/London
        base_url: {base_url}
        timeline_page_size: 20
        ---
        {words}
        """,
    "content/storm/coverage.md": """
        title: {storm}
        description: {lead}
        status: live
        started: 2017-03-23T22:00Z
        contributors: [{{name: {name}, role: {role}, place: {place}}}, {other}]
        key_points: ["{point}", "{words}"]
        notice: "{code}"
        rights: {{licence: CC BY 4.0, holder: {paper}}}
        source:
          publisher: {paper}
          url: https://paper.example/live
          missing: ["{missing}"]
        ---
        {words}

        # {wall}

        {more}
        """,
    "content/storm/2017-03-23-2200-first.md": """
        date: 2017-03-23T22:00:00Z
        updated: 2017-03-23T23:00:00Z
        title: {wall}
        key: true
        pinned: true
        byline: [{{name: {name}, role: {role}, place: {place}}}, {other}]
        tags: [{tag}, storm]
        aliases: [older-name]
        source: {{id: p1, url: "https://paper.example/live#p1"}}
        corrections: [{{date: 2017-03-24, note: "{note}"}}]
        ---
        {words}[^one]

        # {wall}

        ### {seen}

        > {words}
        >
        > — {name}

        | A | B | C | D | E | F | G | H | I | J |
        |:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|
        | {tag} | 2.001 | 2.102 | 2.203 | 2.304 | 2.405 | 2.506 | 2.607 | 2.708 | 2.809 |

        ```
        a line of code which is much too long for a telephone and may not be broken by anybody, ever
        ```

        [^one]: {note}
        """,
    "content/storm/revisions/2017-03-23-2200-first/2017-03-23T223000Z.md": """
        title: {wall}
        ---
        {before}
        """,
    "content/storm/2017-03-23-2205-pictures.md": """
        date: 2017-03-23T22:05:00Z
        breaking: true
        byline: {other}
        tags: [{tag}]
        ---
        {words}

        ![{seen}](media/wave.jpg "{film}. Credit: {name}")

        ![{wall}](media/lost.png "{seen}. Credit: {paper}")

        ![{wall}](https://pictures.example/remote.jpg "{film}")

        ![](media/wave.jpg)

        ![{film}](media/wave.mp4 "{film}")

        ![{words}](media/said.mp3)

        ![{tag}](media/tides.pdf)

        ![{film}](media/lost.mp4)
        """,
    "content/storm/2017-03-23-2210-embeds.md": """
        date: 2017-03-23T22:10:00Z
        title: {seen}
        summary: true
        language: {another}
        ---
        ```embed
        provider: twitter
        url: https://twitter.com/somebody/status/1
        author: {other}
        handle: "@somebody"
        date: 2017-03-24T14:05:00Z
        text: |
          {words} https://paper.example/one
        media: [media/wave.jpg, media/not-kept.jpg]
        reply_to: {{author: {name}, handle: "@ada", text: "{more}"}}
        quotes: {{author: {paper}, text: "{before}"}}
        captured: 2017-03-25T09:00:00Z
        ```

        ```embed
        provider: youtube
        title: {film}
        url: https://www.youtube.com/watch?v=x
        transcript: |
          {words}

          {more}
        ```

        ```embed
        provider: instagram
        ```
        """,
    "content/storm/2017-03-23-2215-withdrawn.md": """
        date: 2017-03-23T22:15:00Z
        withdrawn: {{date: 2017-03-25T10:00:00Z, by: {editor}, reason: "{reason}"}}
        ---
        """,
    "content/storm/2017-03-25-unknown.md": """
        date: 2017-03-25
        order: 1
        byline: {name}
        ---
        <details><summary>{wall}</summary><p>{words}</p></details>

        1. {words}
           - {more}
             - {note}

        ---

        {code}
        """,
    "content/storm/2017-03-27-edited.md": """
        date: 2017-03-27T09:00:00Z
        title: {more}
        ---
        {before}
        """,
    "content/days/coverage.md": """
        title: {days}
        timezone: Asia/Tokyo
        started: 2017-03-28
        contributors: [{name}]
        source: {{publisher: {paper}, missing: ["{missing}"]}}
        ---
        """,
    "content/none/coverage.md": """
        title: {none}
        status: live
        ---
        """,
}


def build_whole(folder: Path, language: str, base_url: str = "https://archive.example/at") -> Path:
    """The archive in a language of `WHOLE`: built, sealed, edited and built again."""
    root = folder / "root"
    phrases = {
        **_PHRASES[language],
        "language": language,
        "another": "en-GB" if language == "ar" else "ar",
        "base_url": base_url,
    }
    text = "".join(
        f"=== {path}\n---\n{dedent(source).lstrip().format(**phrases)}"
        for path, source in _FILES.items()
    )
    book = Book(root, text + _write_days(phrases))
    book.write_bytes("content/storm/media/wave.jpg", photograph((1600, 900)))
    book.write_bytes("content/storm/media/said.mp3", b"ID3")
    book.write_bytes("content/storm/media/wave.mp4", b"\0\0\0\x18ftypmp42")
    book.write_bytes("content/storm/media/tides.pdf", b"%PDF-1.4\n%%EOF\n")
    book.build()
    assert seal_archive(root) is not None
    edited = root / "content/storm/2017-03-27-edited.md"
    changed = edited.read_text(encoding="utf-8").replace(phrases["before"], phrases["words"])
    edited.write_text(changed, encoding="utf-8")
    result = build_site(root, folder / f"whole-{language}", jobs=1)
    assert not result.failed, result.problems
    return folder / f"whole-{language}"


def build_ordinary(folder: Path, posts: int = 200, embeds: float = 0.2) -> Path:
    """A coverage of so many made-up posts of ordinary length, a share of them with an embed."""
    corpus = [sys.executable, str(CORPUS), str(folder)]
    options = ["--posts", str(posts), "--coverages", "1", "--embeds", str(embeds)]
    subprocess.run([*corpus, *options], check=True)
    result = build_site(folder, folder / "build", jobs=1)
    assert not result.failed, result.problems
    return folder / "build"


def _write_days(phrases: Mapping[str, str]) -> str:
    """Posts of many days: a day with hours, one of them in parts; one without times; and days that fit."""
    text = ""
    for number in range(_POSTS):
        day, place = divmod(number, _SIZE + 5)
        date = f"2017-04-{day + 1:02}"
        if day == 1:
            when = f"date: {date}\norder: {place + 1}"
        else:
            hour = 8 if day == 0 and place < _SIZE + 2 else 10 + place % 8
            when = f"date: {date}T{hour:02}:{place:02}:00+09:00"
        key = "key: true\n" if number % 40 == 0 else ""
        fields = f"{when}\n{key}byline: {phrases['name']}\ntags: [{phrases['tag']}]"
        text += f"=== content/days/post-{number:03}.md\n---\n{fields}\n---\n{phrases['words']} {number}\n"
    return text
