"""What lies on the desks of those who work with children: what is planned, overdue, unseen, to be done, half typed.

Every list starts from the cases that exist for the reader, is short, and knows how long it is as a whole.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from clinic import clock
from clinic.access.lanes import unloaded
from clinic.access.permissions import Lane, Role
from clinic.access.reader import Reader
from clinic.cases.kinds import Side, all_kinds
from clinic.cases.models import CaseFile, Step, Task, TeamMember
from clinic.cases.queries import LINE, cases_visible_to, is_visible_to, on_team
from clinic.children.models import Guardian
from clinic.community.models import CommunityFollowup
from clinic.complaints import queries as complaints
from clinic.complaints.kind import COMPLAINT
from clinic.db import UtcDateTime, session
from clinic.referrals import queries as referrals
from clinic.referrals.kind import REFERRAL
from clinic.school.models import SchoolFollowup
from clinic.staff.models import AccountState, StaffMember
from clinic.vocabularies.fixed import Answer, CaseStatus, ChildRole, StepState
from clinic.web.models import Draft

SHORT = 6
"""How many rows of a list stand on a desk."""
WHOLE = 25
"""How many rows of a whole list stand on a page."""
MOST_PLANNED = 300
"""More appointments than one person keeps in six weeks."""
UNSEEN = timedelta(days=30)
OPEN = frozenset({Lane.FACTS, Lane.IDENTITY})
"""What a desk shows of a step: never a note of a lane."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a list are wanted."""

    limit: int = SHORT
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """Some rows of a list, and how many it has as a whole."""

    rows: Sequence[T]
    total: int


def a_list(wanted: Callable[[Reader, date], Select[*tuple[Any, ...]]]) -> Callable[..., Listed[Any]]:
    """Makes a list of a statement: `found(part, reader=…)` gives the wanted rows, the first entity of each, and how
    many there are; `today` is told where it is another day, and further names are what the statement asks for.

    To put such a statement together takes longer than to have it answered: it is done once for a reader and a day.
    """

    @lru_cache(maxsize=64)
    def counted(reader: Reader, today: date) -> Select[*tuple[Any, ...]]:
        limit, offset = (bindparam(name, type_=Integer) for name in ("limit", "offset"))
        return wanted(reader, today).add_columns(func.count().over()).limit(limit).offset(offset)

    @wraps(wanted)
    def found(part: Part, *, reader: Reader, today: date | None = None, **asked: Any) -> Listed[Any]:
        asked |= {"limit": part.limit, "offset": part.offset}
        rows = session.execute(counted(reader, today or clock.today()), asked).unique().all()
        return Listed([row[0] if len(row) == 2 else row[:-1] for row in rows], rows[0][-1] if rows else 0)

    return found


# Steps that lie ahead, or should have been done


def _my_kinds(reader: Reader) -> list[str]:
    """The kinds of step that are this person's work by their roles."""
    sides = {Side.LEGAL: Role.LAWYER, Side.SOCIAL: Role.COUNSELLOR}
    return [kind.code for kind in all_kinds() if (role := sides.get(kind.side)) is not None and reader.has(role)]


def is_mine(reader: Reader) -> ColumnElement[bool]:
    """The steps that are this person's to do: their own, and those of their kind in the cases of their team."""
    of_team = and_(LINE.case_id.in_(on_team(reader)), LINE.kind.in_(_my_kinds(reader)))
    return or_(LINE.worker_id == reader.staff_id, of_team)


def _planned(reader: Reader) -> Select[Any]:
    return (
        select(LINE)
        .join(LINE.case)
        .where(
            LINE.clinic_id == reader.clinic_id,
            LINE.state == StepState.PLANNED,
            LINE.withdrawn_at.is_(None),
            CaseFile.status != CaseStatus.CLOSED,
            is_visible_to(reader),
        )
        .options(*unloaded(LINE, OPEN), contains_eager(LINE.case).joinedload(CaseFile.child))
    )


def planned_between(first: date, last: date, *, reader: Reader, of_all: bool = False) -> Sequence[Step]:
    """What is planned on these days, in order: one's own, or of everybody whose cases the reader sees."""
    days = {"first": first, "last": last}
    return session.scalars(_planned_on_days(reader, clock.today(), of_all=of_all), days).all()


