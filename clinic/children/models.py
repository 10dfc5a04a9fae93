"""The child: who, how sure of the age, who may be called and when that is safe."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.orm import relationship as _relationship

from clinic import clock
from clinic.db import Model, Secret
from clinic.versions import Versioned
from clinic.vocabularies.fixed import Answer, DatePrecision, Education, RefugeeStatus, Relationship, SchoolType, Sex

if TYPE_CHECKING:
    from clinic.cases.models import CaseFile


class Child(Versioned):
    """A child whom the clinic knows. The name, the numbers and the exact birth date are sealed."""

    __tablename__ = "child"
    __table_args__ = (
        UniqueConstraint("clinic_id", "reference"),
        Index(None, "clinic_id", "card_hash"),
        Index(None, "clinic_id", "names_at"),
        Index(None, "clinic_id", "recorded_by"),
        CheckConstraint("estimated_age IS NULL OR estimated_age BETWEEN 0 AND 25", name="estimated_age_of_a_child"),
    )

    reference: Mapped[str]
    sex: Mapped[Sex] = mapped_column(default=Sex.UNKNOWN)
    birth_precision: Mapped[DatePrecision | None]
    birth_year: Mapped[int | None]  # a fact that ages need; the day itself is sealed
    estimated_age: Mapped[int | None]
    estimated_on: Mapped[date | None]
    age_basis: Mapped[str | None]  # a code of the list `age_basis`
    refugee_status: Mapped[RefugeeStatus | None]
    locality: Mapped[str | None]
    disability: Mapped[Answer | None]
    education_at_intake: Mapped[Education | None]
    school_type: Mapped[SchoolType | None]
    card_hash: Mapped[bytes | None]
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    entered: Mapped[int] = mapped_column(BigInteger)  # the order of entry, in microseconds since the epoch
    names_at: Mapped[int] = mapped_column(default=0)  # the clinic's count of changes of names when this child's changed
    row_digest: Mapped[bytes | None]
    version: Mapped[int] = mapped_column(default=1)
    given_name = Secret("identity")
    father_name = Secret("identity")
    grandfather_name = Secret("identity")
    family_name = Secret("identity")
    name_latin = Secret("identity")
    born_on = Secret("identity")  # ISO date; with precision month or year its first day
    unrwa_number = Secret("identity")
    school_name = Secret("identity")

    __mapper_args__ = {"version_id_col": version}

    guardians: Mapped[list[Guardian]] = _relationship("Guardian", back_populates="child", order_by="Guardian.position")
    cases: Mapped[list[CaseFile]] = _relationship("CaseFile", back_populates="child", order_by="CaseFile.opened_on")

    @property
    def name(self) -> str:
        """The whole name as it is said: given, father, grandfather, family."""
        return " ".join(part for part in self.name_parts if part)

    @property
    def name_parts(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Given name, father's, grandfather's and family's."""
        return (self.given_name, self.father_name, self.grandfather_name, self.family_name)

    @property
    def short_name(self) -> str:
        """Given name and family's."""
        return " ".join(part for part in (self.given_name, self.family_name) if part)

    @property
    def birth_date(self) -> date | None:
        """The day of birth; known to the month or year, its first day."""
        return date.fromisoformat(self.born_on) if self.born_on else None

    def age_on(self, day: date) -> int | None:
        """Completed years on a day, from the birth date or else from the estimate; None if neither is known."""
        return age_on(day, self.born_on, self.birth_precision, self.estimated_age, self.estimated_on)


def age_on(
    day: date, born_on: str | None, precision: str | None, estimated: int | None, estimated_on: date | None
) -> int | None:
    """How many years somebody has completed on a day of whom this is told; see `Child.age_on`."""
    born = reckoned(date.fromisoformat(born_on) if born_on else None, precision)
    if born is not None:
        return clock.age_on(born, day)
    if estimated is None or estimated_on is None:
        return None
    return estimated + (day - estimated_on).days // 365


def reckoned(born: date | None, precision: object) -> date | None:
    """The day that ages are reckoned from: a month counts as its 15th, a year as 1 July (indicators.md)."""
    if born is None or precision not in (DatePrecision.MONTH, DatePrecision.YEAR):
        return born
    return born.replace(day=15) if precision == DatePrecision.MONTH else born.replace(month=7, day=1)


class Guardian(Model):
    """Somebody who answers for the child, and how and when it is safe to call."""

    __tablename__ = "guardian"
    __table_args__ = (Index(None, "child_id"), Index(None, "clinic_id", "phone_hash"))

    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    position: Mapped[int] = mapped_column(default=0)
    relationship: Mapped[Relationship | None]
    phone_hash: Mapped[bytes | None]
    safe_to_call: Mapped[Answer | None]
    ended_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    name = Secret("identity")
    phone = Secret("identity")
    safe_when = Secret("identity")  # when and how it is safe to call, who may answer
    may_say = Secret("identity")  # what may be said, and as whom

    __mapper_args__ = {"version_id_col": version}

    child: Mapped[Child] = _relationship("Child", back_populates="guardians")


class ReferenceCounter(Model):
    """The last number given, of cases in a year or of children; its row is held while the next is given."""

    __tablename__ = "reference_counter"
    __table_args__ = (UniqueConstraint("clinic_id", "series"),)

    series: Mapped[str]
    last: Mapped[int]


class PairState(StrEnum):
    """What became of two files that may be of one child."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


class LikelyPair(Model):
    """Two children who may be one; the coordinator decides."""

    __tablename__ = "likely_pair"
    __table_args__ = (UniqueConstraint("clinic_id", "first_id", "second_id"),)

    first_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    second_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    score: Mapped[int]
    reasons: Mapped[tuple[str, ...]]
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    found_by: Mapped[uuid.UUID | None]
    asked: Mapped[bool] = mapped_column(default=False)  # somebody asks the coordinator to look
    state: Mapped[PairState] = mapped_column(default=PairState.OPEN)
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
