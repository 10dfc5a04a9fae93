"""Writing out what the clinic holds, for one reader: their cases, and of each case the lanes that they have in it.

A column outside every lane of the reader is not loaded; one outside their lanes in a case is left blank there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, repeat
from typing import Any

from sqlalchemy import Select, and_, false, or_, select, true

from clinic import clock
from clinic.access.permissions import Lane as PolicyLane
from clinic.access.permissions import Role
from clinic.access.policy import lanes_of_roles
from clinic.access.reader import Reader
from clinic.cases.models import Step, TeamMember
from clinic.cases.queries import cases_visible_to, children_visible_to
from clinic.db import id_as_stored, session
from clinic.languages import Language
from clinic.register import beside, queries, states
from clinic.register.aims import AIMS
from clinic.register.cells import text_of
from clinic.register.format import ALL_LANES, UNKNOWN, Lane, Sheet
from clinic.register.further import PLANNED, WITHDRAWN, whole_format
from clinic.register.holds import HOLDS
from clinic.register.kept import CASE, CHILD, Kept
from clinic.register.shapes import (
    References,
    Shape,
    StoredId,
    kept_as,
    shape_of_kept,
    shape_of_steps,
    table_of,
)  # fmt: skip
from clinic.register.tables import Table
from clinic.register.tables import table_of as named_table
from clinic.register.taking import Cell, Columns
from clinic.rows import columns_of

FOR_COORDINATORS = (beside.INTAKES, beside.PAIRS, beside.PEOPLE, HOLDS, *AIMS)
IN_OTHER_SHEETS = frozenset({"case_ref", "step_ref", "worker", "counsellor", "follows_ref"})
"""Columns of a step that the sheets of planned and withdrawn steps have of their own."""


@dataclass(frozen=True)
class Scope:
    """What a reader may take along."""

    reader: Reader

    @property
    def has_all(self) -> bool:
        """Whether somebody with the clinic's key takes everything."""
        return self.reader.holds_key

    @cached_property
    def lanes(self) -> frozenset[Lane]:
        """The lanes that the reader has in any case."""
        return ALL_LANES if self.has_all else _lanes(self.reader.roles)

    @property
    def recorded_lanes(self) -> frozenset[PolicyLane]:
        """The lanes as the log of readings names them."""
        return frozenset(PolicyLane(lane.value) for lane in self.lanes)

    @cached_property
    def _lanes_of_case(self) -> Mapping[StoredId, frozenset[Lane]]:
        """The reader's lanes in the cases on whose team they are today."""
        table, today = table_of(TeamMember), clock.today()
        rows = session.execute(
            select(id_as_stored(table.c.case_id), table.c.role).where(
                table.c.clinic_id == self.reader.clinic_id,
                table.c.staff_id == self.reader.staff_id,
                table.c.since <= today,
                or_(table.c.until.is_(None), table.c.until >= today),
            )
        )
        roles: dict[StoredId, set[Role]] = defaultdict(set)
        for case_id, role in rows:
            if Role(role) in self.reader.roles:
                roles[case_id].add(Role(role))
        return {case_id: _lanes(frozenset(held) | self._everywhere) for case_id, held in roles.items()}

    @cached_property
    def _some_aged(self) -> bool:
        """Whether there are cases that are no register's any more: only facts are left of them."""
        return any(queries.aged_references().values())

    @property
    def _everywhere(self) -> frozenset[Role]:
        return frozenset({Role.COORDINATOR}) & self.reader.roles

    def lanes_in(self, case_id: StoredId | None) -> frozenset[Lane]:
        """The reader's lanes in a case."""
        if self.has_all or case_id is None:
            return self.lanes
        return self._lanes_of_case.get(case_id) or _lanes(self._everywhere)

    def narrowed(self, wanted: Select[Any], held: Kept | None) -> Select[Any]:
        """The rows that exist for the reader: of their cases and children."""
        if self.has_all and not self._some_aged:
            return wanted
        if held is None:
            return wanted.where(table_of(Step).c.case_id.in_(cases_visible_to(self.reader)))
        table = table_of(held.model)
        if held.sheet.name in ("children", "cases"):
            visible = children_visible_to if held.sheet.name == "children" else cases_visible_to
            return wanted.where(table.c.id.in_(visible(self.reader)))
        for name, what in held.refers.items():
            if what in (CHILD, CASE) and held.sheet.joins:
                visible = children_visible_to if what == CHILD else cases_visible_to
                column = table.c[held.attribute(name)]
                wanted = wanted.where(or_(column.in_(visible(self.reader)), self._of_no_case(held, column)))
        return wanted

    def _of_no_case(self, held: Kept, column: Any) -> Any:
        """What belongs to no case: a coordinator's, and whoever has the task."""
        if not column.nullable:
            return false()
        mine = table_of(held.model).c.assigned_to == self.reader.staff_id if held is beside.TASKS else false()
        return and_(column.is_(None), or_(mine, true() if self.reader.sees_all_cases else false()))

    def takes(self, sheet: Sheet) -> bool:
        """Whether a sheet is for the reader at all."""
        if self.has_all:
            return True
        if any(sheet is held.sheet for held in beside.FOR_THE_KEY):
            return False
        return self.reader.sees_all_cases or not any(sheet is held.sheet for held in FOR_COORDINATORS)