@lru_cache(maxsize=64)
def _planned_on_days(reader: Reader, _today: date, *, of_all: bool) -> Select[Any]:
    days = (bindparam(name, type_=Date) for name in ("first", "last"))
    found = _planned(reader).where(LINE.on_date.between(*days))
    found = found if of_all else found.where(is_mine(reader))
    return found.order_by(LINE.on_date, LINE.happened_at, LINE.entered).limit(MOST_PLANNED)


@a_list
def overdue(reader: Reader, today: date) -> Select[Any]:
    """What was planned for a day that has passed and that nobody wrote down as done or not done; the latest first."""
    found = _planned(reader).where(LINE.on_date < today, is_mine(reader))
    return found.order_by(LINE.on_date.desc(), LINE.id)


@a_list
def answers_overdue(reader: Reader, today: date) -> Select[Any]:
    """The referrals and complaints whose answer should have come, the longest awaited first."""
    due = func.coalesce(LINE.Referral.answer_due_on, LINE.Complaint.answer_due_on)
    found = (
        select(LINE)
        .join(LINE.case)
        .where(
            LINE.clinic_id == reader.clinic_id,
            LINE.kind.in_((REFERRAL.code, COMPLAINT.code)),
            LINE.state == StepState.DONE,
            LINE.withdrawn_at.is_(None),
            CaseFile.status != CaseStatus.CLOSED,
            is_visible_to(reader),
            or_(referrals.is_overdue(today), complaints.is_overdue(today)),
        )
        .options(*unloaded(LINE, OPEN), contains_eager(LINE.case).joinedload(CaseFile.child))
    )
    return found.order_by(due, LINE.id)


# Children whom nobody has seen, and whom one may call


def _last_seen() -> ColumnElement[date | None]:
    """The last day on which somebody of the social side saw the child of a case."""
    step, school, community = Step.__table__, SchoolFollowup.__table__, CommunityFollowup.__table__
    seen = func.coalesce(school.c.child_seen, community.c.child_seen, Answer.YES.value) != Answer.NO.value
    joined = step.outerjoin(school, school.c.id == step.c.id).outerjoin(community, community.c.id == step.c.id)
    return (
        select(func.max(step.c.on_date))
        .select_from(joined)
        .where(
            step.c.clinic_id == CaseFile.clinic_id,
            step.c.case_id == CaseFile.id,
            step.c.kind.in_(["counselling_session", "assessment", "school_followup", "community_followup"]),
            step.c.state == StepState.DONE,
            step.c.withdrawn_at.is_(None),
            seen,
        )
        .correlate(CaseFile)
        .scalar_subquery()
    )


def _in_my_care(reader: Reader) -> ColumnElement[bool]:
    """The open cases in which the reader is a counsellor."""
    mine = on_team(reader).where(TeamMember.role == Role.COUNSELLOR.value)
    return and_(
        is_visible_to(reader),
        CaseFile.id.in_(mine),
        CaseFile.status != CaseStatus.CLOSED,
        CaseFile.role != ChildRole.ADVICE_ONLY,
    )


@a_list
def not_seen(reader: Reader, today: date) -> Select[*tuple[Any, ...]]:
    """The open cases of a counsellor whose child nobody saw for 30 days, and when that was; the longest ago first."""
    last_seen = _last_seen()
    since = func.coalesce(last_seen, CaseFile.opened_on)
    return (
        select(CaseFile, last_seen)
        .where(_in_my_care(reader), since <= today - UNSEEN)
        .options(joinedload(CaseFile.child))
        .order_by(since, CaseFile.id)
    )


@a_list
def may_be_called(reader: Reader, _today: date) -> Select[*tuple[Any, ...]]:
    """The guardians whom it is said to be safe to call, in a counsellor's cases; the longest without a step first."""
    return (
        select(Guardian, CaseFile)
        .join(CaseFile, CaseFile.child_id == Guardian.child_id)
        .where(
            _in_my_care(reader),
            Guardian.safe_to_call == Answer.YES,
            Guardian.ended_on.is_(None),
            Guardian.phone_hash.is_not(None),
        )
        .options(joinedload(CaseFile.child))
        .order_by(func.coalesce(CaseFile.last_step_on, CaseFile.opened_on), CaseFile.id, Guardian.position)
    )


