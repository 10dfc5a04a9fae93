"""Where pages send drafts, and where one is thrown away."""

from __future__ import annotations

from flask import Blueprint, Flask, abort, g, redirect, request
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.web import tokens
from clinic.web.drafts import find_own, remove, save
from clinic.web.guard import current_reader, needs
from clinic.web.models import Draft

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


@bp.post("/")
@needs(Permission.SIGNED_IN)
def keep() -> ResponseReturnValue:
    """The page sends the form as typed so far; answered 204 once it is kept."""
    token = tokens.read(request.form.get("form_token", ""))
    place = request.args.get("place", "")
    is_ours = place.startswith("/") and not place.startswith(("//", "/\\"))  # a browser takes these for another host
    if token is None or token.staff_id != current_reader().staff_id or not is_ours:
        abort(400)
    save(token, request.form, place=place[:300])
    g.saves = True
    return "", 204


@bp.post("/<uuid:draft_id>/discard")
@needs(Permission.SIGNED_IN, draft=find_own)
def discard(draft: Draft) -> ResponseReturnValue:
    """The person does not want the draft: the form again, empty."""
    place = draft.place
    remove(draft.id)
    return redirect(place, code=303)


def init_app(app: Flask) -> None:
    """Adds the place to which pages send drafts."""
    app.register_blueprint(bp)
