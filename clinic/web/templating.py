"""How templates are read and put together: Flask's environment, quicker to begin a template in and to write values."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape


def written(value: Any) -> str:
    """A value as it goes into a page: escaped, unless it is Markup already, as what a macro gives always is."""
    return value if type(value) is Markup else escape(value)


class _Writer(CodeGenerator):
    """Has what is Markup written as it is; `escape`, which Jinja asks, makes a new Markup of each."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """Templates that have no globals of their own, and so share those of all.

    Jinja lays a map over the globals for each template, and walks through it name by name for every template that a
    page takes macros from.
    """

    code_generator_class = _Writer
    written = staticmethod(written)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def once(macro: Callable[..., Any]) -> Callable[..., Any]:
    """A filter for a macro that writes the same for the same values, whoever reads: each is written once a process."""
    return lru_cache(maxsize=1024)(macro)
