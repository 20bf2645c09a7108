"""Draws the pictures of cards in docs/: each example there is built as a post, its card photographed."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from archiver.build import build_site

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
_EXAMPLE = re.compile(
    r"^(?P<fence>```(?P<kind>\w+)\n(?P<text>.*?)\n```)\n\n!\[[^\]]+\]\((?P<picture>[\w/-]+\.png)\)$",
    re.DOTALL | re.MULTILINE,
)
_WIDTH = 720


class Example(NamedTuple):
    """Markdown of a post, and the picture of its card, below docs/."""

    markdown: str
    picture: str


def list_examples(page: Path) -> list[Example]:
    """The examples of a page of docs/ that a picture follows."""
    return [
        Example(match["fence"] if match["kind"] == "embed" else match["text"], match["picture"])
        for match in _EXAMPLE.finditer(page.read_text(encoding="utf-8"))
    ]


def build_examples(examples: list[Example], root: Path) -> Path:
    """An archive with a post an example, built; returns the folder of its pages."""
    folder = root / "content/cards"
    folder.mkdir(parents=True)
    (root / "content/site.md").write_text("---\ntitle: Cards\nlanguage: en-GB\n---\n")
    (folder / "coverage.md").write_text("---\ntitle: Cards\ntimezone: Europe/London\n---\n")
    for number, example in enumerate(examples):
        text = f"---\ndate: 2017-03-23T20:25:00Z\n---\n{example.markdown}\n"
        (folder / f"card-{number}.md").write_text(text, encoding="utf-8")
    result = build_site(root, root / "build")
    if result.failed:
        sys.exit("\n".join(f"{found.place.path}: {found.message}" for found in result.problems))
    return root / "build/cards"


def draw_cards(page: Path) -> None:
    """Write the pictures of a page's examples."""
    examples = list_examples(page)
    with tempfile.TemporaryDirectory() as root, sync_playwright() as player:
        pages = build_examples(examples, Path(root))
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        window = browser.new_page(viewport={"width": _WIDTH, "height": 900}, device_scale_factor=2)
        for number, example in enumerate(examples):
            window.goto((pages / f"card-{number}.html").as_uri())
            target = DOCS / example.picture
            target.parent.mkdir(exist_ok=True)
            window.locator(".words > figure").first.screenshot(path=target)
            print(target.relative_to(ROOT))
        browser.close()


if __name__ == "__main__":
    draw_cards(DOCS / "embeds.md")
