"""A made-up corpus of live coverage, the same for the same numbers, in archiver's layout and in Hugo's."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import NamedTuple

from platforms import Embedded, make_embed

PAGE_SIZE = 300
WORDS_A_POST = 100
SPAN = timedelta(days=2)
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
SITE_TITLE = "The Benchmark Archive"
SITE_DESCRIPTION = "Made-up coverage of things that never happened"
PUBLISHER = "The Daily Benchmark"
# archiver names the days of a timeline page itself; Hugo is told where each page begins and ends.
PARTS = "parts"

_NOUNS = """
    alarm ambulance announcement appeal barrier bridge briefing broadcast budget cabinet camera candle
    ceremony chamber claim coach committee convoy cordon council court crowd debate deputy desk
    embassy engine evidence ferry fire flag flood forecast gate government harbour helicopter hospital
    hour incident inquiry journey judge junction leader lift line market mayor measure meeting
    minister minute morning motion mourner news night notice officer opening opposition order
    palace parliament passenger patrol photograph platform police port president press procession
    question rain reader record rescue response river road route school scene screen service ship
    signal siren speaker square staff statement station storm street student surgeon team tower
    traffic train tribute tunnel vessel video vigil visitor vote walk warning water weather witness
""".split()
_VERBS = """
    answered appeared arrived asked began broke called carried cleared closed confirmed continued
    crossed described drew ended entered explained faced filled followed gathered gave heard held
    joined kept landed left lifted lined lit marked met moved opened ordered passed paused promised
    raised reached received remained reopened repeated replied returned rose said sailed saw searched
    sent showed spoke stood stopped thanked told took turned waited walked warned watched wrote
""".split()
_LITTLE = """
    a about above across after again all along already also among an and around as at away back
    because before behind below beside between but by down during early every few first for from
    half here in into its last late many more nearly next no not now of off on once one only or
    other out over quite several since so some soon still ten that the their then there these they
    this three through to today towards twice two under until up very was were when where which
    while with within without yesterday
""".split()
_TAGS = """
    aviation budget courts elections energy floods health housing justice parliament police
    politics protest rail schools security shipping sport transport weather
""".split()
_STYLES = ("*{}*", "**{}**", "“{}”", "[{}](https://example.org/{})")
_DESKS = (
    ("Westminster desk", "political desk", "Westminster"),
    ("Desk in Göteborg", "foreign desk", "Göteborg"),
    ("Lagos desk", "foreign desk", "Lagos"),
    ("Leeds desk", "news desk", "Leeds"),
    ("Desk in Orléans", "foreign desk", "Orléans"),
    ("Rabat desk", "foreign desk", "Rabat"),
    ("Cardiff desk", "news desk", "Cardiff"),
    ("Desk in St John's", "security desk", "St John's"),
    ("Lisbon desk", "foreign desk", "Lisbon"),
    ("Kobe desk", "foreign desk", "Kobe"),
    ("Aberdeen desk", "news desk", "Aberdeen"),
    ("Picture desk", "picture desk", "London"),
)


# Of so many posts one has an earlier text, where there are any.
REVISED = 10


class Post(NamedTuple):
    """One made-up post."""

    slug: str
    date: datetime
    title: str
    name: str
    role: str
    place: str
    tags: tuple[str, ...]
    key: bool
    text: str
    embed: Embedded | None = None

    @property
    def markdown(self) -> str:
        """The post as it is written: an embed stands below the text."""
        return f"{self.text}\n\n{self.embed.markdown}" if self.embed else self.text

    @property
    def plain(self) -> str:
        """The same words, those of an embed as plain Markdown."""
        return f"{self.text}\n\n{self.embed.plain}" if self.embed else self.text


class Coverage(NamedTuple):
    """One made-up event, its posts in order."""

    slug: str
    title: str
    description: str
    introduction: str
    key_points: tuple[str, ...]
    desks: tuple[tuple[str, str, str], ...]
    posts: tuple[Post, ...]


class Part(NamedTuple):
    """A page of a long timeline: a day's list of hours, or the posts from `first` to `last`."""

    name: str
    day: str
    hour: int | None
    part: int
    first: int
    last: int

    @property
    def is_whole_day(self) -> bool:
        """Whether the page is a day that is split, and lists its hours."""
        return self.last < self.first


