"""What one report looks at: a population, a period, a moment of knowledge and the law.

With it the sets of rows that several indicators share, each worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from clinic.access.permissions import Lane
from clinic.clock import day_begins, day_ends
from clinic.reports.facts import (
    ADVICE_ONLY,
    ASSISTED,
    ROLES,
    YES,
    Appearance,
    Attendance,
    Case,
    CommunityVisit,
    Custody,
    Dated,
    DatedOfCase,
    Facts,
    Hearing,
    Id,
    SchoolVisit,
    Session,
    by_child,
    is_exact,
    local_day,
    of_accused,
    of_assisted,
)
from clinic.reports.remembered import Remembered

SERVICES = ("advice", "police", "prosecution", "court", "counselling", "school", "community")
"""The kinds of service, in the order that settles ties."""
LEGAL_SERVICES = ("police", "prosecution", "court")
SERVED = frozenset({"cases", "attendances", "appearances", "hearings", "sessions", "school_visits", "community_visits"})
"""The kinds of fact among which there are services, as `Population` names them."""
SAT = frozenset({"held", "adjourned"})
"""Statuses of a hearing at which the court sat."""
FOLLOW_UP = timedelta(days=30)
TRANSFER = timedelta(hours=24)

Row = Any
"""A row of facts of whatever kind: it has an id, and but for activities a case."""


KIND_OF: dict[type, str] = {
    Case: "advice",
    Attendance: "police",
    Appearance: "prosecution",
    Hearing: "court",
    Session: "counselling",
    SchoolVisit: "school",
    CommunityVisit: "community",
}
"""Which service a row records, where it records one."""


class Period(NamedTuple):
    """The days of a report, both inclusive."""

    first: date
    last: date

    @property
    def starts(self) -> datetime:
        """The first instant of the period."""
        return day_begins(self.first)

    @property
    def ends(self) -> datetime:
        """The instant at which the period ends, which is no longer in it."""
        return day_ends(self.last)

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in the period."""
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True)
class Law:
    """What figures take from the law and the lists: the police limit of a day, and what a disposition is."""

    police_limit_hours: Callable[[date], float | None]
    sentences: Collection[str]
    custodial: Collection[str]


class Served(NamedTuple):
    """The services of a period, and in which cases there were some."""

    services: list[Row]
    """Those of the period, by kind and entry."""
    first_of_case: dict[Id, tuple[date, int, Row]]
    """The earliest of each case, with its place in the order that settles ties."""
    cases_until_end: dict[str, set[Id]]
    """The cases with such a service up to the end of the period, whenever it was."""


