"""Reach: whom the clinic served, and the flow of its cases. The one group that counts advice too."""

from __future__ import annotations

from typing import Final

from clinic.languages import _l
from clinic.reports.facts import Case, OpenPeriod
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Count
from clinic.reports.scope import KIND_OF, SERVED, Scope


def _carried_in(scope: Scope) -> list[Case]:
    first = scope.period.first
    open_then = (
        row.case
        for row in scope.population.periods
        if row.began_on < first and (row.ended_on is None or row.ended_on >= first)
    )
    return list({case.id: case for case in open_then}.values())


def _open_at_end(scope: Scope) -> list[Case]:
    last = scope.period.last
    open_then = (
        row.case
        for row in scope.population.periods
        if row.began_on <= last and (row.ended_on is None or row.ended_on > last)
    )
    return list({case.id: case for case in open_then}.values())


def _reopenings(scope: Scope) -> list[OpenPeriod]:
    return [row for row in scope.population.periods if not row.is_first and scope.period.holds(row.began_on)]


def _closings(scope: Scope) -> list[OpenPeriod]:
    return [row for row in scope.population.periods if scope.period.holds(row.ended_on)]


INDICATORS: Final = (
    Indicator(
        id="children_served",
        group=Group.REACH,
        unit=Unit.CHILDREN,
        shape=Shape.NUMBER,
        reads=SERVED,
        title=_l("Children served"),
        definition=_l(
            "Children with at least one service in the period, advice included. A child counts once, however many "
            "cases and services."
        ),
        rows=lambda scope: scope.children_served,
        measure=Count(),
        of_the_period_alone=True,
    ),
    Indicator(
        id="cases_carried_in",
        group=Group.REACH,
        unit=Unit.CASES,
        shape=Shape.NUMBER,
        reads=frozenset({"periods"}),
        title=_l("Cases carried in"),
        definition=_l(
            "Cases that were open when the period began: opened before its first day and not closed before it."
        ),
        rows=_carried_in,
        measure=Count(),
        day=None,
    ),
    Indicator(
        id="cases_opened",
        group=Group.REACH,
        unit=Unit.CASES,
        shape=Shape.NUMBER,
        reads=frozenset({"cases"}),
        title=_l("Cases opened"),
        definition=_l("Cases opened in the period."),
        rows=lambda scope: scope.in_period(scope.population.cases),
        measure=Count(),
    ),
    Indicator(
        id="cases_reopened",
        group=Group.REACH,
        unit=Unit.REOPENINGS,
        shape=Shape.NUMBER,
        reads=frozenset({"periods"}),
        title=_l("Cases reopened"),
        definition=_l("Reopenings in the period. A case reopened twice counts twice."),
        rows=_reopenings,
        measure=Count(),
        day=lambda _scope, row: row.began_on,
    ),
    Indicator(
        id="cases_closed",
        group=Group.REACH,
        unit=Unit.CLOSINGS,
        shape=Shape.NUMBER,
        reads=frozenset({"periods"}),
        title=_l("Cases closed"),
        definition=_l("Closings in the period. A case closed twice counts twice."),
        rows=_closings,
        measure=Count(),
        day=lambda _scope, row: row.ended_on,
    ),
    Indicator(
        id="cases_open_at_end",
        group=Group.REACH,
        unit=Unit.CASES,
        shape=Shape.NUMBER,
        reads=frozenset({"periods"}),
        title=_l("Cases open at the end"),
        definition=_l(
            "Cases still open after the last day of the period. Carried in, plus opened, plus reopened, less closed, "
            "is always this number."
        ),
        rows=_open_at_end,
        measure=Count(),
        day=None,
    ),
    Indicator(
        id="services_delivered",
        group=Group.REACH,
        unit=Unit.SERVICES,
        shape=Shape.NUMBER,
        reads=SERVED,
        title=_l("Services delivered"),
        definition=_l(
            "Services in the period by kind: an advice; a police attendance, an appearance before the prosecution or "
            "a hearing that the lawyer attended; a counselling session; a school or community follow-up."
        ),
        rows=lambda scope: scope.services,
        measure=Count({"by": lambda _scope, row: (KIND_OF[type(row)],)}),
        of_the_period_alone=True,
    ),
)
