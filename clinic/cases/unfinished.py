"""What somebody leaves unfinished in a case: open tasks and planned steps go to whoever takes over."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import or_, select

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile, Step, Task
from clinic.cases.queries import LINE, is_visible_to
from clinic.db import session
from clinic.vocabularies.fixed import CaseStatus, StepState


def hand_on(case_id: uuid.UUID, *, of: uuid.UUID, to: uuid.UUID, since: date | None = None) -> int:
    """Gives what somebody had to do in a case to another, and says how much; what is due before a day to come stays."""
    later = since if since is not None and since > clock.today() else None
    tasks = select(Task).where(Task.case_id == case_id, Task.assigned_to == of, Task.done_at.is_(None))
    steps = select(LINE).where(LINE.case_id == case_id, LINE.worker_id == of, LINE.state == StepState.PLANNED)
    if later is not None:
        tasks = tasks.where(or_(Task.due_on.is_(None), Task.due_on >= later))
        steps = steps.where(LINE.on_date >= later)
    found: list[Task | Step] = [*session.scalars(tasks), *session.scalars(steps.where(LINE.withdrawn_at.is_(None)))]
    for one in found:
        _give(one, to)
    session.flush()
    return len(found)


def _give(one: Task | Step, to: uuid.UUID) -> None:
    if isinstance(one, Task):
        one.assigned_to = to
        chain.record("task.handed_over", subject=one, case_id=one.case_id)
    else:
        one.worker_id = to
        chain.record("step.handed_over", subject=one)


def hand_on_the_rest(*, of: uuid.UUID, to: uuid.UUID, by: Reader) -> int:
    """Gives away the other open tasks of somebody who is leaving, and says how many: those of no case to who takes
    over, those of open cases off whose team they were already to who leads the case.
    """
    wanted = select(Task, CaseFile).outerjoin(CaseFile, CaseFile.id == Task.case_id)
    wanted = wanted.where(Task.clinic_id == by.clinic_id, Task.assigned_to == of, Task.done_at.is_(None))
    on_open_cases = (CaseFile.status != CaseStatus.CLOSED) & is_visible_to(by)
    rows = session.execute(wanted.where(or_(Task.case_id.is_(None), on_open_cases))).all()
    for task, case in rows:
        _give(task, to if case is None else heir_of(case, by, but=of))
    session.flush()
    return len(rows)


def heir_of(case: CaseFile, by: Reader, *, but: uuid.UUID) -> uuid.UUID:
    """To whom what nobody has any more falls: who leads the case, or the coordinator at work."""
    return next((one for one in (case.lawyer_id, case.counsellor_id) if one not in (None, but)), None) or by.staff_id
