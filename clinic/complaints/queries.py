"""Reading complaints: those whose answer is overdue."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_

from clinic.complaints import rules
from clinic.complaints.models import Complaint


def is_overdue(today: date) -> ColumnElement[bool]:
    """The condition on complaint that its answer should have come (`rules.is_overdue`)."""
    return and_(
        Complaint.status.in_(sorted(rules.UNANSWERED)),
        Complaint.answer_due_on < today,
        Complaint.answered_on.is_(None),
    )
