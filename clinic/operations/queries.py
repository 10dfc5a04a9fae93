"""Reading how the clinic's computer is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, literal, select, true

from clinic import clock
from clinic.audit.models import AuditEntry
from clinic.db import current_clinic, database, session
from clinic.jobs.models import Job, JobState
from clinic.operations.models import BackupMade, BackupRehearsed

BACKUP = "backup"
"""The kind of work that copies the clinic."""


def bytes_on_disk() -> int:
    """How much room the database takes, of an embedded one with what it has not folded in yet."""
    if not database().is_sqlite:
        return session.scalar(select(func.pg_database_size(func.current_database()))) or 0
    file = Path(str(database().main.url.database))
    return sum(part.stat().st_size for part in (file, file.with_name(f"{file.name}-wal")) if part.is_file())


@dataclass(frozen=True, slots=True)
class Copies:
    """When the clinic was last copied elsewhere, when such a copy was last tried out, what went wrong since."""

    made_at: datetime | None
    tried_at: datetime | None
    failed_at: datetime | None
    problem: str | None
    """Of what kind the refusal was; None where it broke off."""


def copies_of_the_clinic() -> Copies:
    """How the clinic's copies stand; None for never. A failure counts until a copy was made after it."""
    of = current_clinic.get()
    made = select(func.max(BackupMade.made_at)).where(BackupMade.clinic_id == of).scalar_subquery()
    tried = select(func.max(BackupRehearsed.rehearsed_at)).where(BackupRehearsed.clinic_id == of).scalar_subquery()
    over = (Job.state.in_((JobState.REFUSED, JobState.FAILED)), Job.ended_at > func.coalesce(made, Job.asked_at))
    failed = select(Job.ended_at, Job.problem).where(Job.clinic_id == of, Job.kind == BACKUP, *over)
    last = failed.order_by(Job.ended_at.desc(), Job.id).limit(1).subquery()
    one_row = select(literal(1).label("one")).subquery()
    row = session.execute(
        select(made, tried, last.c.ended_at, last.c.problem).select_from(one_row.outerjoin(last, true()))
    ).one()
    return Copies(*row)


def clock_was_set_back() -> datetime | None:
    """When the latest record says that it was made, where that time has not come yet: the computer's clock is wrong."""
    own = AuditEntry.clinic_id == current_clinic.get()
    latest = session.scalar(select(AuditEntry.at).where(own).order_by(AuditEntry.number.desc()).limit(1))
    return latest if latest is not None and latest > clock.now() + clock.SKEW else None
