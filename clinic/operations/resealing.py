"""New data keys while people work: each lane gets a new key, and what the old ones sealed is sealed again.

Every value says with which key it was sealed, so nothing besides has to be remembered: a run that was killed is gone on
with by looking what is still under an old key. Each batch is a transaction of its own, and between two of them the
writer's place is free.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Row, RowMapping, Table, and_, bindparam, func, not_, or_, select, update

from clinic import db
from clinic.audit import actions as chain
from clinic.children.models import Child, Guardian
from clinic.children.numbers import card_number, phone_digits
from clinic.conflicts.models import OtherPerson
from clinic.crypto import current, sealing
from clinic.crypto.keyring import LOOKUP, PROCESS
from clinic.db import Model, Secret
from clinic.staff import clinics
from clinic.versions import twin_name

BATCH = 100
SETTLE = 2.0
"""Seconds for the requests under way to end, before values under the new keys appear."""
SPOOLS = ("spool", "register")
"""What the files that wait in the spool are bound to."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Hashed:
    """A keyed hash and the sealed number beside it that it was made of."""

    column: str
    purpose: str
    of: str
    plain: Callable[[str], str]


HASHED: dict[str, tuple[Hashed, ...]] = {
    Child.__tablename__: (Hashed("card_hash", "card", "unrwa_number", card_number),),
    Guardian.__tablename__: (Hashed("phone_hash", "phone", "phone", phone_digits),),
    OtherPerson.__tablename__: (Hashed("phone_hash", "phone", "phone", phone_digits),),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """A table that holds sealed values: each column with the table and column that its values are bound to."""

    table: Table
    sealed: Mapping[str, tuple[str, str]]
    hashed: tuple[Hashed, ...] = ()

    @property
    def keys(self) -> list[Column[Any]]:
        """The primary key, the id first."""
        return list(self.table.primary_key.columns)

    def waiting(self, heads: Sequence[bytes], hash_heads: Sequence[bytes]) -> Any:
        """The rows that hold anything sealed or hashed with these keys."""
        of_values = [func.substr(self.table.c[name], 1, 5).in_(heads) for name in self.sealed]
        of_hashes = [func.substr(self.table.c[one.column], 1, 4).in_(hash_heads) for one in self.hashed]
        return or_(*of_values, *of_hashes)


def holders() -> list[Holder]:
    """Every table that holds sealed values, the tables of past states with them."""
    found: list[Holder] = []
    for mapper in Model.registry.mappers:
        table = mapper.local_table
        if not isinstance(table, Table):
            continue
        own = [name for name, value in vars(mapper.class_).items() if isinstance(value, Secret)]
        sealed = {name: (table.name, name) for name in own}
        hashed = HASHED.get(table.name, ())
        if sealed:
            found.append(Holder(table, sealed, hashed))
        twin = table.metadata.tables.get(twin_name(table))
        if twin is not None:
            reason = (twin_name(mapper.base_mapper.local_table), "because")  # type: ignore[arg-type]
            found.append(Holder(twin, {**sealed, "because": reason}, hashed))
    return sorted(found, key=lambda holder: holder.table.name)


def count_waiting() -> int:
    """How many rows hold something that an old key sealed."""
    heads, hash_heads = _old_heads()
    if not heads and not hash_heads:
        return 0
    with db.database().main.connect() as connection:
        return sum(_count(connection, holder, heads, hash_heads) for holder in holders())


def _count(connection: Connection, holder: Holder, heads: Sequence[bytes], hash_heads: Sequence[bytes]) -> int:
    counting = select(func.count()).select_from(holder.table).where(holder.waiting(heads, hash_heads))
    return int(connection.execute(counting).scalar_one())


def rotate(spool: Path, say: Say, *, settle: float = SETTLE) -> None:
    """Gives every lane a new key and seals everything again; finishes an earlier run first, where one was stopped."""
    waiting = count_waiting()
    if waiting:
        say(f"An earlier change of the data keys was not finished: {waiting} records are left.")
    else:
        _new_keys()
        say("Every lane has a new key. What was sealed with the old ones is sealed again now.")
        time.sleep(settle)
    began, number = time.monotonic(), 0
    while done := reseal_all(say) + reseal_files(spool):
        number += done
    _record_the_end(number)
    say(f"Done: {number} records and files in {time.monotonic() - began:.0f} seconds.")
    if waiting:
        say("This finished the earlier change. Give the command again for new keys.")


def _new_keys() -> None:
    """A new key for every lane and for the keyed hashes, told to every process by the clinic's counter."""
    _begin()
    clinic = clinics.the_clinic()
    for lane in sorted(current.ring().lanes - {PROCESS}):
        clinics.new_data_key(clinic, lane)
    clinic.keys_changed += 1
    chain.record("keys.data_changed")
    db.session.commit()


def _begin() -> None:
    """Begins a transaction that writes, whatever was read before."""
    db.session.rollback()
    db.begin_writing()


def _record_the_end(number: int) -> None:
    _begin()
    chain.record("keys.data_resealed", detail=str(number))
    db.session.commit()


def reseal_all(say: Say = lambda _text: None) -> int:
    """One pass over every table; answers how many rows were sealed again."""
    number = 0
    for holder in holders():
        done = sum(_batches(holder))
        if done:
            say(f"  {holder.table.name}: {done}")
        number += done
    return number


def _batches(holder: Holder) -> Iterator[int]:
    """Seals one table again, a short transaction at a time, and leaves as much time between two as one took.

    What is next is looked for before the writer's place is taken: a large table may hold little.
    """
    waiting = holder.waiting(*_old_heads())
    after: tuple[Any, ...] | None = None
    while found := _next_keys(holder, waiting, after):
        began = time.monotonic()
        with db.make_room(db.database().main) as connection:
            rows = _rows_between(connection, holder, waiting, after, found[-1])
            if rows:
                connection.execute(_change(holder), [_sealed_again(holder, row) for row in rows])
        yield len(rows)
        after = found[-1]
        time.sleep(min(time.monotonic() - began, 1.0))


def _old_heads() -> tuple[list[bytes], list[bytes]]:
    """How values and hashes begin that an old key made."""
    ring = current.ring()
    old = [number for number in ring.retired() if ring.lane_of(number) not in (LOOKUP, PROCESS)]
    hashes = [number for number in ring.retired() if ring.lane_of(number) == LOOKUP]
    return [sealing.head(number) for number in old], [number.to_bytes(4, "big") for number in hashes]


def _next_keys(holder: Holder, waiting: Any, after: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
    """The keys of the next rows, in their order."""
    wanted = select(*holder.keys).where(waiting)
    if after is not None:
        wanted = wanted.where(holder.keys[0] >= after[0], _beyond(holder.keys, after))
    with db.database().main.connect() as connection:
        return [tuple(row) for row in connection.execute(wanted.order_by(*holder.keys).limit(BATCH))]


def _rows_between(
    connection: Connection, holder: Holder, waiting: Any, after: tuple[Any, ...] | None, last: tuple[Any, ...]
) -> Sequence[Row[Any]]:
    """The rows after one key and up to another, held until the transaction ends."""
    table = holder.table
    names = {*(key.name for key in holder.keys), "clinic_id", *holder.sealed, *(one.column for one in holder.hashed)}
    wanted = select(*(table.c[name] for name in sorted(names))).where(waiting, not_(_beyond(holder.keys, last)))
    if after is not None:
        wanted = wanted.where(holder.keys[0] >= after[0], _beyond(holder.keys, after))
    return connection.execute(wanted.where(holder.keys[0] <= last[0]).with_for_update()).all()


def _beyond(keys: Sequence[Column[Any]], after: tuple[Any, ...]) -> Any:
    first, *rest = keys
    if not rest:
        return first > after[0]
    return or_(first > after[0], and_(first == after[0], _beyond(rest, after[1:])))


def _change(holder: Holder) -> Any:
    """The statement that puts a row's values in their places."""
    columns = [*holder.sealed, *(one.column for one in holder.hashed)]
    own = [key == bindparam(f"k_{key.name}", type_=key.type) for key in holder.keys]
    return update(holder.table).where(*own).values({name: bindparam(f"v_{name}") for name in columns})


def _sealed_again(holder: Holder, row: Row[Any]) -> dict[str, Any]:
    kept, ring = row._mapping, current.ring()
    retired = set(ring.retired())
    values: dict[str, Any] = {f"k_{key.name}": kept[key.name] for key in holder.keys}
    for name, bound_to in holder.sealed.items():
        value = None if kept[name] is None else bytes(kept[name])
        if value is not None and sealing.key_number(value) in retired:
            value = sealing.reseal(ring, sealing.place(kept["clinic_id"], *bound_to, kept["id"]), value)
        values[f"v_{name}"] = value
    for one in holder.hashed:
        values[f"v_{one.column}"] = _hashed_again(holder, one, kept)
    return values


def _hashed_again(holder: Holder, one: Hashed, kept: RowMapping) -> bytes | None:
    """The keyed hash of the number that the row holds sealed."""
    if kept[one.column] is None or kept[one.of] is None:
        return None
    place = sealing.place(kept["clinic_id"], *holder.sealed[one.of], kept["id"])
    text = one.plain(sealing.open_(current.ring(), place, bytes(kept[one.of])))
    return sealing.lookup_hash(current.ring(), one.purpose, text) if text else None


def reseal_files(folder: Path) -> int:
    """The files that wait in the spool, sealed again; answers how many."""
    retired, number = set(current.ring().retired()), 0
    for path in sorted(folder.glob("*.sealed")) if folder.is_dir() else []:
        with contextlib.suppress(FileNotFoundError):
            sealed = path.read_bytes()
            if sealing.key_number(sealed) in retired:
                number += _reseal_file(path, sealed)
    return number


def _reseal_file(path: Path, sealed: bytes) -> int:
    clinic_id = db.current_clinic.get()
    if clinic_id is None:
        raise db.NoClinic(path.name)
    owner, file_id = path.stem.split("-")
    for what in SPOOLS:
        with contextlib.suppress(sealing.CannotOpen):
            made = sealing.reseal(current.ring(), sealing.place(clinic_id, what, owner, uuid.UUID(file_id)), sealed)
            making = path.with_suffix(".unfinished")
            making.touch(mode=0o600)
            making.write_bytes(made)
            os.utime(making, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))  # it is no younger for it
            making.replace(path)
            return 1
    return 0
