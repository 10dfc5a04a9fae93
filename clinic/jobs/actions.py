"""Asking for work, holding it while it runs, and ending it. Flushes, never commits; what is its own says so."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Update, delete, select, update
from sqlalchemy.exc import IntegrityError

from clinic import clock, db, languages
from clinic.db import session
from clinic.jobs import progress, queries, sight, spool
from clinic.jobs.kinds import JobKind, Ready, begin_writing, kind_of, regular_kinds
from clinic.jobs.models import Job, JobState, RegularRun, as_json
from clinic.jobs.rules import LEASE, is_due, wait_after
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff.models import StaffMember


class NoLongerAllowed(Refusal):
    """The account was closed, or lost the right, between asking and running."""

    message = _l("You may not have this done any more. Ask the administrator.")


def enqueue(
    kind: str, *, by: uuid.UUID | None, private: str | None = None, language: str | None = None, **parameters: Any
) -> Job:
    """Asks for a piece of work, which begins once this transaction is committed. Parameters are codes and ids alone.

    `private` is sealed and erased when the work has ended. Result: the job, whose page is `jobs.show`.
    """
    job = Job(
        kind=kind_of(kind).code,
        asked_by=by,
        language=language or languages.current_language().code,
        parameters_json=as_json(parameters),
    )
    job.private = private
    session.add(job)
    session.flush()
    return job


def claim() -> tuple[uuid.UUID, int] | None:
    """Takes the job that waits longest, for as long as the lease lasts: its id and the number of the attempt. Commits.

    A job that broke off as often as its kind may be tried has failed.
    """
    begin_writing()
    now = clock.now()
    wanted = select(Job).where(queries.can_be_claimed(now)).order_by(Job.not_before, Job.id).limit(1)
    job = session.scalar(wanted.with_for_update(skip_locked=True))
    if job is None:
        session.rollback()
        return None
    if job.attempts >= kind_of(job.kind).attempts:
        _end(job, JobState.FAILED)
        session.commit()
        return claim()
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    job.lease_until, job.began_at = now + LEASE, job.began_at or now
    session.commit()
    return job.id, job.attempts


def renew(job_id: uuid.UUID, attempt: int) -> bool:
    """Holds a job for longer; whether it is still ours. Commits."""
    with db.make_room(db.database().main) as connection:
        held = connection.execute(_held(job_id, attempt).values(lease_until=clock.now() + LEASE))
        return held.rowcount == 1


def _held(job_id: uuid.UUID, attempt: int) -> Update:
    return update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)


def is_held(job_id: uuid.UUID, attempt: int) -> bool:
    """Whether a job is still in the hands of this attempt: nobody dropped it or took it over."""
    held = (Job.id == job_id, Job.state == JobState.RUNNING, Job.attempts == attempt)
    return session.scalar(select(Job.id).where(*held)) is not None


class LostHold(Exception):
    """Somebody else took the job over, or it was dropped: what this attempt did must not stay."""


def finish(job: Job, attempt: int, ready: Ready, seen: Collection[str] = ()) -> None:
    """Ends a job that did its work, in the same transaction as the work; `seen` as `sight` says. Raises LostHold."""
    _hold(job, attempt)
    if ready.content is not None and job.asked_by is not None:
        spool.keep(ready.content, staff_id=job.asked_by, file_id=job.id)
        job.file_name, job.mimetype = ready.name, ready.mimetype
    told = {sight.SEEN: sorted(seen)} if seen and ready.content is not None else {}
    job.answer_json = as_json({**ready.answer, **told})
    _end(job, JobState.DONE)


def refuse(job: Job, attempt: int, refusal: Refusal) -> None:
    """Ends a job that the domain refuses. Raises LostHold."""
    _hold(job, attempt)
    job.problem = type(refusal).__name__
    _end(job, JobState.REFUSED)


def _hold(job: Job, attempt: int) -> None:
    wanted = select(Job).where(Job.id == job.id).with_for_update()
    session.scalar(wanted, execution_options={"populate_existing": True})
    if job.state != JobState.RUNNING or job.attempts != attempt:
        raise LostHold


def _end(job: Job, state: JobState) -> None:
    job.state, job.ended_at, job.lease_until, job.private = state, clock.now(), None, None
    session.flush()
    _count_for(job)


def _count_for(job: Job) -> None:
    """Keeps beside the account how many results wait, which every page shows."""
    if job.asked_by is not None:
        number = queries.how_many_wait_for(job.asked_by)
        told = update(StaffMember).where(StaffMember.id == job.asked_by).values(results_waiting=number)
        session.execute(told, execution_options={"synchronize_session": "fetch"})


def give_back(job_id: uuid.UUID, attempt: int, *, blameless: bool = False) -> None:
    """Lets go of a job that broke off, to be tried again: later, or at once where it was not its fault. Commits."""
    begin_writing()
    job = session.get(Job, job_id, populate_existing=True)
    if job is not None and job.state == JobState.RUNNING and job.attempts == attempt:
        job.state, job.lease_until = JobState.WAITING, None
        job.attempts -= blameless
        job.not_before = clock.now() + (timedelta(0) if blameless else wait_after(job.attempts))
        if job.attempts >= kind_of(job.kind).attempts:
            _end(job, JobState.FAILED)
    session.commit()


def look_at(job: Job) -> None:
    """The person took what was waiting for them."""
    if job.looked_at is None and not job.is_under_way:
        job.looked_at = clock.now()
        session.flush()
        _count_for(job)


def drop(job: Job) -> None:
    """Throws a job away: what waits is not begun, what runs is stopped, what is ready is gone."""
    if job.asked_by is not None:
        spool.forget(job.id, staff_id=job.asked_by)
    _end(job, JobState.DROPPED)


def forget_about(ids: Iterable[uuid.UUID]) -> None:
    """Forgets work that was asked for about records that are gone, with what came of it."""
    for job in queries.list_about(ids):
        _throw_away(job)
        session.execute(delete(Job).where(Job.id == job.id), execution_options={"synchronize_session": False})


def throw_away_results(*, but: uuid.UUID | None = None) -> None:
    """Throws away every file that waits for somebody, and what is being made: records that they read are gone."""
    for job in queries.list_begun():
        if job.id != but:
            _throw_away(job)
    spool.clear()


def _throw_away(job: Job) -> None:
    if job.state != JobState.DROPPED:
        drop(job)


def age_out() -> None:
    """Throws away results nobody came back for, and forgets old jobs."""
    for job in queries.too_old():
        if queries.is_forgotten(job):
            session.execute(delete(Job).where(Job.id == job.id), execution_options={"synchronize_session": False})
        elif job.state != JobState.DROPPED:
            ended = job.ended_at
            drop(job)
            job.ended_at = ended
        progress.forget(job.id)
    spool.age_out()
    session.flush()


def begin_regular_work() -> None:
    """Asks for the regular work that is due, once in the clinic however many look. Commits."""
    last, now = queries.last_regular_runs(), clock.now()
    for kind in regular_kinds():
        run = last.get(kind.code)
        if kind.regularly is not None and is_due(kind.regularly, run.began_at if run else None, now):
            _begin_once(kind, run)
    session.rollback()


def _begin_once(kind: JobKind, last: RegularRun | None) -> None:
    """Only who moves the row on may ask for the work."""
    seen = last.began_at if last else None
    begin_writing()
    job = enqueue(kind.code, by=None, language="en")
    try:
        if seen is None:
            session.add(RegularRun(kind=kind.code, job_id=job.id, began_at=clock.now()))
            session.flush()
            moved = 1
        else:
            same = (RegularRun.clinic_id == job.clinic_id, RegularRun.kind == kind.code, RegularRun.began_at == seen)
            values = {"began_at": clock.now(), "job_id": job.id}
            moved = _rows(update(RegularRun).where(*same).values(values))
        session.commit() if moved else session.rollback()
    except IntegrityError:
        session.rollback()  # somebody else was quicker


def _rows(statement: Update) -> int:
    done = session.connection().execute(statement)
    return int(done.rowcount)
