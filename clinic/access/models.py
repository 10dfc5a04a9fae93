"""Beside the team: who is kept from a case, who reads it in an emergency, and what is shown across lanes."""

from __future__ import annotations

import uuid
from datetime import date, datetime

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
    lifted_by: Mapped[uuid.UUID | None]
    because = Secret("identity")
    lifted_because = Secret("identity")


class EmergencyAccess(Model):
    """Somebody from outside the team opened a case in an emergency, in a role of their own, until a moment."""

    __tablename__ = "emergency_access"
    __table_args__ = (Index(None, "clinic_id", "staff_id", "until"), Index(None, "case_id", "until"))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    role: Mapped[str]  # lawyer or counsellor: the lanes that it brings
    for_call: Mapped[bool] = mapped_column(default=False)  # asked for from a station call
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[datetime]  # moved forward by who ends it before, and by a wall
    ended_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    reviewed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    reviewed_at: Mapped[datetime | None]
    because = Secret("identity")
    finding = Secret("identity")


class LaneShare(Model):
    """The notes of one step in one lane, shown on purpose to another role of the team or to one person on it."""

    __tablename__ = "lane_share"
    __table_args__ = (Index(None, "case_id", "until"),)

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    step_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("step.id"))
    lane: Mapped[str]
    to_role: Mapped[str | None]
    to_staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    shared_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    shared_at: Mapped[datetime] = mapped_column(default=clock.now)
    until: Mapped[date]  # the last day
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    because = Secret("identity")
