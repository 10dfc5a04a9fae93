"""Steps as a page shows them, read at a fraction of what the ORM takes for steps that somebody may change.

One LEFT JOIN reads all kinds, as everywhere; here only the table of a step's own kind is searched, only the values of
its own kind are read by their types, and the steps are of no session: nothing that is done to them is written, and what
was not read of them, a column outside the reader's lanes first of all, raises when it is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import FromClause, Select, case, inspect, select, type_coerce
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.types import NullType

from clinic.access.lanes import lane_of
from clinic.access.permissions import Lane
from clinic.cases.kinds import all_kinds
from clinic.cases.models import Step
from clinic.db import session

Reader = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Kind:
    """What is read of one kind of step: the attributes with their place in a row, and those that are left out."""

    mapper: Mapper[Any]
    places: tuple[tuple[str, int], ...]
    together: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...]  # attributes made of several, as moments are
    left_out: Set[str]

    def made(self, row: Any, readers: list[Reader]) -> Step:
        """The step that a row tells of."""
        values = {}
        for name, place in self.places:
            value, reader = row[place], readers[place]
            values[name] = value if value is None or reader is None else reader(value)
        for name, made_of, parts in self.together:
            told = [values[part] for part in parts]
            values[name] = None if None in told else made_of(*told)
        step: Step = self.mapper.class_manager.new_instance()
        state = instance_state(step)
        state.dict.update(values)
        state.key = (Step, (values["id"],), None)  # it is in the database, and its session is gone
        state.expired_attributes.update(self.left_out)
        return step


class Shown:
    """How steps are read for who holds certain lanes."""

    def __init__(self, held: frozenset[Lane]) -> None:
        self._held = held
        self._columns: dict[Any, int] = {}
        self._kinds = {kind.code: self._kind(inspect(kind.model)) for kind in all_kinds()}
        self._readers: dict[str, list[Reader]] = {}

    def _kind(self, mapper: Mapper[Any]) -> _Kind:
        of_step = inspect(Step).column_attrs
        columns: dict[str, Any] = {
            name: of_step[name].columns[0] if name in of_step else own.columns[0]
            for name, own in mapper.column_attrs.items()
        }
        held = {name: one for name, one in columns.items() if lane_of(one.table.name, one.name) in self._held}
        places = tuple((name, self._columns.setdefault(one, len(self._columns))) for name, one in held.items())
        whole = (
            (name, one.composite_class, tuple(part.key for part in one.props))
            for name, one in mapper.composites.items()
        )
        together = tuple(one for one in whole if held.keys() >= set(one[2]))
        return _Kind(mapper, places, together, columns.keys() - held.keys())

    @cached_property
    def wanted(self) -> Select[*tuple[Any, ...]]:
        """Every step with all that is held of it; to be narrowed by columns of `Step`."""
        line: FromClause = Step.__table__
        for kind in all_kinds():
            own = kind.model.__table__
            of_this_kind = case((Step.__table__.c.kind == kind.code, Step.__table__.c.id))  # NULL is not searched for
            line = line.outerjoin(own, own.c.id == of_this_kind)
        return select(*(type_coerce(column, NullType()) for column in self._columns)).select_from(line)

    def read(self, wanted: Select[*tuple[Any, ...]], asked: Mapping[str, Any] | None = None) -> list[Step]:
        """The steps of a statement that was made from `wanted`."""
        result = session.connection().execute(wanted, asked)
        dialect = result.dialect
        if dialect.name not in self._readers:
            self._readers[dialect.name] = list(self._by_type(result))
        readers, kind = self._readers[dialect.name], self._columns[Step.__table__.c.kind]
        return [self._kinds[row[kind]].made(row, readers) for row in result]

    def _by_type(self, result: Any) -> Iterator[Reader]:
        for column, about in zip(self._columns, result.cursor.description, strict=True):
            yield column.type.dialect_impl(result.dialect).result_processor(result.dialect, about[1])


@lru_cache(maxsize=64)
def shown_to(held: frozenset[Lane]) -> Shown:
    """How steps are read for who holds these lanes; worked out once."""
    return Shown(held)


def complete(step: Step, told: Step) -> None:
    """Gives a step what was read of the same step with further lanes."""
    for name, value in vars(told).items():
        if name in inspect(type(step)).column_attrs and name not in vars(step):
            set_committed_value(step, name, value)
