"""When the clinic was copied to another place, and when somebody last tried to bring such a copy back."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db import Model, Secret


class BackupMade(Model):
    """A copy that lies elsewhere, encrypted."""

    __tablename__ = "backup_made"
    __table_args__ = (Index(None, "clinic_id", "made_at"),)

    made_at: Mapped[datetime]
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    rows: Mapped[int] = mapped_column(BigInteger)


class BackupRehearsed(Model):
    """A copy that somebody brought back on trial: counts, contents and the record of changes held."""

    __tablename__ = "backup_rehearsed"
    __table_args__ = (Index(None, "clinic_id", "rehearsed_at"),)

    rehearsed_at: Mapped[datetime]
    name: Mapped[str]
    rows: Mapped[int] = mapped_column(BigInteger)


class SealRequest(Model):
    """Somebody asked to seal the clinic; a second person confirms soon, or a coordinator does it alone."""

    __tablename__ = "seal_request"
    __table_args__ = (Index(None, "clinic_id", "asked_at"),)

    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    asked_at: Mapped[datetime]
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    done_at: Mapped[datetime | None]
    reason = Secret("facts")  # why a coordinator sealed alone
