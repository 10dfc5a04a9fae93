"""What was looked into: an unusual pattern of looks, and who asked about it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db import Model, Secret


class LookReview(Model):
    """One unusual day of one person that somebody else looked into. The looks themselves stay in their log."""

    __tablename__ = "look_review"
    __table_args__ = (Index(None, "clinic_id", "day", "staff_id", "pattern", unique=True),)

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    day: Mapped[date]
    pattern: Mapped[str]
    reviewed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    reviewed_at: Mapped[datetime]
    finding = Secret("identity")
