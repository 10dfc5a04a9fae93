"""Work that goes on without the page: what was asked for, by whom, and how far it is. Codes and ids alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
from clinic.db import READINGS, Id, Model, Secret


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # the domain refuses; `problem` names the refusal
    FAILED = "failed"  # it broke off as often as its kind may be tried
    DROPPED = "dropped"  # thrown away by who asked, or its day is over


class Job(Model):
    """A piece of work. Whoever runs it holds it by a lease; the number of the attempt keeps out who lost it."""

    __tablename__ = "job"
    __table_args__ = (
        Index(None, "clinic_id", "state", "not_before"),
        Index(None, "clinic_id", "asked_by", "asked_at"),
    )

    kind: Mapped[str]
    state: Mapped[JobState] = mapped_column(default=JobState.WAITING)
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))  # None: the schedule
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    language: Mapped[str]
    parameters_json: Mapped[str] = mapped_column("parameters", default="{}")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime] = mapped_column(default=clock.now)
    lease_until: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer_json: Mapped[str] = mapped_column("answer", default="{}")  # codes and counts
    file_name: Mapped[str | None]  # of the sealed file that waits; made of codes and days
    mimetype: Mapped[str | None]
    problem: Mapped[str | None]
    looked_at: Mapped[datetime | None]
    private = Secret("identity")  # what must reach its run and nobody's eyes; erased when it has ended

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for."""
        parameters: dict[str, Any] = json.loads(self.parameters_json)
        return parameters

    @property
    def answer(self) -> dict[str, Any]:
        """What became of it, in codes and counts."""
        answer: dict[str, Any] = json.loads(self.answer_json)
        return answer

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (JobState.WAITING, JobState.RUNNING)


def as_json(values: Mapping[str, Any]) -> str:
    """Codes, ids and counts as they are kept."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)


class RegularRun(Model):
    """When a piece of regular work was begun last: one row a clinic and kind, so that it runs once."""

    __tablename__ = "regular_run"
    __table_args__ = (UniqueConstraint("clinic_id", "kind"),)

    kind: Mapped[str]
    job_id: Mapped[uuid.UUID]
    began_at: Mapped[datetime]


metadata: MetaData = Model.metadata

# Beside the readings, so that a long write of the job does not keep its own progress from being told.
job_progress = Table(
    "job_progress",
    metadata,
    Column("job_id", Id, primary_key=True),
    Column("clinic_id", Id, nullable=False),
    Column("part", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("whole", Integer, nullable=False),
    schema=READINGS,
)
