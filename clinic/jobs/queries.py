"""Reading work: one's own, and what waits to be run."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.db import current_clinic, session
from clinic.jobs.kinds import JobKind, kinds_that_need
from clinic.jobs.models import Job, JobState, RegularRun
from clinic.jobs.rules import KEPT_FOR, LEASE, LONGEST_WAIT, REMEMBERED_FOR
from clinic.staff.models import AccountState, StaffMember

ENDED = (JobState.DONE, JobState.REFUSED, JobState.FAILED)
MOST = 50


def find_own(job_id: uuid.UUID, *, reader: Reader) -> Job | None:
    """A job that the reader asked for, and may still ask for."""
    return session.scalar(select(Job).where(Job.id == job_id, *_own(reader)))


def list_own(*, reader: Reader) -> Sequence[Job]:
    """What the reader asked for, may still ask for and did not throw away, the newest first."""
    return session.scalars(select(Job).where(*_own(reader)).order_by(Job.asked_at.desc(), Job.id).limit(MOST)).all()


def _own(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    since = clock.now() - KEPT_FOR
    fresh = or_(Job.ended_at.is_(None), Job.ended_at > since)
    not_theirs = Job.kind.not_in(
        [kind.code for kind in kinds_that_need() if kind.needs and not may(reader, kind.needs)]
    )
    mine = (Job.clinic_id == reader.clinic_id, Job.asked_by == reader.staff_id, not_theirs)
    return (*mine, Job.state != JobState.DROPPED, fresh)


def list_begun_for(staff_id: uuid.UUID) -> Sequence[Job]:
    """The jobs of a person that have read the records: those that run, and those whose result is still kept."""
    begun = (Job.asked_by == staff_id, Job.state.in_((JobState.RUNNING, JobState.DONE)))
    return session.scalars(select(Job).where(Job.clinic_id == current_clinic.get(), *begun)).all()


def list_begun() -> Sequence[Job]:
    """The jobs of people that run or left a file that waits."""
    begun = or_(Job.state == JobState.RUNNING, and_(Job.state == JobState.DONE, Job.file_name.is_not(None)))
    wanted = select(Job).where(Job.clinic_id == current_clinic.get(), Job.asked_by.is_not(None), begun)
    return session.scalars(wanted).all()


def list_about(ids: Iterable[uuid.UUID]) -> Sequence[Job]:
    """The jobs of people that were asked for about one of these records."""
    named = or_(*(Job.parameters_json.contains(str(one)) for one in ids))
    wanted = select(Job).where(Job.clinic_id == current_clinic.get(), Job.asked_by.is_not(None), named)
    return session.scalars(wanted).all()


def how_many_wait_for(staff_id: uuid.UUID) -> int:
    """How many results a person has not looked at yet."""
    waiting = (Job.asked_by == staff_id, Job.state.in_(ENDED), Job.looked_at.is_(None))
    return session.scalar(select(func.count()).where(Job.clinic_id == current_clinic.get(), *waiting)) or 0


def can_be_claimed(now: datetime) -> ColumnElement[bool]:
    """Whether a job may be begun, or begun again because whoever ran it is gone.

    What is to wait for longer than any job waits, or is held for longer than a lease lasts, was written before the
    clock was set back.
    """
    not_yet, held = now + LONGEST_WAIT + clock.SKEW, now + LEASE + clock.SKEW
    waits = and_(Job.state == JobState.WAITING, or_(Job.not_before <= now, Job.not_before > not_yet))
    was_left = and_(Job.state == JobState.RUNNING, or_(Job.lease_until < now, Job.lease_until > held))
    return and_(Job.clinic_id == current_clinic.get(), or_(waits, was_left))


def is_there_work() -> bool:
    """Whether a job can be begun now. Reads alone: it is asked every second."""
    return session.scalar(select(Job.id).where(can_be_claimed(clock.now())).limit(1)) is not None


def list_latest(limit: int) -> Sequence[Job]:
    """The jobs of the clinic, the newest first: for whoever runs the computer. Kinds and states, no parameters."""
    wanted = select(Job).where(Job.clinic_id == current_clinic.get())
    return session.scalars(wanted.order_by(Job.asked_at.desc(), Job.id).limit(limit)).all()


def last_regular_runs() -> dict[str, RegularRun]:
    """When each regular work was begun last, by kind."""
    runs = session.scalars(select(RegularRun).where(RegularRun.clinic_id == current_clinic.get()))
    return {run.kind: run for run in runs}


def too_old() -> Sequence[Job]:
    """Jobs whose result nobody came back for, and those that are only remembered."""
    ended = clock.now() - KEPT_FOR
    return session.scalars(select(Job).where(Job.clinic_id == current_clinic.get(), Job.ended_at < ended)).all()


def is_forgotten(job: Job) -> bool:
    """Whether it need not be remembered any longer that a job was there. Regular work that went well never is."""
    if job.asked_by is None and job.state == JobState.DONE:
        return True
    return job.ended_at is not None and job.ended_at < clock.now() - REMEMBERED_FOR


def reader_of(job: Job, kind: JobKind) -> Reader | None:
    """The person who asked, as they stand now; None if they may not have this done any more."""
    member = session.get(StaffMember, job.asked_by) if job.asked_by else None
    if member is None or member.state != AccountState.OPEN:
        return None
    roles = frozenset(Role(role) for role in member.roles)
    reader = Reader(member.id, member.clinic_id, member.name, roles, member.language)
    return reader if kind.needs is None or may(reader, kind.needs) else None
