"""Many rows at once, through the driver: past what makes one statement comfortable, by the same types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Dialect, Row, Select, Table, bindparam, insert, type_coerce, update
from sqlalchemy.types import NullType

from clinic import embedded
from clinic.db import session

BATCH = 2_000

T = TypeVar("T")
_aside: ContextVar[str | None] = ContextVar("aside", default=None)
"""The schema in which new rows are gathered, where they are (see gathering.py)."""


@contextmanager
def gathered_in(schema: str) -> Iterator[None]:
    """Rows that are inserted inside go into the tables of this schema."""
    token = _aside.set(schema)
    try:
        yield
    finally:
        _aside.reset(token)


def elsewhere(schema: str | None) -> dict[str, Any]:
    """The options by which a statement is about the tables of another schema; none for those of the clinic."""
    return {"schema_translate_map": {None: schema}} if schema else {}


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The things in lists of at most so many, as they come."""
    pending = iter(things)
    while batch := list(islice(pending, size)):
        yield batch


def batches_as_stored(statement: Select[Any], parameters: Mapping[str, Any] | None = None) -> Iterator[list[Any]]:
    """The rows of a statement, untouched, so many at a time; read their values with those of `clinic.db`."""
    with closing(session.connection().execute(statement, parameters)) as result:
        while result.cursor is not None and (rows := result.cursor.fetchmany(4096)):
            yield list(rows)


def insert_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that name the same columns, at a third of what `insert(table)` costs for each; with COPY on
    PostgreSQL, at a sixth.

    No default of a column is filled in: a row says everything that the table needs.
    """
    if not rows:
        return
    connection, names = session.connection(), list(rows[0])
    values = {name: bound(table.c[name], [row[name] for row in rows], connection.dialect) for name in names}
    if not embedded.holds(connection):
        from clinic import postgres  # its driver is read where there is such a server

        postgres.copy_in(connection, table, values)
        return
    where = {**elsewhere(_aside.get()), "render_schema_translate": True} if _aside.get() else {}
    statement = insert(table).compile(dialect=connection.dialect, column_keys=names, **where)
    in_order = (values[name] for name in statement.positiontup or ())
    connection.exec_driver_sql(str(statement), list(zip(*in_order, strict=True)))


def set_in_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Sets columns of rows that were inserted just now, each found by its id: nobody knew of a state between."""
    if not rows:
        return
    values: dict[str, Any] = {name: bindparam(f"b_{name}") for name in rows[0] if name != "id"}
    wanted = update(table).where(table.c.id == bindparam("b_id")).values(values)
    told = [{f"b_{name}": value for name, value in row.items()} for row in rows]
    session.execute(wanted, told, execution_options=elsewhere(_aside.get()))


def with_those_inserted(wanted: Select[Any]) -> Iterator[Row[Any]]:
    """The rows of a statement, and of what is gathered aside."""
    yield from session.execute(wanted)
    if _aside.get():
        yield from session.execute(wanted, execution_options=elsewhere(_aside.get()))


def bound(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """Values of a column as the driver takes them; one that stands in row after row is bound once."""
    binder: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    if binder is None:
        return values
    made, last, as_bound = [], None, None
    for value in values:
        if value is not last:
            last, as_bound = value, None if value is None else binder(value)
        made.append(as_bound)
    return made


def columns_of(wanted: Select[Any], size: int = BATCH) -> Iterator[list[Sequence[Any]]]:
    """The rows of a statement, so many at a time and column by column, each value read by its type."""
    columns = wanted.selected_columns
    as_stored = wanted.with_only_columns(*(type_coerce(column, NullType()) for column in columns))
    result = session.connection().execute(as_stored, execution_options={"yield_per": size})
    dialect, told = result.dialect, result.cursor.description if result.cursor is not None else ()
    readers = [
        column.type.dialect_impl(dialect).result_processor(dialect, about[1])
        for column, about in zip(columns, told, strict=True)
    ]
    for rows in result.partitions():
        held = zip(*rows, strict=True)
        yield [list(map(read, values)) if read else values for read, values in zip(readers, held, strict=True)]
