"""Many rows gathered beside the embedded database, and put into it at once.

SQLite has one writer. Who brings a register in would be that for as long as it takes to put the rows together, and
whoever saves meanwhile would wait. So the rows are put together and gathered in a file aside, encrypted under the same
key where the records are, and what they refer to is looked up there. Then they go into their tables, in a transaction
that is short, because it does nothing else. PostgreSQL has many writers: there is nothing to gather.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Table, Text, case, insert, literal, select, text
from sqlalchemy.exc import IntegrityError

from clinic import db, embedded, versions
from clinic.db import Id, Model, id_as_stored, session
from clinic.rows import elsewhere, gathered_in

SCHEMA: Final = "gathered"
KNOWN_SINCE: Final = frozenset({"known_from", "recorded_at"})
"""When a row became known: where that is the moment of gathering, it becomes the moment of putting in."""


def begin() -> Gathering | None:
    """Begins to read and to gather; None where nobody would wait: on PostgreSQL, and for whom has to write already."""
    if not db.database().is_sqlite or session.connection().get_execution_options().get("writes"):
        return None
    session.rollback()
    connection, database = session.connection(), db.database()
    embedded.set_aside(connection, embedded.path_of(database.url), SCHEMA, database.file_key)
    return Gathering(connection)


class Gathering:
    """The rows that a transaction gathers before it writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._aside = MetaData(schema=SCHEMA)
        self._refers_to = Table("refers_to", self._aside, Column("name", Text), Column("row_id", Id))
        for there in _tables():
            columns = (Column(one.name, one.type, primary_key=one.name == "id") for one in there.columns)
            Table(there.name, self._aside, *columns)
        self._aside.create_all(connection, checkfirst=False)

    def _of(self, table: Table) -> Table:
        """Where the rows of a table are gathered."""
        return self._aside.tables[f"{SCHEMA}.{table.name}"]

    @contextmanager
    def gathers(self) -> Iterator[None]:
        """Rows inserted inside are gathered."""
        with gathered_in(SCHEMA):
            yield

    @contextmanager
    def looked_at_alone(self) -> Iterator[None]:
        """Statements inside are about what was gathered alone."""
        self._connection.execution_options(**elsewhere(SCHEMA))
        try:
            yield
        finally:
            self._connection.execution_options(schema_translate_map=None)

    @cached_property
    def _filled(self) -> list[Table]:
        tables = ((table, select(1).select_from(self._of(table)).limit(1)) for table in _tables())
        return [table for table, wanted in tables if self._connection.scalar(wanted)]

    def look_up(self) -> dict[str, set[Any]]:
        """What the rows refer to that was not gathered with them: ids as stored, by table. Gathering is over then."""
        for table in self._filled:
            for key in table.foreign_keys:
                meant = self._of(table).c[key.parent.name]
                other = self._of(key.column.table)
                wanted = select(literal(other.name), meant).where(meant.is_not(None), meant.not_in(select(other.c.id)))
                self._connection.execute(insert(self._refers_to).from_select(["name", "row_id"], wanted.distinct()))
        found: dict[str, set[Any]] = {}
        wanted = select(self._refers_to.c.name, id_as_stored(self._refers_to.c.row_id))
        for name, row_id in self._connection.execute(wanted):
            found.setdefault(name, set()).add(row_id)
        return found

    def begin_writing(self) -> None:
        """Takes the writer's place: what is read and done from here on is done now."""
        self._gathered_at = versions.moment_of(session())
        embedded.turn_to_writing(self._connection)
        session.expire_all()
        versions.forget_the_moment(session())

    def put_in(self, instead: Mapping[str, Any]) -> None:
        """Puts the rows in their tables, with these values in columns of these names. Raises IntegrityError."""
        self._refuse_what_refers_to_nothing()
        for table in self._filled:
            gathered = self._of(table)
            wanted = select(*(self._value(column, instead) for column in gathered.columns)).order_by(text("rowid"))
            names = [column.name for column in gathered.columns]
            self._connection.execute(insert(table).from_select(names, wanted))

    def _refuse_what_refers_to_nothing(self) -> None:
        name, row_id = self._refers_to.c.name, self._refers_to.c.row_id
        for table in _tables():
            if "id" in table.c:
                gone = select(row_id).where(name == table.name, row_id.not_in(select(table.c.id))).limit(1)
                if self._connection.scalar(gone):
                    raise IntegrityError(
                        f"a row refers to no row of {table.name}", None, Exception("it was not put in")
                    )

    def _value(self, column: Column[Any], instead: Mapping[str, Any]) -> Any:
        if column.name in instead:
            return literal(instead[column.name], column.type)
        if column.name not in KNOWN_SINCE:
            return column
        gathered_at, now = (literal(at, column.type) for at in (self._gathered_at, versions.moment_of(session())))
        return case((column == gathered_at, now), else_=column)


def _tables() -> list[Table]:
    """The tables of the records."""
    return [table for table in Model.metadata.tables.values() if table.schema is None]
