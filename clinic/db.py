"""The database: base model, column types, engines and the session. Everything that differs by dialect lives here.

SQLite is one file (readings a second one, see `clinic.audit`), PostgreSQL one database. Rows carry their clinic, an id
made by who makes the row, and secrets sealed by `clinic.crypto`.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, date, datetime
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any, ClassVar, TypeVar, overload

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    ForeignKey,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UnaryExpression,
    event,
    func,
    type_coerce,
    types,
)
from sqlalchemy import Enum as EnumColumn
from sqlalchemy import cast as cast_in_sql
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker
from sqlalchemy.sql.operators import custom_op

from clinic import clock, embedded
from clinic.crypto import current, sealing

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
T = TypeVar("T")
READINGS = "readings"  # a schema on PostgreSQL, a second file on SQLite

current_clinic: ContextVar[uuid.UUID | None] = ContextVar("current_clinic", default=None)
current_actor: ContextVar[uuid.UUID | None] = ContextVar("current_actor", default=None)


class NoClinic(RuntimeError):
    """A record was made where nobody said for which clinic."""


class Id(TypeDecorator[uuid.UUID]):
    """A UUID: 16 bytes on SQLite, `uuid` on PostgreSQL."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(types.Uuid())
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Reads in one step what a decorated type reads in three: a page has hundreds of ids."""
        return None if dialect.name == "postgresql" else _id_read


def _id_read(value: bytes | None) -> uuid.UUID | None:
    return None if value is None else uuid.UUID(bytes=value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python, `timestamptz` on PostgreSQL, ISO text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Reads in one step, as an id."""
        return _moment_read if dialect.name == "sqlite" else _moment_in_utc


def _moment_read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "+00:00")


def _moment_in_utc(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class Codes(TypeDecorator[tuple[str, ...]]):
    """Several codes of one list in the order given, kept as `;a;b;` so that one code can be looked for."""

    impl = Text
    cache_ok = True

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return Text() if isinstance(value, str) else self  # `contains(";a;")` compares with a text

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:
        return None if value is None else ";" + "".join(f"{code};" for code in value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Reads in one step, as an id."""
        return lambda value: None if value is None else read_codes(value)


def _values(kind: type[Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Secret:
    """Text that is sealed before it reaches the database, bound to its clinic, table, column and row.

    `name = Secret("identity")` on a model makes the column `name` (bytes), mapped as `name_sealed`, and the attribute
    `name`, which seals on writing and opens on reading. The id must be set first, which `Model.__init__` does.
    """

    def __init__(self, lane: str) -> None:
        self.lane = lane
        self.name = ""

    def __set_name__(self, owner: type[Any], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type[Any]) -> Secret: ...

    @overload
    def __get__(self, row: Model, owner: type[Any]) -> str | None: ...

    def __get__(self, row: Model | None, owner: type[Any]) -> Secret | str | None:
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_sealed")
        return None if sealed is None else sealing.open_(current.ring(), self.place(row), bytes(sealed))

    def __set__(self, row: Model, text: str | None) -> None:
        if getattr(row, f"{self.name}_sealed", None) is not None and self.__get__(row, type(row)) == text:
            return  # an equal value is no change: a fresh nonce would make one
        setattr(row, f"{self.name}_sealed", self.seal(row.clinic_id, row.id, text, self.table(type(row))))

    def seal(self, clinic_id: uuid.UUID, row_id: uuid.UUID, text: str | None, table: str) -> bytes | None:
        """The bytes that this column holds for a text; None for none."""
        if text is None:
            return None
        return sealing.seal(current.ring(), self.lane, sealing.place(clinic_id, table, self.name, row_id), text)

    def place(self, row: Model) -> bytes:
        """The place that the value is bound to."""
        return sealing.place(row.clinic_id, self.table(type(row)), self.name, row.id)

    def table(self, owner: type[Any]) -> str:
        """The table that holds this column: of a joined model, the one that declares it."""
        for kind in owner.__mro__:
            if self.name in kind.__dict__ and "__tablename__" in kind.__dict__:
                return str(vars(kind)["__tablename__"])
        raise LookupError(self.name)


class Model(DeclarativeBase):
    """A row of one clinic."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        uuid.UUID: Id,
        datetime: UtcDateTime,
        date: Date,
        tuple[str, ...]: Codes,
        StrEnum: EnumColumn(StrEnum, native_enum=False, length=40, values_callable=_values),
    }
    secrets: ClassVar[dict[str, Secret]] = {}

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-20)
    clinic_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("clinic.id"), sort_order=-19)

    def __init_subclass__(cls, **options: Any) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Secret)}
        for name in own:
            setattr(cls, f"{name}_sealed", mapped_column(name, LargeBinary, nullable=True))
        cls.secrets = {**getattr(cls, "secrets", {}), **own}
        super().__init_subclass__(**options)

    def __init__(self, **values: Any) -> None:
        self.id = values.pop("id", None) or clock.new_id()
        clinic_id = values.pop("clinic_id", None) or current_clinic.get()
        if clinic_id is None:
            raise NoClinic(type(self).__name__)
        self.clinic_id = clinic_id
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)


_CACHE_OF_READINGS = 500
"""KB: readings are written one after the other, and seldom read."""


class Database:
    """The engines of one database: `main`, and `readings`, which on SQLite is a second file.

    `file_key` opens embedded files that are encrypted as a whole, and makes them so where there are none yet.
    """

    def __init__(self, url: str, file_key: bytes | None = None) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.file_key = file_key if self.is_sqlite else None
        if self.is_sqlite:
            self.main: Engine = embedded.make_engine(url, file_key)
            beside = embedded.make_engine(readings_url(url), file_key, cache=_CACHE_OF_READINGS)
            self.readings: Engine = beside.execution_options(schema_translate_map={READINGS: None})
        else:
            from clinic import postgres  # its driver is read where there is such a server

            self.main = postgres.make_engine(url)
            self.readings = self.main

    def dispose(self) -> None:
        """Closes every connection."""
        self.main.dispose()
        self.readings.dispose()


