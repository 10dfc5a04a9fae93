"""Who may open a page: every view wears exactly one of `@needs`, `@asks` or `@public`.

`@needs(permission, case=find_case)` swaps `case_id` of the URL for the record as this reader may see it. What does not
exist for the reader is 404; what they see and may not do is 403. `fresh=True`: what is done here asks again who it is,
unless the person proved it within five minutes. Whoever needs a second factor and has none yet is led to set one up,
and opens nothing else but what says `before_factor=True`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.languages import _
from clinic.staff import rules
from clinic.web import held, proof

View = TypeVar("View", bound=Callable[..., Any])
Finder = Callable[..., Any]


def current_reader() -> Reader:
    """The person who is signed in. Only for views behind the guard."""
    reader: Reader = g.reader
    return reader


Wrap = Callable[[View], Callable[..., ResponseReturnValue]]


def needs(permission: Permission, *, fresh: bool = False, before_factor: bool = False, **finders: Finder) -> Wrap[Any]:
    """The view is for readers with the permission; each finder swaps an id of the URL for its record."""
    return _guard(permission, finders, fresh, before_factor)


def _guard(permission: Permission, finders: dict[str, Finder], fresh: bool, before_factor: bool) -> Wrap[Any]:
    def wrap(view: View) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            reader: Reader | None = g.get("reader")
            if reader is None:
                return _sign_in_first()
            if not before_factor and _needs_a_factor():
                return redirect(url_for("staff.protection"), code=303)
            _find(reader, permission, finders, values)
            asked = proof.missing() if fresh and _acts() else None
            if asked is not None:
                return asked
            answer: ResponseReturnValue = view(**values)
            return answer

        guarded.needs, guarded.finders = permission, finders  # type: ignore[attr-defined]
        return guarded

    return wrap


def _find(reader: Reader, permission: Permission, finders: dict[str, Finder], values: dict[str, Any]) -> None:
    """Swaps each id of the URL for its record, as this reader may see it."""
    for name, finder in finders.items():
        record_id = values.pop(f"{name}_id")
        record = finder(record_id, reader=reader)
        if record is None:
            _refuse(404, name, record_id)
        if not may(reader, permission, record):
            _refuse(403, name, record_id)
        values[name] = record
    if not may(reader, permission):
        _refuse(403)


def _refuse(status: int, name: str | None = None, record_id: Any = None) -> NoReturn:
    """Notes who asked for what is not theirs, in the same words whether it exists or not, and refuses."""
    readings.record("page.refused", subject=name, subject_id=record_id if isinstance(record_id, UUID) else None)
    abort(status)


def _needs_a_factor() -> bool:
    signed_in = g.get("signed_in")
    return signed_in is not None and rules.must_set_up_a_factor(signed_in.staff_member, signed_in.clinic)


def _acts() -> bool:
    """Whether this request does something, or reads from a page that does nothing else."""
    rule = request.url_rule
    return request.method == "POST" or (rule is not None and "POST" not in (rule.methods or ()))


def asks(permission: Permission, *, fresh: bool = False, **finders: Finder) -> Wrap[Any]:
    """A question asked by POST so that what was typed stays out of the address: answers 200 and changes nothing."""

    def wrap(view: View) -> Callable[..., ResponseReturnValue]:
        guarded = _guard(permission, finders, fresh, before_factor=False)(view)
        guarded.asks = True  # type: ignore[attr-defined]
        return guarded

    return wrap


def public(view: View) -> View:
    """The view is for anybody."""
    view.needs = None  # type: ignore[attr-defined]
    return view


def _sign_in_first() -> ResponseReturnValue:
    """To the sign-in page and back again; what was typed is kept sealed for the same person."""
    if request.method == "POST" and held.keep():
        flash(
            _("You were signed out before it was saved. What you typed is kept for 15 minutes: sign in and save it."),
            "warning",
        )
    back = request.full_path if request.method == "GET" else request.path
    return redirect(url_for("staff.sign_in", back=back.rstrip("?")), code=303)
