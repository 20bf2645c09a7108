"""`archiver verify`: whether a copy of a built site is what was built."""

from __future__ import annotations

import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from archiver.cli import FORMAT, STRICT, ProgressLine, print_problems
from archiver.cli.printer import count_noun, make_printable
from archiver.diagnostics import Report, Severity, be_strict

if TYPE_CHECKING:
    from archiver.fixity import Copy, Verified
    from archiver.importers.fetching.fetcher import Fetcher


class CopyPath(click.Path):
    """A folder that is there, or an address."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """An address as text, else a Path."""
        if isinstance(value, str) and value.lower().startswith(("http://", "https://")):
            return value
        return super().convert(value, param, ctx)


@click.command(short_help="Compare a copy of a built site with what was built.")
@click.argument("copy", type=CopyPath(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--content",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Compare the sources that were sealed too: the content/ that the site was made of "
    "(default: the one beside the folder, if there is one).",
)
@click.option(
    "--seal",
    "seals",
    multiple=True,
    metavar="DIGEST",
    help="A seal that you know of must be there: its SHA-256, or the first 8 digits or more.",
)
@click.option(
    "--allowed-signers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Check signatures: whose keys count, as in ssh-keygen(1). Then everything must be signed.",
)
@click.option("--allow-private", is_flag=True, help="Fetch from this machine and its networks too.")
@STRICT
@FORMAT
@click.pass_obj
def verify(
    fetcher: Fetcher | None,
    copy: Path | str,
    content: Path | None,
    seals: tuple[str, ...],
    allowed_signers: Path | None,
    allow_private: bool,
    strict: bool,
    form: str,
) -> None:
    """Compare a copy of a built site, a folder or an address, with its SHA256SUMS and its seals.

    Names every file that is not the one that was built, is missing, or is extra, and every seal that
    is not what the next one says. Needs no archive. At an address, extra files can't be known.

    Exit codes: 0 all is well, 1 something differs, 2 wrong usage.
    """
    from archiver.fixity import Known, verify_copy

    for one in seals:
        if not re.fullmatch(r"[0-9a-f]{8,64}", one):
            raise click.BadParameter(
                f"`{one}` is no SHA-256, nor how one begins", param_hint="--seal"
            )
    known = Known(seals, allowed_signers, _find_archive(copy, content))
    report = Report()
    line = ProgressLine("Verifying", "files")
    found = verify_copy(_open_copy(copy, fetcher, allow_private), known, report, line)
    line.clear()
    problems = be_strict(report.problems) if strict else report.problems
    print_problems(problems, form)
    if form == "text":
        _tell(found, known.signers is not None, known.archive)
    if any(problem.severity is Severity.ERROR for problem in problems):
        sys.exit(1)


def _find_archive(copy: Path | str, content: Path | None) -> Path | None:
    """The folder of the archive: that of the content that was named, else that of the copy."""
    if content is not None:
        if content.name == "content":
            return content.parent
        if (content / "content").is_dir():
            return content
        raise click.BadParameter(
            "it is no folder `content`, and holds none", param_hint="--content"
        )
    if not isinstance(copy, Path):
        return None
    beside = copy.absolute().parent if copy.name in ("", "..") else copy.parent
    return beside if (beside / "content/site.md").is_file() else None


def _open_copy(copy: Path | str, fetcher: Fetcher | None, allow_private: bool) -> Copy:
    from archiver.fixity import FolderCopy

    if isinstance(copy, Path):
        return FolderCopy(copy)
    from archiver.fixity.web import LIMITS, WebCopy
    from archiver.importers.fetching.fetcher import Clock, Fetcher

    if fetcher is None:
        clock = Clock(lambda: datetime.now(UTC), time.sleep, time.monotonic)
        fetcher = Fetcher(clock, replace(LIMITS, allow_private=allow_private))
    return WebCopy(copy, fetcher)


def _tell(found: Verified, checked: bool, archive: Path | None) -> None:
    """What was found, and what could not be."""
    from archiver.seals import find_heads, write_time

    _say(f"{found.sound} of {count_noun(found.files, 'file')} as SHA256SUMS says ({found.sums}).")
    if not found.is_whole:
        _say("Whether there are extra files can't be known at an address.")
    heads = find_heads(found.seals)
    for seal in found.seals:
        if seal.digest in heads:
            _say(f"The newest seal is of {write_time(seal.time)}: {seal.digest}")
    if not found.seals:
        _say("There are no seals in it.")
    elif checked:
        for path, signer in found.signed.items():
            _say(f"{path} is signed by {signer}.")
    else:
        unsigned = len(found.seals) - found.signatures
        _say(
            f"{count_noun(len(found.seals), 'seal')}, {unsigned} without a signature; "
            "signatures were not checked (--allowed-signers)."
        )
    if archive and found.seals:
        _say(f"{count_noun(found.sources, 'source')} in {archive / 'content'} as sealed last.")


def _say(text: str) -> None:
    click.echo(make_printable(text))
