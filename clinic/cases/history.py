"""The history of a case in sentences: who did what and when, which answers, what stood there before; who looked.

The chain of changes names fields alone; what stood there before comes from the version tables, and only for a reader
who holds the field's lane.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, or_, select

from clinic import db, formats, versions
from clinic.access.lanes import lane_of
from clinic.access.permissions import Lane
from clinic.access.reader import Reader
from clinic.audit.models import AuditEntry, reading
from clinic.audit.readings import IN_EMERGENCY
from clinic.cases import actions
from clinic.cases.cards import words_of
from clinic.cases.history_labels import DEEDS, FIELDS, LOOKED_AT, OF_A_STEP, SOMETHING, UNDER_EMERGENCY, as_field
from clinic.cases.kinds import Field, Shape, all_kinds, is_kind, kind_of
from clinic.cases.models import CaseFile
from clinic.cases.queries import Seat
from clinic.children.models import Guardian
from clinic.clock import Moment
from clinic.crypto import current, sealing
from clinic.db import Model, session
from clinic.languages import _
from clinic.staff.queries import names_of

PAGE = 25


@dataclass(frozen=True)
class Changed:
    """One answer that a change touched, and what stood there before; `closed` where the reader has not its lane."""

    label: str
    was: str | None
    closed: bool = False


@dataclass(frozen=True)
class Deed:
    """One change in a sentence."""

    sentence: str
    at: datetime
    changed: Sequence[Changed]
    because: str | None
    step_id: uuid.UUID | None


@dataclass(frozen=True)
class Look:
    """One reading in a sentence."""

    sentence: str
    at: datetime


def changes_of(
    case: CaseFile, *, seat: Seat, names: Mapping[uuid.UUID, str], after: int = 0
) -> tuple[list[Deed], bool]:
    """What was done in a case and with its child, the latest first, 25 at a time; and whether there is more."""
    guardians = select(Guardian.id).where(Guardian.child_id == case.child_id)
    about = or_(
        AuditEntry.case_id == case.id, AuditEntry.subject_id == case.child_id, AuditEntry.subject_id.in_(guardians)
    )
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.clinic_id == case.clinic_id, about)
        .order_by(AuditEntry.number.desc())
        .offset(after)
        .limit(PAGE + 1)
    ).all()
    before = _states_before(entries[:PAGE], seat.lanes)
    return [_deed(entry, before, seat.lanes, names) for entry in entries[:PAGE]], len(entries) > PAGE


def _deed(entry: AuditEntry, before: _Before, held: frozenset[Lane], names: Mapping[uuid.UUID, str]) -> Deed:
    state = before.get((entry.subject or "", entry.subject_id, entry.at))
    return Deed(
        sentence=_sentence(entry, names),
        at=entry.at,
        changed=[changed for name in entry.fields if (changed := _changed(entry, name, state, held)) is not None],
        because=state.because if state else None,
        step_id=entry.subject_id if is_kind(entry.subject or "") or _is_step(entry.subject) else None,
    )


def _name(who: uuid.UUID | None, names: Mapping[uuid.UUID, str]) -> str:
    return formats.isolate(names[who]) if who is not None and who in names else _("The clinic")


def _is_step(table: str | None) -> bool:
    return any(kind.model.__tablename__ == table for kind in all_kinds())


def _sentence(entry: AuditEntry, names: Mapping[uuid.UUID, str]) -> str:
    who = _name(entry.who, names)
    area, _dot, deed = entry.what.rpartition(".")
    if is_kind(area) and deed in OF_A_STEP:
        return str(OF_A_STEP[deed]) % {"who": who, "what": str(kind_of(area).label)}
    return str(DEEDS.get(entry.what, SOMETHING)) % {"who": who}


# --- what stood there before


@dataclass(frozen=True)
class _State:
    values: Mapping[str, Any]
    row_id: uuid.UUID
    clinic_id: uuid.UUID
    because: str | None


_Before = Mapping[tuple[str, uuid.UUID | None, datetime], _State]


def _states_before(entries: Iterable[AuditEntry], held: frozenset[Lane]) -> _Before:
    """The states that these changes replaced, without the columns of lanes that are not held: one statement a table."""
    wanted: dict[str, list[AuditEntry]] = defaultdict(list)
    for entry in entries:
        if entry.fields and entry.subject and f"{entry.subject}_version" in Model.metadata.tables:
            wanted[entry.subject].append(entry)
    found: dict[tuple[str, uuid.UUID | None, datetime], _State] = {}
    for name, changes in wanted.items():
        for state_of, state in _states(name, changes, held):
            found[name, *state_of] = state
    return found


def _states(
    name: str, changes: Sequence[AuditEntry], held: frozenset[Lane]
) -> Iterable[tuple[tuple[uuid.UUID, datetime], _State]]:
    table = Model.metadata.tables[name]
    twin = versions.twin_of(table)
    columns = {column.name for entry in changes for column in _columns(table, entry.fields)} & set(twin.c.keys())
    readable = sorted(column for column in columns if lane_of(name, column) in held)
    ids, moments = {entry.subject_id for entry in changes}, {entry.at for entry in changes}
    chosen = select(twin.c.id, twin.c.clinic_id, twin.c.known_to, twin.c.because, *(twin.c[one] for one in readable))
    for row in session.execute(chosen.where(twin.c.id.in_(ids), twin.c.known_to.in_(moments))):
        values = {column: getattr(row, column) for column in readable}
        because = _reason(name, row, held)
        yield (row.id, row.known_to), _State(values, row.id, row.clinic_id, because)


def _columns(table: Table, names: Iterable[str]) -> Iterable[Any]:
    """The columns that fields need: of a moment its precision besides."""
    for name in names:
        for one in (name, f"{name}_precision"):
            if one in table.c:
                yield table.c[one]


def _reason(name: str, row: Any, held: frozenset[Lane]) -> str | None:
    """Why a step was changed, as it was typed then; for those who hold the lane that it was sealed in."""
    kind = next((each for each in all_kinds() if each.model.__tablename__ == name), None)
    if row.because is None or kind is None or actions.reason_lane(kind) not in held:
        return None
    place = sealing.place(row.clinic_id, "step_version", "because", row.id)
    return sealing.open_(current.ring(), place, bytes(row.because))


def _changed(entry: AuditEntry, column: str, state: _State | None, held: frozenset[Lane]) -> Changed | None:
    """A field of a change in words; None for a column that no person fills in."""
    field = _field(entry.subject or "", column)
    if field is None:
        return None
    if lane_of(entry.subject or "", column) not in held:
        return Changed(str(field.label), None, closed=True)
    if state is None or column not in state.values:
        return Changed(str(field.label), None)
    return Changed(str(field.label), _words(entry.subject or "", column, field, state))


def _field(table: str, column: str) -> Field | None:
    kind = next((each for each in all_kinds() if each.model.__tablename__ == table), None)
    if kind is not None:
        return next((field for field in kind.fields if kind.column(field) == column), None)
    described = FIELDS.get(table, {}).get(column)
    return as_field(column, *described) if described else None


def _words(table: str, column: str, field: Field, state: _State) -> str:
    value = state.values[column]
    if isinstance(value, bytes | memoryview):
        place = sealing.place(state.clinic_id, table, column, state.row_id)
        value = sealing.open_(current.ring(), place, bytes(value))
    elif field.shape is Shape.MOMENT and value is not None:
        value = Moment(value, state.values[f"{column}_precision"])
    return words_of(value, field) or _("left open")


# --- who looked


def readings_of(case: CaseFile, *, names: Mapping[uuid.UUID, str], limit: int = 50) -> list[Look]:
    """Who opened the case, its steps or its history, the latest first."""
    wanted = (
        select(reading.c.who, reading.c.at, reading.c.what)
        .where(reading.c.clinic_id == case.clinic_id, reading.c.case_id == case.id)
        .order_by(reading.c.number.desc())
        .limit(limit)
    )
    with db.database().readings.connect() as connection:
        rows = connection.execute(wanted).all()
    return [Look(_looked(row.what, _name(row.who, names)), row.at) for row in rows]


def _looked(what: str, who: str) -> str:
    plain = what.removesuffix(IN_EMERGENCY)
    said = str(LOOKED_AT.get(plain, LOOKED_AT["case.read"])) % {"who": who}
    return said if plain == what else f"{said} {UNDER_EMERGENCY}"


def last_change(case: CaseFile, *, reader: Reader) -> tuple[str, datetime]:
    """Who saved the case last, and when."""
    who = versions.last_replaced_by(case) or case.recorded_by
    return names_of(reader=reader).get(who, "") if who else "", case.known_from
