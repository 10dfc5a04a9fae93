"""How much is known: for each column that a figure depends on, the rows of the period where it is known and where not.

A wrong or missing answer in most records ruins a figure, so the report says how many there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from clinic.languages import _l
from clinic.reports.facts import NO, UNKNOWN, YES, is_exact, of_assisted
from clinic.reports.scope import SERVED, Row, Scope

ANSWERS: Final = frozenset({YES, NO})


@dataclass(frozen=True)
class Column:
    """A column that figures depend on."""

    kind: str
    name: str
    label: str
    rows: Callable[[Scope], Sequence[Row]]
    known: Callable[[Sequence[Row]], int]
    """How many of the rows it is known in."""

    @property
    def reads(self) -> frozenset[str]:
        """The kinds of fact that are looked at."""
        return SERVED if self.kind == "children" else frozenset({self.kind})

    def counted(self, scope: Scope) -> tuple[int, int]:
        """In how many rows it is known, of how many."""
        rows = self.rows(scope)
        return self.known(rows), len(rows)


@dataclass(frozen=True)
class Known:
    """How many rows a column is known in, and in how many not."""

    column: Column
    known: int
    unknown: int

    @property
    def share(self) -> float | None:
        """The percentage known; None without rows."""
        rows = self.known + self.unknown
        return 100 * self.known / rows if rows else None


def completeness(scope: Scope) -> list[Known]:
    """Every deciding column with how often it is known, in the order of the report."""
    return [_known(column, scope) for column in COLUMNS]


def _known(column: Column, scope: Scope) -> Known:
    name = f"{column.kind}.{column.name}"
    known, rows = scope.remembered.told(name, column.reads, lambda: column.counted(scope))
    return Known(column, known, rows - known)


def _answered(name: str) -> Callable[[Sequence[Row]], int]:
    """Yes or no."""
    return _counts(name, lambda code: code in ANSWERS)


def _given(name: str) -> Callable[[Sequence[Row]], int]:
    """Anything but nothing and unknown."""
    return _counts(name, lambda value: value not in (None, UNKNOWN, ()))


def _counts(name: str, is_known: Callable[[Any], bool]) -> Callable[[Sequence[Row]], int]:
    """In how many rows such a value stands; each value is looked at once, of which a column has few."""
    value_of = attrgetter(name)
    return lambda rows: sum(many for value, many in Counter(map(value_of, rows)).items() if is_known(value))


def _exact(name: str) -> Callable[[Sequence[Row]], int]:
    """Known to the minute: what is known to the day leaves every figure of hours."""
    moment_of = attrgetter(name)
    return lambda rows: sum(at is not None and is_exact(at) for at in map(moment_of, rows))


def _children(scope: Scope) -> Sequence[Row]:
    return scope.children_served


def _cases(scope: Scope) -> Sequence[Row]:
    return scope.in_period(scope.population.cases)


def _accused_cases(scope: Scope) -> Sequence[Row]:
    return scope.in_period(scope.accused_cases)


def _attendances(scope: Scope) -> Sequence[Row]:
    return scope.attendances


def _attended(scope: Scope) -> Sequence[Row]:
    return [row for row in scope.attendances if row.lawyer_attended == YES]


def _custody(scope: Scope) -> Sequence[Row]:
    return scope.custody_touching


def _ended_custody(scope: Scope) -> Sequence[Row]:
    return [row for row in scope.custody_touching if row.ended is not None]


def _hearings(scope: Scope) -> Sequence[Row]:
    return scope.hearings_sat


def _adjourned(scope: Scope) -> Sequence[Row]:
    return [row for row in scope.hearings_sat if row.status == "adjourned"]


def _sessions(scope: Scope) -> Sequence[Row]:
    return scope.sessions_in_period


def _school_visits(scope: Scope) -> Sequence[Row]:
    return scope.in_period(scope.school_visits)


def _referrals(scope: Scope) -> Sequence[Row]:
    return of_assisted(scope.in_period(scope.population.referrals))


COLUMNS: Final = (
    Column("children", "sex", _l("Sex"), _children, _given("case.child.sex")),
    Column("children", "age", _l("Age when the case was opened"), _children, _given("case.age")),
    Column("children", "locality", _l("Place of residence"), _children, _given("case.child.locality")),
    Column("children", "refugee_status", _l("Refugee status"), _children, _given("case.child.refugee_status")),
    Column("children", "education", _l("Education at intake"), _children, _given("case.child.education")),
    Column("cases", "source", _l("Source of referral"), _cases, _given("source")),
    Column("cases", "offence", _l("Main offence"), _accused_cases, _given("offence")),
    Column("cases", "lawyer", _l("Lawyer"), _cases, _given("lawyer")),
    Column("attendances", "arrested", _l("Time of arrest, to the minute"), _attendances, _exact("arrested")),
    Column("attendances", "lawyer_attended", _l("Whether the lawyer came"), _attendances, _answered("lawyer_attended")),
    Column("attendances", "lawyer_arrived", _l("Time the lawyer arrived"), _attended, _exact("lawyer_arrived")),
    Column("attendances", "questioned", _l("Time of questioning"), _attendances, _given("questioned")),
    Column("attendances", "guardian_present", _l("Guardian present"), _attendances, _answered("guardian_present")),
    Column(
        "attendances",
        "counsellor_present",
        _l("Child protection counsellor present"),
        _attendances,
        _answered("counsellor_present"),
    ),
    Column("attendances", "ill_treatment", _l("Ill-treatment alleged"), _attendances, _answered("ill_treatment")),
    Column("attendances", "statement_signed", _l("Statement signed"), _attendances, _answered("statement_signed")),
    Column("attendances", "left", _l("Time of leaving the police, to the minute"), _attendances, _exact("left")),
    Column("attendances", "outcome", _l("Outcome at the police"), _attendances, _given("outcome")),
    Column("custody", "began", _l("Beginning, to the minute"), _custody, _exact("began")),
    Column("custody", "ended", _l("End, to the minute"), _ended_custody, _exact("ended")),
    Column("custody", "legal_basis", _l("Legal basis"), _custody, _given("legal_basis")),
    Column("custody", "place", _l("Place of custody"), _custody, _given("place")),
    Column("custody", "separated", _l("Separated from adults"), _custody, _answered("separated")),
    Column("custody", "family_visit", _l("Family visit"), _custody, _answered("family_visit")),
    Column("custody", "education", _l("Education in custody"), _custody, _answered("education")),
    Column("hearings", "lawyer_attended", _l("Whether the lawyer came"), _hearings, _answered("lawyer_attended")),
    Column("hearings", "adjournment_reason", _l("Reason of adjournment"), _adjourned, _given("adjournment_reason")),
    Column("sessions", "score", _l("The child's own rating"), _sessions, _given("score")),
    Column("school_visits", "status", _l("How the child stands in school"), _school_visits, _given("status")),
    Column("referrals", "status", _l("What became of the referral"), _referrals, _given("status")),
)

KIND_LABELS: Final = {
    "children": _l("Children served"),
    "cases": _l("Cases opened"),
    "attendances": _l("Police attendances"),
    "custody": _l("Custody periods"),
    "hearings": _l("Hearings held or adjourned"),
    "sessions": _l("Counselling sessions"),
    "school_visits": _l("School follow-ups"),
    "referrals": _l("Referrals made"),
}
