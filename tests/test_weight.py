"""What a page weighs, and what it needs before anything of it is seen."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from browsing.chromium import Chromium
from browsing.network import serve
from browsing.sites import choose_pages
from browsing.whole import build_ordinary

POSTS = 200
FRAME = 15_000
# What a post says and who says it; its links, its labels and what stands below it are the page's own.
SAID = "h3:not(.when), .who, .words"
BLOCKING = """performance.getEntriesByType("resource")
  .filter((one) => one.renderBlockingStatus === "blocking")
  .map((one) => new URL(one.name).pathname)"""


def compress(text: str) -> int:
    """How many bytes a server sends for a text."""
    return len(gzip.compress(text.encode(), 6, mtime=0))


def read_posts(page: LexborHTMLParser) -> str:
    """The words of all posts of a page, a line for each thing said."""
    said = [node for post in page.css("article.post") for node in post.css(SAID)]
    return "\n".join(" ".join(node.text(separator=" ").split()) for node in said)


@pytest.mark.parametrize("embeds", [0, 0.2, 1])
def test_a_timeline_weighs_little_more_than_its_words(tmp_path: Path, embeds: float) -> None:
    site = build_ordinary(tmp_path / "site", POSTS, embeds)
    html = next(site.glob("coverage-*/index.html")).read_text(encoding="utf-8")
    page = LexborHTMLParser(html)
    assert len(page.css("article.post")) == POSTS
    assert compress(html) <= 1.5 * compress(read_posts(page)) + FRAME


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_page_needs_one_style_sheet_and_no_script_to_be_seen(
    whole: dict[str, Path], language: str
) -> None:
    site = whole[language]
    style = (site / "assets/style.css").read_text(encoding="utf-8")
    assert "@import" not in style
    assert "url(" not in style
    for path in choose_pages(site, 1):
        page = LexborHTMLParser((site / path).read_bytes())
        assert len(page.css("link[rel=stylesheet], style")) == 1, path
        assert page.css("link[rel=preload], link[rel=modulepreload]") == [], path
        running = page.css("script:not([type='application/ld+json'])")
        assert [node.html for node in running if "defer" not in node.attributes] == [], path


@pytest.mark.browser
def test_a_browser_waits_for_the_style_sheet_alone(
    whole: dict[str, Path], chromium: Chromium
) -> None:
    with serve(whole["en"], compressing=True) as base, chromium.open_window() as window:
        for path in choose_pages(whole["en"], 1):
            window.open(base + path)
            assert window.evaluate(BLOCKING) == ["/assets/style.css"], path
