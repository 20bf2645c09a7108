"""The archive in this repository: its promises, and the scripts that made parts of it."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from archiver.build import check_site

ROOT = Path(__file__).parents[1]
APOLLO = ROOT / "content/apollo-11"
WESTMINSTER = ROOT / "content/westminster"


def test_the_repositorys_own_archive_has_no_problems() -> None:
    assert check_site(ROOT).problems == ()


def test_the_times_of_the_landing_are_those_of_the_elapsed_time() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/apollo_11/times.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_pictures_of_the_landing_are_drawn_by_their_script() -> None:
    drawn = runpy.run_path(str(ROOT / "scripts/apollo_11/pictures.py"))["PICTURES"]
    kept = {path.name: path.read_bytes() for path in (APOLLO / "media").glob("*.png")}
    assert set(drawn) == set(kept)
    for name, draw in drawn.items():
        # Pixels and not bytes: how a PNG is packed differs between kinds of processors.
        assert read_pixels(draw().write_bytes()) == read_pixels(kept[name]), name
    assert len(kept) >= 4


def read_pixels(data: bytes) -> bytes:
    """The colours of a picture."""
    return Image.open(BytesIO(data)).convert("RGB").tobytes()


def test_the_landing_has_what_it_should_show() -> None:
    posts = [path.read_text(encoding="utf-8") for path in APOLLO.glob("1969-*.md")]
    assert len(posts) >= 60
    assert sum("\npinned: true" in post for post in posts) == 1
    assert sum("\nkey: true" in post for post in posts) >= 5
    assert sum("\n| --- |" in post for post in posts) >= 2
    pictures = re.findall(r'!\[[^\]]+\]\(media/(\S+) "[^"]+Credit: [^"]+"\)', "".join(posts))
    assert len(set(pictures)) >= 4


def test_westminster_keeps_the_order_the_bylines_and_the_six_lost_tweets() -> None:
    posts = [path.read_text(encoding="utf-8") for path in WESTMINSTER.glob("2017-*.md")]
    orders = sorted(int(match[1]) for match in re.finditer(r"^order: (\d+)$", "".join(posts), re.M))
    assert orders == list(range(1, len(posts) + 1))
    assert sum(post.count("```embed\nprovider: twitter\n```") for post in posts) == 6
    assert sum("name: Sam Francis" in post and "place: London" in post for post in posts) == 4
    overview = (WESTMINSTER / "coverage.md").read_text(encoding="utf-8")
    assert overview.count("role: Live reporter") == 3


def test_each_example_of_the_docs_becomes_one_card_and_has_its_picture(tmp_path: Path) -> None:
    script = runpy.run_path(str(ROOT / "scripts/draw_cards.py"))
    page = ROOT / "docs/embeds.md"
    examples = script["list_examples"](page)
    assert len(examples) == page.read_text(encoding="utf-8").count("](cards/") >= 6
    pages = script["build_examples"](examples, tmp_path)
    for number, example in enumerate(examples):
        tree = LexborHTMLParser((pages / f"card-{number}.html").read_bytes())
        assert len(tree.css(".words > figure")) == len(tree.css(".words > *")) == 1
        assert (ROOT / "docs" / example.picture).is_file()
