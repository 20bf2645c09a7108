"""How long a search takes from a disk, and how much of the index it loads, beside MiniSearch and lunr.

Each search is made by a browser that has just been started, in a page that is opened with the words in its
address. The clock runs from the opening (the page's own time origin) until the page was read, which every
page takes, until the first post is shown, and until all are counted; and again in a page that was opened
without any words, from the moment in which it is asked until the first post is shown. All have the same
posts; the two libraries have one index each, which is made ahead and loaded whole, as there is no other way
from a disk.
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

SITES = ((10_000, 1), (10_000, 100), (100_000, 1), (100_000, 1000))
PHRASE = 4
PATIENCE = 120.0
# Notes when the first post is shown, and when the count stops changing.
WATCH = """new MutationObserver(() => {
  if (document.getElementById("_results")?.children.length) globalThis.firstShown ??= performance.now();
  const said = document.getElementById("_count")?.textContent;
  if (/\\d|No/.test(said)) globalThis.allCounted ??= performance.now();
}).observe(document, { childList: true, subtree: true, characterData: true });"""
SEEN = """[
  globalThis.firstShown ?? 0,
  globalThis.allCounted ?? 0,
  performance.getEntriesByType("navigation")[0]?.domInteractive ?? 0,
]"""


class Asked(NamedTuple):
    """A search: what kind it is, and the words."""

    kind: str
    words: str


class Search(NamedTuple):
    """What a search took: milliseconds until the first post is shown, until all are counted, and before
    these until the page was read; milliseconds from asking in an open page until the first post is shown;
    and bytes, where the browser tells what it has loaded."""

    first: float
    last: float
    read: float
    asked: float
    loaded: int


def main() -> None:
    """Measure each corpus, and print a table for each."""
    options = read_options()
    for posts, coverages in options.sites:
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
    site = archiver.output
    words = list(read_words(site))
    asked = choose_searches([text for _, text in words])
    print(
        f"The index: {describe_index(site)}; built in {cpu[0]:.1f} s of CPU, {cpu[1]:.1f} s without it.\n"
    )
    print(
        "| | search | browser | page read | first post | all counted | asked in an open page | loaded |"
    )
    print("|---|---|---|---:|---:|---:|---:|---:|", flush=True)
    sites = {"archiver": site}
    if not options.alone:
        sites |= dict(index_libraries(work, words))
    for tool, folder in sites.items():
        for browser in ("Chromium", "Firefox"):
            for one in asked:
                print_row(tool, browser, one, folder, options.runs)
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
    """Search in fresh browsers, and print the medians."""
    found = [measure_search(browser, site, asked.words) for _ in range(runs)]
    row = f"| {tool} | {asked.kind} | {browser} |"
    if None in found:
        print(f"{row} | not within {PATIENCE:.0f} s | | |", flush=True)
        return
    done = [one for one in found if one is not None]
    first, last, read, then = (statistics.median(one[which] for one in done) for which in range(4))
    loaded = max(one.loaded for one in done)
    times = " | ".join(f"{time:,.0f} ms" if time else "" for time in (read, first, last, then))
    print(f"{row} {times} | {f'{loaded / 1000:,.0f} KB' if loaded else ''} |", flush=True)


def measure_search(browser: str, site: Path, words: str) -> Search | None:
    """One search by a browser that has just been started; None where it takes too long."""
    url = f"{site.as_uri()}/search.html#q={quote(words)}"
    try:
        with open_browser(browser) as window:
            window.open(url)
            deadline = time.monotonic() + PATIENCE
            while not all(seen := window.evaluate(SEEN)):
                if time.monotonic() > deadline:
                    return None
                time.sleep(0.05)
            paths = {
                unquote(urlsplit(url).path) for url in window.requests if url.startswith("file:")
            }
            loaded = sum(Path(path).stat().st_size for path in paths)
        asked = ask_open_page(browser, site, words) if (site / "search").is_dir() else 0.0
        return Search(seen[0], seen[1], seen[2], asked, loaded)
    except (BidiError, TimeoutError):
        return None


def ask_open_page(browser: str, site: Path, words: str) -> float:
    """Milliseconds from asking until the first post is shown, in a page that has loaded no words yet."""
    with open_browser(browser) as window:
        window.open(f"{site.as_uri()}/search.html")
        time.sleep(1)
        asked = json.dumps(f"q={quote(words)}")
        window.evaluate(f"(globalThis.askedAt = performance.now(), location.hash = {asked}, 0)")
        deadline = time.monotonic() + PATIENCE
        while not window.evaluate("globalThis.firstShown ?? 0"):
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.2)
        taken: float = window.evaluate("globalThis.firstShown - globalThis.askedAt")
        return taken


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
            window.page.set_default_timeout(PATIENCE * 1000)
            window.page.add_init_script(WATCH)
            yield window


def index_libraries(work: Path, words: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Path]]:
    """The pages of the libraries, each with its index; a library that cannot make one is told of."""
    tools = work / "searching"
    shutil.copytree(HERE / "searching", tools)
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
            f"| {tool} | its index: {cost.cpu:.1f} s of CPU{memory} | | | | | | {size / 1000:,.0f} KB |"
        )
        yield tool, folder


def recall(site: Path, words: Sequence[tuple[str, str]], count: int) -> str:
    """How many sampled phrases find the post that they were taken from, and what these searches took."""
    random = Random("recall")
    found, first, loaded = 0, [], []
    links = list_links(site)
    for _ in range(count):
        number = random.randrange(len(words))
        phrase = " ".join(choose_phrase(random, words[number][1]))
        asked = quote(f'"{phrase}"')
        with open_browser("Chromium") as window:
            window.open(f"{site.as_uri()}/search.html#q={asked}")
            deadline = time.monotonic() + PATIENCE
            while not window.evaluate(SEEN)[1] and time.monotonic() < deadline:
                time.sleep(0.02)
            shown = window.evaluate(
                "[...document.querySelectorAll('#_results h2 a')].map((a) => a.href)"
            )
            found += any(unquote(link).endswith(f"/{links[number]}") for link in shown)
            first.append(window.evaluate(SEEN)[0])
            loaded.append(
                sum(
                    Path(unquote(urlsplit(url).path)).stat().st_size for url in set(window.requests)
                )
            )
    return (
        f"{found} of {count} phrases of {PHRASE} words found their post; the first post was there after "
        f"{statistics.median(first):.0f} ms (nine of ten: {sorted(first)[count * 9 // 10]:.0f} ms), with "
        f"{max(loaded) / 1000:.0f} KB loaded at most."
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
