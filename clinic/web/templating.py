"""How templates are read and put together: Flask's environment, quicker to begin a template in."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any

from flask.templating import Environment


class Templates(Environment):
    """Templates that have no globals of their own, and so share those of all.

    Jinja lays a map over the globals for each template, and walks through it name by name for every template that a
    page takes macros from.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def once(macro: Callable[..., Any]) -> Callable[..., Any]:
    """A filter for a macro that writes the same for the same values, whoever reads: each is written once a process."""
    return lru_cache(maxsize=1024)(macro)
