"""Reading complaints: those whose answer is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from clinic.access.lanes import unloaded
from clinic.access.permissions import Lane
from clinic.access.reader import Reader
from clinic.cases import queries as cases
from clinic.cases.models import CaseFile
from clinic.children.models import Child
from clinic.complaints import rules
from clinic.complaints.models import Complaint
from clinic.db import session
from clinic.vocabularies.fixed import StepState


def overdue(*, reader: Reader, today: date, limit: int = 50) -> Sequence[Complaint]:
    """Complaints in cases that the reader sees whose answer should have come, the oldest first, with case and child."""
    wanted = (
        select(Complaint)
        .join(CaseFile, CaseFile.id == Complaint.case_id)
        .join(Child, Child.id == CaseFile.child_id)
        .where(Complaint.case_id.in_(cases.cases_visible_to(reader)), Complaint.withdrawn_at.is_(None))
        .where(Complaint.state == StepState.DONE, Complaint.status.in_(sorted(rules.UNANSWERED)))
        .where(Complaint.answer_due_on < today, Complaint.answered_on.is_(None))
        .options(contains_eager(Complaint.case).contains_eager(CaseFile.child))
        .options(*unloaded(Complaint, frozenset({Lane.FACTS, Lane.IDENTITY})))
        .order_by(Complaint.answer_due_on, Complaint.id)
    )
    return session.scalars(wanted.limit(limit)).all()