def readings_url(url: str) -> str:
    """Where the readings of an SQLite database are kept: beside it."""
    return f"{embedded.PREFIX}{embedded.readings_beside(embedded.path_of(url))}"


_factory = sessionmaker(expire_on_commit=False, autoflush=True)
session: scoped_session[Session] = scoped_session(_factory)
_database: Database | None = None


def connect(url: str, file_key: bytes | None = None) -> Database:
    """Makes this process work on a database. Done once at start; tests do it again. Raises LockedFile."""
    global _database
    session.remove()
    if _database is not None:
        _database.dispose()
    _database = Database(url, file_key)
    _factory.configure(bind=_database.main)
    return _database


def database() -> Database:
    """The database that this process works on."""
    if _database is None:
        raise RuntimeError("no database is connected")
    return _database


def let_go() -> None:
    """Ends the session and closes every connection: none may be in two processes."""
    session.remove()
    database().dispose()


def begin_writing() -> None:
    """Takes the writer's place before the first read of a transaction that will write (SQLite has one writer)."""
    session.connection(execution_options={"writes": True})


_SHORT_PATIENCE = 0.1
"""Seconds that who does not wait for another writer waits all the same: for a save, not for an import."""


@contextlib.contextmanager
def make_room(engine: Engine, *, waits: bool = True) -> Iterator[Connection]:
    """A short transaction of its own that writes. One that does not wait for another writer raises OperationalError."""
    options: dict[str, Any] = {"writes": True} if waits else {"writes": True, "patience": _SHORT_PATIENCE}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextlib.contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, and sees the database as it stood when it first read, however long it takes."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as connection, connection.begin():
        yield connection


def leave_no_remnants(tables: Iterable[str]) -> None:
    """Writes anew what these tables lie in, so that no page still holds what was removed. Outside of a transaction."""
    if database().is_sqlite:
        embedded.rewrite(database().main)
        return
    with database().main.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table}")


@contextlib.contextmanager
def acting(clinic_id: uuid.UUID | None, actor: uuid.UUID | None = None) -> Iterator[None]:
    """Everything made inside belongs to this clinic and was done by this person."""
    clinic_token, actor_token = current_clinic.set(clinic_id), current_actor.set(actor)
    try:
        yield
    finally:
        current_clinic.reset(clinic_token)
        current_actor.reset(actor_token)


@event.listens_for(Session, "before_flush")
def _hold_to_the_clinic(working: Session, _context: Any, _instances: Any) -> None:
    """No flush crosses clinics: each new row is of the clinic that is signed in."""
    clinic_id = current_clinic.get()
    for row in working.new:
        if isinstance(row, Model) and clinic_id is not None and row.clinic_id != clinic_id:
            raise NoClinic(f"{type(row).__name__} of another clinic")


@contextlib.contextmanager
def for_migrating(of: Database) -> Iterator[Connection]:
    """A connection that sees every table: on SQLite the file of readings is attached as the schema of that name."""
    with of.main.connect().execution_options(writes=True) as connection, contextlib.ExitStack() as stack:
        if of.is_sqlite:
            beside = embedded.path_of(readings_url(of.url))
            stack.enter_context(embedded.attached(connection, beside, READINGS, of.file_key))
        else:
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {READINGS}")
            connection.commit()
        yield connection
        connection.commit()


# Reading many rows as the driver gives them. A report reads 200,000: going through the types costs as much as the rest.


def id_as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """An id that hashes fast: the bytes on SQLite, the text on PostgreSQL. `read_id` makes it a UUID."""
    return type_coerce(column, types.NullType()) if database().is_sqlite else cast_in_sql(column, Text)


def unindexed(column: ColumnElement[T]) -> ColumnElement[T]:
    """A column that no index is searched for: where nearly all rows are wanted SQLite would find them one by one."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type) if database().is_sqlite else column


def let_go_of_pages() -> None:
    """Gives back the pages of an embedded file that were read: who reads all of it reads none of them twice."""
    if database().is_sqlite:
        session.connection().exec_driver_sql("PRAGMA shrink_memory").close()


def to_store(row_id: uuid.UUID) -> bytes | str:
    """An id as `id_as_stored` gives it."""
    return row_id.bytes if database().is_sqlite else str(row_id)


def read_id(stored: bytes | str) -> uuid.UUID:
    return uuid.UUID(stored) if isinstance(stored, str) else uuid.UUID(bytes=bytes(stored))


def pack_id(stored: bytes | str) -> bytes:
    """The 16 bytes of an id as stored."""
    return bytes.fromhex(stored.replace("-", "")) if isinstance(stored, str) else stored


def read_moments(stored: Sequence[Any]) -> list[datetime | None]:
    """The UTC moments of a column of them as stored: text without a zone on SQLite."""
    if database().is_sqlite:
        return [None if one is None else datetime.fromisoformat(one + "+00:00") for one in stored]
    return [None if one is None else one.astimezone(UTC) for one in stored]


@lru_cache(maxsize=4096)
def read_codes(stored: str | None) -> tuple[str, ...]:
    return tuple(code for code in stored.split(";") if code) if stored else ()


def days_between(earlier: ColumnElement[Any], later: ColumnElement[Any]) -> ColumnElement[Any]:
    """How many days lie from a date to a moment, by its UTC day."""
    on_sqlite = func.julianday(func.date(later)) - func.julianday(earlier)
    return on_sqlite if database().is_sqlite else cast_in_sql(func.timezone("UTC", later), Date) - earlier