class Corpus(NamedTuple):
    """How much is made up: posts, coverages, and the share of posts with an embed, from 0 to 1."""

    posts: int
    coverages: int
    embeds: float = 0

    def make(self) -> Iterator[Coverage]:
        """The coverages, made one at a time, and the same each time."""
        return make_coverages(self.posts, self.coverages, self.embeds)

    @property
    def edited(self) -> str:
        """The content file of a post in the middle of it."""
        number = self.coverages // 2
        count = self.posts // self.coverages + (number < self.posts % self.coverages)
        coverage = _make_coverage(number, count, self.embeds)
        return f"content/{coverage.slug}/{coverage.posts[count // 2].slug}.md"

    @property
    def name(self) -> str:
        """How many posts in how many coverages, and how many of them with an embed."""
        coverages = "coverage" if self.coverages == 1 else "coverages"
        embeds = f", {self.embeds:.0%} of them with an embed," if self.embeds else ""
        return f"{self.posts:,} posts of {WORDS_A_POST} words{embeds} in {self.coverages:,} {coverages}"


def make_coverages(posts: int, coverages: int, embeds: float = 0) -> Iterator[Coverage]:
    """`posts` posts spread over `coverages` coverages, made one coverage at a time.

    `embeds` is the share of posts with an embed, from 0 to 1.
    """
    for number in range(coverages):
        count = posts // coverages + (number < posts % coverages)
        yield _make_coverage(number, count, embeds)


def write_archiver(folder: Path, coverages: Iterable[Coverage], plain: bool = False) -> None:
    """The corpus as archiver reads it: `content/` below the folder.

    `plain` writes the words of embeds as plain Markdown, so that only the embeds are missing.
    """
    content = folder / "content"
    content.mkdir(parents=True)
    _write(
        content / "site.md",
        f"title: {SITE_TITLE}\ndescription: {SITE_DESCRIPTION}\nlanguage: en-GB\ntimezone: UTC\n"
        f"timeline_page_size: {PAGE_SIZE}\n",
        "Nothing here is true.",
    )
    for coverage in coverages:
        home = content / coverage.slug
        home.mkdir()
        fields = (
            f"title: {coverage.title}\ndescription: {coverage.description}\nstatus: closed\n"
            f"{_write_contributors(coverage)}{_write_key_points(coverage)}"
            f"source:\n  publisher: {PUBLISHER}\n"
        )
        _write(home / "coverage.md", fields, coverage.introduction)
        for post in coverage.posts:
            text = post.plain if plain else post.markdown
            _write(home / f"{post.slug}.md", _write_fields(post), text)


def switch_search(folder: Path, on: bool) -> None:
    """Have an archive's site searched, or not: Hugo makes no search."""
    site = folder / "content" / "site.md"
    text = site.read_text(encoding="utf-8")
    bare = re.sub(r"^search: .*\n", "", text, flags=re.MULTILINE)
    wanted = f"---\nsearch: {'true' if on else 'false'}\n"
    site.write_text(bare.replace("---\n", wanted, 1), encoding="utf-8")


def write_revisions(folder: Path, coverages: Iterable[Coverage]) -> None:
    """An earlier text of every tenth post of an archive, which had another word in it."""
    for coverage in coverages:
        for post in coverage.posts[::REVISED]:
            home = folder / "content" / coverage.slug / "revisions" / post.slug
            home.mkdir(parents=True)
            found = post.date + timedelta(minutes=5)
            earlier = post.markdown.replace(" ", " reportedly ", 1)
            _write(home / f"{found:%Y-%m-%dT%H%M%SZ}.md", f"title: {post.title}\n", earlier)


