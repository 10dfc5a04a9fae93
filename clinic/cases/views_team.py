"""Who works on a case, a caseload handed over, and closing and opening again."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission, Role
from clinic.cases import closing, labels, queries, team, walls
from clinic.cases.forms import AnswerClosingForm, CaseloadForm, ChangeTeamForm, ProposeClosingForm, ReopenForm
from clinic.cases.models import CaseFile, ClosingProposal, TeamMember
from clinic.cases.views import bp, looked_at
from clinic.languages import _, _n
from clinic.staff import queries as staff
from clinic.web.buttons import carry_out
from clinic.web.guard import current_reader, needs

P = Permission


def _to(case: CaseFile, endpoint: str = ".show") -> ResponseReturnValue:
    return redirect(url_for(endpoint, case_id=case.id), code=303)


@bp.route("/<uuid:case_id>/team", methods=["GET", "POST"])
@needs(P.CASE_ASSIGN, case=queries.find_case)
def change_team(case: CaseFile) -> ResponseReturnValue:
    """Puts somebody on the team, for good or until a day."""
    today, names = clock.today(), staff.names_of(reader=current_reader())
    serving = [one for one in case.team if one.until is None or one.until >= today]
    form = ChangeTeamForm()
    form.instead_of.people = lambda: {one.staff_id: names.get(one.staff_id, "") for one in serving}.items()
    if form.validate_on_submit() and form.takes(lambda: _put_on_team(case, form)):
        flash(_("The team is changed."), "success")
        return _to(case, ".change_team")
    looked_at(case, queries.seat_of(case, current_reader()).lanes)
    shown = {"serving": serving, "names": names, "today": today, "walls": walls.walls_of(case.id)}
    return render_template("cases/team.html", labels=labels, case=case, form=form, **shown)


def _put_on_team(case: CaseFile, form: ChangeTeamForm) -> None:
    said = form.values("person", "since", "until", "instead_of", "note")
    team.put_on_team(case, by=current_reader(), role=Role(form.role.data), **said)


@bp.post("/team/<uuid:member_id>/leave")
@needs(P.CASE_ASSIGN, member=team.find_member)
def leave_team(member: TeamMember) -> ResponseReturnValue:
    """Somebody leaves the team with the end of today."""
    team.take_off_team(member.case, member, last_day=clock.today())
    flash(_("This person leaves the team with the end of today."), "success")
    return _to(member.case, ".change_team")


@bp.route("/caseload", methods=["GET", "POST"])
@needs(P.CASE_ASSIGN)
def caseload() -> ResponseReturnValue:
    """Hands all open cases of one person to another, for good or until a day."""
    form = CaseloadForm(data={name: request.args[name] for name in ("leaves", "role") if name in request.args})
    if form.validate_on_submit() and form.takes(lambda: _hand_over(form)):
        return redirect(url_for(".every", worker=form.joins.data), code=303)
    return render_template("cases/caseload.html", form=form)


def _hand_over(form: CaseloadForm) -> None:
    said = form.values("leaves", "joins", "since", "until", "note")
    handed = team.hand_over_caseload(role=Role(form.role.data), by=current_reader(), **said)
    flash(_handed_in_words(handed), "success")


def _handed_in_words(handed: team.Handed) -> str:
    told = _n("%(num)d case was handed over.", "%(num)d cases were handed over.", handed.cases)
    if not handed.unfinished:
        return told
    with_it = _n(
        "With it went %(num)d task or planned step.", "With it went %(num)d tasks and planned steps.", handed.unfinished
    )
    return f"{told} {with_it}"


# --- closing


@bp.route("/<uuid:case_id>/close", methods=["GET", "POST"])
@needs(P.CASE_PROPOSE_CLOSING, case=queries.find_case)
def close(case: CaseFile) -> ResponseReturnValue:
    """A worker proposes to close."""
    form, reader = ProposeClosingForm(), current_reader()
    said = form.values("reason", "closed_on", "note")
    if form.validate_on_submit() and form.takes(lambda: closing.propose_closing(case, by=reader, **said)):
        flash(_("Proposed. The coordinator is asked to approve it."), "success")
        return _to(case)
    barred, alone = closing.nobody_could_approve(reader), closing.works_alone(reader)
    return render_template("cases/close.html", case=case, form=form, barred=barred, alone=alone)


@bp.route("/<uuid:case_id>/closing", methods=["GET", "POST"])
@needs(P.CASE_CLOSE, case=queries.find_case)
def answer_closing(case: CaseFile) -> ResponseReturnValue:
    """The coordinator approves a proposed closing, or sends it back."""
    proposal = closing.proposal_of(case)
    form = AnswerClosingForm()
    if proposal is None and not form.is_submitted():
        return _to(case)
    if form.validate_on_submit() and form.takes(lambda: _answer(case, form)):
        return _to(case)
    if proposal is None:
        abort(409)
    return _closing_page(case, form, proposal)


def _closing_page(case: CaseFile, form: AnswerClosingForm, proposal: ClosingProposal) -> ResponseReturnValue:
    reader = current_reader()
    looked_at(case, queries.seat_of(case, reader).lanes)
    return render_template(
        "cases/closing.html",
        case=case,
        form=form,
        proposal=proposal,
        names=staff.names_of(reader=reader),
        own=proposal.proposed_by == reader.staff_id,
        alone=closing.works_alone(reader),
    )


def _answer(case: CaseFile, form: AnswerClosingForm) -> None:
    if form.answer.data == "approved":
        closing.approve_closing(case, by=current_reader(), note=form.note.data)
        flash(_("The case is closed."), "success")
    else:
        closing.send_back(case, by=current_reader(), note=form.note.data)
        flash(_("Sent back to the team."), "success")


@bp.post("/<uuid:case_id>/closing/take-back")
@needs(P.CASE_PROPOSE_CLOSING, case=queries.find_case)
def take_closing_back(case: CaseFile) -> ResponseReturnValue:
    """The proposal is taken back."""
    taken_back, back = _("The proposal is taken back."), url_for(".show", case_id=case.id)
    return carry_out(lambda: closing.take_back(case, by=current_reader()), done=taken_back, back=back)


@bp.route("/<uuid:case_id>/reopen", methods=["GET", "POST"])
@needs(P.CASE_CLOSE, case=queries.find_case)
def reopen(case: CaseFile) -> ResponseReturnValue:
    """Opens a closed case again."""
    form = ReopenForm()
    said = form.values("opened_on", "note")
    if form.validate_on_submit() and form.takes(lambda: closing.reopen(case, by=current_reader(), **said)):
        flash(_("The case is open again."), "success")
        return _to(case)
    return render_template("cases/reopen.html", case=case, form=form)
