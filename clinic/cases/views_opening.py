"""Opening a case: for a child whom the clinic knows or a new one, from a referral, for another child of an event."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.access.policy import may
from clinic.cases import actions, intake, opening, queries
from clinic.cases.forms import AnotherChildForm, OpenCaseForm, OpenCaseWithChildForm
from clinic.cases.models import CaseFile, Intake
from clinic.cases.views import bp, id_in_address
from clinic.children import actions as child_actions
from clinic.children import queries as children
from clinic.children.models import Child
from clinic.children.queries import Resemblance
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import ChildRole
from clinic.web.guard import current_reader, needs

P = Permission


@bp.route("/open", methods=["GET", "POST"])
@needs(P.CASE_OPEN)
def open_new() -> ResponseReturnValue:
    """A case and its child in one screen; `?intake=` fills it from an inbound referral."""
    referral = _referral()
    form = OpenCaseWithChildForm.begun("case", data=_prefilled(referral))
    alike: Resemblance | None = None
    if token := form.sent("case"):
        if (there := queries.find_case(token.record_id, reader=current_reader())) is not None:
            return _opened(form, there)  # the same form sent twice
        alike = _alike(form)
        if not alike or form.sure.data:
            try:
                case = _open_with_child(form, alike, token.record_id, referral)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                return _opened(form, case)
    return render_template("cases/open.html", form=form, alike=alike, referral=referral, child=None, beside=None)


def _referral() -> Intake | None:
    """The inbound referral that the case is opened from, if one waits."""
    intake_id = id_in_address("intake")
    if intake_id is None or not may(current_reader(), P.INTAKE_ANSWER):
        return None
    found = intake.find_intake(intake_id, reader=current_reader())
    return found or abort(404)


def _prefilled(referral: Intake | None) -> dict[str, Any]:
    """What a referral says already: the name in parts as they are said, and who sent the child."""
    if referral is None:
        return {}
    words = (referral.child_name or "").split()
    parts = {"given_name": " ".join(words[:1]) or None, "family_name": " ".join(words[3:] or words[1:][-1:]) or None}
    if len(words) > 2:
        parts["father_name"] = words[1]
    if len(words) > 3:
        parts["grandfather_name"] = words[2]
    return {**parts, "referral_source": referral.referral_source}


def _alike(form: OpenCaseWithChildForm | AnotherChildForm) -> Resemblance:
    return children.likely_same(form.person(), form.unrwa_number.data, reader=current_reader())


def _register(form: OpenCaseWithChildForm | AnotherChildForm, alike: Resemblance) -> Child:
    reader = current_reader()
    child = child_actions.register_child(form.told(), by=reader, guardians=[form.guardian_told()])
    child_actions.note_likely(child, alike.everybody, by=reader, asked=form.sure.data == "ask")
    return child


def _open_with_child(
    form: OpenCaseWithChildForm, alike: Resemblance, case_id: uuid.UUID, referral: Intake | None
) -> CaseFile:
    reader = current_reader()
    _refuse_case_early(form)
    child = _register(form, alike)
    case = opening.open_whole(
        child, form.case_values(), by=reader, team=form.team(), consent=form.consent(), case_id=case_id
    )
    if referral is not None:
        intake.accept(referral, case, by=reader)
    return case


def _refuse_case_early(form: OpenCaseWithChildForm) -> None:
    """What the case lacks is said before the child is registered."""
    if form.role.data == ChildRole.ACCUSED and not form.offences.data:
        raise actions.NeedsAnOffence


def _opened(form: Any, case: CaseFile) -> ResponseReturnValue:
    form.saved()
    flash(_("The case is open: %(reference)s.", reference=case.reference), "success")
    return redirect(url_for(".show", case_id=case.id), code=303)


@bp.route("/open/<uuid:child_id>", methods=["GET", "POST"])
@needs(P.CASE_OPEN, child=children.find_child)
def open_for(child: Child) -> ResponseReturnValue:
    """A case for a child whom the clinic knows."""
    referral, beside = _referral(), _beside()
    form = OpenCaseForm.begun("case", subject_id=child.id, data=_said_already(referral, beside))
    if token := form.sent("case", subject_id=child.id):
        reader = current_reader()
        try:
            case = opening.open_whole(
                child,
                form.case_values(),
                by=reader,
                team=form.team(),
                consent=form.consent(),
                case_id=token.record_id,
            )
            _tie(case, referral, beside)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _opened(form, case)
    return render_template("cases/open.html", form=form, alike=None, referral=referral, child=child, beside=beside)


def _beside() -> CaseFile | None:
    """The case of another child of the same event, beside which this one is opened."""
    case_id = id_in_address("beside")
    return None if case_id is None else queries.find_case(case_id, reader=current_reader()) or abort(404)


def _said_already(referral: Intake | None, beside: CaseFile | None) -> dict[str, Any]:
    """What the referral, or the case of the other child, says of this case too."""
    if beside is not None:
        return {name: getattr(beside, name) for name in opening.SHARED}
    return {"referral_source": referral.referral_source} if referral is not None else {}


def _tie(case: CaseFile, referral: Intake | None, beside: CaseFile | None) -> None:
    """The new case answers the referral, and is linked with the case of the other child."""
    if referral is not None and referral.case_id != case.id:
        intake.accept(referral, case, by=current_reader())
    if beside is not None:
        opening.link(case, beside)


@bp.route("/<uuid:case_id>/another-child", methods=["GET", "POST"])
@needs(P.CASE_OPEN, case=queries.find_case)
def another_child(case: CaseFile) -> ResponseReturnValue:
    """Another child of the same event: the facts of the event are copied into a case of its own, and the two linked."""
    form, alike = AnotherChildForm.begun("case:another", subject_id=case.id, case_id=case.id), None
    if token := form.sent("case:another", subject_id=case.id):
        if (there := queries.find_case(token.record_id, reader=current_reader())) is not None:
            return _opened(form, there)  # the same form sent twice
        alike = _alike(form)
        if not alike or form.sure.data:
            try:
                other = _open_for_another(case, form, alike, token.record_id)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                return _opened(form, other)
    return render_template("cases/another_child.html", case=case, form=form, alike=alike)


def _open_for_another(case: CaseFile, form: AnotherChildForm, alike: Resemblance, case_id: uuid.UUID) -> CaseFile:
    child = _register(form, alike)
    role = ChildRole(form.role.data)
    return opening.open_for_another(case, child, role=role, by=current_reader(), team=form.team(), case_id=case_id)
