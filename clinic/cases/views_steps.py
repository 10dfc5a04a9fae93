"""The pages of a step, of any kind: add, show, correct, complete, not done, withdraw."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Lane, Permission
from clinic.access.policy import may
from clinic.audit import readings
from clinic.cases import actions, cards, lane_shares, queries
from clinic.cases.kinds import StepKind, all_kinds, is_kind, kind_of
from clinic.cases.lane_shares import in_words
from clinic.cases.models import CaseFile, Step
from clinic.cases.queries import Seat
from clinic.cases.step_forms import NotDoneForm, StepForm, WithdrawForm, draft_lane, form_of, sections_of
from clinic.languages import _
from clinic.refusals import AlreadyThere, ChangedMeanwhile, Refusal
from clinic.staff import queries as staff
from clinic.vocabularies.fixed import StepState
from clinic.web.guard import current_reader, needs

bp = Blueprint("steps", __name__)
P = Permission


def kinds_for(seat: Seat, case: CaseFile) -> list[StepKind]:
    """The kinds of step that this reader may add to this case."""
    return [kind for kind in all_kinds() if _may_record(kind, case) and kind.fields_for(seat.lanes)]


def _may_record(kind: StepKind, case: CaseFile) -> bool:
    return may(current_reader(), kind.permission, case) and case.role.value in kind.for_roles


@bp.get("/cases/<uuid:case_id>/steps/add")
@needs(P.STEP_RECORD, case=queries.find_case)
def choose(case: CaseFile) -> ResponseReturnValue:
    """Which kind of step to add."""
    seat = queries.seat_of(case, current_reader())
    return render_template("steps/choose.html", case=case, kinds=kinds_for(seat, case))


@bp.route("/cases/<uuid:case_id>/steps/add/<kind_code>", methods=["GET", "POST"])
@needs(P.STEP_RECORD, case=queries.find_case)
def add(case: CaseFile, kind_code: str) -> ResponseReturnValue:
    """Adds a step that took place."""
    return _add(case, kind_code, StepState.DONE)


@bp.route("/cases/<uuid:case_id>/steps/plan/<kind_code>", methods=["GET", "POST"])
@needs(P.STEP_RECORD, case=queries.find_case)
def plan(case: CaseFile, kind_code: str) -> ResponseReturnValue:
    """Adds a step that lies ahead."""
    return _add(case, kind_code, StepState.PLANNED)


def _add(case: CaseFile, kind_code: str, state: StepState) -> ResponseReturnValue:
    kind, seat = _allowed(kind_code, case, state)
    form = form_of(kind, seat.lanes, state).begun(
        kind.code, subject_id=case.id, case_id=case.id, lane=draft_lane(kind, seat.lanes)
    )
    if token := form.sent(kind.code, subject_id=case.id):
        try:
            step = actions.record(kind, case, form.said(), by=current_reader(), step_id=token.record_id, state=state)
        except AlreadyThere:
            return _saved_otherwise(kind, form, token.record_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back_to_the_line(step, form)
    return _form_page(case, kind, form, state)


def _allowed(kind_code: str, case: CaseFile, state: StepState) -> tuple[StepKind, Seat]:
    """The kind and the reader's seat; 404 for a kind that nobody has, 403 for one that this reader may not record."""
    if not is_kind(kind_code):
        abort(404)
    kind, seat = kind_of(kind_code), queries.seat_of(case, current_reader())
    if kind not in kinds_for(seat, case) or (state == StepState.PLANNED and not kind.plannable):
        abort(403)
    return kind, seat


def _form_page(
    case: CaseFile, kind: StepKind, form: StepForm, state: StepState | None, **more: Any
) -> ResponseReturnValue:
    page = render_template(
        "steps/form.html",
        case=case,
        kind=kind,
        form=form,
        sections=sections_of(kind, form),
        planned=state == StepState.PLANNED,
        draft_url=url_for("drafts.keep", place=request.path),
        **more,
    )
    return page, 422 if form.errors else 200


def _back_to_the_line(step: Step, form: StepForm) -> ResponseReturnValue:
    form.saved()
    flash(_("Saved."), "success")
    return redirect(url_for("cases.show", case_id=step.case_id, _anchor=f"step-{step.id}"), code=303)


def _saved_otherwise(kind: StepKind, form: StepForm, step_id: uuid.UUID) -> ResponseReturnValue:
    """The form was saved before with other answers: both, side by side."""
    there = queries.find_step(step_id, reader=current_reader())
    if there is None or there.kind != kind.code:
        abort(400)
    return _conflict(there, kind, form, again=True)


def _conflict(step: Step, kind: StepKind, form: StepForm, *, again: bool = False) -> ResponseReturnValue:
    """409: what is saved beside what was typed; sending it again from here replaces what is saved."""
    _looked_at(step, _seat(step).lanes)
    rows = [
        (field.label, cards.words_of(getattr(step, field.name), field), cards.words_of(form.said()[field.name], field))
        for field in kind.fields
        if field.name in form.names
    ]
    form.version.data = str(step.version)
    who = staff.names_of(reader=current_reader())
    return render_template(
        "steps/conflict.html", step=step, kind=kind, form=form, rows=rows, again=again, names=who, case=step.case
    ), 409


