"""Compiled templates are kept, and only as long as they are those."""

from __future__ import annotations

import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import pytest

from archiver.bytecode import KeptTemplates
from archiver.templates import Templates


class Theme:
    """A folder of templates, and the file whose code compiles them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "theme"
        self.own = folder / "own"
        self.compiler = folder / "compiler.py"
        self.settings = folder / "settings.py"
        self.folder.mkdir()
        self.own.mkdir()
        self.compiler.touch()
        self.settings.touch()
        # Python makes this folder when it keeps the compiler's own bytecode.
        Path(cache_from_source(str(self.compiler))).parent.mkdir()
        self.write("Hello")

    def write(self, text: str) -> None:
        """Change the template."""
        (self.folder / "page.html").write_text(text, encoding="utf-8")

    @property
    def kept(self) -> list[Path]:
        """The files that were left."""
        return sorted(Path(cache_from_source(str(self.compiler))).parent.iterdir())

    def render(self, *folders: Path) -> str:
        """What a new process makes of the template."""
        kept = KeptTemplates(self.folder, str(self.compiler), str(self.settings))
        return Templates((*folders, self.folder), kept).get_template("page.html").render()


@pytest.fixture
def theme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Theme:
    """A theme of which nothing is kept yet, where Python may keep bytecode."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return Theme(tmp_path)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled from now on."""
    names: list[str] = []
    compile_one = Templates.compile

    def note(self: Templates, source: Any, name: str | None = None, *more: Any) -> Any:
        names.append(name or "")
        return compile_one(self, source, name, *more)

    monkeypatch.setattr(Templates, "compile", note)
    return names


def test_a_template_is_compiled_once(theme: Theme, compiled: list[str]) -> None:
    assert theme.render() == theme.render() == "Hello"
    assert compiled == ["page.html"]


def test_a_changed_template_is_compiled_again(theme: Theme, compiled: list[str]) -> None:
    theme.render()
    theme.write("Good-bye")
    assert theme.render() == "Good-bye"
    assert compiled == ["page.html"] * 2
    assert len(theme.kept) == 1


def test_another_compiler_compiles_again(theme: Theme, compiled: list[str]) -> None:
    theme.render()
    theme.compiler.write_text("# changed", encoding="utf-8")
    assert theme.render() == "Hello"
    assert compiled == ["page.html"] * 2
    theme.settings.write_text("# changed", encoding="utf-8")
    assert theme.render() == "Hello"
    assert compiled == ["page.html"] * 3


@pytest.mark.parametrize("left", [0, 1, 20, -1])
def test_damaged_bytecode_is_compiled_again(theme: Theme, compiled: list[str], left: int) -> None:
    theme.render()
    (path,) = theme.kept
    path.write_bytes(path.read_bytes()[:left])
    assert theme.render() == "Hello"
    assert compiled == ["page.html"] * 2


def test_of_a_sites_own_templates_nothing_is_kept(theme: Theme, compiled: list[str]) -> None:
    (theme.own / "page.html").write_text("Ours", encoding="utf-8")
    assert theme.render(theme.own) == theme.render(theme.own) == "Ours"
    assert compiled == ["page.html"] * 2
    assert not theme.kept


def test_nothing_is_kept_where_python_keeps_nothing(
    theme: Theme, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert theme.render() == theme.render() == "Hello"
    assert compiled == ["page.html"] * 2
    assert not theme.kept


def test_where_nothing_can_be_written_templates_are_still_compiled(theme: Theme) -> None:
    Path(cache_from_source(str(theme.compiler))).parent.rmdir()
    assert theme.render() == "Hello"
