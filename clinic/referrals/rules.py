"""What holds for a referral, and when its answer is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from clinic.cases import dates
from clinic.cases.models import CaseFile
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import ReferralStatus, StepState

UNANSWERED = frozenset({ReferralStatus.SENT})


class NoConsent(Refusal):
    """A referral that neither guardian nor child agreed to, without a reason for making it all the same."""

    message = _l(
        "No consent to this referral stands in the file. Note it first, under “All consents” on the page of the case; "
        "what you typed here waits. Or write here why the child is referred all the same."
    )
    field = "without_consent"
    lacks = "consent"


class CompletedNeedsItsDay(Refusal):
    """A day of completion for a referral that is not completed."""

    message = _l("Only a completed referral has a day of completion. Choose “Completed”, or leave the day open.")
    field = "completed_on"


def check(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    """A referral was made by today, and was answered and completed after it was made."""
    made = values.get("referred_on")
    dates.refuse_a_day_to_come("referred_on", made, state)
    dates.refuse_a_day_to_come("completed_on", values.get("completed_on"))
    dates.refuse_an_end_before(made, "completed_on", values.get("completed_on"))
    dates.refuse_an_end_before(made, "answer_due_on", values.get("answer_due_on"))
    if values.get("completed_on") is not None and values.get("status") not in (None, ReferralStatus.COMPLETED):
        raise CompletedNeedsItsDay


def is_overdue(status: str | None, answer_due_on: date | None, today: date) -> bool:
    """Whether an answer should have come by now."""
    return status in UNANSWERED and answer_due_on is not None and answer_due_on < today
