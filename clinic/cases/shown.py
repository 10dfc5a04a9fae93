"""Steps as a page shows them: see `clinic.shown`.

One LEFT JOIN reads all kinds, as everywhere; here only the table of a step's own kind is searched, only the values of
its own kind are read by their types, and a column outside the reader's lanes raises when it is touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import FromClause, Select, case, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_committed_value

from clinic.access.lanes import lane_of
from clinic.access.permissions import Lane
from clinic.cases.kinds import all_kinds
from clinic.cases.models import Step
from clinic.shown import Columns, Kind, constant


class Shown:
    """How steps are read for who holds certain lanes."""

    def __init__(self, held: frozenset[Lane]) -> None:
        self._held = held
        self._columns = Columns()
        self._kinds = {kind.code: self._kind(inspect(kind.model)) for kind in all_kinds()}

    def _kind(self, mapper: Mapper[Any]) -> Kind:
        of_step = inspect(Step).column_attrs
        columns: dict[str, Any] = {
            name: of_step[name].columns[0] if name in of_step else own.columns[0]
            for name, own in mapper.column_attrs.items()
        }
        held = {name: one for name, one in columns.items() if lane_of(one.table.name, one.name) in self._held}
        return self._columns.kind(mapper, held, columns.keys() - held.keys())

    @cached_property
    def wanted(self) -> Select[*tuple[Any, ...]]:
        """Every step with all that is held of it; to be narrowed by columns of `Step`."""
        line: FromClause = Step.__table__
        for kind in all_kinds():
            own = kind.model.__table__
            is_one = Step.__table__.c.kind == constant(kind.code)
            of_this_kind = case((is_one, Step.__table__.c.id))  # NULL is not searched for
            line = line.outerjoin(own, own.c.id == of_this_kind)
        return self._columns.select().select_from(line)

    def read(self, wanted: Select[*tuple[Any, ...]], asked: Mapping[str, Any] | None = None) -> list[Step]:
        """The steps of a statement that was made from `wanted`."""
        rows, readers = self._columns.rows(wanted, asked)
        kind = self._columns.place(Step.__table__.c.kind)
        return [self._kinds[row[kind]].made(row, readers) for row in rows]


@lru_cache(maxsize=64)
def shown_to(held: frozenset[Lane]) -> Shown:
    """How steps are read for who holds these lanes; worked out once."""
    return Shown(held)


def complete(step: Step, told: Step) -> None:
    """Gives a step what was read of the same step with further lanes."""
    for name, value in vars(told).items():
        if name in inspect(type(step)).column_attrs and name not in vars(step):
            set_committed_value(step, name, value)
