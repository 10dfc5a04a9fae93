"""What an import would do, row by row, before anything is written."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from clinic.cases.kinds import Side, kind_of
from clinic.crypto import current, sealing
from clinic.memory import collection_at_rest
from clinic.register import queries, rules, states
from clinic.register.beside import PEOPLE
from clinic.register.bringing import BY_THE_KEY, Bringing
from clinic.register.cells import Value
from clinic.register.format import Column, Kind, Lane, Sheet
from clinic.register.further import PLANNED, WITHDRAWN
from clinic.register.problems import Code, Problem
from clinic.register.reading import ReadRegister, Row, SheetRows
from clinic.register.shapes import References

LAWYER, COUNSELLOR = "lawyer", "counsellor"


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something else than its record: the cells that do."""

    row: Row
    id: uuid.UUID
    cells: tuple[tuple[Column, Value], ...]


@dataclass(slots=True)
class SheetPlan:
    """What becomes of the rows of a sheet."""

    sheet: Sheet
    new: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    unseen: int = 0
    """Rows about what does not exist for who brings them: told as new, and left out."""


@dataclass(slots=True)
class Plan:
    """What becomes of a register: its sheets, the rows in conflict, and who and what it brings along."""

    sheets: dict[str, SheetPlan] = field(default_factory=dict)
    conflicts: list[Problem] = field(default_factory=list)
    accounts: dict[str, set[str]] = field(default_factory=dict)
    """Usernames that nobody has, and the roles in which they are named."""
    projects: list[str] = field(default_factory=list)

    def new(self, name: str) -> list[Row]:
        return self.sheets[name].new if name in self.sheets else []

    @property
    def changes_nothing(self) -> bool:
        return not any(found.new or found.changed for found in self.sheets.values())


def digest(purpose: str, text: str) -> bytes:
    """A digest that only who holds the clinic's keys can make."""
    return sealing.mark(current.ring(), purpose, text)


@collection_at_rest()
def plan_of(register: ReadRegister, *, file_wins: bool = False, by: Bringing = BY_THE_KEY) -> Plan:
    """Compares a register that was checked with what the clinic holds, as far as it exists for who brings it."""
    planner = _Planner(file_wins, References(), by)
    for found in register.sheets.values():
        planner.plan_sheet(found)
    plan = planner.plan
    plan.accounts = _unknown_people(plan, set(planner.references.people.values()))
    plan.projects = _unknown_projects(plan)
    return plan


class _Planner:
    """Plans the sheets one by one."""

    def __init__(self, file_wins: bool, references: References, by: Bringing) -> None:
        self.plan = Plan()
        self._by = by
        self.references = references
        self._file_wins = file_wins
        self._is_empty = queries.is_empty()
        self._aged = queries.aged_references()

    def plan_sheet(self, found: SheetRows) -> None:
        """Plans the rows of a sheet, which are the plan's from here on."""
        planned = self.plan.sheets[found.sheet.name] = SheetPlan(found.sheet)
        if not self._by.brings(found.sheet):
            self.plan.conflicts += [Problem(Code.FOR_THE_KEY, found.sheet.name, row.number) for row in found.rows]
            found.rows.clear()
        if self._by.unseen:
            self._leave_out(found, planned)
        self._leave_out_aged(found)
        if found.rows and found.sheet in (PLANNED, WITHDRAWN):
            self._plan_states(found, planned)
        else:
            self._plan_records(found, planned)
        found.rows.clear()

    def _leave_out_aged(self, found: SheetRows) -> None:
        """Rows of files that were aged do not come back."""
        for name, references in self._aged.items():
            place = found.sheet.at.get(name)
            if place is None or not references:
                continue
            out = [row for row in found.rows if row.values[place] in references]
            self.plan.conflicts += [Problem(Code.AGED, found.sheet.name, row.number) for row in out]
            found.rows[:] = [row for row in found.rows if row.values[place] not in references]

    def _leave_out(self, found: SheetRows, planned: SheetPlan) -> None:
        """Takes out the rows that bear an unseen reference."""
        places = [found.sheet.at[column.name] for column in found.sheet.of_kind(Kind.REFERENCE)]
        kept = [row for row in found.rows if not any(row.values[place] in self._by.unseen for place in places)]
        planned.unseen = len(found.rows) - len(kept)
        found.rows[:] = kept

    def _plan_states(self, found: SheetRows, planned: SheetPlan) -> None:
        """Steps that did not take place come in where they are not there; those that are there are left."""
        sheet, known = found.sheet, queries.step_references(self.references, self._by.unseen)
        lanes, case = self._by.lanes, found.sheet.at["case_ref"]
        held = [step.row(lanes) for step in states.held(sheet, self.references, lanes)]
        held = [row for row in held if row[case] not in self._by.unseen]
        at, keys = sheet.at["step_ref"], {states.key_of(sheet, row) for row in held}
        by_reference = {row[at]: row for row in held}
        for row in found.rows:
            reference = row.values[at]
            is_there = reference in known if reference else states.key_of(sheet, row.values) in keys
            if not is_there:
                planned.new.append(row)
            elif not reference or states.says_the_same(sheet, row.values, by_reference.get(reference), lanes):
                planned.same += 1
            else:
                self.plan.conflicts.append(_conflict(sheet, row, ()))

    def _plan_records(self, found: SheetRows, planned: SheetPlan) -> None:
        sheet = found.sheet
        found.rows[:] = [rules.settled_row(sheet, row) for row in found.rows]
        there = self._recognised(found) if found.rows else {}
        planned.new = [row for row in found.rows if row.number not in there]
        waiting = []
        for row in found.rows:
            if row.number not in there:
                continue
            row_id, kept = there[row.number]
            if rules.said_before(kept, rules.content_mark(sheet, row.values, digest, self._by.lanes)):
                planned.same += 1
            else:
                waiting.append((row, row_id, kept))
        self._compare(found, planned, waiting)

    def _recognised(self, found: SheetRows) -> dict[int, tuple[uuid.UUID, bytes | None]]:
        """Which record each row is, by row number, and the digest of the row it was imported from."""
        sheet = found.sheet
        if sheet.kind:
            if self._is_empty:
                return {}
            known = queries.keys_of_steps(sheet, self.references, self._by.unseen)
            marks_of = partial(_marks, sheet, self._by.lanes)
            steps = rules.recognised(sheet, found.rows, known, marks_of)
            return {number: (step.id, step.digest) for number, step in steps.items()}
        if sheet.reference and not sheet.further:
            held = queries.ids_by_reference(sheet)
            at = sheet.at[sheet.reference]
            return {row.number: held[str(row.values[at])] for row in found.rows if str(row.values[at]) in held}
        ids = queries.ids_by_key(sheet, self.references, self._by.unseen)
        return {row.number: (ids[key], None) for row in found.rows if (key := queries.key_of(sheet, row.values)) in ids}

    def _compare(
        self, found: SheetRows, planned: SheetPlan, waiting: Sequence[tuple[Row, uuid.UUID, bytes | None]]
    ) -> None:
        """Rows that do not say what was imported: same as the record now, a change, or a conflict."""
        sheet, lanes = found.sheet, self._by.lanes
        held = queries.held_values(sheet, [row_id for _row, row_id, _kept in waiting], self.references, lanes)
        for row, row_id, kept in waiting:
            there = held.get(row_id)
            cells = rules.changes(sheet, found.columns, row.values, there, lanes) if there is not None else ()
            if there is not None and not cells:
                planned.same += 1
            elif sheet is PEOPLE.sheet:
                self.plan.conflicts.append(Problem(Code.ACCOUNT, sheet.name, row.number))
            elif self._may_change(sheet, kept, there):
                planned.changed.append(Change(row, row_id, cells))
            else:
                self.plan.conflicts.append(_conflict(sheet, row, cells))

    def _may_change(self, sheet: Sheet, kept: bytes | None, there: tuple[Value, ...] | None) -> bool:
        """Whether a row may change its record: the application did not change it since, or the file wins."""
        if there is None:
            return False
        return self._file_wins or rules.said_before(kept, rules.content_mark(sheet, there, digest, self._by.lanes))


