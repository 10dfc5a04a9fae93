"""The run: one file after the other, each in a transaction of its own, so that it goes on where it was broken off."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile
from clinic.db import session
from clinic.jobs import actions as jobs
from clinic.jobs import progress
from clinic.jobs import queries as queries_of_jobs
from clinic.jobs.kinds import JobKind, Ready, Work, begin_writing
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.retention import actions, ageing, kept, queries, rules
from clinic.retention.models import AgeingFile, AgeingRun, LegalHold, Outcome

CODE: Final = "retention"
PART: Final = "writing"


class NotStopped(Refusal):
    """It goes on, or has ended."""

    message = _l("This run is under way, or has ended.")


def agree_and_begin(run: AgeingRun, *, by: Reader) -> None:
    """The second person agrees, and the run begins in the background. Raises what `actions.agree` raises."""
    actions.agree(run, by=by)
    jobs.enqueue(CODE, by=by.staff_id, run=run.id)


def resume(run: AgeingRun, *, by: Reader) -> None:
    """A run that was stopped goes on: two persons agreed to it already. Raises NotStopped."""
    if run.agreed_at is None or run.ended_at is not None or is_under_way(run):
        raise NotStopped
    jobs.enqueue(CODE, by=by.staff_id, run=run.id)
    chain.record("retention.resumed", subject=run)


def is_under_way(run: AgeingRun) -> bool:
    """Whether the work of a run waits or goes on."""
    return any(job.is_under_way for job in queries_of_jobs.list_about([run.id]))


def carry_out(run_id: uuid.UUID, *, goes_on: Callable[[], bool], job_id: uuid.UUID | None = None) -> dict[str, int]:
    """Ages every file of a run whose turn has not come, as long as `goes_on` says so. Commits.

    Result: how many were aged and how many kept, over the whole of the run.
    """
    while goes_on() and _next(run_id):
        pass
    begin_writing()
    run = session.get_one(AgeingRun, run_id, populate_existing=True)
    found = queries.outcomes_of([run])[run_id]
    told = {"aged": found.get(Outcome.AGED, 0), "kept": found.get(Outcome.KEPT, 0)}
    if run.ended_at is None and not found.get(None):
        run.ended_at = clock.now()
        jobs.throw_away_results(but=job_id)
        chain.record("retention.ended", subject=run, detail=f"aged={told['aged']} kept={told['kept']}")
    session.commit()
    if not found.get(None):
        db.leave_no_remnants(kept.tables())
    return told


def _next(run_id: uuid.UUID) -> bool:
    """Takes the next file's turn. Commits. False: there is none left."""
    begin_writing()
    file = queries.next_file(run_id)
    if file is None:
        session.rollback()
        return False
    _take(file)
    session.commit()
    _tell(run_id)
    return True


def _take(file: AgeingFile) -> None:
    """Ages a file if it is still due and nobody holds it."""
    cases = select(CaseFile.id).where(CaseFile.child_id == file.child_id)
    session.execute(cases.with_for_update())
    held = select(LegalHold.id).where(LegalHold.case_id.in_(cases), LegalHold.lifted_at.is_(None))
    if session.scalar(held.limit(1)) is not None or not _is_due(file.child_id):
        file.outcome = Outcome.KEPT
        return
    ageing.age(file.child_id, clock.today())
    file.outcome = Outcome.AGED
    chain.record("retention.aged")  # that, not whom


def _is_due(child_id: uuid.UUID) -> bool:
    """By all cases of the child, whoever may see them."""
    clinic_id = db.current_clinic.get()
    if clinic_id is None:
        raise db.NoClinic("a run")
    everything = Reader(clinic_id, clinic_id, "", frozenset(), holds_key=True)
    return bool(queries.due_by(clock.today(), rules.in_force(), reader=everything, of=child_id))


def _tell(run_id: uuid.UUID) -> None:
    found = queries.outcomes_of([session.get_one(AgeingRun, run_id)])[run_id]
    session.rollback()
    whole = sum(found.values())
    progress.tell(PART, whole - found.get(None, 0), whole)


def _run(work: Work) -> Ready:
    rules.use(work.settings.retention)  # the clinic's own, also in a process that serves no page
    job_id, attempt = work.job.id, work.job.attempts
    told = carry_out(uuid.UUID(work.asked["run"]), goes_on=lambda: jobs.is_held(job_id, attempt), job_id=job_id)
    return Ready(answer=told)


KIND: Final = JobKind(
    code=CODE,
    label=_l("Files whose time is over"),
    run=_run,
    needs=Permission.RETENTION_AGREE,
    attempts=20,
)