# Tasks


def _tasks(reader: Reader) -> Select[Any]:
    """The tasks that exist for the reader: of the cases they see, and beside the cases those that they gave or got."""
    own = or_(Task.assigned_to == reader.staff_id, Task.made_by == reader.staff_id)
    return (
        select(Task)
        .outerjoin(Task.case)
        .where(
            Task.clinic_id == reader.clinic_id,
            or_(and_(Task.case_id.is_(None), own), Task.case_id.in_(cases_visible_to(reader))),
        )
        .options(contains_eager(Task.case).joinedload(CaseFile.child))
    )


_BY_DUE = (Task.due_on.is_(None), Task.due_on, Task.id)


@a_list
def tasks_to_do(reader: Reader, _today: date) -> Select[Any]:
    """What this person has to do, the first due first."""
    return _tasks(reader).where(Task.assigned_to == reader.staff_id, Task.done_at.is_(None)).order_by(*_BY_DUE)


@a_list
def tasks_given(reader: Reader, _today: date) -> Select[Any]:
    """What this person asked of others and is not done yet."""
    given = and_(Task.made_by == reader.staff_id, Task.assigned_to != reader.staff_id, Task.done_at.is_(None))
    return _tasks(reader).where(given).order_by(*_BY_DUE)


@a_list
def tasks_done(reader: Reader, _today: date) -> Select[Any]:
    """What this person had to do and did, the last first."""
    done = and_(Task.assigned_to == reader.staff_id, Task.done_at.is_not(None))
    return _tasks(reader).where(done).order_by(Task.done_at.desc(), Task.id)


def tasks_between(first: date, last: date, *, reader: Reader) -> Sequence[Task]:
    """What this person has to do that is due on these days."""
    found = _tasks(reader).where(
        Task.assigned_to == reader.staff_id, Task.done_at.is_(None), Task.due_on.between(first, last)
    )
    return session.scalars(found.order_by(*_BY_DUE).limit(MOST_PLANNED)).all()


def find_task(task_id: uuid.UUID, *, reader: Reader) -> Task | None:
    """A task, if it exists for the reader."""
    found: Task | None = session.scalar(_tasks(reader).where(Task.id == task_id))
    return found


def team_of(case_id: uuid.UUID, *, but: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Who else is on the team of a case today and has an account: id and name. For who was found able to see it."""
    today = clock.today()
    rows = session.execute(
        select(StaffMember.id, StaffMember.name)
        .join(TeamMember, TeamMember.staff_id == StaffMember.id)
        .where(
            TeamMember.case_id == case_id,
            TeamMember.since <= today,
            or_(TeamMember.until.is_(None), TeamMember.until >= today),
            StaffMember.state != AccountState.CLOSED,
            StaffMember.id != but,
        )
        .distinct()
        .order_by(StaffMember.name, StaffMember.id)
    )
    return [(row.id, row.name) for row in rows]


# Drafts


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was typed and not sent: where it lies, since when, in which case."""

    place: str
    saved_at: datetime
    reference: str | None


def drafts_of(since: datetime, part: Part, *, reader: Reader) -> Listed[Typed]:
    """What this person typed and has not saved yet, the newest first; without cases that they see no longer."""
    rows = _drafts(part, reader=reader, since=since)
    return Listed([Typed(*row) for row in rows.rows], rows.total)


@a_list
def _drafts(reader: Reader, _today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Draft.place, Draft.saved_at, CaseFile.reference)
        .outerjoin(CaseFile, CaseFile.id == Draft.case_id)
        .where(
            Draft.clinic_id == reader.clinic_id,
            Draft.staff_id == reader.staff_id,
            Draft.saved_at > bindparam("since", type_=UtcDateTime),
            or_(Draft.case_id.is_(None), is_visible_to(reader)),
        )
        .order_by(Draft.saved_at.desc(), Draft.id)
    )
