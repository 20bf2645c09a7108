"""`archiver serve`: a preview of the archive in a browser on this machine."""

from __future__ import annotations

import errno
import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import JOBS, ROOT, count_jobs, print_problems
from archiver.cli.printer import count_noun, make_printable

if TYPE_CHECKING:
    from archiver.serve import News

_PORT = 8000
_NAMED = 3


@click.command(short_help="Show the archive in a browser, with every change.")
@ROOT
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    metavar="N",
    help="The port on this machine; 0 takes any that is free.",
)
@click.option(
    "--poll",
    is_flag=True,
    help="Look at the files now and then, where the system does not tell of changes: on network disks.",
)
@JOBS
def serve(root: Path, port: int, poll: bool, jobs: int | None) -> None:
    """Show the archive in a browser, drafts included, and every change at once.

    Pages are made when they are asked for: build/ is not needed and not touched. Problems are shown
    over the page, and here. Only this machine can see it. Ctrl-C ends it.
    """
    from archiver.preview import Preview
    from archiver.serve import follow_changes, open_server
    from archiver.watch import Watch, compare_snapshots, take_snapshot

    preview = Preview(root)
    try:
        server, board = open_server(preview, port)
    except OSError as error:
        raise click.UsageError(_explain(error, port)) from None
    try:
        before = take_snapshot(root)
        # Other processes come before any thread: a process with threads should not be copied.
        preview.refresh(None, count_jobs(jobs))
        board.publish(preview.latest)
        # What was read stays for as long as the preview does: looking through it is wasted.
        gc.freeze()
        with Watch(root, poll=poll) as watch:
            for path in compare_snapshots(before, take_snapshot(root)):
                watch.note(path, whole=True)
            server.start()
            print_problems(preview.latest.problems, "text")
            if watch.fault:
                click.echo(f"Files are looked at now and then: {watch.fault}.", err=True)
            click.echo(f"Preview: {server.address} (Ctrl-C ends it)")
            for news in follow_changes(preview, watch, board):
                _print_news(news)
    except KeyboardInterrupt:
        return
    finally:
        server.close()


def _print_news(news: News) -> None:
    if news.changed:
        names = [make_printable(path) for path in sorted(news.changed)[:_NAMED]]
        more = len(news.changed) - len(names)
        listed = ", ".join(names) + (f" and {count_noun(more, 'other')}" if more else "")
        click.echo(f"Changed: {listed} ({news.seconds:.2f} s)")
    print_problems(news.problems, "text")
    if news.refreshed.failed and news.problems:
        click.echo("Until it is mended, what it touches is shown as it was before.", err=True)
    if news.was_failed and not news.refreshed.failed:
        click.echo("Mended.")


def _explain(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"another program has port {port}; choose another with --port, or --port 0 for any"
    if error.errno == errno.EACCES:
        return f"port {port} may not be had by everybody; choose one above 1023 with --port"
    return f"port {port} cannot be had: {error.strerror or error}; choose another with --port"
