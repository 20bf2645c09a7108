"""How long a search takes from a disk, and how much of the index it loads, beside MiniSearch and lunr.

Each search is made by a browser that has just been started, at two moments. *Asked*: in a page of the search
that is open, from the moment in which words are asked for until the first post is shown; of the index nothing
with these words was loaded before. *Opened*: a page with the words in its address, from its opening (its own
time origin) until the first post is shown, and until all are counted. Beside it stands when a browser as
fresh has read the same page with its style sheet and without any script: what it costs to open a page at all.

All have the same posts. The two libraries have one index each, made ahead and loaded whole whatever is
asked for, as there is no other way from a disk: so one search of each stands for all. They are asked once
they have read it, which is not in the time from asking, only in that from opening.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from corpus import Corpus, switch_search
from measure import CommandError, watch_command
from tools import Tool, prepare_archiver

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from archiver.search import join_piece  # noqa: E402
from browsers import find_chromium, find_firefox  # noqa: E402 (the tests' own browsers)
from browsing.bidi import BidiError, Firefox, start_firefox  # noqa: E402
from browsing.chromium import Window, start_chromium  # noqa: E402
from browsing.network import open_black_hole  # noqa: E402

BROWSERS = ("Chromium", "Firefox")
SITES = ((10_000, 1), (10_000, 100), (100_000, 1), (100_000, 1000))
PHRASE = 4
PATIENCE = 120.0
# Notes when the first post is shown, and when the count stops changing.
WATCH = """new MutationObserver(() => {
  if (document.getElementById("_results")?.children.length) globalThis.firstShown ??= performance.now();
  const said = document.getElementById("_count")?.textContent;
  if (/\\d|No/.test(said)) globalThis.allCounted ??= performance.now();
}).observe(document, { childList: true, subtree: true, characterData: true });"""
SEEN = "[globalThis.firstShown ?? 0, globalThis.allCounted ?? 0]"
READ = """performance.getEntriesByType("navigation")[0]?.loadEventEnd ?? 0"""


class Asked(NamedTuple):
    """A search: what kind it is, and the words."""

    kind: str
    words: str


class Search(NamedTuple):
    """What a search took: milliseconds from asking until the first post is shown; from opening until the
    first post is shown, and until all are counted; and bytes of files that were loaded, where the browser
    tells it."""

    asked: float
    first: float
    last: float
    loaded: int


def main() -> None:
    """Measure each corpus, and print a table for each."""
    options = read_options()
    for site in options.built:
        print(f"\n### {site.name}\n")
        measure_site(site, list(read_words(site)), site.parent, options)
    for posts, coverages in () if options.built else options.sites:
        with tempfile.TemporaryDirectory(prefix="archiver-bench-", dir=options.work) as name:
            measure_corpus(Path(name), Corpus(posts, coverages, 0.2), options)


def read_options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=read_sites, default=SITES, metavar="POSTS/COVERAGES,…")
    parser.add_argument(
        "--phrases", type=int, default=200, help="phrases whose posts are looked for"
    )
    parser.add_argument("--runs", type=int, default=5, help="fresh browsers for each search")
    parser.add_argument("--alone", action="store_true", help="measure archiver only")
    parser.add_argument(
        "--built",
        type=Path,
        nargs="*",
        default=(),
        metavar="DIR",
        help="sites of corpora that are built already, whose building is not measured",
    )
    parser.add_argument("--work", type=Path, metavar="DIR", help="where corpora are made")
    return parser.parse_args()


def read_sites(text: str) -> list[tuple[int, int]]:
    """`10000/1,100000/1000`."""
    pairs = (part.split("/") for part in text.split(","))
    return [(int(posts), int(coverages)) for posts, coverages in pairs]


def measure_corpus(work: Path, corpus: Corpus, options: argparse.Namespace) -> None:
    """Build the corpus, search it, and let the libraries search the same."""
    print(f"\n### {corpus.name}\n", flush=True)
    archiver = prepare_archiver(work, corpus, 1)
    cpu = measure_builds(archiver)
    print(f"Built in {cpu[0]:.1f} s of CPU, {cpu[1]:.1f} s without the index.")
    measure_site(archiver.output, list(read_words(archiver.output)), work, options)


def measure_site(
    site: Path, words: Sequence[tuple[str, str]], work: Path, options: argparse.Namespace
) -> None:
    """Search a site, and let the libraries search the same posts; `work` is a folder for these."""
    asked = choose_searches([text for _, text in words])
    print(f"The index: {describe_index(site)}.\n")
    print("| | search | browser | asked | opened | opened, all counted | loaded |")
    print("|---|---|---|---:|---:|---:|---:|", flush=True)
    for browser in BROWSERS:
        times = [measure_plain_page(browser, site) for _ in range(options.runs)]
        print(f"| no script | | {browser} | | {describe_times(times)} | | |", flush=True)
        for one in asked:
            print_row("archiver", browser, one, site, options.runs)
    for tool, folder in () if options.alone else index_libraries(work, words):
        for browser in BROWSERS:
            print_row(tool, browser, asked[0], folder, options.runs)
    if options.phrases:
        print(f"\n{recall(site, words, options.phrases)}", flush=True)


def measure_builds(archiver: Tool) -> tuple[float, float]:
    """CPU seconds of a cold build with and without the index, the better of two each."""
    costs = []
    for search in (False, True):
        switch_search(archiver.source, on=search)
        runs = []
        for _ in range(2):
            shutil.rmtree(archiver.output, ignore_errors=True)
            archiver.output.with_name(f".{archiver.output.name}.ledger").unlink(missing_ok=True)
            runs.append(watch_command(archiver.command, 1.0)[0].cpu)
        costs.append(min(runs))
    return costs[1], costs[0]


def read_words(site: Path) -> Iterator[tuple[str, str]]:
    """The title and all words of every post, from the site's own data."""
    for path in sorted(site.glob("*/coverage.json")):
        with path.open("rb") as file:
            for line in file:
                if line.startswith(b'{"permalink"'):
                    piece = line.rstrip(b",\n")
                    yield json.loads(piece).get("title", ""), join_piece(piece)


