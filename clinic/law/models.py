"""Which rule set a lawyer of the clinic has confirmed."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.db import Model


class RuleSetConfirmation(Model):
    """A lawyer of the clinic has read a rule set and says that it is the law; else limits are unconfirmed."""

    __tablename__ = "rule_set_confirmation"
    __table_args__ = (UniqueConstraint("clinic_id", "code", "digest"),)

    code: Mapped[str]
    digest: Mapped[str]  # of the rule set as read: a changed one needs confirming again
    confirmed_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    confirmed_at: Mapped[datetime] = mapped_column(default=clock.now)
