"""What keeps a file beyond its day, a hold; and the runs in which files whose time is over become rows of facts."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.cases.models import CaseFile
from clinic.db import Model, Secret


class LegalHold(Model):
    """The file of a case stays, whatever the rules say. A lifted hold stays in its table."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index(None, "clinic_id", "lifted_at"), Index(None, "case_id"))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    placed_by: Mapped[uuid.UUID]
    placed_at: Mapped[datetime] = mapped_column(default=clock.now)
    lifted_by: Mapped[uuid.UUID | None]
    lifted_at: Mapped[datetime | None]
    reason = Secret("identity")

    case: Mapped[CaseFile] = relationship(CaseFile)


class AgeingRun(Model):
    """Files that one person proposes to age and a second one agrees to. It names nobody."""

    __tablename__ = "ageing_run"
    __table_args__ = (Index(None, "clinic_id", "proposed_at"),)

    proposed_by: Mapped[uuid.UUID]
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    due_on: Mapped[date]  # the day by which the files were due
    withdrawn_at: Mapped[datetime | None]
    agreed_by: Mapped[uuid.UUID | None]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Outcome(StrEnum):
    """What became of a file in a run."""

    AGED = "aged"
    KEPT = "kept"  # held, or not due any more, when its turn came


class AgeingFile(Model):
    """The file of one child in a run; without an outcome its turn has not come."""

    __tablename__ = "ageing_file"
    __table_args__ = (Index(None, "run_id", "outcome"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ageing_run.id"))
    child_id: Mapped[uuid.UUID]
    outcome: Mapped[Outcome | None]
