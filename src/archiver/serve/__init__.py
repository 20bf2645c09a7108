"""The preview of an archive over HTTP: pages as they are now, and news when they change."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

from msgspec import Struct

from archiver.diagnostics import Problem
from archiver.preview import Preview, Refreshed
from archiver.serve.board import Board
from archiver.serve.server import Server
from archiver.watch import Watch

__all__ = ["Board", "News", "Server", "follow_changes", "open_server"]

# So many files at once are a checkout or an import: all is read anew, and no change can be missed.
_MANY = 500
_BEAT = 0.5
_ATTEMPTS = 3


class News(Struct, frozen=True):
    """What a change brought: the files, the problems that are new, and the seconds it took.

    `changed` is empty where a problem was found only when its page was asked for.
    """

    changed: frozenset[str]
    problems: tuple[Problem, ...]
    refreshed: Refreshed
    was_failed: bool
    seconds: float


def open_server(preview: Preview, port: int) -> tuple[Server, Board]:
    """A server of a preview and the board of its news. OSError where the port cannot be had."""
    board = Board(secrets.token_hex(4), preview.latest)
    return Server(preview, board, port), board


def follow_changes(preview: Preview, watch: Watch, board: Board) -> Iterator[News]:
    """Refresh a preview whenever files change, and tell what came of it; without end."""
    while True:
        changed = watch.wait(_BEAT)
        before = preview.latest
        if changed:
            began = time.monotonic()
            after = _refresh(preview, changed)
            board.publish(after)
            known = set(before.problems)
            new = tuple(problem for problem in after.problems if problem not in known)
            yield News(changed, new, after, before.failed, time.monotonic() - began)
        found = board.take_untold()
        if found:
            yield News(frozenset(), found, preview.latest, before.failed, 0)


def _refresh(preview: Preview, changed: frozenset[str]) -> Refreshed:
    """A file may go while it is read; then it is looked at again."""
    for attempt in range(_ATTEMPTS):
        try:
            return preview.refresh(None if attempt or len(changed) >= _MANY else changed)
        except OSError:
            if attempt + 1 == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")
