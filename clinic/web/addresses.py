"""The addresses of pages as templates write them: each is worked out once, then filled in.

Flask builds an address from its rules anew each time, and a page has a hundred of them.
"""

from __future__ import annotations

import uuid
from functools import lru_cache

import flask
from flask import request


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
