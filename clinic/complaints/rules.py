"""What holds for a complaint, and when its answer is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from clinic.cases import dates
from clinic.cases.models import CaseFile
from clinic.vocabularies.fixed import ComplaintStatus, StepState

UNANSWERED = frozenset({ComplaintStatus.FILED})


def check(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    """A complaint was filed by today, and was answered after it was filed."""
    filed = values.get("filed_on")
    dates.refuse_a_day_to_come("filed_on", filed, state)
    dates.refuse_a_day_to_come("answered_on", values.get("answered_on"))
    dates.refuse_an_end_before(filed, "answered_on", values.get("answered_on"))
    dates.refuse_an_end_before(filed, "answer_due_on", values.get("answer_due_on"))


def is_overdue(status: str | None, answered_on: date | None, answer_due_on: date | None, today: date) -> bool:
    """Whether an answer should have come by now."""
    return status in UNANSWERED and answered_on is None and answer_due_on is not None and answer_due_on < today
