"""Reading how the clinic's computer is doing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from clinic.db import database, session


def bytes_on_disk() -> int:
    """How much room the database takes, of an embedded one with what it has not folded in yet."""
    if not database().is_sqlite:
        return session.scalar(select(func.pg_database_size(func.current_database()))) or 0
    file = Path(str(database().main.url.database))
    return sum(part.stat().st_size for part in (file, file.with_name(f"{file.name}-wal")) if part.is_file())
