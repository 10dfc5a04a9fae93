"""A whole clinic as lines of text, and back: every table as it stood at one moment, whichever database holds it.

The first line says what this is and at which revision; then each table: a line of its columns, a line a row, a line
with the number of rows and the SHA-256 over them; last a line with the sum. Secrets stay sealed as they are.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Double,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    column,
    insert,
    select,
    table,
    text,
    type_coerce,
    update,
)
from sqlalchemy.types import TypeEngine

from clinic import clock, db, migrating
from clinic.crypto.keyring import fingerprint_in
from clinic.db import READINGS, Id, Model, UtcDateTime
from clinic.staff.models import DataKey

FORMAT = "sanad-backup-1"
BATCH = 1_000


class Damaged(Exception):
    """These lines are not a whole copy of a clinic; the message says where they stop being one."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """How values of a column are kept: the type that reads and writes them, and their way into JSON and back."""

    type: Any
    say: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


_KINDS: Mapping[str, _Kind] = {
    "id": _Kind(Id(), lambda value: value.hex, uuid.UUID),
    "moment": _Kind(UtcDateTime(), lambda value: value.isoformat(), datetime.fromisoformat),
    "day": _Kind(Date(), lambda value: value.isoformat(), date.fromisoformat),
    "bytes": _Kind(LargeBinary(), lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "yes_no": _Kind(Boolean(), _same, _same),
    "whole": _Kind(BigInteger(), _same, _same),
    "number": _Kind(Double(), _same, _same),
    "json": _Kind(JSON(), _same, _same),
    "text": _Kind(Text(), _same, _same),
}
_BY_TYPE: Sequence[tuple[type[TypeEngine[Any]] | type[Any], str]] = (
    (Id, "id"),
    (UtcDateTime, "moment"),
    (Date, "day"),
    (LargeBinary, "bytes"),
    (Boolean, "yes_no"),
    (Integer, "whole"),
    (Double, "number"),
    (JSON, "json"),
)


def _kind_of(one: Column[Any]) -> str:
    return next((kind for type_, kind in _BY_TYPE if isinstance(one.type, type_)), "text")


# --- out


def lines(head: Mapping[str, Any]) -> Iterator[str]:
    """The clinic of this process, line by line, from one moment; `head` goes into the first line.

    So does which master key opens it, so that another one is refused before anything is laid down.
    """
    of, sum_ = db.database(), 0
    with db.snapshot(of.main) as main, db.snapshot(of.readings) as readings:
        revision = main.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        key = fingerprint_in(main.execute(select(DataKey.wrapped).limit(1)).scalar_one()).hex()
        about = {"format": FORMAT, "revision": revision, "made_at": clock.now().isoformat(), "key": key}
        yield json.dumps({**about, **head})
        for one in Model.metadata.sorted_tables:
            said = _Said()
            yield from _lines_of(one, readings if one.schema == READINGS else main, said)
            sum_ += said.rows
    yield json.dumps({"sum": sum_})


@dataclass
class _Said:
    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def take(self, line: str) -> str:
        self.rows += 1
        self.digest.update(line.encode())
        return line


def _lines_of(one: Table, connection: Connection, said: _Said) -> Iterator[str]:
    kinds = [_kind_of(each) for each in one.c]
    yield json.dumps(
        {"table": one.fullname, "columns": [[each.name, kind] for each, kind in zip(one.c, kinds, strict=True)]}
    )
    wanted = select(*(type_coerce(each, _KINDS[kind].type) for each, kind in zip(one.c, kinds, strict=True)))
    ordered = wanted.order_by(*one.primary_key.columns)
    say = [_KINDS[kind].say for kind in kinds]
    for row in connection.execute(ordered, execution_options={"yield_per": BATCH}):
        values = [None if value is None else turn(value) for turn, value in zip(say, row, strict=True)]
        yield said.take(json.dumps(values, ensure_ascii=False))
    yield json.dumps({"end": one.fullname, "rows": said.rows, "sha256": said.digest.hexdigest()})


# --- back


@dataclass
class Brought:
    """What was brought back: rows and digest of each table, in their order."""

    head: Mapping[str, Any]
    tables: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(rows for rows, _digest in self.tables.values())


def head_of(said: Iterator[str]) -> dict[str, Any]:
    """The first line. Raises Damaged."""
    head = _parsed(next(said, ""))
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise Damaged("This is not a backup of a clinic.")
    return head


def load(head: Mapping[str, Any], said: Iterator[str], into: db.Database) -> Brought:
    """Makes the tables as they were and fills them, in one transaction. Raises Damaged."""
    migrating.upgrade(into, str(head["revision"]))
    brought = Brought(head)
    with db.for_migrating(into) as connection:
        for line in said:
            top = _parsed(line)
            if "sum" in top:
                if top["sum"] != brought.rows:
                    raise Damaged("The backup has not as many rows as it says.")
                return brought
            brought.tables[top["table"]] = _fill(connection, top["table"], top["columns"], said)
    raise Damaged("The backup breaks off before its end.")


def _fill(connection: Connection, name: str, columns: list[list[str]], said: Iterator[str]) -> tuple[int, str]:
    schema, _dot, bare = name.rpartition(".")
    target = table(bare, *(column(each, _KINDS[kind].type) for each, kind in columns), schema=schema or None)
    later = _own_references(name)
    got = _Said()
    batch: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []
    for line in said:
        values = _parsed(line)
        if isinstance(values, dict):
            _insert(connection, target, batch)
            _link(connection, target, links)
            return _same_as(values, got)
        got.take(line.rstrip("\n"))
        row = _read(columns, values)
        links += [{"b_id": row["id"], each: row[each]} for each in later if row[each] is not None]
        batch.append({**row, **dict.fromkeys(later)})
        if len(batch) >= BATCH:
            _insert(connection, target, batch)
            batch = []
    raise Damaged(f"The backup breaks off in {name}.")


def _read(columns: list[list[str]], values: list[Any]) -> dict[str, Any]:
    """A row as the database takes it."""
    pairs = zip(columns, values, strict=True)
    return {each: None if value is None else _KINDS[kind].read(value) for (each, kind), value in pairs}


def _own_references(name: str) -> list[str]:
    """Columns that refer to other rows of the same table: filled once all rows are there."""
    one = Model.metadata.tables.get(name)
    keys = one.foreign_keys if one is not None else ()
    own = [key.parent.name for key in keys if key.column.table is one]
    return [each for each in own if each != "clinic_id"]


def _insert(connection: Connection, target: Any, batch: list[dict[str, Any]]) -> None:
    if batch:
        connection.execute(insert(target), batch)


def _link(connection: Connection, target: Any, links: Iterable[dict[str, Any]]) -> None:
    for each in sorted({key for link in links for key in link} - {"b_id"}):
        rows = [{"b_id": link["b_id"], "b_to": link[each]} for link in links if each in link]
        connection.execute(
            update(target).where(target.c.id == bindparam("b_id")).values({each: bindparam("b_to")}), rows
        )


def _same_as(end: Mapping[str, Any], got: _Said) -> tuple[int, str]:
    if (end.get("rows"), end.get("sha256")) != (got.rows, got.digest.hexdigest()):
        raise Damaged(f"The rows of {end.get('end')} are not those that were written.")
    return got.rows, str(end["sha256"])


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise Damaged("The backup holds a line that is none of its own.") from None


def differences(brought: Brought, of: db.Database) -> list[str]:
    """The tables whose rows are not those of the copy, read again from the database they were brought into."""
    wrong = []
    with db.snapshot(of.main) as main, db.snapshot(of.readings) as readings:
        for one in Model.metadata.sorted_tables:
            if one.fullname in brought.tables:
                said = _Said()
                for _line in _lines_of(one, readings if one.schema == READINGS else main, said):
                    pass
                if (said.rows, said.digest.hexdigest()) != brought.tables[one.fullname]:
                    wrong.append(one.fullname)
    return wrong
