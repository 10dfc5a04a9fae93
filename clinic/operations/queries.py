"""Reading how the clinic's computer is doing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from clinic.db import current_clinic, database, session
from clinic.operations.models import BackupMade, BackupRehearsed


def bytes_on_disk() -> int:
    """How much room the database takes, of an embedded one with what it has not folded in yet."""
    if not database().is_sqlite:
        return session.scalar(select(func.pg_database_size(func.current_database()))) or 0
    file = Path(str(database().main.url.database))
    return sum(part.stat().st_size for part in (file, file.with_name(f"{file.name}-wal")) if part.is_file())


def last_backup() -> tuple[datetime | None, datetime | None]:
    """When the clinic was last copied elsewhere, and when such a copy was last tried out; None for never."""
    of = current_clinic.get()
    made = select(func.max(BackupMade.made_at)).where(BackupMade.clinic_id == of).scalar_subquery()
    tried = select(func.max(BackupRehearsed.rehearsed_at)).where(BackupRehearsed.clinic_id == of).scalar_subquery()
    row = session.execute(select(made, tried)).one()
    return row[0], row[1]
