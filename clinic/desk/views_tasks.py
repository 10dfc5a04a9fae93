"""Tasks: what is to be done, by whom, by when; in a case or beside the cases."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission, Role
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, Task
from clinic.cases.queries import find_case
from clinic.desk import actions, queries
from clinic.desk.forms import TaskForm
from clinic.desk.queries import WHOLE, Part
from clinic.desk.views import bp as bp
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import queries as staff
from clinic.web.guard import current_reader, needs

P = Permission


@bp.get("/tasks")
@needs(P.TASK_WRITE)
def tasks() -> ResponseReturnValue:
    """What I have to do, what I asked of others, what I did last."""
    reader = current_reader()
    return render_template(
        "desk/tasks.html",
        today=clock.today(),
        mine=queries.tasks_to_do(Part(100), reader=reader),
        given=queries.tasks_given(Part(WHOLE), reader=reader),
        done=queries.tasks_done(Part(10), reader=reader),
        names=staff.names_of(reader=reader),
    )


@bp.route("/tasks/add", methods=["GET", "POST"])
@needs(P.TASK_WRITE)
def add_task() -> ResponseReturnValue:
    """A task beside the cases."""
    return _add(None)


@bp.route("/cases/<uuid:case_id>/tasks/add", methods=["GET", "POST"])
@needs(P.TASK_WRITE, case=find_case)
def add_task_in_case(case: CaseFile) -> ResponseReturnValue:
    """A task in a case, for somebody on its team."""
    return _add(case)


def _add(case: CaseFile | None) -> ResponseReturnValue:
    case_id = case.id if case else None
    people = _who_may_get_one(case, current_reader())
    form = TaskForm.begun("task", subject_id=case_id, case_id=case_id, data={"assigned_to": current_reader().staff_id})
    form.offer(people)
    if token := form.sent("task", subject_id=case_id):
        try:
            _save(form, token.record_id, case, frozenset(person for person, _name in people))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            flash(_("The task is saved."), "success")
            return redirect(_after(case), code=303)
    return render_template("desk/add_task.html", form=form, case=case, back=_after(case))


def _save(form: TaskForm, task_id: uuid.UUID, case: CaseFile | None, team: frozenset[uuid.UUID]) -> None:
    actions.add_task(
        task_id=task_id,
        what=form.what.data or "",
        due_on=form.due_on.data,
        assigned_to=form.assigned_to.data,
        case=case,
        by=current_reader(),
        team=team,
    )


def _after(case: CaseFile | None) -> str:
    return url_for("cases.show", case_id=case.id) if case else url_for(".tasks")


def _who_may_get_one(case: CaseFile | None, reader: Reader) -> list[tuple[uuid.UUID, str]]:
    """The team of the case and oneself; beside the cases, everybody who works with children."""
    if case is not None:
        return [(reader.staff_id, reader.name), *queries.team_of(case.id, but=reader.staff_id)]
    working = {
        person: name
        for role in (Role.LAWYER, Role.COUNSELLOR, Role.COORDINATOR)
        for person, name in staff.people_with(role, reader=reader)
    }
    return sorted(working.items(), key=lambda pair: (pair[0] != reader.staff_id, pair[1]))


@bp.post("/tasks/<uuid:task_id>/done")
@needs(P.TASK_WRITE, task=queries.find_task)
def finish_task(task: Task) -> ResponseReturnValue:
    """It is done."""
    actions.mark_done(task, by=current_reader())
    flash(_("Done: it stays under “All tasks”, where it can be taken up again."), "success")
    return redirect(_back(), code=303)


@bp.post("/tasks/<uuid:task_id>/undone")
@needs(P.TASK_WRITE, task=queries.find_task)
def take_up_task(task: Task) -> ResponseReturnValue:
    """It is to be done after all."""
    actions.mark_undone(task)
    flash(_("The task is to be done again."), "success")
    return redirect(_back(), code=303)


def _back() -> str:
    """The page of ours on which the button was pressed."""
    came_from = request.referrer or ""
    for endpoint in ("desk.tasks", "desk.show"):
        if came_from.partition("?")[0] == url_for(endpoint, _external=True):
            return url_for(endpoint)
    return url_for("desk.show")
