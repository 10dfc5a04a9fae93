"""How what the clinic holds becomes rows of the register: which columns are selected, and what takes each value."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from typing import Any, cast

from sqlalchemy import Column as DbColumn
from sqlalchemy import ColumnElement, Enum, Select, Table, Text, func, select, type_coerce

from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, CasePeriod, Consent, ConsentPurpose, Step
from clinic.children.models import Child, Guardian
from clinic.crypto import current, sealing
from clinic.db import Id, Model, NoClinic, current_clinic, database, id_as_stored, pack_id, session
from clinic.register import kept, taking
from clinic.register.cells import Value
from clinic.register.format import ALL_LANES, UNKNOWN, Column, Kind, Lane, Sheet
from clinic.register.further import field_name
from clinic.register.kept import CASE, CHILD, PERSON, PLAN_PARTS, ROW, STEP, Kept
from clinic.register.taking import Cell, Take
from clinic.rows import batches_as_stored
from clinic.staff.models import StaffMember
from clinic.targets.models import TargetPlan
from clinic.vocabularies.fixed import CaseStatus, ChildRole

StoredId = bytes | str
"""An id as the database stores it, which is quicker to compare and look up than a UUID."""
Names = dict[StoredId, str]


class References:
    """How the clinic's children, cases and people are called, each map read once when it is first asked for."""

    @cached_property
    def children(self) -> Names:
        return self._named(table_of(Child), "reference")

    @cached_property
    def cases(self) -> Names:
        return self._named(table_of(CaseFile), "reference")

    @cached_property
    def people(self) -> Names:
        return self._named(table_of(StaffMember), "username")

    @cached_property
    def steps(self) -> Names:
        """The references of the steps that have one; the others go by their id."""
        table = table_of(Step)
        mine = table.c.clinic_id == current_clinic.get(), table.c.reference.is_not(None)
        wanted = select(id_as_stored(table.c.id), table.c.reference).where(*mine)
        return {row[0]: row[1] for row in session.execute(wanted)}

    @cached_property
    def plans(self) -> dict[StoredId, tuple[Value, ...]]:
        """Of the periods of targets, by the parts that tell them apart."""
        table = table_of(TargetPlan)
        parts = [table.c[part] for part in PLAN_PARTS]
        wanted = select(id_as_stored(table.c.id), *parts).where(table.c.clinic_id == current_clinic.get())
        return {row[0]: tuple(row[1:]) for row in session.execute(wanted)}

    def of(self, what: str) -> Callable[[StoredId], Value]:
        """How to call what a column refers to."""
        if what in PLAN_PARTS:
            plans, place = self.plans, PLAN_PARTS.index(what)
            return lambda stored: plans[stored][place] or None
        found = self.names_of(what)
        return lambda stored: found.get(stored) or id_text(stored)

    def names_of(self, what: str) -> Names:
        """The names of what is called by one."""
        named = {CHILD: "children", CASE: "cases", PERSON: "people", STEP: "steps"}.get(what)
        found: Names = getattr(self, named) if named else {}
        return found

    def _named(self, table: Table, column: str) -> Names:
        wanted = select(id_as_stored(table.c.id), table.c[column]).where(table.c.clinic_id == current_clinic.get())
        return dict(row for rows in batches_as_stored(wanted) for row in rows)


def id_text(stored: StoredId) -> str:
    """An id as it stands in a file."""
    return id_texts((stored,))[0]


def id_texts(stored: Sequence[StoredId]) -> list[str]:
    """Ids of one table as they stand in a file."""
    return [
        one if isinstance(one, str) else f"{(t := bytes.hex(one))[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}"
        for one in stored
    ]