def write_hugo(folder: Path, coverages: Iterable[Coverage]) -> None:
    """The same corpus as Hugo reads it, and a file for each page that shows a part of a timeline."""
    content = folder / "content"
    content.mkdir(parents=True)
    _write(
        content / "_index.md",
        f"title: {SITE_TITLE}\ndescription: {SITE_DESCRIPTION}\n",
        "Nothing here is true.",
    )
    (content / PARTS).mkdir()
    # Parts are found by their coverages only: no list of the site has them among the posts.
    apart = "build:\n  list: local\n  render: never\ncascade:\n  build:\n    list: local\n"
    _write(content / PARTS / "_index.md", f"title: Parts\n{apart}", "")
    for coverage in coverages:
        home = content / coverage.slug
        home.mkdir()
        parts = cut_parts(coverage.posts)
        timeline = {
            number: part.name for part in parts for number in range(part.first, part.last + 1)
        }
        fields = (
            f"title: {coverage.title}\ndescription: {coverage.description}\n"
            f"{_write_contributors(coverage)}{_write_key_points(coverage)}"
            f"publisher: {PUBLISHER}\nlong: {_write_flag(bool(parts))}\n"
        )
        _write(home / "_index.md", fields, coverage.introduction)
        for number, post in enumerate(coverage.posts):
            own = (
                f"contributors: [{_quote(post.name)}]\ntimeline: {timeline.get(number, 'index')}\n"
            )
            _write(home / f"{post.slug}.md", _write_fields(post) + own, post.markdown)
        _write_parts(content / PARTS / coverage.slug, coverage, parts)


def edit_post(path: Path, round_number: int) -> None:
    """Change the last words of a post, to something else in each round."""
    text = path.read_text(encoding="utf-8").partition("\n\nEdited ")[0].rstrip("\n")
    path.write_text(f"{text}\n\nEdited {round_number} times.\n", encoding="utf-8")


def cut_parts(posts: Sequence[Post]) -> list[Part]:
    """The timeline pages of a long coverage, as archiver cuts them: by day, by hour, by 300 posts."""
    parts: list[Part] = []
    if len(posts) <= PAGE_SIZE:
        return parts
    for day, group in groupby(enumerate(posts), lambda item: f"{item[1].date:%Y-%m-%d}"):
        of_day = list(group)
        first, last = of_day[0][0], of_day[-1][0]
        if len(of_day) <= PAGE_SIZE:
            parts.append(Part(day, day, None, 1, first, last))
            continue
        parts.append(Part(day, day, None, 1, 0, -1))
        for hour, of_hour in groupby(of_day, lambda item: item[1].date.hour):
            numbers = [number for number, _ in of_hour]
            for part, start in enumerate(range(0, len(numbers), PAGE_SIZE), start=1):
                some = numbers[start : start + PAGE_SIZE]
                name = f"{day}T{hour:02}" + (f".{part}" if part > 1 else "")
                parts.append(Part(name, day, hour, part, some[0], some[-1]))
    return parts


def _make_coverage(number: int, count: int, embeds: float) -> Coverage:
    random = Random(f"coverage {number}")
    start = FIRST_DAY + timedelta(days=7 * number)
    desks = tuple(random.sample(_DESKS, 4))
    noun = random.choice(_NOUNS)
    posts = tuple(
        _make_post(number, n, start + SPAN * n / count, random.choice(_DESKS), embeds)
        for n in range(count)
    )
    return Coverage(
        slug=f"coverage-{number:05}",
        title=f"The {noun} of {start:%B %Y}, as it happened ({number})",
        description=f"Two days of {noun}, {random.choice(_NOUNS)} and {random.choice(_NOUNS)}",
        introduction=_make_text(random, 60),
        key_points=tuple(" ".join(_make_words(random, 14)) for _ in range(3)),
        desks=desks,
        posts=posts,
    )


def _make_post(
    coverage: int,
    number: int,
    moment: datetime,
    desk: tuple[str, str, str],
    embeds: float,
) -> Post:
    random = Random(f"post {coverage} {number}")
    date = moment.replace(microsecond=0)
    words = _make_words(random, random.randint(5, 9))
    title = " ".join(words).capitalize() if random.random() < 0.85 else ""
    # The embeds before this post, and with it.
    before, after = int(number * embeds), int((number + 1) * embeds)
    return Post(
        slug=f"{date:%Y-%m-%d-%H%M}-{number:06}-{words[0]}-{words[1]}",
        date=date,
        title=title,
        name=desk[0],
        role=desk[1],
        place=desk[2],
        tags=tuple(sorted(random.sample(_TAGS, random.randint(1, 3)))),
        key=random.random() < 0.04,
        text=_make_text(random, WORDS_A_POST),
        embed=make_embed(before, date, Random(f"embed {coverage} {number}"), _make_words)
        if after > before
        else None,
    )


