"""Walls: who is kept from which case."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.db import Model, Secret


class Wall(Model):
    """A person is kept from a case (conflict of interest): for them it does not exist."""

    __tablename__ = "wall"
    __table_args__ = (Index(None, "clinic_id", "staff_id", "case_id"), Index(None, "case_id"))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    built_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    built_at: Mapped[datetime] = mapped_column(default=clock.now)
    lifted_at: Mapped[datetime | None]
    because = Secret("identity")
