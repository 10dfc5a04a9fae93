"""Every state of a row as it stood: the twin tables that history, the conflict page and `as_of` read.

A versioned table `t` has a twin `t_version` with the same columns, bytes of secrets included, and until when and
through whom the state stood. The live row carries `known_from`; a state moves to the twin at the moment it is
replaced. So what was known at a moment is the live rows known by then and the twin's rows that stood then: `as_known`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import (
    Column,
    Connection,
    FromClause,
    Index,
    LargeBinary,
    Table,
    and_,
    bindparam,
    event,
    insert,
    inspect,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from clinic import clock, db
from clinic.db import Id, Model, UtcDateTime, current_actor

because: ContextVar[bytes | None] = ContextVar("because", default=None)


class Versioned(Model):
    """A row whose every state is kept; a joined row keeps the states of all its tables together."""

    __abstract__ = True
    keeps_versions: ClassVar[bool] = True

    known_from: Mapped[datetime] = mapped_column(sort_order=90)


def twin_name(table: Table) -> str:
    """The name of the table that keeps the past states of `table`."""
    return f"{table.name}_version"


def make_twins() -> None:
    """Declares the twin of every versioned table, once all models are imported."""
    for mapper in list(Model.registry.mappers):
        if not getattr(mapper.class_, "keeps_versions", False):
            continue
        table = mapper.local_table
        if isinstance(table, Table) and twin_name(table) not in table.metadata.tables:
            _make_twin(table)


def _make_twin(table: Table) -> Table:
    columns = [
        Column(column.name, column.type, primary_key=True)
        if column.name in ("id", "known_from")
        else Column(column.name, column.type, nullable=True)
        for column in table.columns
    ]
    twin = Table(
        twin_name(table),
        table.metadata,
        *columns,
        Column("known_to", UtcDateTime, nullable=False),
        Column("replaced_by", Id, nullable=True),
        Column("because", LargeBinary, nullable=True),
    )
    if "clinic_id" in table.c:
        Index(None, twin.c.clinic_id, twin.c.known_to)
    return twin


def twin_of(table: Table) -> Table:
    """The twin of a versioned table."""
    return table.metadata.tables[twin_name(table)]


def last_replaced_by(row: Versioned) -> uuid.UUID | None:
    """Who replaced the newest past state of a row; None where it has no past, or nobody was signed in."""
    twin = twin_of(Model.metadata.tables[row.__tablename__])
    newest = select(twin.c.replaced_by).where(twin.c.id == row.id).order_by(twin.c.known_to.desc()).limit(1)
    who: uuid.UUID | None = db.session.scalar(newest)
    return who


@lru_cache(maxsize=64)
def _moves(table: Table) -> Any:
    """INSERT … SELECT that moves the state as it stands in the database to the twin.

    A row that this transaction made or changed already is left: the state between was never known to anybody.
    """
    twin = twin_of(table)
    names = [column.name for column in table.columns]
    source = select(
        *table.columns,
        bindparam("b_known_to", type_=UtcDateTime),
        bindparam("b_replaced_by", type_=Id),
        bindparam("b_because", type_=LargeBinary),
    ).where(table.c.id == bindparam("b_id", type_=Id), table.c.known_from < bindparam("b_before", type_=UtcDateTime))
    return insert(twin).from_select([*names, "known_to", "replaced_by", "because"], source)


@event.listens_for(Versioned, "before_update", propagate=True)
def _keep_the_past(mapper: Mapper[Any], connection: Connection, row: Versioned) -> None:
    state = inspect(row)
    if not _has_changed(row):
        return
    moment = moment_of(state.session)
    for table in mapper.tables:
        if isinstance(table, Table):
            _keep(connection, table, row.id, moment)
    row.known_from = moment


def _keep(connection: Connection, table: Table, row_id: uuid.UUID, moment: datetime) -> None:
    values = {"b_id": row_id, "b_known_to": moment, "b_before": moment}
    connection.execute(_moves(table), {**values, "b_replaced_by": current_actor.get(), "b_because": because.get()})


def keep_many(
    connection: Connection, table: Table, row_ids: Sequence[uuid.UUID], moment: datetime, by: uuid.UUID | None
) -> None:
    """Keeps the states of many rows that a bulk update is about to replace."""
    values = {"b_known_to": moment, "b_before": moment, "b_replaced_by": by, "b_because": None}
    connection.execute(_moves(table), [{"b_id": row_id, **values} for row_id in row_ids])


@event.listens_for(Versioned, "before_insert", propagate=True)
def _known_from_now(_mapper: Mapper[Any], _connection: Connection, row: Versioned) -> None:
    if inspect(row).dict.get("known_from") is None:
        row.known_from = moment_of(inspect(row).session)


def moment_of(session: Session | None) -> datetime:
    """The one moment at which everything that a transaction changes becomes known."""
    if session is None:
        return clock.now()
    moment: datetime = session.info.setdefault("moment", clock.now())
    return moment


@event.listens_for(Session, "before_flush")
def _come_after_what_is_changed(session: Session, _context: Any, _instances: Any) -> None:
    """Where the clock was set back, what is changed now still becomes known after the state that it replaces.

    Else that state would have no time at which it stood, and would be lost.
    """
    moment = moment_of(session)
    ours = session.info.setdefault("moments", {moment})
    changed = (row for row in session.dirty if isinstance(row, Versioned))
    stood = [(row, inspect(row).dict.get("known_from")) for row in changed]
    later = [known for row, known in stood if known and known >= moment and known not in ours and _has_changed(row)]
    if later:
        session.info["moment"] = max(later) + timedelta(microseconds=1)
        ours.add(session.info["moment"])


def _has_changed(row: Versioned) -> bool:
    state = inspect(row)
    touched = (each.key for each in state.mapper.column_attrs if each.key in state.committed_state)
    return any(state.attrs[key].history.has_changes() for key in touched)


@event.listens_for(Session, "after_transaction_end")
def _at_its_end(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        forget_the_moment(session)


def forget_the_moment(session: Session) -> None:
    """What is changed from here on becomes known at another moment."""
    session.info.pop("moment", None)
    session.info.pop("moments", None)


@contextmanager
def giving_reason(sealed: bytes | None) -> Iterator[None]:
    """Changes made inside keep this sealed reason beside the state that they replace."""
    token = because.set(sealed)
    try:
        yield
    finally:
        because.reset(token)


def as_known(table: Table, as_of: datetime | None, *names: str) -> FromClause:
    """The rows of a versioned table with the named columns (all, if none): as they stand, or as known at a moment."""
    chosen = names or tuple(column.name for column in table.columns)
    if as_of is None:
        return select(*(table.c[name] for name in chosen)).subquery(f"{table.name}_now") if names else table
    twin = twin_of(table)
    moment = literal(as_of, UtcDateTime)
    live = select(*(table.c[name] for name in chosen)).where(table.c.known_from <= moment)
    past = select(*(twin.c[name] for name in chosen)).where(and_(twin.c.known_from <= moment, twin.c.known_to > moment))
    return union_all(live, past).subquery(f"{table.name}_known")
