"""Fixtures for all tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from book import Book

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


@pytest.fixture
def book(tmp_path: Path) -> Callable[[str], Book]:
    """Makes an archive from a string: `book("=== a.md\\n---\\ndate: 2017-03-23\\n---\\nWords")`."""
    return lambda text: Book(tmp_path, text)
