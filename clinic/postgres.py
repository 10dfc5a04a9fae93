"""Connections to a PostgreSQL server, which keep from one page to the next how each statement is done; COPY.

To work out how a statement is done takes the server several times as long as to do it: the line of steps joins a table
for each kind. So a connection prepares what it is asked again, and the server keeps how it is done where that does not
hang on the values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import psycopg
import sqlalchemy
from psycopg import sql
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Column, Engine, Integer, Table, create_engine, event
from sqlalchemy.exc import DBAPIError

_AT_REST, _MORE = 8, 8
_PREPARED_AFTER: Final = 1
"""A statement that was sent so often is one of those that are sent again."""
_LIMIT: Final = 2**31
"""Where the numbers of a column of four bytes end."""


class Connection(psycopg.Connection[Any]):
    """A connection that still knows its prepared statements when a transaction was rolled back.

    Each page that only reads ends so. Psycopg forgets all of them there, for the sake of tables that the transaction
    made and that are gone. Here migrations alone make tables. After a failure everything is forgotten as usual.
    """

    def rollback(self) -> None:
        """Ends the transaction; nothing of it stays."""
        with self.lock:
            goes_on = self.pgconn.transaction_status == TransactionStatus.INTRANS
            if goes_on and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                return
        super().rollback()


class _Columns(Sequence[Any]):
    """The columns of a result, told when somebody asks.

    A case page reads 500 columns in statements that are known; to tell them took as long as to send all statements.
    """

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor

    @cached_property
    def _told(self) -> list[psycopg.Column]:
        return self._cursor.told or []

    def __len__(self) -> int:
        return len(self._told)

    def __getitem__(self, place: Any) -> Any:
        return self._told[place]


class Cursor(psycopg.Cursor[Any]):
    """A cursor that tells the columns of its result only to who asks."""

    @property
    def told(self) -> list[psycopg.Column] | None:
        """The columns as psycopg tells them."""
        return super().description

    @property
    def description(self) -> Any:
        """The columns; None where there is no result."""
        return _Columns(self) if self.pgresult is not None and self.pgresult.nfields else self.told


def make_engine(url: str) -> Engine:
    """The engine of one database. The connection used last is used first: it is the one that knows most."""
    pool: dict[str, Any] = {"pool_size": _AT_REST, "max_overflow": _MORE, "pool_use_lifo": True, "pool_pre_ping": True}
    engine = create_engine(url, **pool, hide_parameters=True, connect_args={"prepare_threshold": _PREPARED_AFTER})
    event.listen(engine, "do_connect", _connected)
    return engine


def _connected(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Connection:
    return Connection.connect(*arguments, **named, cursor_factory=Cursor)


def copy_in(connection: sqlalchemy.Connection, table: Table, values: Mapping[str, Sequence[Any]]) -> None:
    """Puts rows into a table with COPY, in the transaction at hand. Raises DBAPIError.

    `values`: of each column, as the driver takes them. The server looks once at how the table is made, not for each
    row, and is told values as it keeps them.
    """
    columns = [table.c[name] for name in values]
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, values))
    )
    driver: Any = connection.connection.driver_connection
    try:
        for column in columns:
            _refuse_what_is_cut(column, values[column.name])
        with driver.cursor() as cursor, cursor.copy(into) as copy:
            copy.set_types([_type_name(column, connection.dialect) for column in columns])
            for row in zip(*values.values(), strict=True):
                copy.write_row(row)
    except psycopg.Error as problem:
        statement = into.as_string(driver)
        raise DBAPIError.instance(statement, None, problem, psycopg.Error, hide_parameters=True) from problem


def _refuse_what_is_cut(column: Column[Any], values: Sequence[Any]) -> None:
    """The driver tells the lower four bytes of a number too large for its column, and the server cannot know."""
    if type(column.type) is Integer and any(value is not None and not -_LIMIT <= value < _LIMIT for value in values):
        raise psycopg.errors.NumericValueOutOfRange(f"a number is too large for {column}")


def _type_name(column: Column[Any], dialect: sqlalchemy.Dialect) -> str:
    """The name by which psycopg knows the type of a column."""
    return column.type.compile(dialect).lower().partition("(")[0]
