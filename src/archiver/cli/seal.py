"""`archiver seal`: what is published now, written down for good."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli import FORMAT, JOBS, ROOT, ProgressLine, count_jobs, print_problems, read_clock
from archiver.cli.printer import count_noun, make_printable

if TYPE_CHECKING:
    from archiver.seals import Seal


@click.command(short_help="Write down for good what is published now.")
@ROOT
@click.option(
    "--sign",
    "key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="KEY",
    help="Sign the seal with an SSH key, by `ssh-keygen -Y sign`; the signature lies beside it.",
)
@click.option(
    "--then",
    "command",
    metavar="COMMAND",
    help="Run a command for the seal, `{}` being its path: 'ots stamp {}', 'gpg -ab {}'.",
)
@JOBS
@FORMAT
def seal(root: Path, key: Path | None, command: str | None, jobs: int | None, form: str) -> None:
    """Write a new seal into content/seal/: every permalink that is published now, with the SHA-256 of
    its source.

    A seal names the seals before it and tells what these do not. It is made to be committed to git,
    and never changes. From then on no build lets a sealed permalink go missing, and readers see which
    sealed posts were edited. The time is that of SOURCE_DATE_EPOCH, where that is set.
    """
    from archiver.build import check_site
    from archiver.seals import SealError, make_seal, read_seal

    time = read_clock()
    line = ProgressLine("Reading")
    result = check_site(root, jobs=count_jobs(jobs), progress=line)
    line.clear()
    errors = [problem for problem in result.problems if problem.severity == "error"]
    print_problems(errors, form)
    if errors:
        click.echo("Nothing was sealed.", err=True)
        sys.exit(1)
    try:
        data = make_seal(result.seals, result.sealable, time)
    except SealError as error:
        raise click.UsageError(str(error)) from None
    if data is None:
        if form == "text":
            click.echo(f"Nothing is new: {_name_newest(result.seals)}.")
        return
    made = read_seal(data)
    path = root / "content" / "seal" / made.name
    _write(path, data, key)
    if form == "text":
        click.echo(f"Sealed {count_noun(len(made.permalinks), 'permalink')}: {path}")
        click.echo(f"Its SHA-256 is {made.digest}.")
    if command:
        _run(command, path)


def _write(path: Path, data: bytes, key: Path | None) -> None:
    """Write a seal, and its signature first: where it cannot be signed there is none."""
    from archiver.signatures import SignatureError, sign_file

    try:
        with tempfile.TemporaryDirectory() as name:
            draft = Path(name, path.name)
            draft.write_bytes(data)
            signature = sign_file(draft, key).read_bytes() if key else None
        path.parent.mkdir(parents=True, exist_ok=True)
        if signature is not None:
            _place(path.with_name(f"{path.name}.sig"), signature)
        _place(path, data)
    except SignatureError as error:
        raise click.ClickException(
            f"the seal could not be signed, so there is none: {make_printable(str(error))}"
        ) from None
    except OSError as error:
        place = error.filename or path
        raise click.ClickException(f"{place} cannot be written: {error.strerror}") from None


def _place(path: Path, data: bytes) -> None:
    """A whole file, or none."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        os.replace(beside, path)  # noqa: PTH105 (in one step)
    finally:
        beside.unlink(missing_ok=True)


def _run(command: str, path: Path) -> None:
    """Run a command of the user's own, without a shell; the seal stays whatever comes of it."""
    try:
        arguments = [part.replace("{}", str(path)) for part in shlex.split(command)]
        done = subprocess.run(arguments, check=False)  # noqa: S603 (it is the user's own)
    except (ValueError, IndexError, OSError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise click.ClickException(
            f"the seal is made, but `{command}` cannot be run: {reason}"
        ) from None
    if done.returncode:
        raise click.ClickException(
            f"the seal is made, but `{command}` ended with {done.returncode}"
        )


def _name_newest(seals: Sequence[Seal]) -> str:
    from archiver.seals import write_time

    if not seals:
        return "there is no post to seal"
    return f"everything is as it was sealed on {write_time(seals[-1].time)}"
