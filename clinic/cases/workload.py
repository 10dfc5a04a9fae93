"""How much of the open work hangs on one person: a number alone, for whoever closes an account and sees no case."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select

from clinic import clock
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, Task, TeamMember
from clinic.cases.queries import is_visible_to
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
            *_at_work(day),
        )
    )
    return number or 0


def open_cases_of_each(staff_ids: Collection[uuid.UUID], *, reader: Reader) -> dict[uuid.UUID, int]:
    """The same of several people, of the cases that exist for the reader who hands them over; in one statement."""
    day = clock.today()
    rows = session.execute(
        select(TeamMember.staff_id, func.count(TeamMember.case_id.distinct()))
        .join(CaseFile, CaseFile.id == TeamMember.case_id)
        .where(TeamMember.staff_id.in_(staff_ids), is_visible_to(reader), *_at_work(day))
        .group_by(TeamMember.staff_id)
    )
    return {row[0]: row[1] for row in rows}


def open_tasks_of(staff_id: uuid.UUID, *, clinic_id: uuid.UUID) -> int:
    """How many tasks somebody has to do that belong to an open case or to none. Says how many and never which."""
    number = session.scalar(
        select(func.count(Task.id)).outerjoin(Task.case).where(Task.clinic_id == clinic_id, *_to_do(staff_id))
    )
    return number or 0


def open_tasks_of_each(staff_ids: Collection[uuid.UUID], *, reader: Reader) -> dict[uuid.UUID, int]:
    """The same of several people, of the cases that exist for the reader and of no case; in one statement."""
    rows = session.execute(
        select(Task.assigned_to, func.count(Task.id))
        .outerjoin(Task.case)
        .where(or_(Task.case_id.is_(None), is_visible_to(reader)), *_to_do(*staff_ids))
        .group_by(Task.assigned_to)
    )
    return {row[0]: row[1] for row in rows}


def _to_do(*staff_ids: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    is_open = or_(Task.case_id.is_(None), CaseFile.status != CaseStatus.CLOSED)
    return Task.assigned_to.in_(staff_ids), Task.done_at.is_(None), is_open


def _at_work(day: date) -> tuple[ColumnElement[bool], ...]:
    serving = or_(TeamMember.until.is_(None), TeamMember.until >= day)
    return TeamMember.since <= day, serving, CaseFile.status != CaseStatus.CLOSED
