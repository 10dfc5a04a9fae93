"""Taking a call: child, case, attendance and custody in one go; answers of next day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases import actions as cases
from clinic.cases import consent as ledger
from clinic.cases.consent import ConsentGiven
from clinic.cases.kinds import StepKind, kind_of
from clinic.cases.models import CaseFile, ConsentForm, ConsentPurpose, Step
from clinic.children import actions as children
from clinic.children.models import Child
from clinic.children.names import Likely
from clinic.children.rules import ChildTold
from clinic.custody.kind import PERIOD
from clinic.custody.models import CustodyPeriod
from clinic.db import session
from clinic.languages import _l
from clinic.police.kind import ATTENDANCE
from clinic.refusals import AlreadyThere, Refusal
from clinic.vocabularies.fixed import Apprehension, ChildRole, LegalBasis, StepState

CONFIRM_WITHIN: Final = timedelta(days=7)


class NoFileTonight(Refusal):
    """The child whom the clinic may know has no case that could be opened tonight."""

    message = _l("There is no file to open. Ask the coordinator, and go on with a new one.")
    field = "because"


class AnsweredMeanwhile(Refusal):
    """Somebody answered the question after it was asked here."""

    message = _l("A colleague has answered this already.")


@dataclass(frozen=True)
class Call:
    """What a call told. The case is a known one of a known child, a new one of theirs, or a new one of a new child."""

    child: ChildTold
    attendance: Mapping[str, Any]
    known_child: Child | None = None
    known_case: CaseFile | None = None
    guardian_agrees: bool = False
    child_agrees: bool = False


def take_call(
    call: Call, *, by: Reader, record_id: uuid.UUID, alike: Iterable[Likely] = (), ask: bool = False
) -> CaseFile:
    """Saves a call: child, case with its team, attendance, custody and what was agreed to by word of mouth.

    The same form sent twice makes one case; sent again with other answers raises AlreadyThere.
    """
    if (there := session.get(Step, record_id)) is not None:
        return _as_saved(there, call)
    case = call.known_case or _new_case(call, by, record_id, alike, ask=ask)
    attendance = cases.record(ATTENDANCE, case, call.attendance, by=by, step_id=record_id)
    if call.attendance.get("apprehension") == Apprehension.ARREST and call.attendance.get("left_police") is None:
        _hold(case, attendance, call.attendance, by)
    if call.guardian_agrees or call.child_agrees:
        _agree(case, call, by)
    return case


def _as_saved(there: Step, call: Call) -> CaseFile:
    digest = cases.form_digest(ATTENDANCE.code, call.attendance, StepState.DONE)
    same_child = (
        call.known_child is not None or call.known_case is not None or (there.case.child.name_parts == call.child.parts)
    )
    if there.form_digest == digest and same_child:
        return there.case
    raise AlreadyThere


def made_with(record_id: uuid.UUID, what: str) -> uuid.UUID:
    """The id of a further record of the same form: the same whenever the form is sent again."""
    return uuid.uuid5(record_id, what)


def _new_case(call: Call, by: Reader, record_id: uuid.UUID, alike: Iterable[Likely], *, ask: bool) -> CaseFile:
    child = call.known_child
    if child is None:
        child = children.register_child(call.child, by=by, child_id=made_with(record_id, "child"))
        children.note_likely(child, alike, by=by, asked=ask)
    return cases.open_case(
        child=child,
        by=by,
        opened_on=clock.today(),
        role=ChildRole.ACCUSED,
        referral_source=None,
        offences_later=True,
        team=[(by.staff_id, Role.LAWYER)],
        case_id=made_with(record_id, "case"),
    )


def _hold(case: CaseFile, attendance: Step, told: Mapping[str, Any], by: Reader) -> None:
    """A child who was arrested and is still there is in custody from the minute of arrest, on the police's word."""
    values = {
        "place": "police_cell",
        "legal_basis": LegalBasis.POLICE,
        "holding_body": told.get("holding_body"),
        "began": told["arrested"],
    }
    cases.record(PERIOD, case, values, by=by, step_id=made_with(attendance.id, "custody"), follows_id=attendance.id)


def _agree(case: CaseFile, call: Call, by: Reader) -> None:
    """Agreed to by word of mouth tonight; to be confirmed within a week."""
    given = ConsentGiven(
        purpose=ConsentPurpose.SERVICE,
        by_guardian=call.guardian_agrees,
        by_child=call.child_agrees,
        form=ConsentForm.PROVISIONAL,
        given_on=clock.today(),
        confirm_by=clock.today() + CONFIRM_WITHIN,
    )
    ledger.give_consent(case, given, by=by)


# What was left open


def answer_about_step(step: Step, values: Mapping[str, Any], *, by: Reader) -> None:
    """Answers what was left open in a step. Raises AnsweredMeanwhile and what the kind's own check raises.

    Who has left the police is no longer held in the cell that the call wrote down.
    """
    kind = kind_of(step)
    if any(getattr(step, name) not in (None, ()) for name in values):
        raise AnsweredMeanwhile
    whole = {field.name: getattr(step, field.name) for field in _checked(kind, step)}
    cases.correct(step, {**whole, **values}, version=step.version, because=None, by=by)
    if step.kind == ATTENDANCE.code and values.get("left_police") is not None:
        _end_the_cell(step, values["left_police"], by)


def nobody_knows(step: Step, name: str) -> None:
    """A question about a step was asked, and nobody knows: it stays without an answer and is not asked again."""
    if getattr(step, name) not in (None, ()):
        raise AnsweredMeanwhile
    step.not_known = tuple(sorted({*(step.not_known or ()), name}))
    session.flush()
    chain.record(f"{step.kind}.corrected", subject=step)


def _checked(kind: StepKind, step: Step) -> list[Any]:
    """The fields whose values can be read here: those of the facts, which alone the checks look at."""
    return [field for field in kind.fields if kind.lane(field.name) == "facts"]


def _end_the_cell(attendance: Step, left: Any, by: Reader) -> None:
    period = session.scalar(
        select(CustodyPeriod).where(
            CustodyPeriod.follows_id == attendance.id,
            CustodyPeriod.withdrawn_at.is_(None),
            CustodyPeriod.ended_at.is_(None),
        )
    )
    if period is not None:
        cases.correct(period, {"began": period.began, "ended": left}, version=period.version, because=None, by=by)


def answer_about_case(case: CaseFile, name: str, value: Any) -> None:
    """Answers what was left open about the case itself: what the child is accused of, who called the clinic."""
    if getattr(case, name):
        raise AnsweredMeanwhile
    setattr(case, name, value)
    session.flush()
    chain.record("case.corrected", subject=case)
