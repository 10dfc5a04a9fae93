"""How templates are read and put together: Flask's environment, quicker to begin a template in and to write values."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from types import FunctionType
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from clinic.languages import said

_means_something = re.compile("[&<>\"']").search


def written(value: Any) -> str:
    """A value as it goes into a page: escaped, unless it is Markup already, as what a macro gives always is.

    A text in which nothing is to be escaped is written as it is: `escape` would make a new Markup of it.
    """
    kind = type(value)
    return value if kind is Markup or (kind is str and not _means_something(value)) else escape(value)


class _Around(Context):
    """What a template knows, with a shorter way to what it calls most: macros, and functions that ask for nothing.

    Jinja looks four times at whatever is called for what it wants to be given first; a page calls 300 times.
    """

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: B902 - as Jinja names them
        kind = type(__obj)
        if kind is Macro:
            args = (__self.eval_ctx, *args)
        elif kind is not FunctionType or hasattr(__obj, "jinja_pass_arg"):
            return super().call(__obj, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        return __obj(*args, **kwargs)


class _Writer(CodeGenerator):
    """Has what is Markup written as it is; `escape`, which Jinja asks, makes a new Markup of each."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.written(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """A sentence is looked up at once: Jinja would ask `_` what it wants to be given first."""
        message = _sentence_of(node)
        if message is None or forward_caller or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.write(f"environment.said({message!r}")
        for value in node.kwargs:
            self.write(", ")
            self.visit(value, frame)
        self.write(")")


def _sentence_of(node: nodes.Call) -> str | None:
    """The sentence of a `_("…")`; None of any other call."""
    is_sentence = isinstance(node.node, nodes.Name) and node.node.name in {"_", "gettext"}
    if not is_sentence or len(node.args) != 1 or node.dyn_args or node.dyn_kwargs:
        return None
    said = node.args[0]
    return said.value if isinstance(said, nodes.Const) and isinstance(said.value, str) else None


class Templates(Environment):
    """Templates that have no globals of their own, and so share those of all.

    Jinja lays a map over the globals for each template, and walks through it name by name for every template that a
    page takes macros from.
    """

    code_generator_class = _Writer
    context_class = _Around
    written = staticmethod(written)
    said = staticmethod(said)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def once(macro: Callable[..., Any]) -> Callable[..., Any]:
    """A filter for a macro that writes the same for the same values, whoever reads: each is written once a process."""
    return lru_cache(maxsize=1024)(macro)
