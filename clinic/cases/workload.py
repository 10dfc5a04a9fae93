"""How much of the open work hangs on one person: a number alone, for whoever closes an account and sees no case."""

from __future__ import annotations

import uuid

from sqlalchemy import func, or_, select

from clinic import clock
from clinic.cases.models import CaseFile, TeamMember
from clinic.db import session
from clinic.vocabularies.fixed import CaseStatus


def open_cases_of(staff_id: uuid.UUID, *, clinic_id: uuid.UUID) -> int:
    """In how many open cases somebody is on the team today. Says how many and never which."""
    day = clock.today()
    number = session.scalar(
        select(func.count(TeamMember.case_id.distinct()))
        .join(CaseFile, CaseFile.id == TeamMember.case_id)
        .where(
            TeamMember.clinic_id == clinic_id,
            TeamMember.staff_id == staff_id,
            TeamMember.since <= day,
            or_(TeamMember.until.is_(None), TeamMember.until >= day),
            CaseFile.status != CaseStatus.CLOSED,
        )
    )
    return number or 0
