"""The judge of access: axe-core over pages as they are opened, unfolded, and with what opens over them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Route

from browsers import find_chromium
from browsing.chromium import Window, start_chromium
from browsing.sites import choose_pages, list_aliases, list_pages

AXE = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
WIDTHS = (320, 360, 1280)
SCHEMES = ("light", "dark")
MANY = 300
WORKERS = min(4, os.cpu_count() or 1)

# What a reader does with a page, as an expression that tells whether there was anything to do. First of all
# the posts far from the window are laid out too, which takes the page itself a while.
STATES: Mapping[str, str] = {
    "as it is": """(() => {
        for (const post of document.querySelectorAll(".post")) post.style.animation = "none";
        return true;
    })()""",
    "unfolded": """(() => {
        const folded = document.querySelectorAll("details:not([open])");
        for (const one of folded) one.open = true;
        const scale = document.querySelector(".controls:not([hidden]) .scale");
        if (scale?.offsetParent) {
            scale.value = Math.ceil(scale.max / 2);
            scale.dispatchEvent(new Event("input"));
        }
        return Boolean(folded.length || scale);
    })()""",
    "with what was found": """(async () => {
        const field = document.querySelector("input[type=search]");
        if (!document.querySelector(".results") || !field?.offsetParent) return false;
        location.hash = `q=${document.documentElement.lang === "ar" ? "الماء" : "water"}`;
        for (let turn = 0; turn < 100; turn += 1) {
            if (document.querySelector(".results li")) return true;
            await new Promise((done) => setTimeout(done, 50));
        }
        throw new Error("nothing was found");
    })()""",
    "with a picture in full": """(() => {
        document.querySelector("a.full")?.click();
        return document.querySelector("dialog.full") !== null;
    })()""",
    "with the list of keys": """(() => {
        document.querySelector("dialog.full")?.close();
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
        return document.querySelector("dialog.keys")?.open === true;
    })()""",
}


def judge_access(
    axe: str,
    sites: Iterable[Path],
    widths: Sequence[int] = WIDTHS,
    states: Sequence[str] = tuple(STATES),
) -> list[str]:
    """Violations that axe-core finds, as `what [where]`, in both schemes."""
    pages = [(site, path) for site in sites for path in choose_for_access(site)]
    shares = [pages[number::WORKERS] for number in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(partial(_judge_share, axe, widths, states), shares))
    return group_faults(sorted(chain.from_iterable(found)))


def choose_for_access(site: Path) -> list[str]:
    """All pages of a site, or some of each kind where there are very many; those too that lead on."""
    pages = list_pages(site)
    if len(pages) <= MANY:
        return pages + list_aliases(site)[:3]
    # A coverage with a page for each thing that a post may be has few posts.
    few = [path for path in pages if len(list((site / path).parent.glob("*.html"))) < MANY // 10]
    return sorted({*choose_pages(site, 2), *few, *list_aliases(site)[:3]})


def group_faults(faults: Iterable[tuple[str, str]]) -> list[str]:
    """One line a fault, from (where, what), with how often it was found and where first."""
    places: dict[str, list[str]] = {}
    for where, what in faults:
        places.setdefault(what, []).append(where)
    return [
        f"{what} [{where[0]}{f' and {len(where) - 1} more' if len(where) > 1 else ''}]"
        for what, where in places.items()
    ]


def _judge_share(
    axe: str, widths: Sequence[int], states: Sequence[str], pages: Iterable[tuple[Path, str]]
) -> list[tuple[str, str]]:
    """The violations in some pages, as (where, what), by a browser of its own."""
    faults: list[tuple[str, str]] = []
    program = find_chromium()
    assert program is not None, "find_obstacle looked for it"
    with start_chromium(program) as chromium, chromium.open_window(bypass_csp=True) as window:
        window.page.route("file:///**/*.html", _stay)
        for site, path in pages:
            window.open((site / path).as_uri())
            found = _judge_page(window, axe, widths, states)
            faults += [(f"{site.name}/{path}", fault) for fault in found]
    return faults


def _stay(route: Route) -> None:
    """Have a page that leads on stay, so that it can be looked at."""
    html = Path(unquote(urlsplit(route.request.url).path)).read_bytes()
    html = html.replace(b'http-equiv="refresh"', b'name="refresh"')
    route.fulfill(body=html, content_type="text/html; charset=utf-8")


def _judge_page(
    window: Window, axe: str, widths: Sequence[int], states: Sequence[str]
) -> list[str]:
    """The violations in the page that a window shows, each with where it is seen."""
    window.evaluate(axe)
    seen: dict[str, dict[str, None]] = {}
    for state in states:
        # What a script draws it draws for the narrowest of them.
        window.page.set_viewport_size({"width": widths[0], "height": 800})
        if not window.evaluate(STATES[state]):
            continue
        for width in widths:
            window.page.set_viewport_size({"width": width, "height": 800})
            for scheme in SCHEMES:
                window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                result: Any = window.page.evaluate("(options) => axe.run(document, options)", AXE)
                for violation in result["violations"]:
                    for node in violation["nodes"]:
                        fault = f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
                        seen.setdefault(fault, {})[f"{width} {scheme} {state}"] = None
    return [f"{fault} ({', '.join(where)})" for fault, where in seen.items()]
