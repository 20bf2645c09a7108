"""Hostile content in every place: nothing of it runs, loads, leads away or hides the rest."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser

from archiver.matter import FORBIDDEN
from book import COVERAGE, Book
from browsing.bidi import Firefox
from browsing.chromium import Chromium
from browsing.network import BlackHole, serve
from browsing.sites import list_pages
from hostile.payloads import HEAVY, PAYLOADS
from hostile.placements import (
    MAY_BE_REFUSED,
    Archive,
    Writing,
    build_archive,
    join,
    list_file_names,
    tame,
)
from hostile.witness import (
    POLICY,
    ChromiumWitness,
    FirefoxWitness,
    Witness,
    list_blank,
    visit,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("hostile")]

SHARED = Path(__file__).parents[2] / "shared/xss/payloads.json"
LISTS = ("own", "shared")
BROWSERS = ("chromium", "firefox")
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)


def read_list(name: str) -> tuple[str, ...]:
    """The payloads of a list, less those that say nothing."""
    if name == "own":
        return PAYLOADS
    if not SHARED.is_file():
        pytest.skip("NOT RUN: the public payloads are not there (../shared/xss/payloads.json)")
    lists = json.loads(SHARED.read_text(encoding="utf-8"))
    return tuple(one for group in lists.values() for one in group if one.strip())


class Stage(Struct):
    """A built archive of payloads: as it is, and in `unguarded` with its policy taken from every page."""

    archive: Archive
    site: Path
    unguarded: Path

    def list_paths(self, each: int = 1) -> list[str]:
        """The timeline, which shows every post, and the post of fields, of each coverage."""
        found = [
            f"{group.folder}/{page}.html"
            for group in self.archive.groups[::each]
            for page in ("index", "fields", "raw-0")
        ]
        lists = [
            path for path in list_pages(self.site) if path.startswith(("tags/", "contributors/"))
        ]
        return [*found, "index.html", "404.html", *lists[:: 20 * each]]


def unguard(site: Path, target: Path) -> Path:
    """A copy of a site in which no page has a policy."""
    for path in site.rglob("*"):
        if path.is_dir():
            continue
        copy = target / path.relative_to(site)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".html":
            text, count = POLICY.subn("", path.read_text(encoding="utf-8"))
            assert count == 1, f"{path} has {count} policies"
            copy.write_text(text, encoding="utf-8")
        else:
            copy.write_bytes(path.read_bytes())
    return target


@pytest.fixture(scope="module")
def find_stage(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Stage]:
    """The archive of a list, built when it is first asked for."""

    @cache
    def find(name: str) -> Stage:
        root = tmp_path_factory.mktemp(name)
        archive = build_archive(root, read_list(name))
        site = root / "build"
        return Stage(archive, site, unguard(site, root / "unguarded"))

    return find


@pytest.fixture(scope="module")
def witnesses(chromium: Chromium, firefox: Firefox) -> Iterator[dict[str, Witness]]:
    """A window of each browser."""
    with chromium.open_window() as window:
        yield {"chromium": ChromiumWitness(window), "firefox": FirefoxWitness(firefox)}


def _base(site: Path) -> str:
    return site.as_uri() + "/"


# The archive


@pytest.mark.parametrize("name", LISTS)
def test_a_payload_is_refused_only_as_an_address_or_a_name_and_with_its_place(
    find_stage: Callable[[str], Stage], name: str
) -> None:
    refused = find_stage(name).archive.refused
    assert refused
    for one in refused:
        assert one.problem.code in MAY_BE_REFUSED, one
        assert one.problem.place.line > 0
        assert one.problem.hint


@pytest.mark.parametrize("name", LISTS)
def test_what_machines_read_is_well_formed(find_stage: Callable[[str], Stage], name: str) -> None:
    stage = find_stage(name)
    for group in stage.archive.groups:
        folder, title = stage.site / group.folder, _spell(group.title)
        atom = ElementTree.parse(folder / "feed.xml")
        assert {element.tag.partition("}")[0] for element in atom.iter()} == {
            "{http://www.w3.org/2005/Atom"
        }
        feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
        data = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
        assert _spell(feed["title"]) == _spell(data["title"]) == title
        for path in ("index.html", "fields.html"):
            page = LexborHTMLParser((folder / path).read_text(encoding="utf-8"))
            scripts = page.css("script:not([src^='../assets/'])")
            assert [script.attributes for script in scripts] == [{"type": "application/ld+json"}]
            described = json.loads(scripts[0].text())
            assert _spell(described["headline"]) == title


def _spell(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


# In the browsers


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("name", LISTS)
def test_nothing_hostile_happens_from_a_disk(
    find_stage: Callable[[str], Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    browser: str,
) -> None:
    stage = find_stage(name)
    findings = visit(witnesses[browser], hole, _base(stage.site), stage.list_paths())
    assert findings.hostile == {}
    assert list_blank(findings) == []
    for group in stage.archive.groups:
        timeline = findings.sights[f"{group.folder}/index.html"]
        assert len(set(timeline.posts)) == len(timeline.posts) == group.posts
        for page in (timeline, findings.sights[f"{group.folder}/fields.html"]):
            assert _spell(page.headline) == _spell(group.title)
            assert _spell(page.title).startswith(_spell(group.title))


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize(("name", "each"), [("own", 4), ("shared", 8)])
def test_nothing_hostile_happens_over_http(
    find_stage: Callable[[str], Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    each: int,
    browser: str,
) -> None:
    stage = find_stage(name)
    with serve(stage.site) as address:
        findings = visit(witnesses[browser], hole, address, stage.list_paths(each))
    assert findings.hostile == {}
    assert list_blank(findings) == []


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize(("name", "each"), [("own", 2), ("shared", 5)])
def test_nothing_hostile_happens_without_the_policy(
    find_stage: Callable[[str], Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    each: int,
    browser: str,
) -> None:
    stage = find_stage(name)
    paths = [path for path in stage.list_paths(each) if path.endswith("/index.html")]
    findings = visit(witnesses[browser], hole, _base(stage.unguarded), paths)
    assert findings.hostile == {}


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize(("name", "each"), [("own", 4), ("shared", 8)])
def test_feeds_and_data_do_nothing_hostile_where_they_are_opened(
    find_stage: Callable[[str], Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    name: str,
    each: int,
    browser: str,
) -> None:
    stage = find_stage(name)
    paths = [
        f"{group.folder}/{file}"
        for group in stage.archive.groups[::each]
        for file in ("feed.xml", "feed.json", "coverage.json")
    ]
    findings = visit(witnesses[browser], hole, _base(stage.site), paths, touch=False)
    assert findings.hostile == {}


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("name", LISTS)
def test_a_reader_of_feeds_without_any_care_is_safe(
    find_stage: Callable[[str], Stage],
    witnesses: dict[str, Witness],
    hole: BlackHole,
    tmp_path: Path,
    name: str,
    browser: str,
) -> None:
    stage = find_stage(name)
    pieces = []
    for group in stage.archive.groups:
        folder = stage.site / group.folder
        data = json.loads((folder / "coverage.json").read_text(encoding="utf-8"))
        pieces += [entry["html"] for entry in data["entries"] if "html" in entry]
        feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
        pieces += [item["content_html"] for item in feed["items"] if "content_html" in item]
        atom = ElementTree.parse(folder / "feed.xml")
        pieces += [one.text or "" for one in atom.iter("{http://www.w3.org/2005/Atom}content")]
    assert len(pieces) > 100
    # Relative pictures and links are the feed's; here they lead into an empty folder.
    chunks = [pieces[start : start + 2000] for start in range(0, len(pieces), 2000)]
    for number, chunk in enumerate(chunks):
        text = "".join(f"<section>{piece}</section>\n" for piece in chunk)
        page = f'<!doctype html><meta charset="utf-8"><title>Reader</title><main>{text}</main>'
        (tmp_path / f"{number}.html").write_text(page, encoding="utf-8")
    paths = [f"{number}.html" for number in range(len(chunks))]
    findings = visit(witnesses[browser], hole, _base(tmp_path), paths, touch=False)
    assert findings.hostile == {}


# The site's own file


@pytest.mark.parametrize("browser", BROWSERS)
@pytest.mark.parametrize("name", LISTS)
def test_the_settings_of_a_site_do_nothing_hostile(
    witnesses: dict[str, Witness], hole: BlackHole, tmp_path: Path, name: str, browser: str
) -> None:
    payloads = [Writing(tame(payload)) for payload in read_list(name)]
    paths, titles = [], []
    for start in range(0, len(payloads), 40):
        together = payloads[start : start + 40]
        every = join(together)
        titles.append(every.line)
        root = tmp_path / str(start)
        # Links that lead nowhere would be refused, and are another test's.
        words = [own.line.replace("](", "] (").replace("]:", "] :") for own in together]
        site = f"---\ntitle: {every.quoted}\ndescription: {every.quoted}\n---\n"
        Book(root, "=== content/site.md\n" + site + "\n\n".join(words)).build()
        paths.append(f"{start}/build/index.html")
    findings = visit(witnesses[browser], hole, _base(tmp_path), paths)
    assert findings.hostile == {}
    # A site of its title alone names it once in the tab and once in the page.
    assert [_spell(one.headline) for one in findings.sights.values()] == list(map(_spell, titles))


# What must be refused


def test_forbidden_characters_are_refused_in_fields_and_lost_in_texts(tmp_path: Path) -> None:
    payloads = [f"<a href='{chr(code)}javascript:alert(1)'>" for code in (*range(9), 0x1F, 0x7F)]
    payloads += [f"{chr(code)}0{chr(code + 1)}" for code in (0x80, 0xFDD0, 0xFDD2, 0xFFFE)]
    _refuse_characters(tmp_path, payloads)


def test_forbidden_characters_of_the_public_payloads_are_refused_in_fields_and_lost_in_texts(
    tmp_path: Path,
) -> None:
    payloads = [one for one in read_list("shared") if FORBIDDEN.search(one)]
    assert payloads
    _refuse_characters(tmp_path, payloads)


def _refuse_characters(root: Path, payloads: list[str]) -> None:
    for number, payload in enumerate(payloads):
        top = f"---\ndate: 2017-03-23T10:00:{number:02}Z\n"
        text = json.dumps(payload)
        write_file(root / f"content/event/body{number}.md", f"{top}---\nWords\n\n{payload}\n")
        write_file(root / f"content/event/field{number}.md", f"{top}title: {text}\n---\nWords\n")
    result = Book(root).check().result
    told = [problem for problem in result.problems if problem.code == "forbidden-character"]
    places = {problem.place.path: (problem.place.line, problem.severity) for problem in told}
    for number, payload in enumerate(payloads):
        before = payload[: FORBIDDEN.search(payload).start()]  # type: ignore[union-attr]
        line = 6 + len(re.findall("\r\n|\r|\n", before))
        assert places[f"content/event/body{number}.md"] == (line, "warning")
        assert places[f"content/event/field{number}.md"] == (3, "error")
        (root / f"content/event/field{number}.md").unlink()
    built = Book(root).build()
    for number in range(len(payloads)):
        assert not FORBIDDEN.search(built.read(f"event/body{number}.html"))


def write_file(path: Path, text: str) -> None:
    """A file, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", LISTS)
