"""What the clinic holds, in the shape of the register: each record as a row that export writes and import compares."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, Table, select

from clinic.access.reader import Reader
from clinic.activities.models import Activity
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, Consent, Project, Step
from clinic.cases.queries import cases_walled_from, children_visible_to, children_walled_from
from clinic.children.models import Child
from clinic.db import current_clinic, id_as_stored, read_id, session, unindexed
from clinic.register.across import Held
from clinic.register.cells import Value, text_of
from clinic.register.format import ALL_LANES, Lane, Sheet
from clinic.register.further import field_name
from clinic.register.kept import CASE, CHILD, Kept
from clinic.register.shapes import References, Shape, id_text, kept_as, shape_of_kept, shape_of_steps, table_of
from clinic.rows import batches
from clinic.vocabularies.fixed import StepState

CHUNK = 500


def select_steps(sheet: Sheet, shape: Shape, *, every: bool = False) -> Select[Any]:
    """The steps of a sheet in the order of entry: those that took place, and of hearings all that stand.

    Of `every` step the details are read as they lie and the step by its id: by an index it would be page by page.
    """
    base, details = table_of(Step), table_of(kind_of(sheet.kind).model)
    of_the_clinic, same = (
        (unindexed(base.c.clinic_id), unindexed(details.c.id)) if every else (base.c.clinic_id, details.c.id)
    )
    wanted = (
        select(*shape.selected)
        .join_from(base, details, base.c.id == same)
        .where(of_the_clinic == current_clinic.get(), base.c.kind == sheet.kind, base.c.withdrawn_at.is_(None))
        .order_by(base.c.entered, base.c.id)
    )
    return wanted if sheet.kind == "hearing" else wanted.where(base.c.state == StepState.DONE)


def select_kept(held: Kept, shape: Shape) -> Select[Any]:
    """The rows of a sheet that is no sheet of steps, in the order of entry where there is one."""
    table = table_of(held.model)
    order = [table.c.entered] if "entered" in table.c else []
    of_the_clinic = unindexed(table.c.clinic_id) == current_clinic.get()
    return select(*shape.selected).where(of_the_clinic).order_by(*order, table.c.id)


# --- records by their ids


def held_values(
    sheet: Sheet, ids: Sequence[uuid.UUID], references: References, lanes: frozenset[Lane] = ALL_LANES
) -> dict[uuid.UUID, tuple[Value, ...]]:
    """The records with these ids as rows of their sheet; cells of other lanes are not loaded."""
    found: dict[uuid.UUID, tuple[Value, ...]] = {}
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        if sheet.kind:
            shape = shape_of_steps(sheet, references, lanes)
            wanted, column = select_steps(sheet, shape), table_of(Step).c.id
        else:
            held = kept_as(sheet)
            shape = shape_of_kept(held, references, chunk, lanes)
            wanted, column = select_kept(held, shape), table_of(held.model).c.id
        place = shape.place(column)
        rows = session.execute(wanted.where(column.in_(chunk)))
        found.update({read_id(row[place]): shape.values(row) for row in rows})
    return found


class HeldKey(NamedTuple):
    """By what a step that the clinic holds is recognised, in the order of entry."""

    id: uuid.UUID
    reference: str | None
    digest: bytes | None
    key: tuple[str, ...]


def keys_of_steps(sheet: Sheet, references: References, unseen: Collection[str] = ()) -> list[HeldKey]:
    """The keys of the steps of a kind, of those that did not take place or were withdrawn too; none of unseen cases."""
    base, details = table_of(Step), table_of(kind_of(sheet.kind).model)
    shape = Shape(sheet, references)
    shape.columns += [base.c.id, base.c.reference, base.c.row_digest]
    shape.add("case_ref", base.c.case_id, CASE)
    names = ["case_ref", sheet.when, *sheet.beside]
    for name in names[1:]:
        shape.add(name, details.c[field_name(sheet, name)])
    wanted = select(*shape.selected).join_from(base, details, base.c.id == details.c.id)
    wanted = wanted.where(base.c.clinic_id == current_clinic.get(), base.c.kind == sheet.kind)
    places = [sheet.at[name] for name in names]
    keys = []
    for row in session.execute(wanted.order_by(base.c.entered, base.c.id)):
        values = shape.values(row)
        if values[places[0]] in unseen:
            continue
        keys.append(HeldKey(read_id(row[0]), row[1], row[2], tuple(text_of(values[place]) for place in places)))
    return keys


def step_references(references: References, unseen: Collection[str] = ()) -> set[str]:
    """The references by which the steps of the clinic go, their own and their ids; without those of unseen cases."""
    table = table_of(Step)
    wanted = select(id_as_stored(table.c.id), table.c.reference, id_as_stored(table.c.case_id))
    rows = session.execute(wanted.where(table.c.clinic_id == current_clinic.get()))
    cases = references.cases
    return {
        name
        for stored, reference, case in rows
        if not unseen or cases[case] not in unseen
        for name in (id_text(stored), reference)
        if name
    }


def ids_by_reference(sheet: Sheet) -> dict[str, tuple[uuid.UUID, bytes | None]]:
    """The children, cases or activities by their references, each with the digest of the row it was imported from."""
    table = table_of(kept_as(sheet).model)
    wanted = select(table.c.reference, table.c.id, table.c.row_digest).where(table.c.clinic_id == current_clinic.get())
    return {row.reference: (row.id, row.row_digest) for row in session.execute(wanted)}


def aged_references() -> dict[str, set[str]]:
    """The references of cases and children of whom only facts are left, by the column that names them."""
    case, child = table_of(CaseFile), table_of(Child)
    wanted = select(case.c.reference, child.c.reference).join_from(case, child, case.c.child_id == child.c.id)
    rows = session.execute(wanted.where(case.c.clinic_id == current_clinic.get(), case.c.aged_on.is_not(None))).all()
    return {"case_ref": {case for case, _child in rows}, "child_ref": {child for _case, child in rows}}


def is_empty() -> bool:
    """Whether the clinic holds no child, case or activity yet."""
    tables = (table_of(Child), table_of(CaseFile), table_of(Activity))
    mine = (select(table.c.id).where(table.c.clinic_id == current_clinic.get()).limit(1) for table in tables)
    return all(session.execute(wanted).first() is None for wanted in mine)


def key_of(sheet: Sheet, values: Sequence[Value]) -> tuple[str, ...]:
    """By what a row of a further sheet is recognised: its own reference if it has one, else what it is about."""
    held = kept_as(sheet)
    own = next((name for name in held.refers if held.attribute(name) == "id"), None)
    if own is not None and values[sheet.at[own]]:
        return (str(values[sheet.at[own]]),)
    return tuple(text_of(values[sheet.at[name]]) for name in held.known_by)


def ids_by_key(sheet: Sheet, references: References, unseen: Collection[str] = ()) -> dict[tuple[str, ...], uuid.UUID]:
    """The records of a further sheet, by their own reference and by what they are about; none about what is unseen."""
    held = kept_as(sheet)
    table = table_of(held.model)
    shape = Shape(sheet, references)
    shape.columns.append(table.c.id)
    about = [name for name, what in held.refers.items() if what in (CASE, CHILD)] if unseen else []
    for name in dict.fromkeys([*held.known_by, *about]):
        shape.add(name, table.c[held.attribute(name)], held.refers.get(name, ""))
    places, hidden = [sheet.at[name] for name in held.known_by], [sheet.at[name] for name in about]
    found: dict[tuple[str, ...], uuid.UUID] = {}
    for row in session.execute(select_kept(held, shape)):
        values = shape.values(row)
        if any(values[place] in unseen for place in hidden):
            continue
        row_id = read_id(row[0])
        found.setdefault(tuple(text_of(values[place]) for place in places), row_id)
        found[(str(row_id),)] = row_id
    return found


def taken_ids(table: Table, ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these ids that a row of a table has already, of whichever clinic."""
    found: set[uuid.UUID] = set()
    for chunk in batches(ids, CHUNK):
        found.update(session.scalars(select(table.c.id).where(table.c.id.in_(chunk))))
    return found


