"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from book import Book
from browsers import find_chromium, find_firefox, need
from browsing.bidi import Firefox, start_firefox
from browsing.chromium import Chromium, start_chromium
from browsing.network import BlackHole, open_black_hole

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], Book]:
    """Makes an archive from a string: `book("=== a.md\\n---\\ndate: 2017-03-23\\n---\\nWords")`."""
    return lambda text: Book(tmp_path, text)


@pytest.fixture(scope="module")
def hole() -> Iterator[BlackHole]:
    """Where all that would leave this machine goes."""
    with open_black_hole() as hole:
        yield hole


@pytest.fixture(scope="module")
def chromium(hole: BlackHole) -> Iterator[Chromium]:
    """One Chromium for all tests."""
    with start_chromium(need(find_chromium(), "Chromium"), hole.port) as chromium:
        yield chromium


@pytest.fixture(scope="module")
def firefox(hole: BlackHole, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """One Firefox for all tests."""
    program = need(find_firefox(), "Firefox")
    with start_firefox(program, tmp_path_factory.mktemp("firefox"), hole.port) as firefox:
        yield firefox