def test_malformed_front_matter_has_located_problems(tmp_path: Path, name: str) -> None:
    fields = (
        "date",
        "language",
        "title",
        "tags",
        "byline",
        "corrections",
        "withdrawn",
        "source",
        "order",
    )
    forms = {
        "alone": "---\n{0}\n---\n",
        "unfenced": "{0}\n---\ntitle: words\n---\n",
        "unclosed": "---\ntitle: words\n{0}\n",
        "key": "---\ndate: 2017-03-23\n{0}: words\n---\n",
        "quoted-key": "---\ndate: 2017-03-23\n{1}: words\n---\n",
        "nested-key": "---\ndate: 2017-03-23\nsource: {{{1}: words}}\n---\n",
        "tag": "---\ndate: 2017-03-23\ntitle: !{2} words\n---\n",
        **{f"plain-{field}": f"---\n{field}: {{0}}\n---\n" for field in fields},
        **{f"quoted-{field}": f"---\n{field}: {{1}}\n---\n" for field in fields},
        **{f"listed-{field}": f"---\n{field}: [[{{1}}]]\n---\n" for field in fields},
    }
    payloads = [tame(payload) for payload in read_list(name)]
    for number, payload in enumerate(payloads):
        quoted = json.dumps(payload, ensure_ascii=False)
        for form, text in forms.items():
            filled = text.format(payload, quoted, quote(payload[:60]))
            write_file(tmp_path / f"content/event/{form}-{number}.md", filled + "Words\n")
    problems = Book(tmp_path).check().result.problems
    lengths = {
        path.relative_to(tmp_path).as_posix(): path.read_text(encoding="utf-8").count("\n") + 1
        for path in (tmp_path / "content/event").iterdir()
    }
    for problem in problems:
        assert 1 <= problem.place.line <= lengths[problem.place.path], problem
        assert problem.place.column >= 1
        assert problem.message
    told = {problem.place.path for problem in problems if problem.severity == "error"}
    wrong = [path for path in lengths if re.search("/(nested-key|quoted-key|listed-[^t])", path)]
    assert set(wrong) <= told


