"""One commit per request, in one place: a POST that ends in a redirect commits, everything else rolls back.

A view of the program's own (a draft kept) says so with `g.saves`. GET changes nothing.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

from clinic import db


def init_app(app: Flask) -> None:
    """Begins and ends the transaction of each request."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_leave)


def _begin() -> None:
    """Takes the writer's place first, where the request is going to write."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method == "POST" and not getattr(view, "asks", False):
        db.begin_writing()


def _end(response: Response) -> Response:
    if request.method == "POST" and (response.status_code == 303 or g.get("saves")):
        db.session.commit()
    else:
        db.session.close()  # rolls back, and leaves what was read as it is
    return response


def _leave(_error: BaseException | None) -> None:
    db.session.remove()
