"""What the clinic does beside the cases: trainings, awareness sessions, meetings, advocacy."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.db import Secret
from clinic.versions import Versioned
from clinic.vocabularies.fixed import ActivityKind, Audience


class Activity(Versioned):
    """One activity and how many took part."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("clinic_id", "reference"),
        Index(None, "clinic_id", "held_on"),
        CheckConstraint("participants_female IS NULL OR participants_female >= 0", name="female_not_negative"),
        CheckConstraint("participants_male IS NULL OR participants_male >= 0", name="male_not_negative"),
    )

    reference: Mapped[str]
    held_on: Mapped[date]
    kind: Mapped[ActivityKind]
    audience: Mapped[Audience | None]
    participants_female: Mapped[int | None]
    participants_male: Mapped[int | None]
    projects: Mapped[tuple[str, ...]]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    source: Mapped[str] = mapped_column(default="web")
    entered: Mapped[int] = mapped_column(BigInteger)
    row_digest: Mapped[bytes | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    title = Secret("facts")
    place = Secret("facts")
    note = Secret("facts")

    __mapper_args__ = {"version_id_col": version}
