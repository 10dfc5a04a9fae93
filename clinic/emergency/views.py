"""A child's file that somebody outside the team needs now; and looking into it afterwards."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock, formats
from clinic.access.models import EmergencyAccess
from clinic.access.permissions import Permission
from clinic.access.policy import may
from clinic.cases.labels import TEAM_ROLES
from clinic.emergency import actions, queries
from clinic.emergency.forms import TEAM, EmergencyForm, FindingForm
from clinic.languages import _
from clinic.oversight import labels
from clinic.refusals import Refusal
from clinic.staff.queries import names_of
from clinic.web import drafts
from clinic.web.guard import current_reader, needs

bp = Blueprint("emergency", __name__, url_prefix="/emergency")
P = Permission
PURPOSE = "emergency"


def hours() -> int:
    """So long an emergency access lasts in this clinic."""
    return int(current_app.config["SETTINGS"].emergency_hours)


@bp.route("", methods=["GET", "POST"])
@needs(P.EMERGENCY_OPEN, fresh=True)
def start() -> ResponseReturnValue:
    """Somebody needs a child's file now."""
    form = EmergencyForm.begun(PURPOSE)
    token = form.sent(PURPOSE)
    if token is None:
        reader = current_reader()
        page = render_template("emergency/start.html", form=form, both=reader.roles.issuperset(TEAM), hours=hours())
        return page, 422 if form.errors else 200
    try:
        access = _open(form)
    except Refusal as refusal:  # what was asked in vain is recorded, so this is saved; what was typed comes back
        drafts.save(token, request.form, place=url_for(".start"))
        flash(refusal.sentence, "warning")
        return redirect(url_for(".start"), code=303)
    form.saved()
    until = formats.short_day_and_time(access.until)
    flash(_("The file is open to you until %(when)s. Coordinators and team are told.", when=until), "success")
    return redirect(url_for("cases.show", case_id=access.case_id), code=303)


def _open(form: EmergencyForm) -> EmergencyAccess:
    return actions.open_file(
        form.looked.data or "",
        form.birth_year.data,
        role=form.as_role(),
        because=form.because.data or "",
        hours=hours(),
        by=current_reader(),
    )


@bp.post("/<uuid:access_id>/end")
@needs(P.CASE_READ, access=queries.find_access)
def end(access: EmergencyAccess) -> ResponseReturnValue:
    """Who has the file does not need it any more, or a coordinator ends it."""
    reader = current_reader()
    own = access.staff_id == reader.staff_id
    if not own and not may(reader, P.CASE_ASSIGN):
        abort(403)
    actions.end(access, by=reader)
    flash(_("The emergency access has ended."), "success")
    back = url_for("desk.show") if own else url_for("cases.show", case_id=access.case_id)
    return redirect(back, code=303)


@bp.route("/<uuid:access_id>/review", methods=["GET", "POST"])
@needs(P.AUDIT_READ, access=queries.find_access)
def review(access: EmergencyAccess) -> ResponseReturnValue:
    """A coordinator asks about an emergency access, and notes what was found."""
    form = FindingForm.begun("emergency.review", subject_id=access.id, case_id=access.case_id)
    sent = form.sent("emergency.review", subject_id=access.id)
    finding = form.finding.data or ""
    if sent and form.takes(lambda: actions.review(access, finding=finding, by=current_reader())):
        flash(_("Noted. It does not wait any more."), "success")
        return redirect(url_for("oversight.index"), code=303)
    return _review_page(access, form)


def _review_page(access: EmergencyAccess, form: FindingForm) -> ResponseReturnValue:
    names = names_of(reader=current_reader())
    who = names.get(access.staff_id, "")
    page = render_template(
        "emergency/review.html",
        access=access,
        reference=queries.reference_of(access),
        form=form,
        names=names,
        role=TEAM_ROLES[access.role],
        runs=access.until > clock.now(),
        own=access.staff_id == current_reader().staff_id,
        looks=[(labels.look(what, who), at) for what, at in queries.looks_under(access)],
    )
    return page, 422 if form.errors else 200
