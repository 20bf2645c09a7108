"""Jinja as themes use it: the same language, with less done for every page."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Macro
from markupsafe import Markup, escape

# How many bylines and lists of tags are kept.
MOST_MADE = 5_000


class _Generator(CodeGenerator):
    """Writes `environment.spell(…)` where Jinja writes `escape(…)`."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.spell(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """The templates in some folders; what lies in an earlier one hides what lies in a later."""

    code_generator_class = _Generator

    def __init__(
        self, folders: tuple[Path, ...], bytecode_cache: BytecodeCache | None = None
    ) -> None:
        super().__init__(
            loader=FileSystemLoader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            bytecode_cache=bytecode_cache,
        )
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
