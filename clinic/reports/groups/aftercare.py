"""After-care and integration: what follows a release, whether help was whole, and who comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from clinic.languages import _l
from clinic.reports.facts import ACCUSED, Case, Custody, Id, OpenPeriod, by_child
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Share
from clinic.reports.scope import LEGAL_SERVICES, SERVED, Row, Scope

NOT_FOLLOWED: Final = frozenset({"duplicate", "death", "transferred"})


def _followed_up(scope: Scope, row: Custody) -> bool:
    return row.id in scope.cared_for_after


def _served_as_accused(scope: Scope) -> list[Row]:
    return scope.served_by({ACCUSED})


def _helped_in_every_way(scope: Scope) -> set[Id]:
    """Children with a legal service, counselling, and a school or community follow-up up to the end of the period."""
    legal, counselled, visited = (
        _children_served(scope, kinds) for kinds in (LEGAL_SERVICES, ("counselling",), ("school", "community"))
    )
    return legal & counselled & visited


def _children_served(scope: Scope, kinds: Iterable[str]) -> set[Id]:
    cases = scope.cases_served_until_end(kinds)
    return {case.child.id for case in scope.accused_cases if case.id in cases}


def _closed_a_year_before(scope: Scope) -> list[OpenPeriod]:
    """The last closing of each case that is closed, where it lies in the year before."""
    last = scope.period.last
    first, until = last - timedelta(days=729), last - timedelta(days=365)
    latest = {row.case.id: row for row in scope.population.periods if row.case.role == ACCUSED}
    return [
        row
        for row in latest.values()
        if row.ended_on is not None and first <= row.ended_on <= until and row.reason not in NOT_FOLLOWED
    ]


def _cases_by_child(scope: Scope) -> dict[Id, list[Case]]:
    return by_child(scope.accused_cases)


def _came_back(scope: Scope, closed: OpenPeriod) -> bool:
    if closed.ended_on is None:
        return False
    return any(
        other.id != closed.case.id and 1 <= (other.opened_on - closed.ended_on).days <= 365
        for other in scope.once(_cases_by_child)[closed.case.child.id]
    )


INDICATORS: Final = (
    Indicator(
        id="aftercare",
        group=Group.AFTERCARE,
        unit=Unit.RELEASES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"custody", "sessions", "school_visits", "community_visits"}),
        title=_l("After-care"),
        definition=_l(
            "Of releases in the period, once the 30 days after are over: those with a counselling session, a school "
            "or a community follow-up on the day of release or within 30 days."
        ),
        rows=lambda scope: scope.releases,
        measure=Share(
            known=lambda scope, row: _followed_up(scope, row) or scope.follow_up_is_over(row), counts=_followed_up
        ),
        day=lambda _scope, row: row.ended_on,
    ),
    Indicator(
        id="comprehensive_support",
        group=Group.AFTERCARE,
        unit=Unit.CHILDREN,
        shape=Shape.PERCENTAGE,
        reads=SERVED,
        title=_l("Help in every way"),
        definition=_l(
            "Of accused children served in the period: those who up to its end had a legal service, counselling, and "
            "a school or community follow-up."
        ),
        rows=_served_as_accused,
        measure=Share(counts=lambda scope, row: row.case.child.id in scope.once(_helped_in_every_way)),
    ),
    Indicator(
        id="new_case_within_12_months",
        group=Group.AFTERCARE,
        unit=Unit.CASES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"periods", "cases"}),
        title=_l("New case within 12 months"),
        definition=_l(
            "Of cases of accused children closed in the twelve months that ended a year before the period did: those "
            "whose child is accused in another case opened within a year of the closing."
        ),
        rows=_closed_a_year_before,
        measure=Share(counts=_came_back),
        day=lambda _scope, row: row.ended_on,
    ),
)