@pytest.mark.parametrize("name", LISTS)
def test_hostile_file_names_are_refused_or_harmless(
    witnesses: dict[str, Witness], hole: BlackHole, tmp_path: Path, name: str
) -> None:
    payloads = read_list(name)
    # As they are, and without what no disk of Windows takes, so that enough are let in.
    mild = [re.sub(r'[<>:"|?*\\\x00-\x1f]', "'", payload) for payload in payloads]
    pictures = list_file_names([*payloads, *mild], ".png")
    entries = list_file_names(payloads, ".md")
    folders = list_file_names(payloads, "")
    minutes = iter(f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(80_000))
    for file in pictures:
        write_bytes(tmp_path / "content/event/media" / file)
    for file in entries:
        text = f"---\ndate: 2017-03-23T{next(minutes)}Z\n---\nWords"
        write_file(tmp_path / "content/event" / file, text)
    for folder in folders:
        write_file(tmp_path / "content" / folder / "coverage.md", COVERAGE)
    book = Book(tmp_path).check()
    refused = {one.place.path: one for one in book.result.problems if one.severity == "error"}
    assert {one.code for one in refused.values()} <= {
        "unsafe-name",
        "unsafe-slug",
        "reserved-slug",
        "paths-clash",
        "same-permalink",
    }
    # Whatever holds more than letters and digits is refused as the name of a page.
    for file in (*entries, *folders):
        path = f"content/event/{file}" if file in entries else f"content/{file}"
        assert re.fullmatch(r"[\w-]+(\.md)?", file) or path in refused, file
    for path in refused:
        target = tmp_path / path
        if target.is_dir():
            (target / "coverage.md").unlink()
            target.rmdir()
        elif target.exists():
            target.unlink()
    kept = sorted(path.name for path in (tmp_path / "content/event/media").iterdir())
    assert len(kept) > len(payloads) / 3
    for number, file in enumerate(kept):
        literal = Writing(file).literal
        body = f"![{literal}](media/{quote(file)})\n\nwords ![words](media/{quote(file)})"
        body += f" [words](media/{quote(file)})\n\n```embed\nprovider: x\nmedia: media/{quote(file)}\n```"
        top = f"---\ndate: 2017-03-23T{next(minutes)}Z\n---\n"
        write_file(tmp_path / f"content/event/picture-{number}.md", top + body)
    book.build()
    paths = [f"event/picture-{number}.html" for number in range(0, len(kept), 4)]
    paths += [path for path in list_pages(book.output) if path.startswith("event/2")]
    for browser in BROWSERS:
        findings = visit(witnesses[browser], hole, _base(book.output), ["event/index.html", *paths])
        assert findings.hostile == {}, browser


