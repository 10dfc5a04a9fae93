"""At the police station: the first hours, by attendances of accused children whose arrest falls in the period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from clinic.languages import _l
from clinic.reports.facts import NO, UNKNOWN, YES, Attendance, elapsed_hours, is_after
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Share, Spread
from clinic.reports.scope import Scope

ANSWERS: Final = frozenset({YES, NO})
SET_FREE: Final = frozenset({"released", "diverted"})


def _all(scope: Scope) -> list[Attendance]:
    return scope.attendances


def _came_late(row: Attendance) -> bool | None:
    """Whether the lawyer came after questioning began; a lawyer who never came is a late one."""
    if row.questioned is None:
        return None
    if row.lawyer_attended == NO:
        return True
    if row.lawyer_attended != YES or row.lawyer_arrived is None:
        return None
    return is_after(row.lawyer_arrived, row.questioned)


def _came_in_time(_scope: Scope, row: Attendance) -> bool | None:
    late = _came_late(row)
    return None if late is None else not late


def _hours_to_lawyer(_scope: Scope, row: Attendance) -> float | None:
    return None if row.lawyer_arrived is None else elapsed_hours(row.arrested, row.lawyer_arrived)


def _at_questioning(answer: str) -> Callable[[Scope, Attendance], bool]:
    return lambda _scope, row: row.questioned is not None and getattr(row, answer) in ANSWERS


def _over_limit(scope: Scope, row: Attendance) -> bool | None:
    """Whether the child was held longer than the rule set in force on the day of arrest allows."""
    limit = scope.police_limit_hours(row.day)
    hours = None if row.left is None else elapsed_hours(row.arrested, row.left)
    return None if hours is None or limit is None else hours > limit


INDICATORS: Final = (
    Indicator(
        id="lawyer_before_questioning",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Lawyer before questioning"),
        definition=_l(
            "Of police attendances where it is known when questioning began and whether the lawyer came: those where "
            "the lawyer arrived by the time questioning began."
        ),
        rows=_all,
        place="police_station",
        measure=Share(_came_in_time),
        of_the_period_alone=True,
    ),
    Indicator(
        id="time_to_lawyer",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.HOURS,
        reads=frozenset({"attendances"}),
        title=_l("Time to the lawyer"),
        definition=_l(
            "Hours from arrest to the lawyer's arrival, where the lawyer came. Half waited longer than the median."
        ),
        rows=lambda scope: [row for row in scope.attendances if row.lawyer_attended == YES],
        place="police_station",
        measure=Spread(_hours_to_lawyer, names_unknown=True),
        of_the_period_alone=True,
    ),
    Indicator(
        id="guardian_at_questioning",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Guardian at questioning"),
        definition=_l(
            "Of police attendances where the child was questioned and it is known whether the guardian was there: "
            "those with the guardian there. A guardian who was sent out was not there."
        ),
        rows=_all,
        place="police_station",
        measure=Share(
            known=_at_questioning("guardian_present"), counts=lambda _scope, row: row.guardian_present == YES
        ),
        of_the_period_alone=True,
    ),
    Indicator(
        id="counsellor_at_questioning",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Child protection counsellor at questioning"),
        definition=_l(
            "Of police attendances where the child was questioned and it is known whether the child protection "
            "counsellor was there: those with the counsellor there."
        ),
        rows=_all,
        place="police_station",
        measure=Share(
            known=_at_questioning("counsellor_present"), counts=lambda _scope, row: row.counsellor_present == YES
        ),
        of_the_period_alone=True,
    ),
    Indicator(
        id="ill_treatment_alleged",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Ill-treatment alleged"),
        definition=_l("Of police attendances where the answer is known: those where ill-treatment was alleged."),
        rows=_all,
        place="police_station",
        measure=Share(
            known=lambda _scope, row: row.ill_treatment in ANSWERS, counts=lambda _scope, row: row.ill_treatment == YES
        ),
        of_the_period_alone=True,
    ),
    Indicator(
        id="statement_without_lawyer",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Statement signed without a lawyer"),
        definition=_l(
            "Of police attendances where a statement was signed, and it is known when questioning began and whether "
            "the lawyer came: those where no lawyer came, or only after questioning began."
        ),
        rows=lambda scope: [row for row in scope.attendances if row.statement_signed == YES],
        place="police_station",
        measure=Share(lambda _scope, row: _came_late(row)),
        of_the_period_alone=True,
    ),
    Indicator(
        id="held_over_police_limit",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Held beyond the police limit"),
        definition=_l(
            "Of police attendances where it is known to the minute when the child was taken and when it left: those "
            "longer than the police limit of the rules in force on the day of arrest."
        ),
        rows=_all,
        place="police_station",
        measure=Share(_over_limit),
        of_the_period_alone=True,
    ),
    Indicator(
        id="released_by_police",
        group=Group.POLICE,
        unit=Unit.ATTENDANCES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"attendances"}),
        title=_l("Released by the police"),
        definition=_l("Of police attendances whose outcome is known: those that ended in release or diversion."),
        rows=_all,
        place="police_station",
        measure=Share(
            known=lambda _scope, row: row.outcome not in (None, UNKNOWN),
            counts=lambda _scope, row: row.outcome in SET_FREE,
        ),
        of_the_period_alone=True,
    ),
)
