"""What the rooms above hang on the page of a case: the clock of custody, what was left open, papers asked, wellbeing.

A room hands over a function that gets the case, the reader's seat in it and the reader, and answers a `Part` or None.
It may say what the line must hold for it to be asked, so that an empty part costs nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Select

from clinic.access.reader import Reader
from clinic.cases.kinds import Stage
from clinic.cases.line import LineFact
from clinic.cases.models import CaseFile
from clinic.cases.queries import Seat


class Place(StrEnum):
    """Where on the page a part stands."""

    STRIP = "strip"
    ASIDE = "aside"


@dataclass(frozen=True)
class Part:
    """A template of the room and what it shows; the template finds it all under `part`."""

    place: Place
    template: str
    part: Mapping[str, Any] = field(default_factory=dict)
    lights: Stage | None = None  # the stage of the journey that it keeps lit


Maker = Callable[[CaseFile, Seat, Reader], Part | None]


Line = Sequence[LineFact]


def with_a_step_of(*kinds: str) -> Callable[[Line], bool]:
    """Asked where the case has a step of one of these kinds."""
    return lambda line: any(fact.kind in kinds for fact in line)


@dataclass(frozen=True)
class PartOf:
    """A room's function, and whether it may have something to say of a case with this line."""

    make: Maker
    asked: Callable[[Line], bool] = lambda _line: True


_parts: list[PartOf] = []
_held: Callable[[Reader], Select[uuid.UUID]] | None = None


def register(parts: Iterable[PartOf], *, held: Callable[[Reader], Select[uuid.UUID]] | None = None) -> None:
    """Makes these the parts of the page; done once, where the house is wired. `held` gives the ids of the cases whose
    child is held now."""
    global _held
    _parts[:] = parts
    _held = held


def held_now(reader: Reader) -> Select[uuid.UUID] | None:
    """The ids of the cases whose child is held now; None where no room says so."""
    return _held(reader) if _held is not None else None


def parts_of(case: CaseFile, seat: Seat, reader: Reader, line: Line) -> list[Part]:
    """What the rooms hang on the page of a case with this line."""
    asked = (part for part in _parts if part.asked(line))
    return [made for part in asked if (made := part.make(case, seat, reader)) is not None]
