"""What an indicator is: which rows are looked at, how they are measured, by what they can be broken down.

Read for one scope it becomes a figure, whose number, breakdowns and list of rows come from the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from clinic.access.permissions import Lane
from clinic.languages import _l
from clinic.reports import closed
from clinic.reports.keys import AGE_BANDS, KEYS, OF_CASE, OF_CHILD, OF_PLACE, OF_TIME, Key
from clinic.reports.measures import Fields, Measure, Tally
from clinic.reports.scope import Row, Scope


class Group(StrEnum):
    """The parts of the report, in its order."""

    REACH = "reach"
    POLICE = "police"
    CUSTODY = "custody"
    COURT = "court"
    COUNSELLING = "counselling"
    SCHOOL = "school"
    AFTERCARE = "aftercare"
    OTHERS = "others"


GROUP_LABELS: Final[Mapping[Group, str]] = {
    Group.REACH: _l("Reach"),
    Group.POLICE: _l("At the police station"),
    Group.CUSTODY: _l("Custody"),
    Group.COURT: _l("Court and disposition"),
    Group.COUNSELLING: _l("Counselling"),
    Group.SCHOOL: _l("School"),
    Group.AFTERCARE: _l("After-care and integration"),
    Group.OTHERS: _l("Referrals, complaints and activities"),
}


class Unit(StrEnum):
    """What is counted. Children are not cases, and cases are not services."""

    CHILDREN = "children"
    CASES = "cases"
    REOPENINGS = "reopenings"
    CLOSINGS = "closings"
    SERVICES = "services"
    ATTENDANCES = "attendances"
    CUSTODY_PERIODS = "custody_periods"
    HEARINGS = "hearings"
    SESSIONS = "sessions"
    RELEASES = "releases"
    REFERRALS = "referrals"
    COMPLAINTS = "complaints"
    ACTIVITIES = "activities"
    PARTICIPANTS = "participants"


UNIT_LABELS: Final[Mapping[Unit, str]] = {
    Unit.CHILDREN: _l("children"),
    Unit.CASES: _l("cases"),
    Unit.REOPENINGS: _l("reopenings"),
    Unit.CLOSINGS: _l("closings"),
    Unit.SERVICES: _l("services"),
    Unit.ATTENDANCES: _l("police attendances"),
    Unit.CUSTODY_PERIODS: _l("custody periods"),
    Unit.HEARINGS: _l("hearings"),
    Unit.SESSIONS: _l("counselling sessions"),
    Unit.RELEASES: _l("releases"),
    Unit.REFERRALS: _l("referrals"),
    Unit.COMPLAINTS: _l("complaints"),
    Unit.ACTIVITIES: _l("activities"),
    Unit.PARTICIPANTS: _l("participants"),
}


class Shape(StrEnum):
    """How a figure is written."""

    NUMBER = "number"
    PERCENTAGE = "percentage"
    HOURS = "hours"
    DAYS = "days"
    POINTS = "points"


def own_day(_scope: Scope, row: Row) -> date:
    """The row's own date."""
    day: date = row.day
    return day


@dataclass(frozen=True)
class Indicator:
    """One figure of the report. Its id is the key of the machine-readable form and is never reused."""

    id: str
    group: Group
    unit: Unit
    shape: Shape
    title: str
    definition: str
    reads: frozenset[str]
    """The kinds of fact that it looks at, as `Population` names them: where none of them changes it stays as it is."""
    rows: Callable[[Scope], Sequence[Row]]
    measure: Measure
    day: Callable[[Scope, Row], date] | None = own_day
    """The date that puts a row in the period; none for what is counted as it stands on a day."""
    place: str | None = None
    """The key of the rows' own place: police_station or court."""
    of_cases: bool = True
    lane: Lane = Lane.FACTS
    """The lane of what is measured, where that is no fact; who does not read it is told nothing of few rows."""
    in_lane: tuple[str, ...] = ()
    """The fields that lie in this lane."""
    of_the_period_alone: bool = False
    """Whether it looks at no step but those whose own day lies in the period: no other is read for it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that apply, in the order of the contract."""
        return tuple(
            key
            for key in KEYS
            if (self.of_cases and key in OF_CASE) or key == self.place or (self.day is not None and key in OF_TIME)
        )

    def told(self, scope: Scope, fields: Fields) -> Fields:
        """What whoever asked may read of a figure."""
        if self.lane in scope.lanes:
            return fields
        return closed.told(fields, self.in_lane, "n" if "n" in fields else "value")

    def read(self, scope: Scope) -> Figure:
        """The figure of a scope."""
        return Figure(self, scope)


@dataclass(frozen=True)
class Figure:
    """An indicator read for one scope: number, breakdowns and list of rows from the same rows."""

    indicator: Indicator
    scope: Scope

    @cached_property
    def rows(self) -> Sequence[Row]:
        """The rows that are looked at."""
        return self.indicator.rows(self.scope)

    @cached_property
    def tally(self) -> Tally:
        """The rows, sorted by what they say."""
        return self.indicator.measure.tally(self.scope, self.rows)

    @cached_property
    def fields(self) -> Fields:
        """The figure as the machine-readable form holds it."""
        return self.indicator.told(self.scope, self.tally.fields)

    def after(self, changed: Collection[str], scope: Scope) -> Figure:
        """The figure of the same question when kinds of fact have changed: as it is, if it looks at none of them."""
        made = self.indicator.read(scope)
        if self.indicator.reads.isdisjoint(changed):
            vars(made).update({name: known for name, known in vars(self).items() if name in ("rows", "fields")})
        return made

    def parts(self, key: str) -> dict[str, list[Row]]:
        """The rows of each part that occurs, in the order of time or age, else of occurrence."""
        part_of = self._part_of(key)
        parts: dict[str, list[Row]] = {}
        for row in self.rows:
            for part in part_of(row):
                parts.setdefault(part, []).append(row)
        if key in OF_TIME:
            return dict(sorted(parts.items()))
        if key == "age":
            return {band: parts[band] for band in AGE_BANDS if band in parts}
        return parts

    def breakdown(self, key: str) -> dict[str, Fields]:
        """The same figure of each part."""
        measure, told = self.indicator.measure, self.indicator.told
        parts = self.parts(key).items()
        return {part: told(self.scope, measure.tally(self.scope, rows).fields) for part, rows in parts}

    def rows_of(self, number: str, key: str | None = None, part: str | None = None) -> Sequence[Row]:
        """The rows behind one number of the figure, or of one of its parts."""
        if key is None or part is None:
            return self.tally.rows_of(number)
        return self.indicator.measure.tally(self.scope, self.parts(key).get(part, [])).rows_of(number)

    def _part_of(self, key: str) -> Key:
        indicator, scope = self.indicator, self.scope
        if key not in indicator.keys:
            raise KeyError(key)
        if key in OF_TIME:
            day, name = indicator.day, OF_TIME[key]
            return lambda row: (name(day(scope, row)),) if day else ()
        if key in OF_PLACE:
            return OF_PLACE[key]
        return (OF_CHILD if indicator.unit is Unit.CHILDREN else OF_CASE)[key]
