"""Records as a page shows them, read at a fraction of what the ORM takes for records that somebody may change.

A statement is put together once for a model and what hangs on it, and read row by row, past the ORM's unit of work: the
records are of no session, nothing that is done to them is written, and what was not read of them raises when it is
touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, inspect, literal_column, select, type_coerce
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.types import NullType

from clinic.db import Model
from clinic.prepared import send

Of = TypeVar("Of", bound=Model)
Reader = Callable[[Any], Any] | None
"""How a value of the driver becomes one of the program; None where it is one already."""


def constant(value: str | int) -> ColumnElement[Any]:
    """A code or a number of the program's own as a part of a statement that is put together once.

    PostgreSQL keeps how a statement is done where that is no worse for any value of its parameters than for those that
    it has seen. The fewer there are, the more often that is so.
    """
    return literal_column(f"'{value}'" if isinstance(value, str) else str(value))


@dataclass(frozen=True)
class Kind:
    """What is read of one model: the attributes with their place in a row, and those that are left out."""

    mapper: Mapper[Any]
    places: tuple[tuple[str, int], ...]
    together: tuple[tuple[str, Callable[..., Any], tuple[str, ...]], ...]  # attributes made of several, as moments are
    left_out: Set[str]

    def made(self, row: Any, readers: Sequence[Reader]) -> Any:
        """The record that a row tells of."""
        values = {}
        for name, place in self.places:
            value, reader = row[place], readers[place]
            values[name] = value if value is None or reader is None else reader(value)
        for name, made_of, parts in self.together:
            told = [values[part] for part in parts]
            values[name] = None if None in told else made_of(*told)
        record = self.mapper.class_manager.new_instance()
        state = instance_state(record)
        state.dict.update(values)
        state.key = (self.mapper.base_mapper.class_, (values["id"],), None)  # in the database, and its session is gone
        state.expired_attributes.update(self.left_out)
        return record


class Columns:
    """The columns of a statement, each once, and how they are read on each database."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}
        self._readers: dict[str, list[Reader]] = {}

    def kind(self, mapper: Mapper[Any], columns: Mapping[str, Any], left_out: Set[str] = frozenset()) -> Kind:
        """How a model is made of these of its columns, by the attribute."""
        places = tuple((name, self.place(one)) for name, one in columns.items())
        whole = (
            (name, one.composite_class, tuple(part.key for part in one.props))
            for name, one in mapper.composites.items()
        )
        return Kind(mapper, places, tuple(one for one in whole if columns.keys() >= set(one[2])), left_out)

    def place(self, column: Any) -> int:
        """Where in a row a column stands."""
        return self._places.setdefault(column, len(self._places))

    def select(self) -> Select[*tuple[Any, ...]]:
        """All of them, as the driver gives them."""
        return select(*(type_coerce(column, NullType()) for column in self._places))

    def rows(
        self, wanted: Select[*tuple[Any, ...]], asked: Mapping[str, Any] | None = None
    ) -> tuple[Sequence[Any], list[Reader]]:
        """The rows of a statement that was made from `select`, and how the values in them are read."""
        result = send(wanted, asked)
        dialect: Any = result.dialect
        if dialect.name not in self._readers:
            told: Any = result.cursor
            self._readers[dialect.name] = [
                column.type.dialect_impl(dialect).result_processor(dialect, about[1])
                for column, about in zip(self._places, told.description, strict=True)
            ]
        return result.all(), self._readers[dialect.name]


@dataclass(frozen=True)
class _Hung:
    """What hangs on a record: the attribute that leads there, and the one that leads back if it leads to one."""

    name: str
    many: bool
    back: str | None
    whole: _Whole


class _Whole:
    """One model in a statement, with what hangs on it."""

    def __init__(
        self, columns: Columns, mapper: Mapper[Any], paths: Iterable[Sequence[str]], only: Set[str] = frozenset()
    ) -> None:
        every = {name: one.columns[0] for name, one in mapper.column_attrs.items()}
        wanted = {name: one for name, one in every.items() if name in only or not only}
        self.kind = columns.kind(mapper, wanted, every.keys() - wanted.keys())
        self.id = columns.place(mapper.local_table.c.id)
        below: dict[str, list[Sequence[str]]] = {}
        for first, *further in paths:
            below.setdefault(first, []).extend([further] if further else [])
        self.hung = [self._hung(columns, mapper.relationships[name], paths) for name, paths in below.items()]

    @staticmethod
    def _hung(columns: Columns, leads: Any, paths: Iterable[Sequence[str]]) -> _Hung:
        many = bool(leads.uselist)
        return _Hung(leads.key, many, leads.back_populates if many else None, _Whole(columns, leads.mapper, paths))

    def read(self, rows: Iterable[Any], readers: Sequence[Reader]) -> list[Any]:
        """The records that rows tell of, each once, in the order of the rows."""
        by_id: dict[Any, list[Any]] = {}
        for row in rows:
            if row[self.id] is not None:
                by_id.setdefault(row[self.id], []).append(row)
        return [self._made(own, readers) for own in by_id.values()]

    def _made(self, rows: Sequence[Any], readers: Sequence[Reader]) -> Any:
        record = self.kind.made(rows[0], readers)
        for hung in self.hung:
            found = hung.whole.read(rows, readers)
            vars(record)[hung.name] = found if hung.many else next(iter(found), None)
            for one in found if hung.back else ():
                vars(one)[hung.back] = record
        return record


class Whole(Generic[Of]):
    """How a record is read with what hangs on it, in one statement.

    `paths` name what hangs on it by the attributes that lead there: `("child", "guardians")`. Nothing is found by two
    ways, because each table stands in the statement once. `only`: the attributes that are read of the record itself,
    its id among them; all, where none is named.
    """

    def __init__(self, model: type[Of], *paths: Sequence[str], only: Set[str] = frozenset()) -> None:
        self._columns = Columns()
        self._whole = _Whole(self._columns, inspect(model), paths, only)
        wanted = self._columns.select().select_from(model.__table__)
        orders: list[Any] = []
        for leads in _leading(inspect(model), self._whole):
            wanted = wanted.outerjoin(leads.mapper.local_table, leads.primaryjoin)
            orders += leads.order_by or ()
        self._wanted = wanted.order_by(*orders)

    def where(self, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        """The statement for those that meet the conditions."""
        return self._wanted.where(*conditions)

    def one(self, wanted: Select[*tuple[Any, ...]], asked: Mapping[str, Any]) -> Of | None:
        """The only record of a statement that `where` made; None if there is none."""
        return next(iter(self.every(wanted, asked)), None)

    def every(self, wanted: Select[*tuple[Any, ...]], asked: Mapping[str, Any]) -> list[Of]:
        """All records of a statement that `where` made, in its order."""
        rows, readers = self._columns.rows(wanted, asked)
        found: list[Of] = self._whole.read(rows, readers)
        return found


def _leading(mapper: Mapper[Any], whole: _Whole) -> list[Any]:
    """The relationships that lead to all that hangs on a model."""
    found: list[Any] = []
    for hung in whole.hung:
        leads = mapper.relationships[hung.name]
        found += [leads, *_leading(leads.mapper, hung.whole)]
    return found
