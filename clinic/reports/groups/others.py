"""Referrals and complaints of all cases but those of advice alone, and the activities of the clinic."""

from __future__ import annotations

from typing import Final

from clinic.access.permissions import Lane
from clinic.languages import _l
from clinic.reports.facts import UNKNOWN, Activity, Complaint, Referral, of_assisted
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Count, Share, Total
from clinic.reports.scope import Scope

ANSWERED: Final = frozenset({"answered", "upheld", "dismissed"})


def _referrals(scope: Scope) -> list[Referral]:
    return of_assisted(scope.in_period(scope.population.referrals))


def _complaints(scope: Scope) -> list[Complaint]:
    return of_assisted(scope.in_period(scope.population.complaints))


def _activities(scope: Scope) -> list[Activity]:
    return scope.in_period(scope.population.activities)


INDICATORS: Final = (
    Indicator(
        id="referrals_made",
        group=Group.OTHERS,
        unit=Unit.REFERRALS,
        shape=Shape.NUMBER,
        reads=frozenset({"referrals"}),
        title=_l("Referrals made"),
        definition=_l("Referrals to other agencies in the period by service."),
        rows=_referrals,
        measure=Count({"by": lambda _scope, row: (row.service or UNKNOWN,)}),
        of_the_period_alone=True,
    ),
    Indicator(
        id="referrals_completed",
        group=Group.OTHERS,
        unit=Unit.REFERRALS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"referrals"}),
        title=_l("Referrals completed"),
        definition=_l("Of referrals of the period to which the agency has answered: those completed."),
        rows=_referrals,
        measure=Share(
            known=lambda _scope, row: row.status not in ("sent", UNKNOWN, None),
            counts=lambda _scope, row: row.status == "completed",
        ),
        of_the_period_alone=True,
    ),
    Indicator(
        id="complaints_filed",
        group=Group.OTHERS,
        unit=Unit.COMPLAINTS,
        shape=Shape.NUMBER,
        reads=frozenset({"complaints"}),
        title=_l("Complaints filed"),
        definition=_l(
            "Complaints filed in the period, whatever became of them, by what they are about. One complaint may be "
            "about several things."
        ),
        rows=_complaints,
        measure=Count({"by": lambda _scope, row: dict.fromkeys(row.about) or (UNKNOWN,)}),
        lane=Lane.ILL_TREATMENT,
        in_lane=("by",),
        of_the_period_alone=True,
    ),
    Indicator(
        id="complaints_answered",
        group=Group.OTHERS,
        unit=Unit.COMPLAINTS,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"complaints"}),
        title=_l("Complaints answered"),
        definition=_l(
            "Of complaints filed in the period and not withdrawn: those answered by now, whether upheld, dismissed or "
            "otherwise."
        ),
        rows=lambda scope: [row for row in _complaints(scope) if row.status != "withdrawn"],
        measure=Share(counts=lambda _scope, row: row.status in ANSWERED),
        of_the_period_alone=True,
    ),
    Indicator(
        id="activities_held",
        group=Group.OTHERS,
        unit=Unit.ACTIVITIES,
        shape=Shape.NUMBER,
        reads=frozenset({"activities"}),
        title=_l("Activities held"),
        definition=_l("Trainings, awareness sessions, meetings and advocacy of the period by kind."),
        rows=_activities,
        measure=Count({"by": lambda _scope, row: (row.kind or UNKNOWN,)}),
        of_cases=False,
    ),
    Indicator(
        id="activity_participants",
        group=Group.OTHERS,
        unit=Unit.PARTICIPANTS,
        shape=Shape.NUMBER,
        reads=frozenset({"activities"}),
        title=_l("Participants"),
        definition=_l("Participants of the activities of the period. Where nobody counted them, nothing is added."),
        rows=_activities,
        measure=Total(
            {"female": lambda row: row.participants_female, "male": lambda row: row.participants_male},
        ),
        of_cases=False,
    ),
)