@bp.get("/steps/<uuid:step_id>")
@needs(P.STEP_READ, step=queries.find_step)
def show(step: Step) -> ResponseReturnValue:
    """One step whole, as this reader may see it."""
    seat, reader = _seat(step), current_reader()
    shares = lane_shares.shares_in(step.case_id, step.id)
    given = lane_shares.given_to(shares, seat, reader)
    lanes = seat.lanes | lane_shares.all_lanes(given)
    _looked_at(step, lanes)
    lane_shares.load([step], given, seat.lanes)
    mine = [one for one in shares if lane_shares.may_take_back(one, reader=reader)]
    can_share = bool(lane_shares.lanes_to_share(step, seat)) and not step.is_withdrawn
    return render_template(
        "steps/show.html", **_shown(step, lanes), shares=shares, mine=mine, can_share=can_share, in_words=in_words
    )


def _looked_at(step: Step, lanes: frozenset[Lane]) -> None:
    readings.record("step.read", subject="step", subject_id=step.id, case_id=step.case_id, lanes=lanes)


@bp.get("/steps/<uuid:step_id>/print")
@needs(P.STEP_READ, step=queries.find_step)
def on_paper(step: Step) -> ResponseReturnValue:
    """One step on paper: for the police station, an attendance note."""
    seat = _seat(step)
    readings.record("step.printed", subject="step", subject_id=step.id, case_id=step.case_id, lanes=seat.lanes)
    return render_template("steps/on_paper.html", **_shown(step, seat.lanes))


def _shown(step: Step, lanes: frozenset[Lane]) -> dict[str, Any]:
    names = staff.names_of(reader=current_reader())
    kind = kind_of(step)
    card = cards.card_of(step, lanes, names, whole=True)
    changeable = may(current_reader(), kind.permission, step) and not step.is_withdrawn
    return {"step": step, "case": step.case, "kind": kind, "card": card, "names": names, "changeable": changeable}


def _seat(step: Step) -> Seat:
    return queries.seat_of(step.case, current_reader())


@bp.route("/steps/<uuid:step_id>/correct", methods=["GET", "POST"])
@needs(P.STEP_RECORD, step=queries.find_step)
def correct(step: Step) -> ResponseReturnValue:
    """Corrects a step, with the reason."""
    return _change(step, correcting=True)


@bp.route("/steps/<uuid:step_id>/complete", methods=["GET", "POST"])
@needs(P.STEP_RECORD, step=queries.find_step)
def complete(step: Step) -> ResponseReturnValue:
    """A planned step took place: what came of it."""
    if not step.is_planned:
        return redirect(url_for(".show", step_id=step.id), code=303)
    return _change(step, correcting=False)


def _change(step: Step, *, correcting: bool) -> ResponseReturnValue:
    kind, seat = kind_of(step), _seat(step)
    if not may(current_reader(), kind.permission, step):
        abort(403)
    if request.method == "GET":
        _looked_at(step, seat.lanes)
    state = step.state if correcting else StepState.DONE
    form = _begun(step, kind, seat, state, correcting=correcting)
    if form.sent(f"change:{kind.code}", subject_id=step.id):
        because = form.because.data if correcting else None
        try:
            actions.correct(
                step, form.said(), version=form.made_from, because=because, by=current_reader(), state=state
            )
        except ChangedMeanwhile:
            return _conflict(step, kind, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back_to_the_line(step, form)
    return _form_page(step.case, kind, form, state, step=step, correcting=correcting, completing=not correcting)


def _begun(step: Step, kind: StepKind, seat: Seat, state: StepState, *, correcting: bool) -> Any:
    """The form of a step that is there, with what it says now.

    What must be answered once it took place, and stood there only because it was planned, begins open.
    """
    form_class = form_of(kind, seat.lanes, state, correcting=correcting)
    fields = kind.by_name
    names = [one for one in form_class.names if correcting or fields[one].planned or not fields[one].required]
    return form_class.begun(
        f"change:{kind.code}",
        subject_id=step.id,
        case_id=step.case_id,
        lane=draft_lane(kind, seat.lanes),
        version=step.version,
        data={name: getattr(step, name) for name in names},
    )


@bp.route("/steps/<uuid:step_id>/not-done", methods=["GET", "POST"])
@needs(P.STEP_RECORD, step=queries.find_step)
def not_done(step: Step) -> ResponseReturnValue:
    """A planned step did not take place, because."""
    return _end(step, NotDoneForm, actions.mark_not_done, "steps/not_done.html")


@bp.route("/steps/<uuid:step_id>/withdraw", methods=["GET", "POST"])
@needs(P.STEP_RECORD, step=queries.find_step)
def withdraw(step: Step) -> ResponseReturnValue:
    """Takes a step back, with the reason."""
    return _end(step, WithdrawForm, actions.withdraw, "steps/withdraw.html")


def _end(step: Step, form_class: Any, deed: Any, template: str) -> ResponseReturnValue:
    kind = kind_of(step)
    if not may(current_reader(), kind.permission, step):
        abort(403)
    form = form_class.begun(f"end:{kind.code}", subject_id=step.id, case_id=step.case_id, version=step.version)
    if form.sent(f"end:{kind.code}", subject_id=step.id):
        try:
            deed(step, version=form.made_from, because=form.because.data, by=current_reader())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _back_to_the_line(step, form)
    page = render_template(template, step=step, case=step.case, kind=kind, form=form)
    return page, 422 if form.errors else 200
