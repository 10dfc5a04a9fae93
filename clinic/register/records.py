"""Turning rows of the register into new records: one row of a sheet becomes the rows of one or more tables."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, partial
from itertools import count
from typing import Any

from clinic import clock, versions
from clinic.db import Model, session
from clinic.register.cells import Value
from clinic.register.format import ALL_LANES, UNKNOWN, Column, Kind, Lane
from clinic.register.kept import CASE, CHILD, PERSON, ROW, Kept
from clinic.register.reading import Row
from clinic.register.shapes import table_of, the_clinic
from clinic.rows import batches, insert_rows
from clinic.vocabularies.lists import Lists

Attributes = dict[str, Any]


@dataclass
class Known:
    """The ids by which children, cases and people are called, those being imported included."""

    children: dict[str, uuid.UUID] = field(default_factory=dict)
    cases: dict[str, uuid.UUID] = field(default_factory=dict)
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    renamed: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    """Of a new row that bears an id which is taken: the id that it has now."""

    def id_of(self, what: str, reference: Value) -> uuid.UUID | None:
        """The id of what a cell refers to."""
        if reference is None:
            return None
        text = str(reference)
        if what == ROW:
            return self.row(text)
        return {CHILD: self.children, CASE: self.cases, PERSON: self.people}[what].get(text)

    def row(self, text: str) -> uuid.UUID | None:
        """The id that a reference to a row stands for."""
        own = as_id(text)
        return self.renamed.get(own, own) if own is not None else None


def as_id(text: str) -> uuid.UUID | None:
    """A reference that is an id of ours."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@dataclass
class Writing:
    """What holds for every record of one import."""

    lists: Lists
    known: Known
    by: uuid.UUID | None
    lanes: frozenset[Lane] = ALL_LANES
    """The lanes in which a row may correct a record."""
    from_start: bool = False
    moment: datetime = field(default_factory=lambda: versions.moment_of(session()))
    entered: Iterator[int] = field(default_factory=lambda: count(int(clock.now().timestamp() * 1_000_000)))

    def known_from(self, day: date | None) -> datetime:
        """Since when a record is known: the import, or its own day."""
        if not self.from_start or day is None:
            return self.moment
        return min(clock.day_begins(day), self.moment)

    def stored(self, column: Column, value: Value) -> Any:
        """The value as its model keeps it: what is not known is NULL, but for lists that have a code for it."""
        if value in (UNKNOWN, (UNKNOWN,)) and column.kind in (Kind.TEXT, Kind.CODE, Kind.CODES):
            has_a_code = column.vocabulary and UNKNOWN in self.lists[column.vocabulary]
            return value if has_a_code else None
        return value


def attributes_of(held: Kept, row: Row, writing: Writing) -> Attributes:
    """What the attributes of a record's model come to by a row."""
    made: Attributes = {}
    for column in held.own:
        value = row.values[held.sheet.at[column.name]]
        refers = held.refers.get(column.name)
        stored = writing.known.id_of(refers, value) if refers else writing.stored(column, value)
        made[held.attribute(column.name)] = stored
    if made.get("id", "") is None:
        made["id"] = clock.new_id()
    if "attributes" in made:
        made["attributes"] = json.loads(made["attributes"] or "{}")
    return made


def insert_many(model: type[Model], records: Iterable[Attributes]) -> None:
    """Inserts records, their secrets sealed. Every record names the same attributes."""
    table, clinic_id = table_of(model), the_clinic()
    for batch in batches(records):
        insert_rows(table, [_as_kept(model, clinic_id, record) for record in batch])


def _as_kept(model: type[Model], clinic_id: uuid.UUID, record: Attributes) -> Attributes:
    row_id = record.get("id") or clock.new_id()
    made = {**record, "id": row_id, "clinic_id": clinic_id}
    for name, secret in model.secrets.items():
        if name in made:
            made[name] = secret.seal(clinic_id, row_id, made[name], str(model.__tablename__))
    for name, default in _defaults(model).items():
        if made.get(name) is None:
            made[name] = default()
    return made


@cache
def _defaults(model: type[Model]) -> dict[str, Callable[[], Any]]:
    """What stands in a column that must hold something where nothing is said."""
    return {
        column.name: _default_of(column.default)
        for column in table_of(model).columns
        if column.default is not None and not column.nullable
    }


def _default_of(default: Any) -> Callable[[], Any]:
    return partial(default.arg, None) if default.is_callable else lambda: default.arg
