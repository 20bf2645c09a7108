"""Transcripts of the console in transcripts/ show what the command really does; RECORD=1 writes them anew."""

from __future__ import annotations

import io
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import pytest

from archiver import __version__
from archiver.cli import main, print_problems
from archiver.diagnostics import Place, Problem, Severity

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.md"))
RECORD = bool(os.environ.get("RECORD"))

FENCE = re.compile(r"^```(?P<info>[a-z]+ ?[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from run to run, and stands as `[..]` in a transcript.
VARIABLE = re.compile(
    rf"(?<=\()\d+\.\d\d(?= s\))|(?<=version ){re.escape(__version__)}|(?<=says \()[0-9a-f]{{64}}"
)
ANYTHING = "[..]"
ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "80", "PYTHONUTF8": "1"}
# When the transcripts seal: 2017-03-24T09:00:00Z.
ENVIRONMENT |= {"SOURCE_DATE_EPOCH": "1490346000"}


# The transcripts show what is said where it is in use.
TAKEN_PORT = 8765


def run(command: str) -> str:
    """What a command shows, on both its streams, after `? 1` where its exit code is not 0."""
    name, *arguments = shlex.split(command)
    if name == "cat":
        return Path(arguments[0]).read_text(encoding="utf-8")
    assert name == "archiver", f"a transcript cannot run {name}"
    shown = io.StringIO()
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(shown), redirect_stderr(shown):
        patch.setattr(sys, "argv", [name, *arguments])
        try:
            main()
        except SystemExit as stop:
            code = stop.code
    return (f"? {code}\n" if code else "") + shown.getvalue()


def replay(text: str) -> str:
    """A transcript with the output that its commands really have.

    A block `write path` is a file; in a block `console` a line `$ archiver …` is run, and the lines
    up to the next are its output. `$ cat path` shows a file.
    """

    def play(block: re.Match[str]) -> str:
        kind, _, path = block["info"].partition(" ")
        if kind == "write":
            target = Path(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block["text"], encoding="utf-8")
            return block[0]
        assert kind == "console", f"a transcript has no blocks of {kind}"
        steps = []
        for command in re.findall(r"^\$ (.*)$", block["text"], re.MULTILINE):
            output = VARIABLE.sub(ANYTHING, run(command))
            assert not output or output.endswith("\n"), f"`{command}` does not end its last line"
            steps.append(f"$ {command}\n{output}")
        return "```console\n{}```".format("\n".join(steps))

    return FENCE.sub(play, text)


@pytest.fixture(autouse=True)
def _start_in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def _have_a_port_taken() -> Iterator[None]:
    with ExitStack() as stack:
        with suppress(OSError):  # somebody has it already
            stack.enter_context(socket.create_server(("127.0.0.1", TAKEN_PORT)))
        yield


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_transcript_shows_what_happens(path: Path) -> None:
    expected = path.read_text(encoding="utf-8")
    found = replay(expected)
    if RECORD:
        path.write_text(found, encoding="utf-8")
    else:
        assert found == expected


def test_every_command_has_its_help_in_a_transcript_and_every_option_is_used() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in TRANSCRIPTS)
    typed = re.findall(r"^\$ archiver (.*)$", text, re.MULTILINE)
    for name in (*_NAMES, "new coverage ", "new entry "):
        assert f"{name}--help" in typed
    used = {word for line in typed for word in line.split() if word.startswith("--")}
    told = set(re.findall(r"^  (?:-\w, )?(--[a-z-]+)", text, re.MULTILINE))
    assert told
    assert told <= used


_NAMES = ("", "new ", "build ", "check ", "list ", "serve ", "seal ", "verify ")


@pytest.mark.parametrize(
    "command", ["archiver --version", "archiver build", "archiver build --bogus"]
)
def test_the_module_run_by_itself_shows_the_same_and_exits_with_the_same_code(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    shown = (f"? {done.returncode}\n" if done.returncode else "") + done.stdout
    assert shown == run(command)


def test_of_a_thousand_warnings_of_one_kind_some_are_told_and_the_others_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pictures = [
        Problem("remote-media", Severity.WARNING, Place("content/a/b.md", line), "a picture")
        for line in range(1, 1001)
    ]
    other = Problem("empty-body", Severity.WARNING, Place("content/a/c.md", 1), "no text")
    errors = [
        Problem("bad-address", Severity.ERROR, Place("content/a/d.md", line), "no address")
        for line in range(1, 31)
    ]
    print_problems([*pictures, other, *errors], "text")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 20 + 1 + 30 + 2
    assert lines[-2:] == [
        "more of the same: 980 remote-media (`--format json` tells them all)",
        "30 errors, 1001 warnings",
    ]
