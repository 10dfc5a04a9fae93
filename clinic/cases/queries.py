"""Reading cases: one rule says which cases exist for a reader, and every list, count and page starts from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, with_polymorphic

from clinic import clock
from clinic.access.lanes import unloaded
from clinic.access.models import Wall
from clinic.access.permissions import Lane, Role
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.cases.kinds import all_kinds
from clinic.cases.models import CaseFile, Step, TeamMember
from clinic.cases.rules import StageFact
from clinic.children.models import Child
from clinic.db import current_clinic, session
from clinic.vocabularies.fixed import StepState

LINE = with_polymorphic(Step, "*")  # one LEFT JOIN of every kind
ALL_LANES = frozenset(Lane)


def on_team(reader: Reader, day: date | None = None) -> Select[tuple[uuid.UUID]]:
    """The ids of the cases on whose team the reader is on a day, in a role that the reader still holds."""
    day = day or clock.today()
    return select(TeamMember.case_id).where(
        TeamMember.clinic_id == reader.clinic_id,
        TeamMember.staff_id == reader.staff_id,
        TeamMember.role.in_([role.value for role in reader.roles]),
        TeamMember.since <= day,
        or_(TeamMember.until.is_(None), TeamMember.until >= day),
    )


def is_visible_to(reader: Reader) -> ColumnElement[bool]:
    """The condition on case_file that says whether a case exists for the reader."""
    clinic = CaseFile.clinic_id == reader.clinic_id
    if reader.holds_key:
        return clinic
    walled = (
        exists()
        .where(Wall.case_id == CaseFile.id, Wall.staff_id == reader.staff_id, Wall.lifted_at.is_(None))
        .correlate(CaseFile)
    )
    if reader.sees_all_cases:
        return and_(clinic, ~walled)
    return and_(clinic, CaseFile.id.in_(on_team(reader)), ~walled)


def cases_visible_to(reader: Reader) -> Select[tuple[uuid.UUID]]:
    """The ids of the cases that exist for the reader. Lists, counts, search, reports and exports all start here."""
    return select(CaseFile.id).where(is_visible_to(reader))


def children_visible_to(reader: Reader) -> Select[tuple[uuid.UUID]]:
    """The ids of the children of whom the reader sees a case; a child without a case is seen by who registered it."""
    of_cases = select(CaseFile.child_id).where(is_visible_to(reader))
    without = and_(
        ~exists().where(CaseFile.child_id == Child.id).correlate(Child), Child.recorded_by == reader.staff_id
    )
    seen = or_(Child.id.in_(of_cases), without)
    if reader.sees_all_cases:
        seen = or_(seen, ~exists().where(CaseFile.child_id == Child.id).correlate(Child))
    return select(Child.id).where(Child.clinic_id == reader.clinic_id, seen)


@dataclass(frozen=True)
class Seat:
    """How a reader stands to a case: the roles in which they are on its team, and the lanes that these bring."""

    roles: frozenset[Role]
    lanes: frozenset[Lane]
    on_team: bool


def seat_in(case_id: uuid.UUID, reader: Reader, day: date | None = None) -> Seat:
    """The reader's lanes in a case: of the roles in which they are on its team; of a coordinator, identity and facts."""
    if reader.holds_key:
        return Seat(reader.roles, ALL_LANES, on_team=False)
    day = day or clock.today()
    rows = session.scalars(
        select(TeamMember.role).where(
            TeamMember.clinic_id == reader.clinic_id,
            TeamMember.case_id == case_id,
            TeamMember.staff_id == reader.staff_id,
            TeamMember.since <= day,
            or_(TeamMember.until.is_(None), TeamMember.until >= day),
        )
    )
    team = frozenset(Role(role) for role in rows if Role(role) in reader.roles)
    roles = team | ({Role.COORDINATOR} if reader.has(Role.COORDINATOR) else set())
    return Seat(roles, frozenset[Lane]().union(*(LANES[role] for role in roles)), bool(team))


