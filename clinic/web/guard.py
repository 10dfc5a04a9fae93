"""Who may open a page: every view wears exactly one of `@needs`, `@asks` or `@public`.

`@needs(permission, case=find_case)` swaps `case_id` of the URL for the record as this reader may see it. What does not
exist for the reader is 404; what they see and may not do is 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.web import held

View = TypeVar("View", bound=Callable[..., Any])
Finder = Callable[..., Any]


def current_reader() -> Reader:
    """The person who is signed in. Only for views behind the guard."""
    reader: Reader = g.reader
    return reader


def needs(permission: Permission, **finders: Finder) -> Callable[[View], Callable[..., ResponseReturnValue]]:
    """The view is for readers with the permission; each finder swaps an id of the URL for its record."""

    def wrap(view: View) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            reader: Reader | None = g.get("reader")
            if reader is None:
                return _sign_in_first()
            for name, finder in finders.items():
                record = finder(values.pop(f"{name}_id"), reader=reader)
                if record is None:
                    abort(404)
                if not may(reader, permission, record):
                    abort(403)
                values[name] = record
            if not may(reader, permission):
                abort(403)
            answer: ResponseReturnValue = view(**values)
            return answer

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def asks(permission: Permission, **finders: Finder) -> Callable[[View], Callable[..., ResponseReturnValue]]:
    """A question asked by POST so that what was typed stays out of the address: answers 200 and changes nothing."""

    def wrap(view: View) -> Callable[..., ResponseReturnValue]:
        guarded = needs(permission, **finders)(view)
        guarded.asks = True  # type: ignore[attr-defined]
        return guarded

    return wrap


def public(view: View) -> View:
    """The view is for anybody."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def _sign_in_first() -> ResponseReturnValue:
    """To the sign-in page and back again; what was typed is kept sealed for the same person."""
    if request.method == "POST":
        held.keep()
    back = request.full_path if request.method == "GET" else request.path
    return redirect(url_for("staff.sign_in", back=back.rstrip("?")), code=303)
