"""What lies on the coordinator's desk: what waits for an answer, what nobody has, what falls asleep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, CasePeriod, ClosingProposal, Intake, IntakeAnswer, Step, TeamMember
from clinic.cases.queries import children_visible_to, is_visible_to
from clinic.children.models import Child, LikelyPair, PairState
from clinic.conflicts import queries as conflicts
from clinic.db import session
from clinic.desk import gaps
from clinic.desk.gaps import Gap
from clinic.desk.queries import a_list
from clinic.staff import agreements
from clinic.staff.models import GONE, StaffMember
from clinic.vocabularies.fixed import CaseStatus, ChildRole, StepState

QUIET = timedelta(days=60)


@a_list
def waiting_intakes(reader: Reader, _today: date) -> Select[Any]:
    """The inbound referrals that nobody answered, urgent ones first, then the oldest."""
    found = select(Intake).where(Intake.clinic_id == reader.clinic_id, Intake.answer == IntakeAnswer.WAITING)
    return found.order_by(Intake.urgent.desc(), Intake.received_on, Intake.id)


def _open(reader: Reader) -> Select[CaseFile]:
    return (
        select(CaseFile)
        .where(is_visible_to(reader), CaseFile.status != CaseStatus.CLOSED, CaseFile.merged_into.is_(None))
        .options(joinedload(CaseFile.child))
    )


def _somebody_has_it(today: date) -> ColumnElement[bool]:
    """Whether somebody whose account is not closed is on the team of a case today."""
    return (
        exists()
        .where(
            TeamMember.clinic_id == CaseFile.clinic_id,
            TeamMember.case_id == CaseFile.id,
            TeamMember.since <= today,
            or_(TeamMember.until.is_(None), TeamMember.until >= today),
            StaffMember.id == TeamMember.staff_id,
            StaffMember.state.not_in(GONE),
        )
        .correlate(CaseFile)
    )


@a_list
def unassigned(reader: Reader, today: date) -> Select[Any]:
    """The open cases that nobody has: without a team, or with one whose accounts are all closed; the oldest first."""
    found = _open(reader).where(~_somebody_has_it(today))
    return found.order_by(CaseFile.opened_on, CaseFile.id)


@a_list
def quiet(reader: Reader, today: date) -> Select[Any]:
    """The open cases in which nothing was done for 60 days and nothing is planned; the quietest first."""
    since = func.coalesce(CaseFile.last_step_on, CaseFile.opened_on)
    ahead = exists().where(
        Step.clinic_id == CaseFile.clinic_id,
        Step.case_id == CaseFile.id,
        Step.state == StepState.PLANNED,
        Step.on_date >= today,
        Step.withdrawn_at.is_(None),
    )
    found = _open(reader).where(since <= today - QUIET, CaseFile.role != ChildRole.ADVICE_ONLY)
    return found.where(~ahead.correlate(CaseFile)).order_by(since, CaseFile.id)


@a_list
def closings_to_answer(reader: Reader, _today: date) -> Select[*tuple[Any, ...]]:
    """The closings that workers proposed and nobody answered, with who proposed each; the oldest first."""
    return (
        select(ClosingProposal, StaffMember.name)
        .join(ClosingProposal.case)
        .outerjoin(StaffMember, StaffMember.id == ClosingProposal.proposed_by)
        .where(ClosingProposal.answer.is_(None), is_visible_to(reader))
        .options(contains_eager(ClosingProposal.case).joinedload(CaseFile.child))
        .order_by(ClosingProposal.proposed_at, ClosingProposal.id)
    )


@a_list
def likely_pairs(reader: Reader, _today: date) -> Select[*tuple[Any, ...]]:
    """The pairs of files that may be of one child, those that somebody asks about first, then the likeliest."""
    first, second = aliased(Child), aliased(Child)
    of_pair = (LikelyPair.first_id, LikelyPair.second_id)  # each looked up: pairs are few, children many
    seen = (children_visible_to(reader).where(Child.id == one).correlate(LikelyPair).exists() for one in of_pair)
    return (
        select(LikelyPair, first, second)
        .join(first, first.id == LikelyPair.first_id)
        .join(second, second.id == LikelyPair.second_id)
        .where(
            LikelyPair.clinic_id == reader.clinic_id,
            LikelyPair.state == PairState.OPEN,
            *seen,
        )
        .order_by(LikelyPair.asked.desc(), LikelyPair.score.desc(), LikelyPair.id)
    )


@dataclass(frozen=True, slots=True)
class Quarter:
    """The quarter of a year that a day lies in, its few figures, and what else a coordinator looks after."""

    first: date
    last: date
    opened: int
    closed: int
    done: dict[str, int]  # done steps by kind
    gaps: list[tuple[Gap, int]]  # what figures need and nobody knows, in how many steps
    colleagues: tuple[int, int]  # accounts that wait for an answer, people who leave with open cases
    possible_conflicts: int


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's quarter."""
    first = day.replace(month=day.month - (day.month - 1) % 3, day=1)
    after = (first.replace(day=28) + timedelta(days=80)).replace(day=1)
    return first, after - timedelta(days=1)


def figures_of(today: date, *, reader: Reader) -> Quarter:
    """What was opened, closed and done in this quarter so far, and what else waits, in one statement."""
    first, last = quarter_of(today)
    periods = select(
        _how_many(CasePeriod.opened_on.between(first, last)), _how_many(CasePeriod.closed_on.between(first, last))
    ).join(CaseFile, CaseFile.id == CasePeriod.case_id)
    whole = periods.where(CasePeriod.clinic_id == reader.clinic_id, is_visible_to(reader)).subquery()
    steps = _done_between(first, last, reader).subquery()
    missing = gaps.counts(today, reader=reader).subquery()
    waiting = agreements.how_many_wait(reader=reader).subquery()
    undecided = conflicts.how_many_wait(reader=reader).scalar_subquery()
    joined = whole.join(missing, true()).join(waiting, true()).outerjoin(steps, true())
    found = select(*whole.c, *waiting.c, undecided, steps.c.kind, steps.c.number, *missing.c).select_from(joined)
    rows: Sequence[Any] = session.execute(found).all()
    opened, closed, asked, leaving, wait, _kind, _number, *missed = rows[0]
    done = {row.kind: row.number for row in rows if row.kind}
    return Quarter(first, last, opened, closed, done, gaps.there_are(missed), (asked, leaving), wait)


def _done_between(first: date, last: date, reader: Reader) -> Select[*tuple[Any, ...]]:
    """How many steps of each kind were done on these days."""
    return (
        select(Step.kind, func.count().label("number"))
        .join(CaseFile, CaseFile.id == Step.case_id)
        .where(
            Step.clinic_id == reader.clinic_id,
            Step.state == StepState.DONE,
            Step.withdrawn_at.is_(None),
            Step.on_date.between(first, last),
            is_visible_to(reader),
        )
        .group_by(Step.kind)
    )


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((and_(condition), 1), else_=0)), 0)