def write_bytes(path: Path) -> None:
    """A picture of one dot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(DOT)


# What is long, deep or many


class Weight(Struct):
    """The site of a heavy post, or where it was refused, and the seconds of work that it has cost."""

    book: Book
    cost: float


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Weight]:
    """What became of each heavy post, with a light one after it."""
    root = tmp_path_factory.mktemp("heavy")
    found = {}
    for number, (name, text) in enumerate(HEAVY.items()):
        book = Book(root / str(number))
        folder = book.root / "content/event"
        top = "---\ndate: 2017-03-23T10:00:0{}Z\ntitle: A title\n---\nThe first words\n\n"
        write_file(folder / "heavy.md", top.format(0) + text + "\n")
        write_file(folder / "light.md", top.format(1))
        write_file(folder / "coverage.md", COVERAGE)
        begin = time.process_time()
        book.try_build()
        found[name] = Weight(book, time.process_time() - begin)
    return found


def test_a_heavy_post_costs_seconds(heavy: dict[str, Weight]) -> None:
    assert {name: one.cost for name, one in heavy.items() if one.cost > 4} == {}


def test_a_heavy_post_is_built_or_refused_with_its_place(heavy: dict[str, Weight]) -> None:
    for name, one in heavy.items():
        if one.book.result.failed:
            assert all(problem.place.line >= 5 for problem in one.book.result.problems), name
    assert sum(one.book.result.failed for one in heavy.values()) < len(heavy) / 2


@pytest.mark.parametrize("browser", BROWSERS)
def test_a_heavy_post_is_shown_and_hides_nothing(
    heavy: dict[str, Weight], witnesses: dict[str, Witness], hole: BlackHole, browser: str
) -> None:
    for name, one in heavy.items():
        if one.book.result.failed:
            continue
        site = _base(one.book.output)
        findings = visit(witnesses[browser], hole, site, ["event/index.html"], touch=False)
        # Firefox says so where it shows elements side by side that are too deep in each other.
        assert findings.hostile.keys() <= {"messages"}, (name, findings.hostile)
        assert all("too deep" in message for message in findings.messages), name
        assert list_blank(findings) == []
        assert findings.sights["event/index.html"].posts == ("heavy", "light"), name


# The witnesses themselves

# {what a page without any care holds: what is seen of it}
OFFENCES = {
    "<script>alert(1)</script>": "fired",
    "<script>open('x')</script>": "fired",
    "<img src=x onerror=alert(1)>": "fired",
    "<p onclick=alert(1)>words</p>": "fired",
    "<p onpointerenter=confirm(1)>words</p>": "fired",
    "<details ontoggle=prompt(1)>words</details>": "fired",
    "<svg onload=alert(1)></svg>": "fired",
    "<iframe srcdoc='words'></iframe>": "happenings",
    "<img src=https://spy.example/a.png>": "requests",
    "<link rel=stylesheet href=https://spy.example/a.css>": "requests",
    "<p style='background:url(https://spy.example/b.png)'>words</p>": "requests",
    "<video poster=https://spy.example/c.png></video>": "requests",
    "<script>fetch('https://spy.example/d')</script>": "calls",
    "<meta http-equiv=refresh content='9;url=other.html'>": "faults",
    "<script>console.error(1)</script>": "messages",
    "<style>main { color: red }</style>": "faults",
    "<a href='java&#9;script:alert(1)'>words</a>": "faults",
    "<a href='data:text/html,words'>words</a>": "faults",
    "<div class=words><p style='position:fixed'>words</p></div>": "faults",
    "<p id=_main>words</p>": "faults",
    "<div class=masthead>words</div>": "faults",
    "</main></body><main>words</main>": "faults",
    "<article class=post>words</article>": "faults",
    "<math><mi>words</mi></math>": "faults",
    "<form><input name=words></form>": "faults",
    "<a ping=/ href=https://example.org/>words</a>": "faults",
    "<textarea>": "faults",
    "<!--": "faults",
}
BARE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bare</title></head><body>
<header class="masthead"><a class="name" href="other.html">Bare</a></header>
<a class="skip" href="#_main">Skip</a>
<main id="_main"><h1>Bare</h1><p>Words to read, and more of them.</p>{}</main>
<footer class="colophon">The end</footer></body></html>"""


