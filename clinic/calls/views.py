"""The station call on one page, and what was left open, asked next day one at a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import formats
from clinic.access.models import EmergencyAccess
from clinic.access.permissions import Permission, Role
from clinic.access.policy import may
from clinic.audit import readings
from clinic.calls import actions, queries, rules
from clinic.calls.actions import Call, NoFileTonight
from clinic.calls.forms import CallForm, CaseQuestionForm
from clinic.calls.queries import OpenQuestion
from clinic.cases import queries as cases
from clinic.cases.kinds import Shape, StepKind, kind_of
from clinic.cases.models import CaseFile, Step
from clinic.cases.step_forms import StepForm, form_of
from clinic.children import queries as children
from clinic.children.queries import Resemblance
from clinic.emergency.actions import open_case
from clinic.emergency.queries import newest_case_of
from clinic.languages import _
from clinic.refusals import AlreadyThere, Refusal
from clinic.vocabularies.fixed import CaseStatus
from clinic.web import drafts
from clinic.web.guard import asks, current_reader, needs

bp = Blueprint("calls", __name__, url_prefix="/calls")
P = Permission
PURPOSE = "call"


# The call


@bp.route("", methods=["GET", "POST"])
@needs(P.CALL_TAKE)
def start() -> ResponseReturnValue:
    """A lawyer is called to a station: ten questions on one page, saved at once."""
    form = CallForm.begun(PURPOSE)
    if not form.validate_on_submit():
        known = _alike(form, None) if form.draft and form.name.data else None
        return _page(form, known, 422 if form.errors else 200)
    token = form.accepted(PURPOSE)
    if token is None:
        return _page(form, None, 422)
    alike = _alike(form, token.record_id)
    if alike and not form.whom.data and form.looked.data != form.name.data:
        return _page(form, alike)
    return _take(form, token.record_id, alike)


def _take(form: CallForm, record_id: uuid.UUID, alike: Resemblance) -> ResponseReturnValue:
    """Saves the call, or says on the form why not."""
    call = _call(form)
    try:
        case = actions.take_call(
            call, by=current_reader(), record_id=record_id, alike=alike.everybody, ask=form.ask.data
        )
    except AlreadyThere:
        return _saved_before(record_id)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, alike, 422)
    form.saved()
    flash(_("The call is saved. What was left open is asked again tomorrow."), "success")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


@bp.post("/look")
@asks(P.CALL_TAKE)
def look() -> ResponseReturnValue:
    """Who the child may be, by the name typed so far. Changes nothing."""
    form = CallForm.begun(PURPOSE)
    return _page(form, _alike(form, None) if form.name.data else None)


@bp.post("/tonight")
@needs(P.CALL_TAKE, fresh=True)
def open_for_tonight() -> ResponseReturnValue:
    """Opens the file of the child whom the clinic may know, for this night, with a reason; the call goes on."""
    form = CallForm.begun(PURPOSE)
    alike, token = _alike(form, None), form.accepted(PURPOSE)
    if token is None or form.needs_a_reason():
        return _page(form, alike, 422)
    hidden = queries.likeliest_hidden(alike, reader=current_reader())
    case = newest_case_of(hidden.child_id, reader=current_reader()) if hidden else None
    if case is None:
        form.refuse(NoFileTonight())
        return _page(form, alike, 422)
    access = _open_in_emergency(case, form.because.data or "")
    drafts.save(token, request.form, place=url_for(".start"))  # what was typed so far comes back with the page
    until = formats.short_day_and_time(access.until)
    flash(_("The file is open to you until %(when)s. Coordinators and team are told.", when=until), "success")
    return redirect(url_for(".start"), code=303)


def _open_in_emergency(case: CaseFile, because: str) -> EmergencyAccess:
    """A call at night is an emergency like any other: the lawyer on duty, for so many hours, looked into afterwards."""
    hours = current_app.config["SETTINGS"].emergency_hours
    return open_case(case, role=Role.LAWYER, because=because, hours=hours, by=current_reader(), for_call=True)


def _alike(form: CallForm, record_id: uuid.UUID | None) -> Resemblance:
    """Who may be the child; who the form itself made before is not another."""
    made = actions.made_with(record_id, "child") if record_id else None
    return queries.who_it_may_be(form.child(), form.name.data or "", reader=current_reader(), but=made)


def _page(form: CallForm, alike: Resemblance | None, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "calls/start.html",
        form=form,
        alike=alike,
        open_status=CaseStatus.OPEN,
        draft_url=url_for("drafts.keep", place=url_for(".start")),
    ), status


def _call(form: CallForm) -> Call:
    """What the form tells; the child or the case that was chosen, if the reader may see it."""
    chosen, _colon, text = (form.whom.data or "").partition(":")
    known_child, known_case = None, None
    if chosen in ("child", "case"):
        reader, found_id = current_reader(), _id(text)
        known_case = cases.find_case(found_id, reader=reader) if chosen == "case" else None
        known_child = children.find_child(found_id, reader=reader) if chosen == "child" else None
        if known_case is None and known_child is None:
            abort(404)
    return Call(
        child=form.child(),
        attendance=form.attendance(),
        known_child=known_child,
        known_case=known_case,
        guardian_agrees=form.guardian_agrees.data,
        child_agrees=form.child_agrees.data,
    )


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        abort(400)


def _saved_before(step_id: uuid.UUID) -> ResponseReturnValue:
    """The same form was saved before with other answers: to what was saved, where it can be corrected."""
    step = cases.find_step(step_id, reader=current_reader())
    if step is None:
        abort(400)
    flash(_("This call was saved before, with other answers. Correct it here."), "warning")
    return redirect(url_for("steps.show", step_id=step.id), code=303)


# What was left open


@bp.route("/questions/<uuid:step_id>/<name>", methods=["GET", "POST"])
@needs(P.STEP_RECORD, step=cases.find_step)
def question(step: Step, name: str) -> ResponseReturnValue:
    """One question that was left open in a step."""
    kind, seat = kind_of(step), cases.seat_of(step.case, current_reader())
    if name not in {field.name for field in kind.fields_for(seat.lanes) if field.question}:
        abort(404)
    if not may(current_reader(), kind.permission, step):
        abort(403)
    if request.method == "GET":
        readings.record("step.read", subject="step", subject_id=step.id, case_id=step.case_id, lanes=seat.lanes)
    form, asked = _form_asking(kind, step, name, seat.lanes), _asked_up_to(_open_in(step.case), step.id, name)
    sent = "nobody" in request.form or form.validate_on_submit()
    if sent and form.accepted(f"question:{name}", subject_id=step.id) is not None:
        try:
            _note(step, name, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            return _on(step.case, asked)
    text, about = str(kind.by_name[name].question), str(kind.label)
    return _question_page(form, step.case, asked, text, form.names, about, may_be_unknown=not _is_answer(kind, name))


def _note(step: Step, name: str, form: StepForm) -> None:
    """The answer; or that nobody knows, which any question but one of yes and no takes by a press of its own."""
    if "nobody" in request.form:
        actions.nobody_knows(step, name)
    else:
        actions.answer_about_step(step, form.said(), by=current_reader())


def _form_asking(kind: StepKind, step: Step, name: str, held: Any) -> StepForm:
    """The form of the kind with this question alone, and with what has to be told together with it."""
    together = [also for also in rules.TOGETHER.get((kind.code, name), ()) if getattr(step, also) is None]
    form = form_of(kind, held).begun(f"question:{name}", subject_id=step.id, case_id=step.case_id, lane=kind.lane(name))
    for other in [each for each in form.names if each not in (name, *together)]:
        del form[other]
    form.names = (name, *together)
    return form


@bp.route("/cases/<uuid:case_id>/questions/<name>", methods=["GET", "POST"])
@needs(P.CASE_WRITE, case=cases.find_case)
def case_question(case: CaseFile, name: str) -> ResponseReturnValue:
    """One question that was left open about the case itself."""
    if name not in queries.CASE_QUESTIONS:
        abort(404)
    form = CaseQuestionForm.begun(f"question:{name}", subject_id=case.id, case_id=case.id)
    for other in queries.CASE_QUESTIONS.keys() - {name}:
        del form[other]
    asked = _asked_up_to(_open_in(case), None, name)
    if form.sent(f"question:{name}", subject_id=case.id):
        try:
            actions.answer_about_case(case, name, form[name].data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            return _on(case, asked)
    return _question_page(form, case, asked, str(queries.CASE_QUESTIONS[name]), (name,), "")


def _is_answer(kind: StepKind, name: str) -> bool:
    """Whether a question is answered by yes, no or not known, and so needs no further press for the last."""
    return kind.by_name[name].shape is Shape.ANSWER


def _question_page(
    form: Any, case: CaseFile, asked: Sequence[OpenQuestion], text: str, fields: Sequence[str], about: str, **more: Any
) -> ResponseReturnValue:
    open_now = _open_in(case)
    following = _next(open_now, asked)
    page = render_template(
        "calls/question.html",
        form=form,
        case=case,
        text=text,
        fields=fields,
        about=about,
        left=len(open_now),
        later=where(following) if following else url_for("cases.show", case_id=case.id),
        **more,
    )
    return page, 422 if form.errors else 200


def _open_in(case: CaseFile) -> list[OpenQuestion]:
    return queries.open_questions_in(case, cases.seat_of(case, current_reader()))


def _asked_up_to(open_now: Sequence[OpenQuestion], step_id: uuid.UUID | None, name: str) -> Sequence[OpenQuestion]:
    """The questions up to this one: answered, or put off for later."""
    places = [place for place, one in enumerate(open_now) if (one.step_id, one.name) == (step_id, name)]
    return open_now[: places[0] + 1] if places else ()


def _next(open_now: Sequence[OpenQuestion], asked: Sequence[OpenQuestion]) -> OpenQuestion | None:
    """The first open question that was not asked before."""
    before = {(one.step_id, one.name) for one in asked}
    return next((one for one in open_now if (one.step_id, one.name) not in before), None)


def where(one: OpenQuestion) -> str:
    """The address of a question."""
    if one.step_id is None:
        return url_for("calls.case_question", case_id=one.case_id, name=one.name)
    return url_for("calls.question", step_id=one.step_id, name=one.name)


def _on(case: CaseFile, asked: Sequence[OpenQuestion]) -> ResponseReturnValue:
    """To the next question of the case, or back to the case when nothing is left to ask."""
    following = _next(_open_in(case), asked)
    flash(_("Saved.") if following else _("Saved. That was the last question."), "success")
    return redirect(where(following) if following else url_for("cases.show", case_id=case.id), code=303)