def _marks(sheet: Sheet, lanes: frozenset[Lane], row: Row) -> rules.Marks:
    return rules.marks(sheet, row.values, digest, lanes)


def _conflict(sheet: Sheet, row: Row, cells: Sequence[tuple[Column, Value]]) -> Problem:
    return Problem(Code.CONFLICT, sheet.name, row.number, expected=" ".join(column.name for column, _value in cells))


def _rows_to_be_written(plan: Plan) -> Iterator[tuple[Sheet, Row]]:
    for found in plan.sheets.values():
        for row in found.new:
            yield found.sheet, row
        for change in found.changed:
            yield found.sheet, change.row


def _unknown_people(plan: Plan, known: set[str]) -> dict[str, set[str]]:
    """The usernames that nobody has, with the roles in which the register names them."""
    roles: dict[str, set[str]] = defaultdict(set)
    places = {name: list(_people_of(found.sheet)) for name, found in plan.sheets.items()}
    for sheet, row in _rows_to_be_written(plan):
        for place, role in places[sheet.name]:
            username = row.values[place]
            if username and username not in known:
                roles[str(username)] |= {role} if role else set()
    for row in plan.new("people"):
        roles.pop(str(row.values[0]), None)
    return dict(sorted(roles.items()))


def _people_of(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Where a sheet names people, and in which role."""
    for column in sheet.of_kind(Kind.USERNAME):
        if column.name in (LAWYER, COUNSELLOR):
            yield sheet.at[column.name], column.name
        elif column.name == "worker" and sheet.kind:
            yield sheet.at[column.name], LAWYER if kind_of(sheet.kind).side == Side.LEGAL else COUNSELLOR
        elif sheet.name != "people":
            yield sheet.at[column.name], ""


def _unknown_projects(plan: Plan) -> list[str]:
    known = queries.project_codes() | {str(row.values[0]) for row in plan.new("projects")}
    named: Iterable[str] = (
        code
        for name in ("cases", "activities", "targets", "narratives")
        if name in plan.sheets
        for row in [*plan.new(name), *(change.row for change in plan.sheets[name].changed)]
        for code in _projects_of(plan.sheets[name].sheet, row)
    )
    return [code for code in dict.fromkeys(named) if code not in known]


def _projects_of(sheet: Sheet, row: Row) -> tuple[str, ...]:
    named = row.values[sheet.at["projects" if "projects" in sheet.at else "project"]]
    return named if isinstance(named, tuple) else (str(named),) if named else ()
