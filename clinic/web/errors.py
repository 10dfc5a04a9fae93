"""Error pages that say what happened, what to do and whom to ask, in both languages."""

from __future__ import annotations

import logging
import traceback

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from clinic import db, languages
from clinic.crypto.current import Sealed

log = logging.getLogger("clinic")
_PAGES = (400, 403, 404, 409, 413, 429)


def init_app(app: Flask) -> None:
    """Gives each status its page."""
    for status in _PAGES:
        app.register_error_handler(status, _page)
    app.register_error_handler(CSRFError, _page)
    app.register_error_handler(Sealed, _broken)
    app.register_error_handler(Exception, _broken)


def _page(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 400
    return render_template(f"errors/{status if status in _PAGES else 400}.html"), status


def _broken(error: Exception) -> ResponseReturnValue:
    """The page of a fault of ours; needs no database. The log names the place, never what was typed."""
    if isinstance(error, HTTPException):
        return _page(error) if (error.code or 0) >= 400 else error  # below 400 the router sends on
    log.error("fault at %s: %s", request.endpoint, _where(error))
    db.session.rollback()
    g.saves = False
    return render_template("errors/500.html", language=languages.current_language()), 500


def _where(error: BaseException | None) -> str:
    """Where a fault was and of which kind, with those behind it; without its words, which may quote what was typed."""
    told = []
    while error is not None:
        told.append(f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}")
        error = error.__cause__ or error.__context__
    return "behind it: ".join(told)
