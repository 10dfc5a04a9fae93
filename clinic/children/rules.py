"""What is said of a child and of a guardian, and what it means, without a database."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from clinic.vocabularies.fixed import Answer, DatePrecision, Sex


@dataclass(frozen=True, slots=True)
class Born:
    """A birth date to the day, the month (its first day) or the year (its 1 January)."""

    day: date
    precision: DatePrecision = DatePrecision.DAY


@dataclass(frozen=True, kw_only=True)
class ChildTold:
    """What is known of a child. None is not known yet; an age is told where no birth date is."""

    given_name: str | None = None
    father_name: str | None = None
    grandfather_name: str | None = None
    family_name: str | None = None
    name_latin: str | None = None
    sex: str = Sex.UNKNOWN
    born: Born | None = None
    estimated_age: int | None = None
    age_basis: str | None = None
    locality: str | None = None
    refugee_status: str | None = None
    unrwa_number: str | None = None
    disability: Answer | None = None
    education_at_intake: str | None = None
    school_type: str | None = None
    school_name: str | None = None

    @property
    def parts(self) -> tuple[str | None, str | None, str | None, str | None]:
        """Given name, father's, grandfather's and family's."""
        return (self.given_name, self.father_name, self.grandfather_name, self.family_name)

    @property
    def has_a_name(self) -> bool:
        """Whether anybody could call the child by what is told."""
        return bool(any(self.parts) or self.name_latin)

    def columns(self) -> dict[str, Any]:
        """What the columns of a child hold of it; without the day on which an age was estimated."""
        told = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "born"}
        born = self.born
        told["sex"] = self.sex or Sex.UNKNOWN
        told["born_on"] = born.day.isoformat() if born else None
        told["birth_precision"] = born.precision if born else None
        told["birth_year"] = born.day.year if born else None
        if born is not None:
            told["estimated_age"] = None
        return told


@dataclass(frozen=True, kw_only=True)
class GuardianTold:
    """Somebody who answers for the child, how they are reached, and when and how that is safe."""

    name: str | None = None
    relationship: str | None = None
    phone: str | None = None
    safe_to_call: Answer | None = None
    safe_when: str | None = None
    may_say: str | None = None

    def __bool__(self) -> bool:
        return bool(self.name or self.phone)
