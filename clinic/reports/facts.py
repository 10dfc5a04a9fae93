"""The rows of facts that an indicator reads: one kind of tuple for each kind of record, and all of them together.

A fact holds codes, dates and moments and nothing that names a person. A moment is a UTC datetime of the kind that says
whether it is known to the minute (`Inexact`); beside the one that dates the row stands its local date. Lists are in the
order of entry, which settles ties. The ids of steps, which no figure needs but that of a custody period, lie beside
their facts (`clinic.reports.reading`). Whoever makes them leaves out what never counts: planned, not done and withdrawn
steps, and children and cases merged into others.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

from clinic.clock import Precision, day_begins
from clinic.vocabularies.fixed import ChildRole

Id = Hashable

ACCUSED = "accused"
ADVICE_ONLY = "advice_only"
YES = "yes"
NO = "no"
UNKNOWN = "unknown"
ROLES: frozenset[str] = frozenset(role.value for role in ChildRole)
ASSISTED = ROLES - {ADVICE_ONLY}
"""The roles in a case that is more than advice."""
EXACT: str = Precision.MINUTE.value


At = datetime
"""A moment in UTC. One that is not known to the minute is `Inexact`."""


class Inexact(datetime):
    """A moment of which the day is known, or about when in it. It does not equal one that is known to the minute."""

    __slots__ = ()
    __hash__ = datetime.__hash__

    def __eq__(self, other: object) -> bool:
        """So that facts of which the precision alone changed are others."""
        return type(other) is Inexact and datetime.__eq__(self, other)


def is_exact(at: At) -> bool:
    """Whether a moment is known to the minute."""
    return type(at) is datetime


def moment(at: datetime, precision: str = EXACT) -> At:
    """A UTC moment that is known so well (`clinic.clock.Precision`)."""
    return at if precision == EXACT else Inexact.combine(at.date(), at.timetz())


class Child(NamedTuple):
    """What of a child a report may group by."""

    id: Id
    sex: str | None = None
    locality: str | None = None
    refugee_status: str | None = None
    education: str | None = None


class Case(NamedTuple):
    """A case with its child."""

    id: Id
    child: Child
    opened_on: date
    role: str = ACCUSED
    age: int | None = None
    source: str | None = None
    offence: str | None = None
    projects: tuple[str, ...] = ()
    lawyer: str | None = None
    counsellor: str | None = None
    disposition: str | None = None
    disposition_on: date | None = None

    @property
    def case(self) -> Case:
        """Itself: a row of whatever kind answers with its case."""
        return self

    @property
    def day(self) -> date:
        """The date of the service where the case is an advice."""
        return self.opened_on


class OpenPeriod(NamedTuple):
    """One of a case's open periods; the first begins with the opening, each later one is a reopening."""

    case: Case
    began_on: date
    ended_on: date | None = None
    reason: str | None = None
    is_first: bool = True


class Attendance(NamedTuple):
    """A police attendance."""

    case: Case
    day: date
    arrested: At
    police_station: str | None = None
    lawyer_attended: str | None = None
    lawyer_arrived: At | None = None
    questioned: At | None = None
    guardian_present: str | None = None
    counsellor_present: str | None = None
    ill_treatment: str | None = None
    statement_signed: str | None = None
    left: At | None = None
    outcome: str | None = None
    lawyer: str | None = None


class Appearance(NamedTuple):
    """An appearance before the prosecution."""

    case: Case
    day: date
    lawyer_attended: str | None = None
    lawyer: str | None = None


class Custody(NamedTuple):
    """A custody period."""

    id: Id
    case: Case
    began_on: date
    began: At
    ended_on: date | None = None
    ended: At | None = None
    place: str | None = None
    legal_basis: str | None = None
    separated: str | None = None
    family_visit: str | None = None
    education: str | None = None

    @property
    def is_exact(self) -> bool:
        """Whether all that is known of its length is known to the minute."""
        return is_exact(self.began) and (self.ended is None or is_exact(self.ended))


class Hearing(NamedTuple):
    """A hearing with its own status."""

    case: Case
    day: date
    status: str
    court: str | None = None
    adjournment_reason: str | None = None
    lawyer_attended: str | None = None
    lawyer: str | None = None


class Session(NamedTuple):
    """A counselling session."""

    case: Case
    day: date
    kind: str | None = None
    score: int | None = None
    counsellor: str | None = None


class SchoolVisit(NamedTuple):
    """A school follow-up."""

    case: Case
    day: date
    status: str | None = None
    counsellor: str | None = None