_R = TypeVar("_R", bound=DatedOfCase)
_D = TypeVar("_D", bound=Dated)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Scope:
    """A report's question, before any figure of it is read."""

    population: Facts
    period: Period
    as_of: datetime
    law: Law
    lanes: frozenset[Lane] = frozenset(Lane)
    """The lanes that whoever asks reads in every case that is counted."""
    days_known_over: date = field(init=False)
    """The last day that was over at `as_of`."""
    _limits: dict[date, float | None] = field(default_factory=dict, init=False, repr=False)
    _worked_out: dict[Callable[[Scope], Any], Any] = field(default_factory=dict, init=False, repr=False)
    remembered: Remembered = field(default_factory=Remembered, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days_known_over", local_day(self.as_of) - timedelta(days=1))

    def once(self, work_out: Callable[[Scope], _T]) -> _T:
        """What a function makes of this scope, worked out the first time it is asked for."""
        if work_out not in self._worked_out:
            self._worked_out[work_out] = work_out(self)
        answer: _T = self._worked_out[work_out]
        return answer

    def let_go_of_the_way(self) -> None:
        """Lets go of what was looked up by child and case on the way to figures that are told.

        Lists of rows stay, of which the next page tells some again; what else a figure needs it works out again.
        """
        self._worked_out.clear()
        for name, known in list(vars(self).items()):
            if isinstance(getattr(Scope, name, None), cached_property) and not isinstance(known, list):
                del vars(self)[name]

    def in_period(self, rows: Iterable[_D]) -> list[_D]:
        """The rows whose own day lies in the period."""
        first, last = self.period
        return [row for row in rows if first <= row.day <= last]

    def police_limit_hours(self, day: date) -> float | None:
        """How many hours the police might hold a child arrested on a day."""
        if day not in self._limits:
            self._limits[day] = self.law.police_limit_hours(day)
        return self._limits[day]

    # Services

    @cached_property
    def services_by_kind(self) -> dict[str, Sequence[Row]]:
        """The rows of every service, whenever it was."""
        everything = self.population
        return {
            "advice": [case for case in everything.cases if case.role == ADVICE_ONLY],
            "police": [row for row in everything.attendances if row.lawyer_attended == YES],
            "prosecution": [row for row in everything.appearances if row.lawyer_attended == YES],
            "court": [row for row in everything.hearings if row.lawyer_attended == YES and row.status in SAT],
            "counselling": everything.sessions,
            "school": everything.school_visits,
            "community": everything.community_visits,
        }

    @cached_property
    def _served(self) -> Served:
        """One walk over all services, of which a clinic has more than of anything else."""
        first, last = self.period
        served = Served([], {}, {kind: set() for kind in SERVICES})
        services, earliest = served.services, served.first_of_case
        for kind in SERVICES:
            cases = served.cases_until_end[kind]
            for row in self.services_by_kind[kind]:
                day = row.day
                if day <= last:
                    case = row.case.id
                    cases.add(case)
                    if day >= first:
                        known = earliest.get(case)
                        if known is None or day < known[0]:
                            earliest[case] = (day, len(services), row)
                        services.append(row)
        return served

    @property
    def services(self) -> list[Row]:
        """The rows of the services of the period, by kind and entry."""
        return self._served.services

    def cases_served_until_end(self, kinds: Iterable[str]) -> set[Id]:
        """The cases with a service of such a kind up to the end of the period."""
        return set().union(*(self._served.cases_until_end[kind] for kind in kinds))

    def served_by(self, roles: Collection[str]) -> list[Row]:
        """Of each child with a service in the period by a case of such a role, the row of the earliest."""
        earliest: dict[Id, tuple[date, int, Row]] = {}
        for first in self._served.first_of_case.values():
            case = first[2].case
            if case.role in roles:
                known = earliest.get(case.child.id)
                if known is None or first < known:  # no two have one place
                    earliest[case.child.id] = first
        return [row for _, _, row in earliest.values()]

    @cached_property
    def children_served(self) -> list[Row]:
        """Of each child served, advice included, the earliest service."""
        return self.served_by(ROLES)

    @cached_property
    def children_assisted(self) -> list[Row]:
        """Of each child served by a case that is more than advice, the earliest such service."""
        return self.served_by(ASSISTED)

    # Police and court: accused children alone

    @cached_property
    def accused_cases(self) -> list[Case]:
        """The cases in which the child is accused."""
        return of_accused(self.population.cases)

    @cached_property
    def attendances(self) -> list[Attendance]:
        """Police attendances whose arrest falls in the period."""
        return of_accused(self.in_period(self.population.attendances))

    @cached_property
    def first_arrests(self) -> dict[Id, Attendance]:
        """The earliest arrest of each case."""
        earliest: dict[Id, Attendance] = {}
        for row in self.population.attendances:
            known = earliest.get(row.case.id)
            if known is None or row.arrested < known.arrested:
                earliest[row.case.id] = row
        return earliest

    @cached_property
    def hearings_sat(self) -> list[Hearing]:
        """Hearings of the period that were held or adjourned."""
        return of_accused(row for row in self.in_period(self.population.hearings) if row.status in SAT)

    @cached_property
    def disposed(self) -> list[Case]:
        """Cases decided in the period."""
        return [case for case in self.accused_cases if self.period.holds(case.disposition_on)]

    # Custody: accused children alone

    @cached_property
    def custody(self) -> list[Custody]:
        """The custody periods of accused children, whenever they were."""
        return of_accused(self.population.custody)

    @cached_property
    def held_at_end(self) -> dict[Id, list[Custody]]:
        """The custody periods that run at the end of the period, by child.

        One that ended with the last instant has ended by then; one known to have ended some time on the next day not.
        """
        end = self.period.ends
        return by_child(row for row in self.custody if row.began < end and not _ended_by(row, end))

    @cached_property
    def custody_touching(self) -> list[Custody]:
        """Custody periods that began before the end of the period and had not ended before its start."""
        start, end = self.period.starts, self.period.ends
        return [row for row in self.custody if row.began < end and (row.ended is None or row.ended >= start)]

    @cached_property
    def releases(self) -> list[Custody]:
        """Custody periods that ended in the period and that no other custody of the child takes on."""
        of_child, holds = by_child(self.custody), self.period.holds
        ended = ((row, of_child[row.case.child.id]) for row in self.custody if holds(row.ended_on))
        return [row for row, held in ended if len(held) == 1 or not any(_goes_on(row, other) for other in held)]

    # Counselling and school: all cases but advice

    @cached_property
    def sessions(self) -> list[Session]:
        """Counselling sessions, whenever they were."""
        return of_assisted(self.population.sessions)

    @cached_property
    def sessions_in_period(self) -> list[Session]:
        """Counselling sessions of the period."""
        return self.in_period(self.sessions)

    @cached_property
    def school_visits(self) -> list[SchoolVisit]:
        """School follow-ups, whenever they were."""
        return of_assisted(self.population.school_visits)

    @cached_property
    def children_counselled(self) -> list[Session]:
        """Of each child with a counselling session in the period, the earliest."""
        return earliest_of_each_child(self.sessions_in_period)

    @cached_property
    def sessions_until_end(self) -> dict[Id, list[Session]]:
        """Counselling sessions up to the end of the period, by child."""
        last = self.period.last
        return by_child(row for row in self.sessions if row.day <= last)

    @cached_property
    def latest_school_status(self) -> dict[Id, str | None]:
        """How each child stood at its latest school follow-up up to the end of the period; of one date, the one entered
        last."""
        latest: dict[Id, SchoolVisit] = {}
        last = self.period.last
        for row in self.school_visits:
            day, child = row.day, row.case.child.id
            if day <= last:
                known = latest.get(child)
                if known is None or day >= known.day:
                    latest[child] = row
        return {child: row.status for child, row in latest.items()}

    def followed_up(self, rows: Iterable[Session | SchoolVisit | CommunityVisit]) -> set[Id]:
        """The ids of the releases after which one of these rows lies: on the release's date or within 30 days after."""
        of_child = by_child(self.releases)
        found: set[Id] = set()
        for row in rows:
            released = of_child.get(row.case.child.id)
            if released is not None:
                day = row.day
                for release in released:
                    if release.ended_on is not None and release.ended_on <= day <= release.ended_on + FOLLOW_UP:
                        found.add(release.id)
        return found

    @cached_property
    def followed_up_at_school(self) -> set[Id]:
        """The releases with a school follow-up of the child in time."""
        return self.followed_up(self.school_visits)

    @cached_property
    def cared_for_after(self) -> set[Id]:
        """The releases with whatever may follow one, in whichever of the child's cases but advice."""
        visits = of_assisted(self.population.community_visits)
        return self.followed_up(self.sessions) | self.followed_up(visits) | self.followed_up_at_school

    def follow_up_is_over(self, release: Custody) -> bool:
        """Whether the 30 days after a release were over at the moment of knowledge."""
        return release.ended_on is not None and release.ended_on + FOLLOW_UP <= self.days_known_over


def _ended_by(row: Custody, end: datetime) -> bool:
    if row.ended is None:
        return False
    return row.ended <= end if is_exact(row.ended) else row.ended < end


def _goes_on(row: Custody, other: Custody) -> bool:
    """Whether the other period takes the child's custody on: it begins by 24 hours after the end, and ends later.

    Where one of the two moments is not known to the minute, their dates decide: the same day, the next, or before.
    """
    if other is row or row.ended is None or row.ended_on is None:
        return False
    if other.ended is not None and other.ended <= row.ended:
        return False
    if is_exact(row.ended) and is_exact(other.began):
        return other.began <= row.ended + TRANSFER
    return other.began_on <= row.ended_on + timedelta(days=1)


def earliest_of_each_child(rows: Iterable[_R]) -> list[_R]:
    """The row that makes each child count: the earliest, and of one date the first in the order given."""
    earliest: dict[Id, _R] = {}
    for row in rows:
        child = row.case.child.id
        known = earliest.get(child)
        if known is None or row.day < known.day:
            earliest[child] = row
    return list(earliest.values())
