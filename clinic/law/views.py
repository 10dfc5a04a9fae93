"""The limits of the law that the clock counts by, and their confirmation by a lawyer of the clinic."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission
from clinic.languages import _
from clinic.law import actions, queries
from clinic.web.buttons import carry_out
from clinic.web.guard import current_reader, needs

bp = Blueprint("law", __name__, url_prefix="/law")
P = Permission


@bp.get("")
@needs(P.RULES_READ)
def show() -> ResponseReturnValue:
    """Each rule set with its limits, what they rest on, when it is in force, and who confirmed it."""
    sets = list(queries.rule_sets())[::-1]
    return render_template("law/show.html", sets=sets, today=clock.today())


@bp.post("/<code>/confirm")
@needs(P.RULES_CONFIRM)
def confirm(code: str) -> ResponseReturnValue:
    """A lawyer has read a rule set and says that it is the law."""
    rules = next((one for one in queries.rule_sets() if one.code == code), None)
    if rules is None:
        abort(404)
    return carry_out(
        lambda: actions.confirm(rules, digest=request.form.get("digest", ""), by=current_reader()),
        done=_("Confirmed. The clock no longer calls these limits unconfirmed."),
        back=url_for(".show"),
    )
