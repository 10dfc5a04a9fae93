"""Running one job in the name of who asked, as they stand now. Its work and its end are one commit."""

from __future__ import annotations

import traceback
import uuid
from pathlib import PurePath

from clinic import db, languages
from clinic.access.reader import Reader
from clinic.db import session
from clinic.jobs import actions, progress, queries, sight, spool
from clinic.jobs.kinds import JobKind, TryAgain, Work, begin_writing, kind_of
from clinic.jobs.models import Job
from clinic.operations import keys
from clinic.refusals import Refusal
from clinic.staff import clinics
from clinic.vocabularies import lists
from clinic.vocabularies.queries import put_in_force
from config.settings import Settings


def run(job_id: uuid.UUID, attempt: int, settings: Settings) -> str | None:
    """Runs a job that was claimed. Gives what broke it, for the log of the server: where and what kind, no more."""
    broke: str | None = None
    clinic_id = db.current_clinic.get()
    clinics.keep_keys_fresh(clinics.the_clinic(), lambda: keys.key_of(settings))
    try:
        job = session.get_one(Job, job_id)
        with db.acting(clinic_id, job.asked_by), languages.using(job.language):
            broke = _in_their_name(job, attempt, settings)
    finally:
        session.rollback()
        lists.use(None)
        progress.forget(job_id)
    return broke


def _in_their_name(job: Job, attempt: int, settings: Settings) -> str | None:
    put_in_force()
    try:
        with progress.listening(progress.Teller(job.id)):
            _work(job, attempt, settings)
    except Refusal as refusal:
        begin_writing()
        actions.refuse(session.get_one(Job, job.id), attempt, refusal)
        session.commit()
    except actions.LostHold:
        session.rollback()
    except Exception as problem:
        session.rollback()
        actions.give_back(job.id, attempt)
        return None if isinstance(problem, TryAgain) else _where(problem)
    return None


def _work(job: Job, attempt: int, settings: Settings) -> None:
    kind = kind_of(job.kind)
    reader = _person(job, kind)
    seen = sight.places_of(reader) if reader is not None else ()  # before it reads: what is lost meanwhile shows
    ready = kind.run(Work(job, reader, settings))
    if not session.connection().get_execution_options().get("writes"):
        begin_writing()  # so far it only read
    actions.finish(session.get_one(Job, job.id), attempt, ready, seen)
    session.commit()
    if job.asked_by is not None:
        for file_id in ready.used:
            spool.forget(file_id, staff_id=job.asked_by)


def _person(job: Job, kind: JobKind) -> Reader | None:
    reader = queries.reader_of(job, kind)
    if reader is None and (kind.needs is not None or job.asked_by is not None):
        raise actions.NoLongerAllowed
    return reader


def _where(problem: Exception) -> str:
    """Where a job broke and by what kind of problem. Its words may hold what somebody typed, so they are left out."""
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{type(problem).__name__} in {PurePath(frame.filename).name}:{frame.lineno}"
