"""Where and when a page was archived elsewhere, as links to the original tell it.

See robustlinks.mementoweb.org/spec.
"""

from __future__ import annotations

import re
from datetime import UTC

from archiver.model import Capture, Coverage
from archiver.pages.views import VersionView
from archiver.times import write_stamp

# How captures name the tool, see `importers.wayback`; and an address of its replay.
_WAYBACK = "Wayback Machine"
_REPLAY = re.compile(r"https?://web\.archive\.org/web/\d{14}[a-z_]*/.+")


def find_version(capture: Capture) -> str:
    """The address at which a web archive shows a capture; empty where it is not known."""
    if _REPLAY.fullmatch(capture.url):
        return capture.url
    moment = capture.captured.instant if capture.captured else None
    if capture.tool != _WAYBACK or not capture.url or moment is None:
        return ""
    return f"https://web.archive.org/web/{moment.astimezone(UTC):%Y%m%d%H%M%S}/{capture.url}"


def find_robust(coverage: Coverage) -> VersionView | None:
    """The last capture of a coverage's own page: when it was made, and where a web archive shows it."""
    captures = coverage.source.captures if coverage.source else ()
    dated = [capture for capture in captures if capture.captured]
    if not dated:
        return None
    last = max(dated, key=lambda one: (bool(find_version(one)), _moment(one)))
    assert last.captured is not None
    return VersionView(find_version(last), write_stamp(last.captured))


def _moment(capture: Capture) -> tuple[str, str]:
    stamp = capture.captured
    assert stamp is not None
    return (stamp.day.isoformat(), stamp.instant.isoformat() if stamp.instant else "")
