"""Reading counselling: how a child is over the months, and a group with its children."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.access.lanes import unloaded
from clinic.access.permissions import Lane, Role
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, TeamMember
from clinic.cases.queries import Seat, is_visible_to
from clinic.counselling.models import CounsellingSession
from clinic.db import session
from clinic.vocabularies.fixed import CaseStatus, SessionKind, StepState

_S = CounsellingSession


@dataclass(frozen=True, slots=True)
class Score:
    """The child's own rating on a day."""

    on: date
    score: int


def wellbeing_of(case_id: uuid.UUID, seat: Seat) -> list[Score]:
    """The child's own ratings in the order of days; none for a reader without the social lane."""
    if Lane.SOCIAL not in seat.lanes:
        return []
    rows = session.execute(
        select(_S.on_date, _S.wellbeing_score)
        .where(_S.case_id == case_id, _S.state == StepState.DONE, _S.withdrawn_at.is_(None))
        .where(_S.wellbeing_score.is_not(None))
        .order_by(_S.on_date, _S.entered)
    )
    return [Score(on, score) for on, score in rows if score is not None]


def counselled_by(reader: Reader) -> ColumnElement[bool]:
    """The condition on case_file that the reader counsels it today."""
    today = clock.today()
    own = select(TeamMember.case_id).where(
        TeamMember.clinic_id == reader.clinic_id,
        TeamMember.staff_id == reader.staff_id,
        TeamMember.role == Role.COUNSELLOR.value,
        TeamMember.since <= today,
        or_(TeamMember.until.is_(None), TeamMember.until >= today),
    )
    return and_(CaseFile.id.in_(own), is_visible_to(reader))


def cases_to_group(*, reader: Reader) -> Sequence[CaseFile]:
    """The cases on whose team the reader is as counsellor today and which are not closed, by the child's name."""
    wanted = (
        select(CaseFile)
        .where(counselled_by(reader), CaseFile.status != CaseStatus.CLOSED)
        .options(joinedload(CaseFile.child))
    )
    return sorted(session.scalars(wanted), key=lambda case: (case.child.short_name, case.reference))


def planned_groups_on(day: date, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, CounsellingSession]:
    """The group sessions that were planned for a day, by case."""
    wanted = select(CounsellingSession).where(
        CounsellingSession.case_id.in_(case_ids),
        CounsellingSession.on_date == day,
        CounsellingSession.state == StepState.PLANNED,
        CounsellingSession.withdrawn_at.is_(None),
        CounsellingSession.session_kind == SessionKind.GROUP,
    )
    return {step.case_id: step for step in session.scalars(wanted)}


def digest_of_group(group_id: uuid.UUID) -> bytes | None:
    """The digest of the form by which a group session was saved; None if none was."""
    wanted = select(CounsellingSession.form_digest).where(CounsellingSession.group_id == group_id)
    return session.scalar(wanted.limit(1))


def find_group(group_id: uuid.UUID, *, reader: Reader) -> Sequence[CounsellingSession] | None:
    """The steps of a group session in cases that the reader counsels, by the child's name; None if there are none."""
    counselled = [case.id for case in cases_of_group(group_id, reader=reader)]
    held = frozenset({Lane.FACTS, Lane.IDENTITY, Lane.SOCIAL})
    wanted = (
        select(CounsellingSession)
        .where(CounsellingSession.group_id == group_id, CounsellingSession.case_id.in_(counselled))
        .options(*unloaded(CounsellingSession, held), joinedload(CounsellingSession.case).joinedload(CaseFile.child))
    )
    steps = sorted(session.scalars(wanted), key=lambda step: step.case.child.short_name)
    return steps or None


def cases_of_group(group_id: uuid.UUID, *, reader: Reader) -> Sequence[CaseFile]:
    """The cases of a group session on whose team the reader is as counsellor today, closed ones too."""
    of_group = select(CounsellingSession.case_id).where(CounsellingSession.group_id == group_id)
    wanted = select(CaseFile).where(CaseFile.id.in_(of_group), counselled_by(reader))
    return session.scalars(wanted).all()


@dataclass(frozen=True, slots=True)
class Group:
    """A group session as a list shows it."""

    group_id: uuid.UUID
    on: date
    children: int


def groups_of(*, reader: Reader, limit: int = 5) -> list[Group]:
    """The latest group sessions, as far as the reader counsels their children."""
    rows = session.execute(
        select(_S.group_id, func.max(_S.on_date), func.count())
        .where(_S.case_id.in_(select(CaseFile.id).where(counselled_by(reader))))
        .where(_S.group_id.is_not(None), _S.withdrawn_at.is_(None))
        .group_by(_S.group_id)
        .order_by(func.max(_S.on_date).desc())
        .limit(limit)
    )
    return [Group(group_id, on, number) for group_id, on, number in rows if group_id is not None]
