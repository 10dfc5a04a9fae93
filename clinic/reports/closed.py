"""What a figure tells of a closed lane, to who does not read it: nothing where it would tell of one child.

A period of one day, a part by place or a project of few is a question about somebody. So what is measured in a lane is
told to others of no fewer than five rows, and not where all of them say the same.
"""

from __future__ import annotations

from typing import Any, Final

from clinic.access.permissions import Lane
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.reports.editions import K
from clinic.reports.measures import Fields

ALL: Final = frozenset(Lane)
_NEVER: Final = frozenset({"value", "mean", "n"})
"""Fields of a measure that are no count of rows that say the same."""


def lanes_of(reader: Reader) -> frozenset[Lane]:
    """The lanes that a reader has in every case that their figures count."""
    if reader.holds_key:
        return ALL
    held = [LANES[role] for role in reader.roles if LANES[role]]
    return frozenset.intersection(*held) if held else frozenset()


def told(fields: Fields, names: tuple[str, ...], known: str) -> Fields:
    """A figure without the fields of a lane, if they would tell what single rows say. Tables go, numbers are blank."""
    number: Any = fields[known]
    if not number or (number >= K and number not in _alike(fields, names)):
        return fields
    rest = {name: value for name, value in fields.items() if name not in names or not isinstance(value, dict)}
    return {name: None if name in names else value for name, value in rest.items()}


def _alike(fields: Fields, names: tuple[str, ...]) -> list[Any]:
    """How many rows say each thing that can be said."""
    said: list[Any] = []
    for name in names:
        value = fields.get(name)
        if name not in _NEVER:
            said += value.values() if isinstance(value, dict) else [value]
    return said
