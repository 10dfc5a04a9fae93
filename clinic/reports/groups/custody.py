"""Custody: where accused children are held, how long, and how they are treated there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final

from clinic.clock import day_ends
from clinic.languages import _l
from clinic.reports.facts import NO, UNKNOWN, YES, Case, Custody, Id, elapsed_hours, is_exact
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Count, Share, Spread
from clinic.reports.scope import Scope

ANSWERS: Final = frozenset({YES, NO})
SENTENCE: Final = "sentence"
LONG_HOURS: Final = 168


def _held_at_end(scope: Scope) -> list[Custody]:
    """Of each child held, the earliest of the periods that run."""
    return [min(rows, key=lambda row: row.began) for rows in scope.held_at_end.values()]


def _codes_held_under(column: str) -> Callable[[Scope, Custody], Iterable[str]]:
    """Each code under which a child is held, once a child."""
    return lambda scope, row: dict.fromkeys(
        getattr(held, column) or UNKNOWN for held in scope.held_at_end[row.case.child.id]
    )


def _days_before_decision(scope: Scope) -> dict[Id, float | None]:
    """The days that children were held before the decision, by case decided in the period.

    Custody other than under a sentence, up to the end of the day of the decision, overlaps once; None where a moment of
    it is not known to the minute.
    """
    end_of = {day: day_ends(day) for day in {case.disposition_on for case in scope.disposed} if day}
    ends = {case.id: end_of[case.disposition_on] for case in scope.disposed if case.disposition_on}
    held: dict[Id, list[Custody]] = {}
    for row in scope.custody:
        end = ends.get(row.case.id)
        if end is not None and row.legal_basis != SENTENCE and row.began < end:
            held.setdefault(row.case.id, []).append(row)
    return {case_id: _days_until(rows, ends[case_id]) for case_id, rows in held.items()}


def _days_until(rows: list[Custody], end: datetime) -> float | None:
    for row in rows:
        if not _is_exact_until(row, end):
            return None
    return hours_once([(row.began, _until(row, end)) for row in rows]) / 24


def _until(row: Custody, end: datetime) -> datetime:
    return end if row.ended is None else min(row.ended, end)


def _is_exact_until(row: Custody, end: datetime) -> bool:
    """Whether the row's length up to a moment is known; an end after it does not matter."""
    if not is_exact(row.began):
        return False
    return row.ended is None or is_exact(row.ended) or row.ended >= end


def hours_once(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """The hours covered by spans of time, overlaps once."""
    seconds, reached = 0.0, None
    for began, ended in sorted(spans):
        begins = began if reached is None else max(began, reached)
        if ended > begins:
            seconds += (ended - begins).total_seconds()
        reached = ended if reached is None else max(reached, ended)
    return seconds / 3600


def _decided_after_custody(scope: Scope) -> list[Case]:
    days = scope.once(_days_before_decision)
    return [case for case in scope.disposed if days.get(case.id, 0) != 0]


def _sentences_ended(scope: Scope) -> list[Custody]:
    return [row for row in scope.custody if row.legal_basis == SENTENCE and scope.period.holds(row.ended_on)]


def _days_sentenced(_scope: Scope, row: Custody) -> float | None:
    hours = None if row.ended is None else elapsed_hours(row.began, row.ended)
    return None if hours is None else hours / 24


def _touching(scope: Scope) -> list[Custody]:
    return scope.custody_touching


def _long(scope: Scope) -> list[Custody]:
    """The touching rows of 168 hours or more up to the end of the period, and those whose hours are not known."""
    end = scope.period.ends
    return [
        row
        for row in scope.custody_touching
        if not _is_exact_until(row, end) or (_until(row, end) - row.began).total_seconds() >= LONG_HOURS * 3600
    ]


def _is_known_of_long(answer: str) -> Callable[[Scope, Custody], bool]:
    return lambda scope, row: getattr(row, answer) in ANSWERS and _is_exact_until(row, scope.period.ends)


def _touches_on(scope: Scope, row: Custody) -> date:
    return max(row.began_on, scope.period.first)


INDICATORS: Final = (
    Indicator(
        id="in_custody_at_end",
        group=Group.CUSTODY,
        unit=Unit.CHILDREN,
        shape=Shape.NUMBER,
        reads=frozenset({"custody"}),
        title=_l("In custody at the end"),
        definition=_l("Accused children held when the last day of the period ended, by legal basis and by place."),
        rows=_held_at_end,
        measure=Count({"by_legal_basis": _codes_held_under("legal_basis"), "by_place": _codes_held_under("place")}),
        day=None,
    ),
    Indicator(
        id="pre_sentence_detention_days",
        group=Group.CUSTODY,
        unit=Unit.CASES,
        shape=Shape.DAYS,
        reads=frozenset({"custody", "cases"}),
        title=_l("Days held before the decision"),
        definition=_l(
            "Of cases decided in the period in which the child was held before: the days of custody other than under "
            "a sentence, up to the end of the day of the decision, overlaps once."
        ),
        rows=_decided_after_custody,
        measure=Spread(lambda scope, row: scope.once(_days_before_decision)[row.id]),
        day=lambda _scope, row: row.disposition_on,
    ),
    Indicator(
        id="sentenced_detention_days",
        group=Group.CUSTODY,
        unit=Unit.CUSTODY_PERIODS,
        shape=Shape.DAYS,
        reads=frozenset({"custody"}),
        title=_l("Days held under a sentence"),
        definition=_l("Of custody periods under a sentence that ended in the period: their days."),
        rows=_sentences_ended,
        measure=Spread(_days_sentenced),
        day=lambda _scope, row: row.ended_on,
    ),
    Indicator(
        id="not_separated_from_adults",
        group=Group.CUSTODY,
        unit=Unit.CUSTODY_PERIODS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"custody"}),
        title=_l("Not separated from adults"),
        definition=_l(
            "Of custody periods that touch the period and where the answer is known: those in which the child was not"
            " kept apart from adults."
        ),
        rows=_touching,
        measure=Share(
            known=lambda _scope, row: row.separated in ANSWERS, counts=lambda _scope, row: row.separated == NO
        ),
        day=_touches_on,
    ),
    Indicator(
        id="family_contact",
        group=Group.CUSTODY,
        unit=Unit.CUSTODY_PERIODS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"custody"}),
        title=_l("Family contact in custody"),
        definition=_l(
            "Of custody periods that touch the period, lasted seven days or more by its end, and where the answer is "
            "known: those in which the family visited."
        ),
        rows=lambda scope: scope.once(_long),
        measure=Share(known=_is_known_of_long("family_visit"), counts=lambda _scope, row: row.family_visit == YES),
        day=_touches_on,
    ),
    Indicator(
        id="education_in_custody",
        group=Group.CUSTODY,
        unit=Unit.CUSTODY_PERIODS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"custody"}),
        title=_l("Education in custody"),
        definition=_l(
            "Of custody periods that touch the period, lasted seven days or more by its end, and where the answer is "
            "known: those in which the child was taught."
        ),
        rows=lambda scope: scope.once(_long),
        measure=Share(known=_is_known_of_long("education"), counts=lambda _scope, row: row.education == YES),
        day=_touches_on,
    ),
)
