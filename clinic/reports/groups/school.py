"""School: before, after, and soon after a release. All cases but those of advice alone."""

from __future__ import annotations

from typing import Final

from clinic.languages import _l
from clinic.reports.facts import UNKNOWN, Custody
from clinic.reports.indicator import Group, Indicator, Shape, Unit
from clinic.reports.measures import Share
from clinic.reports.scope import SERVED, Row, Scope

COMPLETED: Final = "completed"
LEARNING_AT_INTAKE: Final = frozenset({"attending", "irregular", "vocational"})
LEARNING: Final = frozenset({"attending", "irregular", "re_enrolled", "vocational"})
OUT: Final = frozenset({"out_of_school", "working"})
SCHOOL_MATTERS: Final = frozenset({"attending", "irregular", "out_of_school"})


def _latest_status(scope: Scope, row: Row) -> str | None:
    return scope.latest_school_status.get(row.case.child.id)


def _not_completed_at_intake(scope: Scope) -> list[Row]:
    return [row for row in scope.children_assisted if row.case.child.education != COMPLETED]


def _not_completed_at_latest(scope: Scope) -> list[Row]:
    return [row for row in scope.children_assisted if _latest_status(scope, row) != COMPLETED]


def _out_of_school_at_intake(scope: Scope) -> list[Row]:
    return [row for row in scope.once(_not_completed_at_latest) if row.case.child.education in OUT]


def _is_latest_known(scope: Scope, row: Row) -> bool:
    return _latest_status(scope, row) not in (None, UNKNOWN)


def _is_learning(scope: Scope, row: Row) -> bool:
    return _latest_status(scope, row) in LEARNING


def _releases(scope: Scope) -> list[Custody]:
    return [row for row in scope.releases if row.case.child.education in SCHOOL_MATTERS]


def _followed_up(scope: Scope, row: Custody) -> bool:
    return row.id in scope.followed_up_at_school


INDICATORS: Final = (
    Indicator(
        id="in_school_at_intake",
        group=Group.SCHOOL,
        unit=Unit.CHILDREN,
        shape=Shape.PERCENTAGE,
        reads=SERVED,
        title=_l("In school at intake"),
        definition=_l(
            "Of children served who had not completed school when they came, and where the answer is known: those "
            "attending, attending irregularly or in vocational training then."
        ),
        rows=_not_completed_at_intake,
        measure=Share(
            known=lambda _scope, row: row.case.child.education not in (None, UNKNOWN),
            counts=lambda _scope, row: row.case.child.education in LEARNING_AT_INTAKE,
        ),
        of_the_period_alone=True,
    ),
    Indicator(
        id="in_school_at_latest_followup",
        group=Group.SCHOOL,
        unit=Unit.CHILDREN,
        shape=Shape.PERCENTAGE,
        reads=SERVED,
        title=_l("In school at the latest follow-up"),
        definition=_l(
            "Of children served with a school follow-up up to the end of the period who have not completed school: "
            "those attending, attending irregularly, re-enrolled or in vocational training at the latest one."
        ),
        rows=lambda scope: scope.once(_not_completed_at_latest),
        measure=Share(known=_is_latest_known, counts=_is_learning),
    ),
    Indicator(
        id="returned_to_school",
        group=Group.SCHOOL,
        unit=Unit.CHILDREN,
        shape=Shape.PERCENTAGE,
        reads=SERVED,
        title=_l("Back in school"),
        definition=_l(
            "Of children served who were out of school or working when they came, and had a school follow-up up to "
            "the end of the period: those back at school or in vocational training at the latest one."
        ),
        rows=_out_of_school_at_intake,
        measure=Share(known=_is_latest_known, counts=_is_learning),
    ),
    Indicator(
        id="school_followup_after_release",
        group=Group.SCHOOL,
        unit=Unit.RELEASES,
        shape=Shape.PERCENTAGE,
        reads=frozenset({"custody", "school_visits"}),
        title=_l("School follow-up after release"),
        definition=_l(
            "Of releases in the period of children for whom school matters, once the 30 days after are over: those "
            "with a school follow-up on the day of release or within 30 days."
        ),
        rows=_releases,
        measure=Share(
            known=lambda scope, row: _followed_up(scope, row) or scope.follow_up_is_over(row), counts=_followed_up
        ),
        day=lambda _scope, row: row.ended_on,
    ),
)
