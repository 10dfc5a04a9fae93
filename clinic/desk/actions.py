"""Writing tasks. Flushes, never commits."""

from __future__ import annotations

import uuid
from datetime import date

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile, Task
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import AlreadyThere, Refusal


class NotOfTheTeam(Refusal):
    """A task of a case for somebody who does not see the case."""

    message = _l("Choose somebody on the team of this case.")
    field = "assigned_to"


def add_task(
    *,
    task_id: uuid.UUID,
    what: str,
    due_on: date | None,
    assigned_to: uuid.UUID,
    case: CaseFile | None,
    by: Reader,
    team: frozenset[uuid.UUID],
) -> Task:
    """A task for somebody of `team`, the people who may get it. The same form sent twice makes one.

    Raises NotOfTheTeam, and AlreadyThere for the same form with other answers.
    """
    if assigned_to not in team:
        raise NotOfTheTeam
    there = session.get(Task, task_id)
    if there is not None:
        if (there.what, there.due_on, there.assigned_to) != (what, due_on, assigned_to):
            raise AlreadyThere
        return there
    task = Task(
        id=task_id,
        case_id=case.id if case else None,
        due_on=due_on,
        assigned_to=assigned_to,
        made_by=by.staff_id,
        what=what,
    )
    session.add(task)
    session.flush()
    chain.record("task.added", subject=task)
    return task


def mark_done(task: Task, *, by: Reader) -> None:
    """The task is done; once is enough."""
    if task.done_at is None:
        task.done_at, task.done_by = clock.now(), by.staff_id
        session.flush()
        chain.record("task.done", subject=task)


def mark_undone(task: Task) -> None:
    """The task is to be done after all."""
    if task.done_at is not None:
        task.done_at = task.done_by = None
        session.flush()
        chain.record("task.undone", subject=task)
