"""What the clinic set out to do: targets of a period and a project, and the paragraphs that stand with the figures."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.db import Model, Secret
from clinic.versions import Versioned


class TargetPlan(Model):
    """The period, and the project or the whole clinic, that targets and paragraphs are for. It is never changed."""

    __tablename__ = "target_plan"
    __table_args__ = (
        UniqueConstraint("clinic_id", "project", "first", "last"),
        CheckConstraint("first <= last", name="ends_after_it_begins"),
    )

    project: Mapped[str] = mapped_column(default="")
    """The code of the project; empty for the whole clinic, so that the constraint holds for it too."""
    first: Mapped[date]
    last: Mapped[date]
    made_by: Mapped[uuid.UUID]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class Target(Versioned):
    """What is aimed at for one indicator. One that was taken back has no value; every earlier one is kept."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("clinic_id", "plan_id", "indicator"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("target_plan.id"))
    indicator: Mapped[str]
    value: Mapped[float | None]
    set_by: Mapped[uuid.UUID]
    set_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Narrative(Versioned):
    """The paragraph of one section of the report, in each language; every earlier wording is kept."""

    __tablename__ = "narrative"
    __table_args__ = (UniqueConstraint("clinic_id", "plan_id", "section"),)

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("target_plan.id"))
    section: Mapped[str]
    written_by: Mapped[uuid.UUID]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    ar = Secret("facts")
    en = Secret("facts")

    __mapper_args__ = {"version_id_col": version}
