"""What keeps a file beyond its day: a hold on a case, for a reason, until somebody lifts it."""

from __future__ import annotations

import uuid
from datetime import datetime

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
