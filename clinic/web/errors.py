"""Error pages that say what happened, what to do and whom to ask, in both languages."""

from __future__ import annotations

import logging
import traceback

from flask import Flask, abort, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from clinic import db
from clinic.crypto.current import Sealed

log = logging.getLogger("clinic")
_NO_DATABASE = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)
_PAGES = (400, 403, 404, 405, 409, 413, 429)


def init_app(app: Flask) -> None:
    """Gives each status its page."""
    app.before_request(_refuse_what_nobody_types)
    for status in _PAGES:
        app.register_error_handler(status, _page)
    app.register_error_handler(CSRFError, _page)
    app.register_error_handler(Sealed, _broken)
    app.register_error_handler(Exception, _broken)


def _refuse_what_nobody_types() -> None:
    """A NUL is on no keyboard, and PostgreSQL keeps none; in a form's texts it is left out."""
    if "\0" in request.path or any("\0" in part for pair in request.args.items(multi=True) for part in pair):
        abort(400)


def _page(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 400
    wait = getattr(error, "retry_after", None)
    page = render_template(
        f"errors/{status if status in _PAGES else 400}.html", wait=wait, most=_most_taken(status), **_asked()
    )
    return page, status, _headers(error, wait)


def _asked() -> dict[str, bool | str]:
    """Whether something was sent, by which address the same page is opened once more, whether it is of one record."""
    again = "/" + request.full_path.lstrip("/").removesuffix("?")  # never `//host`, which is another server
    return {"sent": request.method not in ("GET", "HEAD"), "again": again, "of_record": bool(request.view_args)}


def _most_taken(status: int) -> int | None:
    """The megabytes that were exceeded, if it was a file that did; a text has a limit of its own."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    return most // 2**20 if status == 413 and (request.content_length or 0) > most else None


def _headers(error: HTTPException, wait: int | None) -> dict[str, str]:
    """What a browser or a script is told besides the page: when to come again, by which methods an address opens."""
    told = {"Retry-After": str(wait)} if wait else {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        told["Allow"] = ", ".join(sorted(error.valid_methods))
    return told


def _broken(error: Exception) -> ResponseReturnValue:
    """The page of a fault of ours; needs no database. The log names the place, never what was typed.

    A database that is held by another, full or gone is no fault of the program: 503, with what to do.
    """
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, Exception):
        error = error.original_exception  # met at the very end of a request, in its commit
    if isinstance(error, HTTPException):
        return _page(error) if (error.code or 0) >= 400 else error  # below 400 the router sends on
    log.error("fault at %s: %s", request.endpoint, _where(error))
    db.session.rollback()
    g.saves = False
    status = 503 if isinstance(error, _NO_DATABASE) else 500
    return current_app.jinja_env.get_template(f"errors/{status}.html").render(**_asked()), status


def _where(error: BaseException | None) -> str:
    """Where a fault was and of which kind, with those behind it; without its words, which may quote what was typed."""
    told = []
    while error is not None:
        told.append(f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}")
        error = error.__cause__ or error.__context__
    return "behind it: ".join(told)
