"""Counselling: sessions of all cases but those of advice alone."""

from __future__ import annotations

from typing import Final

from clinic.access.permissions import Lane
from clinic.languages import _l
from clinic.reports.facts import UNKNOWN, Session
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Change, Count, Share
from clinic.reports.scope import Scope

SUSTAINED: Final = 3


def _children(scope: Scope) -> list[Session]:
    return scope.children_counselled


def _score_change(scope: Scope, row: Session) -> int | None:
    """The last score less the first; known where they lie on different days.

    Of the scores of one day the first entered is the first, the last entered the last.
    """
    first = last = None
    for session in scope.sessions_until_end[row.case.child.id]:
        if session.score is None:
            continue
        if first is None or session.day < first.day:
            first = session
        if last is None or session.day >= last.day:
            last = session
    if first is None or last is None or first.score is None or last.score is None or first.day == last.day:
        return None
    return last.score - first.score


INDICATORS: Final = (
    Indicator(
        id="children_counselled",
        group=Group.COUNSELLING,
        unit=Unit.CHILDREN,
        shape=Shape.NUMBER,
        reads=frozenset({"sessions"}),
        title=_l("Children counselled"),
        definition=_l("Children with at least one counselling session in the period."),
        rows=_children,
        measure=Count(),
        of_the_period_alone=True,
    ),
    Indicator(
        id="counselling_sessions",
        group=Group.COUNSELLING,
        unit=Unit.SESSIONS,
        shape=Shape.NUMBER,
        reads=frozenset({"sessions"}),
        title=_l("Counselling sessions"),
        definition=_l("Counselling sessions of the period by kind. A group session counts once for each child in it."),
        rows=lambda scope: scope.sessions_in_period,
        measure=Count({"by": lambda _scope, row: (row.kind or UNKNOWN,)}),
        of_the_period_alone=True,
    ),
    Indicator(
        id="sustained_counselling",
        group=Group.COUNSELLING,
        unit=Unit.CHILDREN,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"sessions"}),
        title=_l("Counselled three times or more"),
        definition=_l("Of children counselled in the period: those with three sessions or more up to its end."),
        rows=_children,
        measure=Share(
            counts=lambda scope, row: len(scope.sessions_until_end[row.case.child.id]) >= SUSTAINED,
        ),
    ),
    Indicator(
        id="wellbeing_change",
        group=Group.COUNSELLING,
        unit=Unit.CHILDREN,
        shape=Shape.POINTS,
        reads=frozenset({"sessions"}),
        title=_l("Change in wellbeing"),
        definition=_l(
            "Of children counselled in the period who rated themselves from 0 to 10 on at least two days up to its "
            "end: the last rating less the first, on average."
        ),
        rows=_children,
        measure=Change(_score_change),
        lane=Lane.SOCIAL,
        in_lane=("value", "mean", "improved", "unchanged", "worse"),
    ),
)
