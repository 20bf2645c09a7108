"""The command `archiver`: the only part that prints, exits, or reads the clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import click

from archiver import __version__
from archiver.cli.printer import FORMATS, ProgressLine, print_problems

ROOT = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="The archive's folder, which holds content/ (default: this folder).",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How problems are told: for people, for programs, or as GitHub annotations.",
)
STRICT = click.option("--strict", is_flag=True, help="Treat warnings as errors.")
JOBS = click.option(
    "--jobs",
    type=click.IntRange(1),
    default=None,
    metavar="N",
    help="How many processes may work (default: one for each core). The output is the same.",
)


# {command: where its function stands, below this package}
_COMMANDS = {
    "new": "new.new",
    "import": "importing.import_captures",
    "build": "build.build",
    "serve": "serve.serve",
    "check": "check.check",
    "seal": "seal.seal",
    "verify": "verify.verify",
    "list": "listing.list_archive",
    "export": "export.export",
}


class Commands(click.Group):
    """Commands that are imported when they are asked for: a build that has nothing to do is quick."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Of these only the names are asked for: for help, and for what somebody may have meant.
        self.commands = dict.fromkeys(_COMMANDS)  # type: ignore[assignment]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(".")
        command: click.Command = getattr(import_module(f"archiver.cli.{module}"), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="archiver")
def cli() -> None:
    """Make live news coverage into a permanent record of plain HTML.

    Markdown entries in content/ are compiled into build/, a folder that opens from a disk, without
    a network, and loads nothing from anyone else.

    Exit codes: 0 done, 1 problems in the content, 2 wrong usage.
    """


def main() -> None:
    """Run the command, and leave quietly on Ctrl-C or when nobody reads the output."""
    try:
        cli(prog_name="archiver", standalone_mode=False)
        sys.stdout.flush()
    except click.Abort:
        click.echo("Stopped. What was built before is as it was, or complete.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def run() -> NoReturn:
    """`main` as all that a process does: with it done, what is in memory is let go at once instead of
    piece by piece, which takes as long as building some hundred posts."""
    main()
    sys.stderr.flush()
    os._exit(0)


def read_clock() -> datetime:
    """What time it is, to the second; as `SOURCE_DATE_EPOCH` says where that is set
    (https://reproducible-builds.org/specs/source-date-epoch/)."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said:
        try:
            return datetime.fromtimestamp(int(said), UTC)
        except (ValueError, OverflowError, OSError):
            message = f"SOURCE_DATE_EPOCH is `{said}`, which is no number of seconds"
            raise click.UsageError(message) from None
    return datetime.now(UTC).replace(microsecond=0)


def count_jobs(jobs: int | None) -> int:
    """How many processes to use: as asked, else as many as there are cores for us."""
    if jobs is not None:
        return jobs
    available: Callable[[], Any] | None = getattr(os, "sched_getaffinity", None)
    return len(os.sched_getaffinity(0)) if available else os.cpu_count() or 1


__all__ = [
    "FORMAT",
    "JOBS",
    "ROOT",
    "STRICT",
    "ProgressLine",
    "cli",
    "count_jobs",
    "main",
    "print_problems",
    "read_clock",
    "run",
]
