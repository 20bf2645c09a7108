"""How long a saved post takes to be on its page in the preview, for archiver and for Hugo.

From the end of the write until a request for the post's page, over a connection that stays open, is
answered with the new words. Both have the same corpus and are asked again and again meanwhile.
"""

from __future__ import annotations

import argparse
import http.client
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus import Corpus, edit_post
from tools import Tool, find_hugo, prepare_archiver, prepare_hugo

PATIENCE = 120.0
# Between two requests: short beside what is measured, and long enough to leave the server its core.
PAUSE = 0.002


def main() -> None:
    """Measure both, one after the other, and print the medians."""
    options = read_options()
    corpus = Corpus(options.posts, options.coverages, options.embeds)
    page = corpus.edited.removeprefix("content").removesuffix(".md") + ".html"
    with tempfile.TemporaryDirectory(prefix="archiver-bench-") as name:
        work = Path(name)
        archiver = prepare_archiver(work, corpus, None)
        tools = [(archiver, serve_archiver(archiver))]
        if not options.alone:
            hugo = prepare_hugo(work, corpus, find_hugo(options.hugo))
            tools.append((hugo, serve_hugo(hugo)))
        for tool, command in tools:
            times = time_edits(command, tool.source / corpus.edited, page, options.runs)
            print(f"{tool.name} {tool.version}: {describe(times)}", flush=True)


def read_options() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000, metavar="N")
    parser.add_argument("--coverages", type=int, default=10, metavar="N")
    parser.add_argument("--embeds", type=float, default=0.2, metavar="SHARE")
    parser.add_argument("--runs", type=int, default=20, metavar="N", help="edits of each")
    parser.add_argument("--hugo", type=Path, metavar="FILE", help="the Hugo to measure against")
    parser.add_argument("--alone", action="store_true", help="measure archiver only")
    return parser.parse_args()


def serve_archiver(tool: Tool) -> tuple[str, ...]:
    """The command of archiver's preview; its port comes last."""
    return (sys.executable, "-m", "archiver", "serve", "--root", f"{tool.source}", "--port")


def serve_hugo(tool: Tool) -> tuple[str, ...]:
    """The command of Hugo's preview, as it is when nobody changes its settings; its port comes last."""
    return (
        tool.command[0],
        "server",
        "--quiet",
        "--renderToMemory",
        "--disableLiveReload=false",
        "--noBuildLock",
        "--bind",
        "127.0.0.1",
        "--source",
        f"{tool.source}",
        "--port",
    )


def time_edits(command: Sequence[str], file: Path, path: str, runs: int) -> list[float]:
    """The seconds of each edit, after one that does not count."""
    times = []
    with start_server(command) as connection:
        for number in range(1, runs + 2):
            edit_post(file, number)
            began = time.perf_counter()
            while f"Edited {number} times".encode() not in ask(connection, path):
                if time.perf_counter() - began > PATIENCE:
                    raise SystemExit(f"{command[0]}: the edit {number} was never shown")
                time.sleep(PAUSE)
            times.append(time.perf_counter() - began)
            time.sleep(1)
    return times[1:]


def ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    """A page over the open connection."""
    connection.request("GET", path)
    return connection.getresponse().read()


def describe(times: Sequence[float]) -> str:
    """The median of some times, the shortest and the longest."""
    middle, low, high = (
        f"{1000 * one:.0f} ms" for one in (statistics.median(times), min(times), max(times))
    )
    return f"median {middle} ({low} to {high}), {len(times)} edits"


@contextmanager
def start_server(command: Sequence[str]) -> Iterator[http.client.HTTPConnection]:
    """A preview on a free port, and a connection to it once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [*command, f"{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield connect(port, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def connect(port: int, process: subprocess.Popen[bytes]) -> http.client.HTTPConnection:
    """A connection to a server that may still be starting."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            if ask(connection, "/"):
                return connection
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{process.args!r} does not answer")


if __name__ == "__main__":
    main()
