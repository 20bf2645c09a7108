"""Jinja as themes use it: the same language, less done for every page, mistakes told where they are."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from archiver import compiler
from archiver.bytecode import KeptTemplates
from archiver.compiler import Compiler
from archiver.diagnostics import Place
from archiver.words import PhraseError

# How many bylines and lists of tags are kept.
MOST_MADE = 5_000
# Before the name of a template, this means the default theme's, whatever lies over it.
BELOW = "default/"


class ThemeError(Exception):
    """A template or a catalogue that cannot be used, and where."""

    def __init__(self, code: str, message: str, place: Place) -> None:
        super().__init__(message)
        self.code = code
        self.place = place


class _Loader(FileSystemLoader):
    """Finds the templates of some folders; of the last one also those that others hide."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        super().__init__(folders)
        self._below = FileSystemLoader(folders[-1])

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, the path of its file, and whether that is as it was."""
        try:
            if template.startswith(BELOW):
                return self._below.get_source(environment, template.removeprefix(BELOW))
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            path = next(
                path for folder in self.searchpath if (path := Path(folder, template)).is_file()
            )
            line = error.object.count(b"\n", 0, error.start) + 1
            message = "the template is not UTF-8"
            raise TemplateSyntaxError(message, line, template, str(path)) from error


class _Template(Template):
    """A template. What it defines for others lies over what the default theme's of its name defines."""

    def make_module(self, *arguments: Any, **named: Any) -> TemplateModule:
        """Its macros, and those that only the default theme's has."""
        module = super().make_module(*arguments, **named)
        if self.name and not self.name.startswith(BELOW):
            try:
                below = self.environment.get_template(BELOW + self.name)
            except TemplateNotFound:
                return module
            if below.filename != self.filename:
                for name, value in vars(below.module).items():
                    vars(module).setdefault(name, value)
        return module


class Templates(Environment):
    """The templates in some folders; what lies in an earlier one hides what lies in a later."""

    code_generator_class = Compiler
    template_class = _Template

    def __init__(
        self, folders: tuple[Path, ...], bytecode_cache: BytecodeCache | None = None
    ) -> None:
        super().__init__(
            loader=_Loader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=bytecode_cache
            or KeptTemplates(folders[-1], __file__, compiler.__file__),
        )
        # The default theme's: what its templates name is known to be there.
        self.known = folders[-1]
        self._loaded: dict[str, Template] = {}
        self._made: dict[tuple[Any, ...], str] = {}
        self.globals["once"] = self.make_once

    def make_once(self, macro: Macro, value: Any, words: Any) -> str:
        """What a macro makes of a value and words alone: many posts have the same byline or tags."""
        wanted = (macro, value, words)
        made = self._made.get(wanted)
        if made is None:
            if len(self._made) >= MOST_MADE:
                self._made.clear()
            made = self._made[wanted] = macro(value, words)
        return made

    @staticmethod
    def spell(value: Any) -> str:
        """A value as HTML. What it is put together with is all HTML, so that what needs no escaping,
        and that is nearly everything, need not be copied and marked.
        """
        if type(value) is str:
            plain = value.isalnum() or not (
                "&" in value or "'" in value or '"' in value or "<" in value or ">" in value
            )
            return value if plain else escape(value)
        return value if type(value) is Markup else escape(value)

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 (Jinja's name)
    ) -> Template:
        """A template by its name: every page asks for the same few, which nobody changes meanwhile."""
        if not isinstance(name, str) or globals is not None:
            return super().get_template(name, parent, globals)
        template = self._loaded.get(name)
        if template is None:
            template = self._loaded[name] = super().get_template(name, parent)
        return template

    def make_globals(self, d: Mapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What all templates may name, as one mapping: a chain of them is searched for each page."""
        return {**self.globals, **(d or {})}


def list_templates(folder: Path) -> dict[str, Path]:
    """{name: file} of the templates in a folder, sorted."""
    paths = sorted(path for path in folder.rglob("*.html") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in paths}


def locate_mistake(error: Exception, name: str, folders: tuple[Path, ...]) -> ThemeError:
    """What went wrong in a template of some folders, and its file and line: Jinja keeps them in the
    traceback. `name` is the template that was asked for."""
    path, line = name, 0
    known = tuple(str(folder) for folder in folders)
    if isinstance(error, TemplateError) and getattr(error, "lineno", None):
        path, line = getattr(error, "filename", None) or name, error.lineno  # type: ignore[attr-defined]
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(known):
                path, line = frame.filename, frame.lineno or 0
        path, line = _find_macro(error, folders) or (path, line)
    excerpt = ""
    if line and Path(path).is_file():
        lines = Path(path).read_text(encoding="utf-8", errors="replace").split("\n")
        excerpt = lines[line - 1] if line <= len(lines) else ""
    indent = len(excerpt) - len(excerpt.lstrip())
    width = max(1, len(excerpt.strip()))
    place = Place(path, line, indent + 1 if line else 0, excerpt, width)
    return ThemeError("template-error", _word_mistake(error), place)


def _find_macro(error: Exception, folders: tuple[Path, ...]) -> tuple[str, int] | None:
    """Where a site's own theme has the macro that cannot be called as the default theme calls it."""
    found = re.match(r"macro '(\w+)' takes", str(error)) if isinstance(error, TypeError) else None
    if found is None or len(folders) < 2:
        return None
    wanted = re.compile(rf"{{%[-+]?\s*macro\s+{found[1]}\s*\(")
    for path in list_templates(folders[0]).values():
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        for number, line in enumerate(lines, start=1):
            if wanted.search(line):
                return str(path), number
    return None


def _word_mistake(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template `{error.name}`"
    if isinstance(error, RecursionError):
        return (
            "the template extends or includes itself without end; "
            f"the default theme's has `{BELOW}` before its name"
        )
    if isinstance(error, TemplateError):
        # The text of a mistake in grammar would tell its place again.
        return re.sub(r"'archiver\.(?:\w+\.)*(\w+) object'", r"`\1`", error.message or "")
    return str(error) if isinstance(error, PhraseError) else f"{type(error).__name__}: {error}"