class Shape:
    """How the rows of a sheet are selected and put together: which columns, and what takes the value of each."""

    def __init__(self, sheet: Sheet, references: References, lanes: frozenset[Lane] = ALL_LANES) -> None:
        self.sheet = sheet
        self.references = references
        self.lanes = lanes
        self.columns: list[DbColumn[Any]] = []
        self.takes: list[Take | None] = [None] * len(sheet.columns)
        self._of_row: list[Callable[[Sequence[Any]], Value] | None] = []
        self._clinic_id = the_clinic()

    def add(self, name: str, column: DbColumn[Any], refers: str = "") -> None:
        """Lets a column of the sheet be taken from a column of the database, if its lane is held."""
        if self.sheet.column(name).lane in self.lanes:
            self.takes[self.sheet.at[name]] = self._take(self.sheet.column(name), column, refers)

    def add_virtual(self, name: str, take: Take) -> None:
        """Lets a column of the sheet be taken from elsewhere, if its lane is held."""
        if self.sheet.column(name).lane in self.lanes:
            self.takes[self.sheet.at[name]] = take

    @property
    def selected(self) -> list[ColumnElement[Any]]:
        """What is selected: ids as they are stored, codes as texts."""
        return [_as_read(column) for column in self.columns]

    def place(self, column: DbColumn[Any]) -> int:
        """Where a column stands in the rows; it is selected if it was not yet."""
        for place, there in enumerate(self.columns):
            if there is column:
                return place
        self.columns.append(column)
        return len(self.columns) - 1

    def values(self, row: Sequence[Any]) -> tuple[Value, ...]:
        """The values of one row; nothing may be added any more."""
        if not self._of_row:
            self._of_row = [None if take is None else take.of_row() for take in self.takes]
        return tuple([taken(row) if taken is not None else None for taken in self._of_row])

    def _take(self, column: Column, stored: DbColumn[Any], refers: str) -> Take:
        at = self.place(stored)
        if refers:
            name_many = None if refers in PLAN_PARTS else id_texts
            return taking.named(at, self.references.names_of(refers), self.references.of(refers), name_many)
        if column.kind == Kind.MOMENT:
            return taking.moment(at, self.place(stored.table.c[f"{stored.name}_precision"]))
        if (stored.table.name, stored.name) in _secrets():
            open_many = _opening(stored.table.name, stored.name, self._clinic_id)
            return taking.opened(at, self.place(stored.table.c.id), open_many, is_date=column.kind == Kind.DATE)
        if column.required and column.kind in (Kind.CODE, Kind.CODES):
            return _known_or_unknown(at, column.kind)
        if stored.name == "attributes":
            return Take((at,), lambda held: json.dumps(held, ensure_ascii=False) if held else None)
        others = (Kind.CODES, Kind.FLAG, Kind.STAMP, Kind.DECIMAL)
        return Take((at,), is_written_as_it_is=column.kind not in others)


def _opening(table: str, column: str, clinic_id: uuid.UUID) -> Callable[..., Sequence[str | None]]:
    """What opens the sealed values of a column by the ids of their rows as they are stored."""
    opened = sealing.opener(current.ring(), clinic_id, table, column)
    return opened if database().is_sqlite else lambda sealed, ids: opened(sealed, map(pack_id, ids))


@cache
def _secrets() -> frozenset[tuple[str, str]]:
    """(table, column) of everything that is sealed."""
    return frozenset(
        (str(mapper.local_table.name), name)  # type: ignore[attr-defined]
        for mapper in Model.registry.mappers
        for name in mapper.class_.secrets
        if name in mapper.local_table.c
    )


def table_of(model: type[Model]) -> Table:
    """The table of a model; of a kind of step, that of its details."""
    return cast(Table, model.__table__)


def the_clinic() -> uuid.UUID:
    """The clinic at work."""
    clinic_id = current_clinic.get()
    if clinic_id is None:
        raise NoClinic("the register")
    return clinic_id


def _as_read(column: DbColumn[Any]) -> ColumnElement[Any]:
    if isinstance(column.type, Id):
        return id_as_stored(column)
    return type_coerce(column, Text) if isinstance(column.type, Enum) else column


def _known_or_unknown(at: int, kind: Kind) -> Take:
    unknown: Value = (UNKNOWN,) if kind == Kind.CODES else UNKNOWN
    return Take((at,), lambda held: held or unknown, is_written_as_it_is=kind != Kind.CODES)


def _unknown_names(sheet: Sheet, shape: Shape) -> None:
    """A starred name that is not known is written as such."""
    for column in sheet.columns:
        take = shape.takes[sheet.at[column.name]]
        if column.required and column.kind == Kind.TEXT and not column.further and take is not None:
            many = take.write_many
            written = None if many is None else _each_or_unknown(many)
            shape.takes[sheet.at[column.name]] = Take(take.at, _or_unknown(take.make), written)


def _each_or_unknown(write: Callable[..., Sequence[Cell]]) -> Callable[..., Sequence[Cell]]:
    return lambda *held: [cell or UNKNOWN for cell in write(*held)]


def _or_unknown(make: Callable[..., Value] | None) -> Callable[..., Value]:
    if make is None:
        return lambda held: held or UNKNOWN
    return lambda *held: make(*held) or UNKNOWN


# --- steps


def shape_of_steps(sheet: Sheet, references: References, lanes: frozenset[Lane] = ALL_LANES) -> Shape:
    """How the steps of a sheet are read."""
    shape = Shape(sheet, references, lanes)
    base, details = table_of(Step), table_of(kind_of(sheet.kind).model)
    shape.columns += [base.c.id, base.c.case_id, base.c.row_digest]
    for column in sheet.columns:
        name = column.name
        if name == "case_ref":
            shape.add(name, base.c.case_id, CASE)
        elif name == "step_ref":
            shape.add(name, base.c.id, STEP)
        elif name == "not_known":
            shape.add(name, base.c.not_known)
        elif name in ("worker", "counsellor"):
            shape.add(name, base.c.worker_id, PERSON)
        elif name == "follows_ref":
            shape.add(name, base.c.follows_id, STEP)
        elif name in ("group_ref", "consent_ref"):
            shape.add(name, details.c[name.replace("_ref", "_id")], ROW)
        else:
            shape.add(name, details.c[field_name(sheet, name)])
    _unknown_names(sheet, shape)
    return shape