def _make_words(random: Random, count: int) -> list[str]:
    """Words in an order that sounds a little like English."""
    words = []
    for number in range(count):
        kind = (_LITTLE, _NOUNS, _VERBS)[number % 3]
        words.append(random.choice(kind))
    return words


def _make_text(random: Random, count: int) -> str:
    """So many words of Markdown in three or four paragraphs, with emphasis, a quotation and a link."""
    words = _make_words(random, count)
    ends = [*sorted(random.sample(range(15, count - 10, 5), random.randint(2, 3))), count]
    marked = random.sample(range(0, count - 5, 5), 4)
    for style, start in zip(_STYLES, marked, strict=True):
        phrase = " ".join(words[start : start + 3])
        text = style.format(phrase, "-".join(words[start : start + 3]))
        words[start : start + 3] = ["", "", text]
    paragraphs, start = [], 0
    for end in ends:
        paragraphs.append(_make_paragraph([word for word in words[start:end] if word], random))
        start = end
    return "\n\n".join(paragraphs)


def _make_paragraph(words: Sequence[str], random: Random) -> str:
    """Sentences of nine words or so."""
    sentences, start = [], 0
    while start < len(words):
        end = start + random.randint(7, 12)
        end = len(words) if len(words) - end < 4 else end
        sentence = " ".join(words[start:end])
        sentences.append(sentence[0].upper() + sentence[1:] + ".")
        start = end
    return " ".join(sentences)


def _write_parts(folder: Path, coverage: Coverage, parts: Sequence[Part]) -> None:
    """The pages of parts as Hugo content: `newest` always, the others where a coverage is long."""
    folder.mkdir()
    _write(folder / "_index.md", f"title: {coverage.slug}\nbuild:\n  render: never\n", "")
    _write(
        folder / "newest.md",
        f"title: newest\nlayout: part\ncoverage: {coverage.slug}\nnewest: true\n"
        f"url: /{coverage.slug}/newest.html\n",
        "",
    )
    for number, part in enumerate(parts):
        before = parts[number - 1].name if number else ""
        after = parts[number + 1].name if number + 1 < len(parts) else ""
        hour = "" if part.hour is None else f"hour: {part.hour}\n"
        span = "" if part.is_whole_day else f"first: {part.first}\nlast: {part.last}\n"
        _write(
            folder / f"{part.name}.md",
            f"title: {part.name}\nlayout: part\ncoverage: {coverage.slug}\nday: '{part.day}'\n"
            f"{hour}{span}part: {part.part}\nbefore: '{before}'\nafter: '{after}'\n"
            f"url: /{coverage.slug}/{part.name}.html\n",
            "",
        )


def _write_fields(post: Post) -> str:
    title = f"title: {_quote(post.title)}\n" if post.title else ""
    key = f"key: {_write_flag(post.key)}\n" if post.key else ""
    return (
        f"date: {post.date:%Y-%m-%dT%H:%M:%S}+00:00\n{title}"
        f"byline:\n  - name: {_quote(post.name)}\n    role: {post.role}\n    place: {post.place}\n"
        f"{key}tags: [{', '.join(post.tags)}]\n"
    )


def _write_contributors(coverage: Coverage) -> str:
    names = "".join(
        f"  - name: {_quote(name)}\n    role: {role}\n" for name, role, _ in coverage.desks
    )
    return f"contributors:\n{names}"


def _write_key_points(coverage: Coverage) -> str:
    return "key_points:\n" + "".join(f"  - {_quote(point)}\n" for point in coverage.key_points)


def _write_flag(flag: bool) -> str:
    return "true" if flag else "false"


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _write(path: Path, fields: str, text: str) -> None:
    path.write_text(f"---\n{fields}---\n\n{text}\n", encoding="utf-8")


def main() -> None:
    """Write a corpus into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder that does not hold a corpus yet")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--coverages", type=int, default=10)
    parser.add_argument("--embeds", type=float, default=0.2, metavar="SHARE")
    parser.add_argument("--layout", choices=("archiver", "plain", "hugo"), default="archiver")
    options = parser.parse_args()
    coverages = make_coverages(options.posts, options.coverages, options.embeds)
    if options.layout == "hugo":
        write_hugo(options.folder, coverages)
    else:
        write_archiver(options.folder, coverages, plain=options.layout == "plain")


if __name__ == "__main__":
    main()