def choose_searches(texts: Sequence[str]) -> list[Asked]:
    """Searches of each kind; words of the corpus are few, so that each stands in a third of all posts."""
    random = Random("searches")
    counts = Counter(word for text in texts for word in set(re.findall(r"[a-z]{4,}", text.lower())))
    rare = min(counts, key=lambda word: (counts[word], word))
    phrase = " ".join(choose_phrase(random, texts[len(texts) // 3]))
    return [
        Asked("a word", "vigil"),
        Asked("three words", "ferry vigil passenger"),
        Asked("a beginning", "pass"),
        Asked("a phrase", f'"{phrase}"'),
        Asked("a rare word", rare),
    ]


def choose_phrase(random: Random, text: str) -> list[str]:
    """Some words that stand side by side."""
    lines = [line.split() for line in text.split("\n")]
    words = max(lines, key=len)
    start = random.randrange(max(1, len(words) - PHRASE))
    return [word.strip('.,“”"*()[]') for word in words[start : start + PHRASE]]


def describe_index(site: Path) -> str:
    """How many files there are, and how large they are."""
    files = list((site / "search").rglob("*.js"))
    size = sum(path.stat().st_size for path in files)
    whole = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    return f"{len(files):,} files, {size / 1e6:.1f} MB of {whole / 1e6:.0f} MB"


def print_row(tool: str, browser: str, asked: Asked, site: Path, runs: int) -> None:
    """Search in fresh browsers, and print what it took."""
    found = [measure_search(browser, site, asked.words) for _ in range(runs)]
    row = f"| {tool} | {asked.kind} | {browser} |"
    if None in found:
        print(f"{row} not within {PATIENCE:.0f} s | | | |", flush=True)
        return
    done = [one for one in found if one is not None]
    times = (describe_times([one[which] for one in done]) for which in range(3))
    loaded = max(one.loaded for one in done)
    print(
        f"{row} {' | '.join(times)} | {f'{loaded / 1000:,.0f} KB' if loaded else ''} |", flush=True
    )


def describe_times(times: Sequence[float]) -> str:
    """The median of some times, and the least: what others do on the machine only makes them longer."""
    return f"{statistics.median(times):,.0f} ms (least {min(times):,.0f})"


def measure_plain_page(browser: str, site: Path) -> float:
    """Milliseconds from opening the page of the search without its scripts until it is read."""
    page = site / "search-without-script.html"
    text = (site / "search.html").read_text(encoding="utf-8")
    page.write_text(re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL), encoding="utf-8")
    try:
        with open_browser(browser) as window:
            window.open(page.as_uri())
            await_number(window, READ)
            read: float = window.evaluate(READ)
            return read
    finally:
        page.unlink()


def measure_search(browser: str, site: Path, words: str) -> Search | None:
    """One search by browsers that have just been started; None where it takes too long."""
    try:
        asked = ask_open_page(browser, site, words)
        with open_browser(browser) as window:
            window.open(f"{site.as_uri()}/search.html#q={quote(words)}")
            await_number(window, "globalThis.firstShown && globalThis.allCounted")
            first, last = window.evaluate(SEEN)
            return Search(asked, first, last, sum_files(window.requests))
    except (BidiError, TimeoutError):
        return None


def ask_open_page(browser: str, site: Path, words: str) -> float:
    """Milliseconds from asking until the first post is shown, in a page that has loaded no words yet."""
    with open_browser(browser) as window:
        window.open(f"{site.as_uri()}/search.html")
        time.sleep(1)
        asked = json.dumps(f"q={quote(words)}")
        window.evaluate(f"(globalThis.askedAt = performance.now(), location.hash = {asked}, 0)")
        await_number(window, "globalThis.firstShown")
        taken: float = window.evaluate("globalThis.firstShown - globalThis.askedAt")
        return taken


def await_number(window: Window | Firefox, expression: str) -> None:
    """Wait until an expression has a value in a page."""
    deadline = time.monotonic() + PATIENCE
    while not window.evaluate(f"({expression}) || 0"):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.2)


def sum_files(urls: Sequence[str]) -> int:
    """How many bytes the files have that were asked for, each once."""
    paths = {unquote(urlsplit(url).path) for url in urls if url.startswith("file:")}
    return sum(Path(path).stat().st_size for path in paths)


@contextmanager
def open_browser(name: str) -> Iterator[Window | Firefox]:
    """A browser without a network, with a fresh profile."""
    with open_black_hole() as hole, tempfile.TemporaryDirectory() as profile:
        if name == "Firefox":
            program = find_firefox()
            assert program, "there is no Firefox"
            with start_firefox(program, Path(profile), hole.port) as firefox:
                firefox.watch(["network.responseCompleted"], WATCH)
                yield firefox
            return
        program = find_chromium()
        assert program, "there is no Chromium"
        with start_chromium(program, hole.port) as chromium, chromium.open_window() as window:
            watch_window(window)
            yield window


def watch_window(window: Window) -> None:
    """Have each page note what is shown."""
    window.page.set_default_timeout(PATIENCE * 1000)
    window.page.add_init_script(WATCH)


def index_libraries(work: Path, words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Path]]:
    """The pages of the libraries, each with its index; a library that cannot make one is told of."""
    tools = work / "searching"
    shutil.copytree(HERE / "searching", tools, dirs_exist_ok=True)
    subprocess.run(["npm", "ci", "--silent"], cwd=tools, check=True)
    posts = work / "posts.jsonl"
    with posts.open("w", encoding="utf-8") as file:
        for number, (title, text) in enumerate(words):
            file.write(json.dumps({"id": number, "title": title, "text": text}) + "\n")
    for tool in ("minisearch", "lunr"):
        folder = work / tool
        command = [
            "node",
            "--max-old-space-size=8000",
            f"{tools}/index.js",
            tool,
            f"{posts}",
            f"{folder}",
        ]
        try:
            cost, peak = watch_command(command, 0.1)
        except CommandError as error:
            print(f"{tool} made no index: {str(error)[-200:]}", file=sys.stderr)
            continue
        size = (folder / "index.js").stat().st_size
        memory = f", {peak / 1e6:,.0f} MB of memory" if peak else ""
        print(
            f"| {tool} | its index: {cost.cpu:.1f} s of CPU{memory} | | | | | {size / 1000:,.0f} KB |"
        )
        yield tool, folder