def find_case(case_id: uuid.UUID, *, reader: Reader) -> CaseFile | None:
    """The case with its child, periods and team; None if it does not exist for the reader."""
    return session.scalar(
        select(CaseFile)
        .where(CaseFile.id == case_id, is_visible_to(reader))
        .options(joinedload(CaseFile.child), selectinload(CaseFile.periods))
    )


def find_step(step_id: uuid.UUID, *, reader: Reader) -> Step | None:
    """The step without the columns of lanes that the reader has not in its case; None if it does not exist for them."""
    case_id = session.scalar(
        select(Step.case_id)
        .join(CaseFile, CaseFile.id == Step.case_id)
        .where(Step.id == step_id, is_visible_to(reader))
    )
    if case_id is None:
        return None
    held = seat_in(case_id, reader).lanes
    return session.scalar(
        select(LINE)
        .where(LINE.id == step_id)
        .options(*unloaded(LINE, held), joinedload(LINE.case).joinedload(CaseFile.child))
    )


def line_of(
    case_id: uuid.UUID, held: frozenset[Lane], *, kinds: Sequence[str] = (), after: int = 0, limit: int = 25
) -> Sequence[Step]:
    """The done, missed and withdrawn steps of a case, newest first, a page of 25."""
    return session.scalars(
        _line(case_id, held, kinds)
        .where(LINE.state != StepState.PLANNED)
        .order_by(LINE.on_date.desc(), LINE.happened_at.desc(), LINE.entered.desc())
        .offset(after)
        .limit(limit)
    ).all()


def planned_of(case_id: uuid.UUID, held: frozenset[Lane], *, kinds: Sequence[str] = ()) -> Sequence[Step]:
    """The planned steps of a case, the one that comes next first."""
    return session.scalars(
        _line(case_id, held, kinds)
        .where(LINE.state == StepState.PLANNED, LINE.withdrawn_at.is_(None))
        .order_by(LINE.on_date, LINE.happened_at, LINE.entered)
    ).all()


def _line(case_id: uuid.UUID, held: frozenset[Lane], kinds: Sequence[str]) -> Select[tuple[Step]]:
    wanted = select(LINE).where(LINE.case_id == case_id).options(*unloaded(LINE, held))
    return wanted.where(LINE.kind.in_(kinds)) if kinds else wanted


def count_of(case_id: uuid.UUID) -> dict[str, int]:
    """How many steps of each kind stand on the line of a case."""
    rows = session.execute(select(Step.kind, func.count()).where(Step.case_id == case_id).group_by(Step.kind))
    return {kind: number for kind, number in rows}


def stage_facts(case_id: uuid.UUID) -> list[StageFact]:
    """What the steps of a case say of its proceeding, withdrawn ones left out. One statement."""
    return [fact for _case, fact in _stage_facts(LINE.case_id == case_id)]


def stage_facts_of_all() -> Iterator[tuple[uuid.UUID, StageFact]]:
    """What the steps of every case of the clinic at work say of their proceedings, with the case's id."""
    return _stage_facts(LINE.clinic_id == current_clinic.get())


def _stage_facts(of: ColumnElement[bool]) -> Iterator[tuple[uuid.UUID, StageFact]]:
    staged = {kind.code: kind for kind in all_kinds() if kind.stage}
    runs = [kind.runs for kind in staged.values() if kind.runs is not None]
    appeals = [kind.is_appeal for kind in staged.values() if kind.is_appeal is not None]
    columns = (LINE.case_id, LINE.kind, LINE.state, LINE.on_date, or_(false(), *runs), or_(false(), *appeals))
    for case_id, kind, state, on_date, still, appeal in session.execute(
        select(*columns).where(of, LINE.withdrawn_at.is_(None), LINE.kind.in_(staged))
    ):
        stage = staged[kind].stage
        if stage is not None:
            yield case_id, StageFact(stage, state, on_date, bool(still), bool(appeal))


def last_step_on(case_id: uuid.UUID) -> date | None:
    """The day of the last step that was done."""
    return session.scalar(
        select(func.max(Step.on_date)).where(
            Step.case_id == case_id, Step.state == StepState.DONE, Step.withdrawn_at.is_(None)
        )
    )
