"""How long files stay: who falls due, what is held, and the rules, for the coordinator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission
from clinic.cases import queries as cases
from clinic.cases.models import CaseFile
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.retention import actions, queries, rules
from clinic.retention.forms import HoldForm
from clinic.retention.models import LegalHold
from clinic.staff.queries import names_of
from clinic.web.guard import current_reader, needs

bp = Blueprint("retention", __name__, url_prefix="/retention")
P = Permission
PAGE = 25


@bp.get("")
@needs(P.RETENTION_MANAGE)
def index() -> ResponseReturnValue:
    """Who falls due within the next days, what is held, and by which rules."""
    reader, today, in_force = current_reader(), clock.today(), rules.in_force()
    due = queries.due_by(queries.soon(today, in_force), in_force, reader=reader)
    after = max(0, request.args.get("after", 0, type=int))
    return render_template(
        "retention/index.html",
        due=due[after : after + PAGE],
        total=len(due),
        after=after,
        size=PAGE,
        holds=queries.holds(reader=reader),
        names=names_of(reader=reader),
        rules=in_force,
        today=today,
    )


@bp.route("/cases/<uuid:case_id>/hold", methods=["GET", "POST"])
@needs(P.RETENTION_MANAGE, case=cases.find_case)
def hold(case: CaseFile) -> ResponseReturnValue:
    """Keeps the file of a case until somebody lifts the hold."""
    form = HoldForm()
    if form.validate_on_submit():
        try:
            actions.hold(case, reason=form.reason.data or "", by=current_reader())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The file stays until the hold is lifted."), "success")
            return redirect(url_for(".index"), code=303)
    return render_template("retention/hold.html", case=case, form=form)


@bp.post("/holds/<uuid:hold_id>/lift")
@needs(P.RETENTION_MANAGE, hold=queries.find_hold)
def lift(hold: LegalHold) -> ResponseReturnValue:
    """The rules decide again."""
    try:
        actions.lift(hold, by=current_reader())
    except Refusal as refusal:
        flash(refusal.sentence, "warning")
    else:
        flash(_("The hold is lifted."), "success")
    return redirect(url_for(".index"), code=303)