@pytest.mark.parametrize("browser", BROWSERS)
def test_every_offence_would_be_seen(
    witnesses: dict[str, Witness], hole: BlackHole, tmp_path: Path, browser: str
) -> None:
    write_file(tmp_path / "other.html", BARE.format("other"))
    for number, markup in enumerate(OFFENCES):
        write_file(tmp_path / f"{number}.html", BARE.format(markup))
    witness = witnesses[browser]
    assert visit(witness, hole, _base(tmp_path), ["other.html"]).hostile == {}
    seen = {}
    for number, markup in enumerate(OFFENCES):
        findings = visit(witness, hole, _base(tmp_path), [f"{number}.html"])
        seen[markup] = findings.hostile
    missed = {markup: seen[markup] for markup, what in OFFENCES.items() if what not in seen[markup]}
    assert missed == {}


@pytest.fixture(scope="module")
def careless(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Our payloads as they would be shown if nothing were sanitised."""
    root = tmp_path_factory.mktemp("careless")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("archiver.markdown.sanitize_html", lambda html: html)
        archive = build_archive(root, PAYLOADS[::3])
    return Stage(archive, root / "build", unguard(root / "build", root / "unguarded"))


@pytest.mark.parametrize("browser", BROWSERS)
def test_without_the_sanitiser_the_same_payloads_fire(
    careless: Stage, witnesses: dict[str, Witness], hole: BlackHole, browser: str
) -> None:
    paths = [f"{group.folder}/raw-{n}.html" for group in careless.archive.groups for n in range(8)]
    paths = [path for path in paths if (careless.site / path).is_file()]
    findings = visit(witnesses[browser], hole, _base(careless.unguarded), paths)
    pages = {line.partition(":")[0] for line in findings.fired}
    asked = {line.partition(":")[0] for line in findings.requests}
    assert len(pages) > 20
    assert len(asked) > 15
    assert len(findings.faults) > 30


@pytest.mark.parametrize("browser", BROWSERS)
def test_without_the_sanitiser_the_policy_lets_nothing_run_or_load(
    careless: Stage, witnesses: dict[str, Witness], hole: BlackHole, browser: str
) -> None:
    paths = [f"{group.folder}/raw-{n}.html" for group in careless.archive.groups for n in range(8)]
    paths = [path for path in paths if (careless.site / path).is_file()]
    findings = visit(witnesses[browser], hole, _base(careless.site), paths, touch=False)
    assert findings.fired == []