# --- what is no step


def kept_as(sheet: Sheet) -> Kept:
    """How the rows of a sheet that is no sheet of steps are kept."""
    from clinic.register.beside import BESIDE

    made = {"children": kept.children, "cases": kept.cases, "activities": kept.activities}.get(sheet.name)
    if made is not None:
        return made(sheet)
    return next(one for one in BESIDE if one.sheet is sheet)


def shape_of_kept(
    held: Kept,
    references: References,
    ids: Sequence[uuid.UUID] | None = None,
    lanes: frozenset[Lane] = ALL_LANES,
) -> Shape:
    """How the rows of a sheet that is no sheet of steps are read; of these ids alone, if given."""
    shape = Shape(held.sheet, references, lanes)
    table = table_of(held.model)
    shape.columns.append(table.c.id)
    for column in held.read:
        shape.add(column.name, table.c[held.attribute(column.name)], held.refers.get(column.name, ""))
    _unknown_names(held.sheet, shape)
    if held.sheet.name == "children":
        _first_guardians(shape, ids)
    if held.sheet.name == "cases":
        _beside_the_case(shape, ids)
    return shape


def _first_guardians(shape: Shape, ids: Sequence[uuid.UUID] | None) -> None:
    """The first guardian of each child stands in the child's row."""
    table = table_of(Guardian)
    ids_stored = id_as_stored(table.c.child_id), id_as_stored(table.c.id)
    wanted = select(*ids_stored, table.c.name, table.c.phone, table.c.relationship)
    wanted = wanted.where(table.c.clinic_id == current_clinic.get()).order_by(
        table.c.position.desc(), table.c.id.desc()
    )
    first = {row[0]: row for row in _of(wanted, table.c.child_id, ids)}
    at = shape.place(table_of(Child).c.id)
    shape.add_virtual("guardian_relationship", Take((at,), lambda child: first[child][4] if child in first else None))
    for name, place in (("guardian_name", 2), ("guardian_phone", 3)):
        opened = _of_first_guardian(first, place, _opening("guardian", name.removeprefix("guardian_"), the_clinic()))
        shape.add_virtual(name, Take((at,), lambda child, opened=opened: opened((child,))[0], opened))


def _of_first_guardian(
    first: Mapping[StoredId, Any], place: int, open_many: Callable[..., Sequence[str | None]]
) -> Callable[[Sequence[StoredId]], Sequence[str | None]]:
    """What opens the value at this place of the first guardians of children, of those who have one."""

    def taken(children: Sequence[StoredId]) -> Sequence[str | None]:
        guardians = [first.get(child) for child in children]
        there = [one for one in guardians if one is not None]
        texts = iter(open_many([one[place] for one in there], [one[1] for one in there]))
        return [None if one is None else next(texts) for one in guardians]

    return taken


def _beside_the_case(shape: Shape, ids: Sequence[uuid.UUID] | None) -> None:
    """The first consent to the service and the closing of the last period stand in the case's row."""
    consent, period, case = table_of(Consent), table_of(CasePeriod), table_of(CaseFile)
    given = select(id_as_stored(consent.c.case_id), func.min(consent.c.given_on)).group_by(consent.c.case_id)
    given = given.where(consent.c.purpose == ConsentPurpose.SERVICE, consent.c.refused.is_(False))
    given = given.where(consent.c.clinic_id == current_clinic.get())
    first = {row[0]: row[1] for row in _of(given, consent.c.case_id, ids)}
    periods = select(id_as_stored(period.c.case_id), period.c.closed_on, period.c.closure_reason)
    periods = periods.order_by(period.c.opened_on)
    periods = periods.where(period.c.clinic_id == current_clinic.get())
    last = {row[0]: row for row in _of(periods, period.c.case_id, ids)}
    at, status, role = shape.place(case.c.id), shape.place(case.c.status), shape.place(case.c.role)
    shape.add_virtual("consent_given_on", Take((at,), first.get))
    for name in ("closed_on", "closure_reason"):
        shape.add_virtual(name, Take((at, status), _of_last_period(last, name)))
    shape.add_virtual(
        "alleged_offence", Take((shape.place(case.c.offences), role), _offences, is_written_as_it_is=False)
    )


def _offences(held: Any, role: str) -> Value:
    return held or ((UNKNOWN,) if role == ChildRole.ACCUSED else None)


def _of_last_period(last: Mapping[StoredId, Any], name: str) -> Callable[[StoredId, str], Value]:
    def taken(case: StoredId, status: str) -> Value:
        period = last.get(case) if status == CaseStatus.CLOSED else None
        value: Value = getattr(period, name) if period is not None else None
        return value

    return taken


def _of(wanted: Select[Any], column: DbColumn[Any], ids: Sequence[uuid.UUID] | None) -> Iterable[Any]:
    """All rows, or those of these ids alone."""
    if ids is None:
        return session.execute(wanted)
    return session.execute(wanted.where(column.in_(ids)))
