"""Showing the notes of one step to others of the team, and taking that back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.access.models import LaneShare
from clinic.access.permissions import Lane, Permission
from clinic.cases import lane_shares, queries
from clinic.cases.forms_sharing import ShareForm
from clinic.cases.kinds import kind_of
from clinic.cases.models import Step
from clinic.cases.views_steps import bp
from clinic.languages import _, _l
from clinic.staff import queries as staff
from clinic.web.guard import current_reader, needs

P = Permission
NOTES = {Lane.LEGAL: _l("What the lawyers wrote"), Lane.SOCIAL: _l("What the counsellors wrote")}


@bp.route("/steps/<uuid:step_id>/share", methods=["GET", "POST"])
@needs(P.NOTE_SHARE, step=queries.find_step)
def share(step: Step) -> ResponseReturnValue:
    """Who holds a lane shows what is written in it here to others of the team."""
    lanes = lane_shares.lanes_to_share(step, queries.seat_of(step.case, current_reader()))
    if not lanes or step.is_withdrawn:
        abort(403)
    form = _form(step, lanes)
    sent = form.sent("share", subject_id=step.id)
    if sent and form.takes(lambda: _share(step, form)):
        flash(_("It is shared. It ends by itself, and you can take it back."), "success")
        return redirect(url_for(".show", step_id=step.id), code=303)
    page = render_template("steps/share.html", step=step, case=step.case, kind=kind_of(step), form=form, lanes=lanes)
    return page, 422 if form.errors else 200


def _form(step: Step, lanes: list[Lane]) -> ShareForm:
    form = ShareForm.begun("share", subject_id=step.id, case_id=step.case_id)
    names = staff.names_of(reader=current_reader())
    form.lane.choices = [(lane.value, str(NOTES[lane])) for lane in lanes]
    form.lane.data = form.lane.data if form.lane.data in lanes else lanes[0].value
    offered = {choice: None for lane in lanes for choice in lane_shares.choices_for(step.case, lane, names)}
    form.to.choices = list(offered)
    return form


def _share(step: Step, form: ShareForm) -> None:
    lane_shares.share(
        step,
        lane=Lane(form.lane.data),
        to=form.whom(),
        until=form.until.data,
        because=form.because.data or "",
        by=current_reader(),
    )


@bp.post("/steps/shared/<uuid:share_id>/take-back")
@needs(P.NOTE_SHARE, share=lane_shares.find_share)
def unshare(share: LaneShare) -> ResponseReturnValue:
    """Who holds the lane takes it back."""
    if not lane_shares.may_take_back(share, reader=current_reader()):
        abort(403)
    lane_shares.take_back(share, by=current_reader())
    flash(_("It is not shared any more."), "success")
    return redirect(url_for(".show", step_id=share.step_id), code=303)
