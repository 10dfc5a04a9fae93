"""Children as a list of those who were found says them: read in plain rows, and opened a column at a time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select

from clinic.children.models import Child, age_on
from clinic.children.unsealing import NAMES
from clinic.crypto import current, sealing
from clinic.shown import Columns


@dataclass(frozen=True, slots=True)
class ListedChild:
    """Who a child is, as far as a list says it."""

    id: uuid.UUID
    locality: str | None
    birth_precision: str | None
    estimated_age: int | None
    estimated_on: date | None
    given_name: str | None
    father_name: str | None
    grandfather_name: str | None
    family_name: str | None
    name_latin: str | None
    born_on: str | None

    @property
    def name(self) -> str:
        """The whole name as it is said: given, father, grandfather, family."""
        parts = (self.given_name, self.father_name, self.grandfather_name, self.family_name)
        return " ".join(part for part in parts if part)

    def age_on(self, day: date) -> int | None:
        """Completed years on a day, from the birth date or else from the estimate; None if neither is known."""
        return age_on(day, self.born_on, self.birth_precision, self.estimated_age, self.estimated_on)


class _Listed:
    """How they are read."""

    def __init__(self) -> None:
        self._columns = Columns()
        table = Child.__table__
        self._places = {name: self._columns.place(table.c[name]) for name in ListedChild.__slots__}

    def where(self, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        """The statement for those who meet a condition."""
        return self._columns.select().where(condition)

    def read(
        self, wanted: Select[*tuple[Any, ...]], asked: Mapping[str, Any], clinic_id: uuid.UUID
    ) -> list[ListedChild]:
        """The children of a clinic, of a statement that `where` made."""
        rows, readers = self._columns.rows(wanted, asked)
        values: dict[str, list[Any]] = {}
        for name, place in self._places.items():
            reader, stored = readers[place], [row[place] for row in rows]
            values[name] = stored if reader is None else [None if one is None else reader(one) for one in stored]
        ids = [one.bytes for one in values["id"]]
        for name in NAMES:
            opened = sealing.opener(current.ring(), clinic_id, Child.__tablename__, name)
            values[name] = opened(values[name], ids)
        return [ListedChild(*told) for told in zip(*values.values(), strict=True)]


@cache
def listed() -> _Listed:
    """How they are read; worked out once."""
    return _Listed()