def project_codes() -> set[str]:
    """The codes of the projects."""
    table = table_of(Project)
    return set(session.scalars(select(table.c.code).where(table.c.clinic_id == current_clinic.get())))


def births_of(references: Collection[str]) -> dict[str, date]:
    """The first day on which each of these children may have been born, of those of whom it is known."""
    found: dict[str, date] = {}
    for chunk in batches(references, CHUNK):
        mine = Child.clinic_id == current_clinic.get(), Child.reference.in_(chunk)
        children = session.scalars(select(Child).where(*mine))
        found.update({child.reference: born for child in children if (born := child.birth_date) is not None})
    return found


def unseen_by(reader: Reader | None) -> frozenset[str]:
    """The references of the cases that walls keep from a reader, and of their children who do not exist for them."""
    if reader is None or not cases_walled_from(reader):
        return frozenset()
    cases = select(CaseFile.reference).where(CaseFile.id.in_(cases_walled_from(reader)))
    hidden = Child.id.in_(children_walled_from(reader)), Child.id.not_in(children_visible_to(reader))
    return frozenset(session.scalars(cases)) | frozenset(session.scalars(select(Child.reference).where(*hidden)))


def held_references(unseen: Collection[str] = ()) -> Held:
    """What rows may refer to: the children and cases that the clinic holds, and whose each case is."""
    references, table = References(), table_of(CaseFile)
    mine = table.c.clinic_id == current_clinic.get()
    rows = session.execute(select(table.c.reference, id_as_stored(table.c.child_id)).where(mine))
    child_of = {case: references.children[child] for case, child in rows if case not in unseen}
    given = table_of(Consent)
    wanted = select(id_as_stored(given.c.id), id_as_stored(given.c.case_id))
    consents = session.execute(wanted.where(given.c.clinic_id == current_clinic.get()))
    agreed = frozenset(id_text(row) for row, case in consents if not unseen or references.cases[case] not in unseen)
    children = frozenset(references.children.values()).difference(unseen)
    return Held(children, child_of.keys(), agreed, child_of)