def _lanes(roles: frozenset[Role]) -> frozenset[Lane]:
    return frozenset(Lane(lane.value) for lane in lanes_of_roles(roles))


def sheets_of(scope: Scope) -> list[Sheet]:
    """The sheets that the reader takes along, in the order of the format."""
    return [sheet for sheet in whole_format() if scope.takes(sheet)]


def tables(scope: Scope, language: Language, sheets: Iterable[Sheet] | None = None) -> Iterator[Table]:
    """These sheets, or every one that the reader takes along, their rows as they are asked for."""
    references = References()
    for sheet in sheets_of(scope) if sheets is None else sheets:
        yield named_table(sheet, sheet.columns, _rows_of(sheet, scope, references), language)


def _rows_of(sheet: Sheet, scope: Scope, references: References) -> Iterator[Sequence[Cell]]:
    if sheet in (PLANNED, WITHDRAWN):
        return _in_other_states(sheet, scope, references)
    if sheet.kind:
        shape = shape_of_steps(sheet, references, scope.lanes)
        wanted = scope.narrowed(queries.select_steps(sheet, shape, every=scope.has_all), None)
        return _texts(shape, wanted, scope, shape.place(table_of(Step).c.case_id))
    held = kept_as(sheet)
    shape = shape_of_kept(held, references, lanes=scope.lanes)
    wanted = scope.narrowed(queries.select_kept(held, shape), held)
    return _texts(shape, wanted, scope, None)


def _texts(shape: Shape, wanted: Select[Any], scope: Scope, case: int | None) -> Iterator[Sequence[Cell]]:
    """The rows as they are written, each with the cells of the lanes that the reader has in its case."""
    for columns in columns_of(wanted):
        if case is None or scope.has_all:
            yield from _rows_made(shape, columns, scope.lanes)
        else:
            yield from _rows_by_lanes(shape, columns, [scope.lanes_in(one) for one in columns[case]])


def _rows_by_lanes(shape: Shape, columns: Columns, lanes: Sequence[frozenset[Lane]]) -> Iterator[Sequence[Cell]]:
    """The rows in their order, those of the same lanes made together."""
    made = {}
    for held in set(lanes):
        theirs = [one is held or one == held for one in lanes]
        made[held] = _rows_made(shape, [list(compress(column, theirs)) for column in columns], held)
    return (next(made[held]) for held in lanes)


def _rows_made(shape: Shape, columns: Columns, lanes: frozenset[Lane]) -> Iterator[Sequence[Cell]]:
    """Rows with the cells of these lanes; a starred cell that is withheld cannot be blank."""
    number = len(columns[0])
    return zip(
        *(
            take.cells_of(columns)
            if take is not None and column.lane in lanes
            else repeat(UNKNOWN if column.required else None, number)
            for column, take in zip(shape.sheet.columns, shape.takes, strict=True)
        ),
        strict=True,
    )


def _in_other_states(sheet: Sheet, scope: Scope, references: References) -> Iterator[Sequence[Cell]]:
    for step in states.held(sheet, references, scope.lanes, lambda wanted: scope.narrowed(wanted, None)):
        yield [text_of(value) for value in step.row(scope.lanes_in(step.case))]
