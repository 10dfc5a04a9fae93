"""What must hold between the rows and the sheets of a register, and with what the clinic holds already.

References join the sheets; what is told of a child's age and custody looks at all its cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import cast

from clinic import clock
from clinic.clock import Moment
from clinic.register.cells import Value, text_of
from clinic.register.checks import check_rows, is_before
from clinic.register.format import Sheet
from clinic.register.further_checks import FURTHER_RULES
from clinic.register.problems import Code, Problem
from clinic.register.reading import BAD, ReadRegister, Row, SheetRows

YOUNGEST, OLDEST = 6, 21


@dataclass(frozen=True, slots=True)
class Held:
    """What the clinic holds already, so that rows may refer to it: its references, and whose case each case is."""

    children: Container[str] = frozenset()
    cases: Container[str] = frozenset()
    consents: Container[str] = frozenset()
    child_of: Mapping[str, str] = field(default_factory=dict)
    born_on: Mapping[str, date] = field(default_factory=dict)

    def has(self, sheet: str, reference: str) -> bool:
        there: Container[str] = getattr(self, sheet)
        return reference in there


NOTHING_HELD = Held()


def check(register: ReadRegister, *, held: Held = NOTHING_HELD, now: datetime | None = None) -> None:
    """Adds to the register all problems between its cells, rows and sheets; a row that is there twice is kept once."""
    at = now or clock.now()
    for found in register.sheets.values():
        register.problems += check_rows(found, now=at, more=FURTHER_RULES.get(found.sheet.name, ()))
        register.problems += _same_rows(found) if found.sheet.holds_steps else _doubled_references(found)
    for found in register.sheets.values():
        register.problems += _references_to_nobody(register, found, held)
    children = _Children(register, held)
    register.problems += _born_after(register, children)
    register.problems += _services_at_odd_ages(register, children)
    register.problems += _overlapping_custody(register, children)
    register.put_in_order()


def _same_rows(found: SheetRows) -> list[Problem]:
    """Steps without a reference that are the same in every cell: told, and kept once."""
    reference = found.sheet.at["step_ref"]
    first: dict[tuple[Value, ...], int] = {}
    problems, kept = _doubled(found, "step_ref"), []
    for row in found.rows:
        before = row.number if row.values[reference] else first.setdefault(row.values, row.number)
        if before == row.number:
            kept.append(row)
        else:
            problems.append(Problem(Code.SAME_ROW, found.sheet.name, row.number, expected=str(before)))
    found.rows[:] = kept
    return problems


def _doubled_references(found: SheetRows) -> list[Problem]:
    return _doubled(found, found.sheet.reference) if found.sheet.reference else []


def _doubled(found: SheetRows, column: str) -> list[Problem]:
    """Every row whose reference another row of its sheet bears too; nobody can say which of them is meant."""
    place = found.sheet.at[column]
    rows_of: dict[Value, list[int]] = defaultdict(list)
    for row in found.rows:
        if row.values[place]:
            rows_of[row.values[place]].append(row.number)
    return [
        Problem(Code.DOUBLED_REFERENCE, found.sheet.name, number, column, str(reference), _others(numbers, number))
        for reference, numbers in rows_of.items()
        if len(numbers) > 1
        for number in numbers
    ]


def _others(numbers: Iterable[int], number: int) -> str:
    return ", ".join(str(other) for other in numbers if other != number)


def _references_to_nobody(register: ReadRegister, found: SheetRows, held: Held) -> Iterator[Problem]:
    for column, other in found.sheet.joins:
        there = _references(register, other)
        place = found.sheet.at[column]
        for row in found.rows:
            reference = row.values[place]
            if reference and reference not in there and not held.has(other, cast(str, reference)):
                yield Problem(Code.NO_SUCH_ROW, found.sheet.name, row.number, column, str(reference), other)


def _references(register: ReadRegister, sheet: str) -> set[Value]:
    found = register.sheets[sheet]
    place = found.sheet.at[found.sheet.reference]
    return {row.values[place] for row in found.rows}


def children_not_told(register: ReadRegister, held: Held) -> set[str]:
    """The children of whom the register brings cases or steps, and who are in none of its rows."""
    there, cases = _references(register, "children"), register.sheets["cases"]
    place = cases.sheet.at["child_ref"]
    meant = {str(row.values[place]) for row in cases.rows}
    for found in register.sheets.values():
        if found.sheet.kind:
            meant |= {held.child_of[case] for row in found.rows if (case := str(row.values[0])) in held.child_of}
    return meant - {str(reference) for reference in there}


@dataclass(frozen=True, slots=True)
class _Birth:
    """A birth date as it counts for an age, and the first day on which it may lie."""

    counts_as: date
    earliest: date


def _birth(born: date, precision: Value) -> _Birth:
    """A birth date known to the month counts as its 15th, to the year as 1 July."""
    if precision == "year":
        return _Birth(born.replace(month=7, day=1), born.replace(month=1, day=1))
    if precision == "month":
        return _Birth(born.replace(day=15), born.replace(day=1))
    return _Birth(born, born)


class _Children:
    """Whose case each case is, and when the child was born."""

    def __init__(self, register: ReadRegister, held: Held) -> None:
        self._held = held
        self.births: dict[str, _Birth] = {}
        self.row_of: dict[str, int] = {}
        self._child_of: dict[str, str] = {}
        children, cases = register.sheets["children"], register.sheets["cases"]
        reference, born, precision = _places(children.sheet, "child_ref", "date_of_birth", "date_of_birth_precision")
        for row in children.rows:
            child = cast(str, row.values[reference])
            self.row_of[child] = row.number
            if isinstance(row.values[born], date):
                self.births[child] = _birth(cast(date, row.values[born]), row.values[precision])
        case, child_ref = _places(cases.sheet, "case_ref", "child_ref")
        for row in cases.rows:
            self._child_of[cast(str, row.values[case])] = cast(str, row.values[child_ref])

    def of_case(self, case: Value) -> str | None:
        reference = cast(str, case)
        return self._child_of.get(reference) or self._held.child_of.get(reference)

    def birth(self, child: Value) -> _Birth | None:
        reference = cast(str, child)
        if reference in self.births:
            return self.births[reference]
        born = self._held.born_on.get(reference) if reference not in self.row_of else None
        return _Birth(born, born) if born else None


def _places(sheet: Sheet, *columns: str) -> tuple[int, ...]:
    return tuple(sheet.at[column] for column in columns)


def _born_after(register: ReadRegister, children: _Children) -> Iterator[Problem]:
    """A birth date after a case of the child was opened. Told of the child's row, or of the case's if it has none."""
    found = register.sheets["cases"]
    case, child_ref, opened = _places(found.sheet, "case_ref", "child_ref", "opened_on")
    for row in found.rows:
        child, opened_on = cast(str, row.values[child_ref]), row.values[opened]
        birth = children.birth(child)
        if birth is None or not isinstance(opened_on, date) or birth.earliest <= opened_on:
            continue
        reference, born = str(row.values[case]), birth.earliest.isoformat()
        if child in children.row_of:
            yield Problem(Code.BORN_AFTER, "children", children.row_of[child], "date_of_birth", born, reference)
        else:
            yield Problem(Code.BORN_AFTER, "cases", row.number, "opened_on", opened_on.isoformat(), reference)


SERVICES: tuple[tuple[str, str, str], ...] = (
    ("police_attendances", "arrested_at", "lawyer_attended"),
    ("prosecution_appearances", "appeared_at", "lawyer_attended"),
    ("hearings", "scheduled_at", "lawyer_attended"),
    ("counselling_sessions", "held_on", ""),
    ("school_followups", "visited_on", ""),
    ("community_followups", "held_on", ""),
)
"""The sheets whose rows are services: their date, and the answer that must be yes."""


def _services_at_odd_ages(register: ReadRegister, children: _Children) -> Iterator[Problem]:
    cases = register.sheets["cases"]
    role, opened, case = _places(cases.sheet, "child_role", "opened_on", "case_ref")
    for row in cases.rows:
        if row.values[role] == "advice_only":
            yield from _odd_age(children, cases.sheet, row, opened, row.values[case])
    for name, when, answer in SERVICES:
        sheet = register.sheets[name].sheet
        at, case = _places(sheet, when, "case_ref")
        attended = sheet.at[answer] if answer else None
        for row in register.rows(name):
            if attended is None or row.values[attended] == "yes":
                yield from _odd_age(children, sheet, row, at, row.values[case])


def _odd_age(children: _Children, sheet: Sheet, row: Row, at: int, case: Value) -> Iterator[Problem]:
    birth, value = children.birth(children.of_case(case)), row.values[at]
    day = value.local_date if isinstance(value, Moment) else value
    if birth is None or not isinstance(day, date):
        return
    age = clock.age_on(birth.counts_as, day)
    if not YOUNGEST <= age <= OLDEST:
        code = Code.TOO_YOUNG if age < YOUNGEST else Code.TOO_OLD
        yield Problem(code, sheet.name, row.number, sheet.columns[at].name, text_of(value))


def _overlapping_custody(register: ReadRegister, children: _Children) -> Iterator[Problem]:
    """Periods of one child, of whichever case, that surely overlap: each is told of the one that begins later."""
    sheet = register.sheets["custody_periods"].sheet
    case, begins, ends = _places(sheet, "case_ref", "began_at", "ended_at")
    of_child: dict[str, list[Row]] = defaultdict(list)
    for row in register.rows("custody_periods"):
        child = children.of_case(row.values[case])
        if child and isinstance(row.values[begins], Moment) and row.values[ends] is not BAD:
            of_child[child].append(row)
    for rows in of_child.values():
        rows.sort(key=lambda row: (cast(Moment, row.values[begins]).at, row.number))
        longest = rows[0]
        for row in rows[1:]:
            until = longest.values[ends]
            if until is None or is_before(row.values[begins], until):
                value = text_of(row.values[begins])
                yield Problem(Code.CUSTODY_OVERLAPS, sheet.name, row.number, "began_at", value, str(longest.number))
            if until is not None and (row.values[ends] is None or is_before(until, row.values[ends])):
                longest = row


def leave_out_bad_rows(register: ReadRegister, *, held: Held = NOTHING_HELD) -> None:
    """Keeps the good rows alone: without an error of their own, and referring to none that is left out."""
    bad = register.bad_rows
    for found in register.sheets.values():
        found.rows[:] = [row for row in found.rows if (found.sheet.name, row.number) not in bad]
        orphans = [*_referring_to_refused(register, found, held)]
        numbers = {problem.row for problem in orphans}
        found.rows[:] = [row for row in found.rows if row.number not in numbers]
        register.problems += orphans
    register.put_in_order()


def _referring_to_refused(register: ReadRegister, found: SheetRows, held: Held) -> Iterator[Problem]:
    for problem in _references_to_nobody(register, found, held):
        yield Problem(Code.REFUSED_ROW, problem.sheet, problem.row, problem.column, problem.value, problem.expected)
