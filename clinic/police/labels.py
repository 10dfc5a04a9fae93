"""The answers of an attendance in the sections in which they are asked, for paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinic.access.permissions import Lane
from clinic.cases.cards import Fact, fact_of
from clinic.cases.kinds import Shape
from clinic.police.kind import ATTENDANCE
from clinic.police.models import PoliceAttendance


@dataclass(frozen=True)
class PartOfNote:
    """A section of the note: its answers, and what was written at length."""

    title: str
    facts: Sequence[Fact]
    notes: Sequence[Fact]


def parts_of(step: PoliceAttendance, held: frozenset[Lane]) -> list[PartOfNote]:
    """The sections of the attendance in the lanes that are held; an answer that was left open stays as a blank line."""
    sections: list[PartOfNote] = []
    facts: list[Fact] = []
    notes: list[Fact] = []
    for field in ATTENDANCE.fields:
        if field.section is not None:
            facts, notes = [], []
            sections.append(PartOfNote(str(field.section), facts, notes))
        if ATTENDANCE.lane(field.name) not in held:
            continue
        fact = fact_of(step, field)
        if field.shape is not Shape.TEXT:
            facts.append(fact)
        elif fact.words:
            notes.append(fact)
    return [section for section in sections if section.facts or section.notes]
