"""Fixtures for all tests."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from archiver import theme
from archiver.build import workshop
from archiver.search import volumes
from archiver.templates import Templates
from book import Book
from browsers import find_chromium, find_firefox, need
from browsing.bidi import Firefox, start_firefox
from browsing.chromium import Chromium, start_chromium
from browsing.network import BlackHole, open_black_hole
from browsing.whole import WHOLE, build_whole

# What a shell runs in the background ignores Ctrl-C, and so would all that is begun here to be ended by it.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], Book]:
    """Makes an archive from a string: `book("=== a.md\\n---\\ndate: 2017-03-23\\n---\\nWords")`."""
    return lambda text: Book(tmp_path, text)


class Compiled(BytecodeCache):
    """Templates compiled once for all builds of a module: that is most of the work of a small one."""

    def __init__(self) -> None:
        self._codes: dict[str, Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take the code over where the same template was compiled before."""
        bucket.code = self._codes.get(f"{bucket.key} {bucket.checksum}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        self._codes[f"{bucket.key} {bucket.checksum}"] = bucket.code


@pytest.fixture(scope="module")
def compiled_once() -> Iterator[None]:
    """Small archives are built many times."""
    make = partial(Templates, bytecode_cache=Compiled())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(theme, "Templates", make)
        yield


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An archive with every kind of page, by its language."""
    folder = tmp_path_factory.mktemp("whole")
    return {language: build_whole(folder / language, language) for language in WHOLE}


@pytest.fixture(scope="module")
def small_index() -> Iterator[None]:
    """The index of a small archive has several parts, volumes and shards."""
    limits = {
        workshop: {"LEAST": 2, "MOST": 4},
        volumes: {"LEAST": 4, "MOST": 8, "SMALL": 100, "LARGE": 200, "LONE": 60},
    }
    with pytest.MonkeyPatch.context() as patch:
        for module, small in limits.items():
            for name, limit in small.items():
                patch.setattr(module, name, limit)
        yield


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
