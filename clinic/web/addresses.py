"""The addresses of pages as templates write them: each is worked out once, then filled in.

Flask builds an address from its rules anew each time, and a page has a hundred of them. How a rule builds its
addresses is worked out when the first is asked for: for every page of the house this took a twentieth of a start.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache

import flask
from flask import request
from werkzeug import routing


class Rule(routing.Rule):
    """The rule of a page's address."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        """What werkzeug asks for when a rule is made, twice; what comes of it is asked to build addresses."""
        compile_builder = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, /, **values: object) -> tuple[str, str]:
            if not made:
                made.append(compile_builder(append_unknown))
            return made[0](rule, **values)

        return build


def url_for(endpoint: str, **values: object) -> str:
    """What Flask answers, sooner where all values are ids and codes."""
    if endpoint[0] != "." and all(map(_stands_as_it_is, values.values())):
        return _pattern(request.script_root, endpoint, tuple(values)) % values
    return flask.url_for(endpoint, **values)  # type: ignore[arg-type]


def _stands_as_it_is(value: object) -> bool:
    """Whether a value needs no quoting in an address."""
    return isinstance(value, uuid.UUID) or (isinstance(value, str) and value.isascii() and value.isidentifier())


@lru_cache(maxsize=1024)
def _pattern(_root: str, endpoint: str, names: tuple[str, ...]) -> str:
    """The address below a root, with a gap for each value."""
    gaps = {name: f"gap{number}" for number, name in enumerate(names)}
    pattern = flask.url_for(endpoint, **gaps).replace("%", "%%")  # type: ignore[arg-type]
    for name, gap in gaps.items():
        pattern = pattern.replace(gap, f"%({name})s")
    return pattern
