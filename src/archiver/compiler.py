"""Templates to Python: as Jinja writes it, but that it asks nothing whose answer is known."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame


def is_below(filename: str | None, folder: Path) -> bool:
    """Whether a template, which need not be in a file, is in one of a folder."""
    return bool(filename) and Path(filename or "").is_relative_to(folder)


class Compiler(CodeGenerator):
    """Writes `environment.spell(…)` where Jinja writes `escape(…)`.

    In any template `a.b` may be an item of `a`, or not be there at all, and what is called may want to
    know by which template. In those of the default theme attributes are attributes, items are items, and
    nothing that is called asks for more than it is given: there they are written as Python has them, which
    spares a page some hundred calls.
    """

    def __init__(
        self, environment: Any, name: str | None, filename: str | None, *more: Any, **options: Any
    ) -> None:
        super().__init__(environment, name, filename, *more, **options)
        self._is_known = is_below(filename, environment.known)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        """Write `a.b`."""
        if not self._is_known:
            super().visit_Getattr(node, frame)
            return
        self.visit(node.node, frame)
        self.write(f".{node.attr}")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802
        """Write `a[b]`."""
        if not self._is_known:
            super().visit_Getitem(node, frame)
            return
        self.visit(node.node, frame)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def visit_Call(  # noqa: N802
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        """Write `a(b)`."""
        if not self._is_known:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        # Jinja writes arguments as they follow on others.
        outside, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), outside
        self.write(f"({arguments.removeprefix(', ')})")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.spell(")
        else:
            super()._output_child_pre(node, frame, finalize)
