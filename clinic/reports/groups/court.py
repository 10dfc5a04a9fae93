"""Court and disposition: hearings and decisions in the cases of accused children."""

from __future__ import annotations

from typing import Final

from clinic.clock import day_begins
from clinic.languages import _l
from clinic.reports.facts import NO, UNKNOWN, YES, Case, Hearing, elapsed_hours, moment
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Count, Share, Spread
from clinic.reports.scope import Scope

ANSWERS: Final = frozenset({YES, NO})
DIVERTED: Final = "diverted"


def _sat(scope: Scope) -> list[Hearing]:
    return scope.hearings_sat


def _adjourned(scope: Scope) -> list[Hearing]:
    return [row for row in scope.hearings_sat if row.status == "adjourned"]


def _disposed(scope: Scope) -> list[Case]:
    return scope.disposed


def _days_to_decision(scope: Scope, case: Case) -> float | None:
    """Days from the earliest arrest, else from the start of the day of opening, to the start of the day of decision."""
    arrest = scope.first_arrests.get(case.id)
    began = moment(day_begins(case.opened_on)) if arrest is None else arrest.arrested
    if case.disposition_on is None:
        return None
    hours = elapsed_hours(began, moment(day_begins(case.disposition_on)))
    return None if hours is None else hours / 24


def _sentenced(scope: Scope) -> list[Case]:
    return [case for case in scope.disposed if case.disposition in scope.law.sentences]


def _sentenced_or_diverted(scope: Scope) -> list[Case]:
    return [case for case in scope.disposed if case.disposition == DIVERTED or case.disposition in scope.law.sentences]


INDICATORS: Final = (
    Indicator(
        id="hearings_held",
        group=Group.COURT,
        unit=Unit.HEARINGS,
        shape=Shape.NUMBER,
        reads=frozenset({"hearings"}),
        title=_l("Hearings held"),
        definition=_l("Hearings of the period that were held."),
        rows=lambda scope: [row for row in scope.hearings_sat if row.status == "held"],
        measure=Count(),
        place="court",
        of_the_period_alone=True,
    ),
    Indicator(
        id="adjournment_rate",
        group=Group.COURT,
        unit=Unit.HEARINGS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"hearings"}),
        title=_l("Hearings adjourned"),
        definition=_l("Of hearings of the period that were held or adjourned: those adjourned."),
        rows=_sat,
        measure=Share(counts=lambda _scope, row: row.status == "adjourned"),
        place="court",
        of_the_period_alone=True,
    ),
    Indicator(
        id="adjournment_reasons",
        group=Group.COURT,
        unit=Unit.HEARINGS,
        shape=Shape.NUMBER,
        reads=frozenset({"hearings"}),
        title=_l("Why hearings were adjourned"),
        definition=_l("Adjourned hearings of the period by reason."),
        rows=_adjourned,
        measure=Count({"by": lambda _scope, row: (row.adjournment_reason or UNKNOWN,)}),
        place="court",
        of_the_period_alone=True,
    ),
    Indicator(
        id="lawyer_at_hearings",
        group=Group.COURT,
        unit=Unit.HEARINGS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"hearings"}),
        title=_l("Lawyer at hearings"),
        definition=_l(
            "Of hearings of the period that were held or adjourned and where the answer is known: those that the "
            "lawyer attended."
        ),
        rows=_sat,
        measure=Share(
            known=lambda _scope, row: row.lawyer_attended in ANSWERS,
            counts=lambda _scope, row: row.lawyer_attended == YES,
        ),
        place="court",
        of_the_period_alone=True,
    ),
    Indicator(
        id="time_to_disposition",
        group=Group.COURT,
        unit=Unit.CASES,
        shape=Shape.DAYS,
        reads=frozenset({"cases", "attendances"}),
        title=_l("Time to the decision"),
        definition=_l(
            "Of cases decided in the period: the days from the first arrest, or where there was none from the opening"
            " of the case, to the start of the day of the decision."
        ),
        rows=_disposed,
        measure=Spread(_days_to_decision),
        day=lambda _scope, row: row.disposition_on,
    ),
    Indicator(
        id="dispositions",
        group=Group.COURT,
        unit=Unit.CASES,
        shape=Shape.NUMBER,
        reads=frozenset({"cases"}),
        title=_l("How proceedings ended"),
        definition=_l("Cases decided in the period by decision."),
        rows=_disposed,
        measure=Count({"by": lambda _scope, row: (row.disposition or UNKNOWN,)}),
        day=lambda _scope, row: row.disposition_on,
    ),
    Indicator(
        id="diversion_rate",
        group=Group.COURT,
        unit=Unit.CASES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"cases"}),
        title=_l("Diverted, not sentenced"),
        definition=_l("Of cases of the period that ended in diversion or in a sentence: those diverted."),
        rows=_sentenced_or_diverted,
        measure=Share(counts=lambda _scope, row: row.disposition == DIVERTED),
        day=lambda _scope, row: row.disposition_on,
    ),
    Indicator(
        id="custodial_sentence_rate",
        group=Group.COURT,
        unit=Unit.CASES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"cases"}),
        title=_l("Sentenced to custody"),
        definition=_l(
            "Of cases of the period that ended in a sentence: those whose sentence takes the child's liberty."
        ),
        rows=_sentenced,
        measure=Share(counts=lambda scope, row: row.disposition in scope.law.custodial),
        day=lambda _scope, row: row.disposition_on,
    ),
)
