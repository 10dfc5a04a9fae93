"""What must hold between the answers of the court's steps, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from clinic import clock
from clinic.clock import Moment
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import Answer, HearingPurpose, HearingStatus, StepState


class ReasonWithoutAdjournment(Refusal):
    """A reason of adjournment on a hearing that was not adjourned."""

    message = _l("A reason of adjournment belongs to an adjourned hearing. Check the status.")
    field = "adjournment_reason"


class ExtensionWithoutRemand(Refusal):
    """Days of detention from a hearing that is not about remand."""

    message = _l("Days of detention are extended at a remand hearing. Check the purpose.")
    field = "days_extended"


class AnsweredBeforeFiled(Refusal):
    """An answer before the paper was filed or asked for."""

    message = _l("The answer lies before the day on which the paper was filed or asked for.")
    field = "answered_on"


class DecidedBeforeOpened(Refusal):
    """A decision before the case was opened."""

    message = _l("The decision lies before the day on which the case was opened.")
    field = "decided_on"


class AppealBeforeDecision(Refusal):
    """An appeal before the decision."""

    message = _l("An appeal comes after the decision. Check the day.")
    field = "appealed_on"


class EndsBeforeItBegan(Refusal):
    """A measure that ends before it began."""

    message = _l("The end lies before the beginning. Check the day.")
    field = "ended_on"


_STATES: Mapping[HearingStatus, StepState] = {
    HearingStatus.SCHEDULED: StepState.PLANNED,
    HearingStatus.HELD: StepState.DONE,
    HearingStatus.ADJOURNED: StepState.DONE,
    HearingStatus.CANCELLED: StepState.NOT_DONE,
}


def state_of_hearing(values: Mapping[str, Any]) -> StepState:
    """The state that a hearing's own status maps onto; where that is not known, its day decides."""
    status = values.get("status")
    if status is not None:
        return _STATES[HearingStatus(status)]
    scheduled: Moment | None = values.get("scheduled")
    ahead = scheduled is not None and scheduled.local_date > clock.today()
    return StepState.PLANNED if ahead or "status" not in values else StepState.DONE


def check_hearing(values: Mapping[str, Any]) -> None:
    """Raises the refusal of the first two answers that cannot both be true (docs/register.md)."""
    if values.get("adjournment_reason") and values.get("status") != HearingStatus.ADJOURNED:
        raise ReasonWithoutAdjournment
    if values.get("days_extended") and values.get("purpose") not in (None, HearingPurpose.REMAND):
        raise ExtensionWithoutRemand


def check_filing(values: Mapping[str, Any]) -> None:
    """Raises AnsweredBeforeFiled."""
    _in_order(values.get("filed_on"), values.get("answered_on"), AnsweredBeforeFiled)


def check_decision(values: Mapping[str, Any], opened_on: date) -> None:
    """Raises DecidedBeforeOpened or AppealBeforeDecision."""
    _in_order(opened_on, values.get("decided_on"), DecidedBeforeOpened)
    _in_order(values.get("decided_on"), values.get("appealed_on"), AppealBeforeDecision)


def check_measure(values: Mapping[str, Any]) -> None:
    """Raises EndsBeforeItBegan."""
    _in_order(values.get("began_on"), values.get("ended_on"), EndsBeforeItBegan)


def _in_order(earlier: date | None, later: date | None, refusal: type[Refusal]) -> None:
    if earlier is not None and later is not None and later < earlier:
        raise refusal


class Sitting(Protocol):
    """What the facts lane knows of a hearing."""

    status: HearingStatus | None
    lawyer_attended: Answer | None
    child_attended: Answer | None
    guardian_present: Answer | None
    closed_session: Answer | None
    social_report_there: Answer | None


class Breach(StrEnum):
    """A right that was missed at a hearing."""

    WITHOUT_LAWYER = "without_lawyer"
    CHILD_NOT_BROUGHT = "child_not_brought"
    OPEN_TO_THE_PUBLIC = "open_to_the_public"
    REPORT_MISSING = "report_missing"


def breaches(sitting: Sitting) -> Iterable[Breach]:
    """The rights that were missed at a hearing that took place, as far as is known."""
    if sitting.status not in (HearingStatus.HELD, HearingStatus.ADJOURNED):
        return []
    missed = (
        (Breach.WITHOUT_LAWYER, sitting.lawyer_attended),
        (Breach.CHILD_NOT_BROUGHT, sitting.child_attended),
        (Breach.OPEN_TO_THE_PUBLIC, sitting.closed_session),
        (Breach.REPORT_MISSING, sitting.social_report_there),
    )
    return [breach for breach, answer in missed if answer == Answer.NO]


def days_waiting(filed_on: date | None, answered_on: date | None, today: date) -> int | None:
    """How many days a paper has waited, or waited, for its answer."""
    return None if filed_on is None else max(0, ((answered_on or today) - filed_on).days)