class CommunityVisit(NamedTuple):
    """A community follow-up."""

    case: Case
    day: date
    kind: str | None = None
    counsellor: str | None = None


class Referral(NamedTuple):
    """A referral to another agency."""

    case: Case
    day: date
    service: str | None = None
    status: str | None = None


class Complaint(NamedTuple):
    """A complaint; it may be about several things."""

    case: Case
    day: date
    about: tuple[str, ...] = ()
    status: str | None = None


class Activity(NamedTuple):
    """An activity of the clinic; it belongs to no case."""

    day: date
    kind: str | None = None
    participants_female: int | None = None
    participants_male: int | None = None


class OfCase(Protocol):
    """A row that belongs to a case."""

    @property
    def case(self) -> Case:
        """The case."""


class Dated(Protocol):
    """A row with a day of its own."""

    @property
    def day(self) -> date:
        """The local date that puts it in a period."""


class DatedOfCase(OfCase, Dated, Protocol):
    """A row of a case with a day of its own."""


_R = TypeVar("_R", bound=OfCase)


class Facts(Protocol):
    """All that a report looks at, each list in the order of entry, a case's open periods in that of time."""

    @property
    def cases(self) -> Sequence[Case]: ...
    @property
    def periods(self) -> Sequence[OpenPeriod]: ...
    @property
    def attendances(self) -> Sequence[Attendance]: ...
    @property
    def appearances(self) -> Sequence[Appearance]: ...
    @property
    def custody(self) -> Sequence[Custody]: ...
    @property
    def hearings(self) -> Sequence[Hearing]: ...
    @property
    def sessions(self) -> Sequence[Session]: ...
    @property
    def school_visits(self) -> Sequence[SchoolVisit]: ...
    @property
    def community_visits(self) -> Sequence[CommunityVisit]: ...
    @property
    def referrals(self) -> Sequence[Referral]: ...
    @property
    def complaints(self) -> Sequence[Complaint]: ...
    @property
    def activities(self) -> Sequence[Activity]: ...


@dataclass(frozen=True)
class Population:
    """Facts that somebody put together."""

    cases: Sequence[Case] = ()
    periods: Sequence[OpenPeriod] = ()
    attendances: Sequence[Attendance] = ()
    appearances: Sequence[Appearance] = ()
    custody: Sequence[Custody] = ()
    hearings: Sequence[Hearing] = ()
    sessions: Sequence[Session] = ()
    school_visits: Sequence[SchoolVisit] = ()
    community_visits: Sequence[CommunityVisit] = ()
    referrals: Sequence[Referral] = ()
    complaints: Sequence[Complaint] = ()
    activities: Sequence[Activity] = ()


def of_accused(rows: Iterable[_R]) -> list[_R]:
    """The rows of cases in which the child is accused."""
    return [row for row in rows if row.case.role == ACCUSED]


def of_assisted(rows: Iterable[_R]) -> list[_R]:
    """The rows of all cases but those of advice alone."""
    return [row for row in rows if row.case.role != ADVICE_ONLY]


def by_child(rows: Iterable[_R]) -> dict[Id, list[_R]]:
    """Rows of cases under the id of their child, each child's in the order given."""
    index: dict[Id, list[_R]] = {}
    for row in rows:
        child = row.case.child.id
        listed = index.get(child)
        if listed is None:
            index[child] = [row]
        else:
            listed.append(row)
    return index


_days: dict[date, tuple[datetime, date, date]] = {}


def local_day(at: datetime) -> date:
    """The clinic's date of a UTC moment, by a table of when days begin: ten times faster than converting each.

    The zone lies east of Greenwich by less than a day, so a moment's local date is its UTC date or the next.
    """
    day = at.date()
    known = _days.get(day)
    if known is None:
        following = day + timedelta(days=1)
        known = _days[day] = (day_begins(following), following, day)
    return known[1] if at >= known[0] else known[2]  # one object for each day, however many moments lie in it


def elapsed_hours(start: At, end: At) -> float | None:
    """Real hours from start to end, never below 0; None unless both are known to the minute."""
    if type(start) is not datetime or type(end) is not datetime:  # as is_exact says: asked 40,000 times a report
        return None
    return max(0.0, (end - start).total_seconds() / 3600)


def is_after(one: At, other: At) -> bool | None:
    """Whether one lies after the other; where either is inexact it is known only if their local dates differ."""
    if is_exact(one) and is_exact(other):
        return one > other
    day, other_day = local_day(one), local_day(other)
    return None if day == other_day else day > other_day