def recall(site: Path, words: Sequence[tuple[str, str]], count: int) -> str:
    """How many sampled phrases find the post that they were taken from, and what these searches took."""
    random = Random("recall")
    found, loaded = 0, []
    links = list_links(site)
    program = find_chromium()
    assert program, "there is no Chromium"
    with open_black_hole() as hole, start_chromium(program, hole.port) as chromium:
        for _ in range(count):
            number = random.randrange(len(words))
            asked = quote('"' + " ".join(choose_phrase(random, words[number][1])) + '"')
            with chromium.open_window() as window:
                watch_window(window)
                window.open(f"{site.as_uri()}/search.html#q={asked}")
                await_number(window, "globalThis.allCounted")
                shown = window.evaluate(
                    "[...document.querySelectorAll('#_results h2 a')].map((a) => a.href)"
                )
                found += any(unquote(link).endswith(f"/{links[number]}") for link in shown)
                loaded.append(sum_files(window.requests))
    return (
        f"{found} of {count} phrases of {PHRASE} words found their post, with "
        f"{statistics.median(loaded) / 1000:.0f} KB loaded, {max(loaded) / 1000:.0f} KB at most."
    )


def list_links(site: Path) -> list[str]:
    """The permalinks of all posts, in the order of `read_words`."""
    return [
        json.loads(line.rstrip(b",\n"))["permalink"]
        for path in sorted(site.glob("*/coverage.json"))
        for line in path.read_bytes().splitlines()
        if line.startswith(b'{"permalink"')
    ]


if __name__ == "__main__":
    main()
