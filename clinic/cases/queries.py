"""Reading cases: one rule says which cases exist for a reader, and every list, count and page starts from it."""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, with_polymorphic

from clinic import clock
from clinic.access.lanes import unloaded
from clinic.access.models import Wall
from clinic.access.permissions import Lane, Role
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, Project, Step, TeamMember
from clinic.cases.shown import shown_to
from clinic.children.models import Child
from clinic.children.queries import Sight
from clinic.db import Id, session
from clinic.languages import current_language
from clinic.shown import Whole, constant
from clinic.staff.queries import clinic_at_work
from clinic.vocabularies.fixed import StepState

LINE = with_polymorphic(Step, "*")  # one LEFT JOIN of every kind
ALL_LANES = frozenset(Lane)


def on_team(reader: Reader, day: date | None = None) -> Select[uuid.UUID]:
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
    """The condition on case_file that says whether a case exists for the reader; an aged one is in figures alone."""
    return and_(CaseFile.aged_on.is_(None), is_counted_for(reader))


def is_counted_for(reader: Reader) -> ColumnElement[bool]:
    """The condition on case_file that says whether the reader's figures count a case: those that exist, and the aged.

    Walls are few, and are looked up once a statement; who sees the cases of a team is led there by the team.
    """
    clinic = CaseFile.clinic_id == reader.clinic_id
    if reader.holds_key:
        return clinic
    if reader.sees_all_cases:
        return and_(clinic, CaseFile.id.not_in(_walled(reader)))
    own: ColumnElement[bool] = CaseFile.id.in_(on_team(reader))  # the team is of the clinic
    if reader.emergencies:
        own = or_(own, CaseFile.id.in_({case_id for case_id, _role in reader.emergencies}))
    return and_(own, CaseFile.id.not_in(_walled(reader)))


def cases_visible_to(reader: Reader) -> Select[uuid.UUID]:
    """The ids of the cases that exist for the reader. Lists, counts, search and exports all start here."""
    return select(CaseFile.id).where(is_visible_to(reader))


def cases_counted_for(reader: Reader) -> Select[uuid.UUID]:
    """The ids of the cases that the reader's figures count."""
    return select(CaseFile.id).where(is_counted_for(reader))


def how_many_visible_to(reader: Reader, *, at_most: int) -> int:
    """How many cases exist for the reader; no more are counted than asked."""
    counted = cases_visible_to(reader).limit(at_most).subquery()
    return session.scalar(select(func.count()).select_from(counted)) or 0


def children_visible_to(reader: Reader) -> Select[uuid.UUID]:
    """The ids of the children of whom the reader sees a case; a child without a case is seen by who registered it."""
    return _children_visible_to(reader, clock.today())


@lru_cache(maxsize=256)
def _children_visible_to(reader: Reader, _today: date) -> Select[uuid.UUID]:
    without = ~exists().where(CaseFile.child_id == Child.id).correlate(Child)
    if reader.sees_all_cases:
        of_case = exists().where(CaseFile.child_id == Child.id, is_visible_to(reader)).correlate(Child)
        visible = or_(of_case, without)
    else:
        of_cases = select(CaseFile.child_id).where(is_visible_to(reader))
        visible = or_(Child.id.in_(of_cases), and_(without, Child.recorded_by == reader.staff_id))
    return select(Child.id).where(Child.clinic_id == reader.clinic_id, visible)


def cases_walled_from(reader: Reader) -> set[uuid.UUID]:
    """The ids of the cases from which a wall keeps the reader: for what is kept elsewhere than in the database."""
    return set(session.scalars(_walled(reader)))


def _walled(reader: Reader) -> Select[uuid.UUID]:
    return select(Wall.case_id).where(Wall.staff_id == reader.staff_id, Wall.lifted_at.is_(None))


@lru_cache(maxsize=256)
def children_walled_from(reader: Reader) -> Select[uuid.UUID]:
    """The ids of the children of whom a case is walled from the reader: nothing may hint at them."""
    return select(Child.id).where(Child.id.in_(select(CaseFile.child_id).where(CaseFile.id.in_(_walled(reader)))))


def cases_of_children(ids: Collection[uuid.UUID], reader: Reader) -> Mapping[uuid.UUID, Sequence[CaseFile]]:
    """The cases of children that the reader sees, the newest first: to look at."""
    found: dict[uuid.UUID, list[CaseFile]] = {}
    for case in _beside_a_child().every(_cases_of_children(reader, clock.today()), {"children": ids}):
        found.setdefault(case.child_id, []).append(case)
    return found


@cache
def _beside_a_child() -> Whole[CaseFile]:
    """How the cases of a child are read that stand beside it."""
    said = {"id", "child_id", "reference", "role", "status", "proceeding_status", "offences", "opened_on"}
    return Whole(CaseFile, only=said)


@lru_cache(maxsize=256)
def _cases_of_children(reader: Reader, _today: date) -> Select[*tuple[Any, ...]]:
    of_children = CaseFile.child_id.in_(bindparam("children", type_=Id, expanding=True))
    wanted = _beside_a_child().where(of_children, is_visible_to(reader))
    return wanted.order_by(CaseFile.opened_on.desc(), CaseFile.id)


def children_with_case(reference: str, reader: Reader) -> Select[uuid.UUID]:
    """The ids of the children with a case of this reference that the reader sees; % stands for any letters."""
    return select(CaseFile.child_id).where(CaseFile.reference.like(reference), is_visible_to(reader))


SIGHT = Sight(children_visible_to, children_walled_from, cases_of_children, children_with_case)


@dataclass(frozen=True)
class Seat:
    """How a reader stands to a case: the roles in which they are on its team, and the lanes that these bring."""

    roles: frozenset[Role]
    lanes: frozenset[Lane]
    on_team: bool
    in_emergency: bool = False  # a role of these comes from an emergency access


def seat_in(case_id: uuid.UUID, reader: Reader, day: date | None = None) -> Seat:
    """The reader's lanes in a case: those of their roles on its team or in an emergency; of a coordinator, two."""
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
    return _seat(rows, reader, reader.emergency_roles(case_id))


def seat_of(case: CaseFile, reader: Reader, day: date | None = None) -> Seat:
    """The same, of a case whose team is loaded: asks nothing of the database."""
    if reader.holds_key:
        return Seat(reader.roles, ALL_LANES, on_team=False)
    day = day or clock.today()
    held = (one.role for one in case.team if one.staff_id == reader.staff_id and one.serves_on(day))
    return _seat(held, reader, reader.emergency_roles(case.id))


def _seat(held: Iterable[str], reader: Reader, emergency: frozenset[Role]) -> Seat:
    team = frozenset(Role(role) for role in held if Role(role) in reader.roles)
    roles = team | emergency | ({Role.COORDINATOR} if reader.has(Role.COORDINATOR) else set())
    return Seat(roles, frozenset[Lane]().union(*(LANES[role] for role in roles)), bool(team), bool(emergency - team))


EVERY_CASE = "every case"


def places_of(reader: Reader) -> frozenset[str]:
    """From where the reader sees cases today, each place on a team as a short digest: beside what is kept of it.

    Whom a wall shuts out loses what is kept when it is built (`walls.build_wall`).
    """
    rows = session.execute(on_team(reader).add_columns(TeamMember.role))
    places = {b64encode(sha256(case_id.bytes + role.encode()).digest()[:9]).decode() for case_id, role in rows}
    return frozenset(places | {EVERY_CASE} if reader.sees_all_cases else places)


def references_of(case_ids: Collection[uuid.UUID], *, reader: Reader) -> dict[uuid.UUID, str]:
    """The references of those of the cases that the reader may see."""
    wanted = select(CaseFile.id, CaseFile.reference).where(CaseFile.id.in_(case_ids), is_visible_to(reader))
    return {row.id: row.reference for row in session.execute(wanted)}


def find_case(case_id: uuid.UUID, *, reader: Reader) -> CaseFile | None:
    """The case with its child, periods and team, in one statement; None if it does not exist for the reader."""
    return session.scalars(_a_case(reader, clock.today()), {"case_id": case_id}).unique().one_or_none()


def find_case_with_family(case_id: uuid.UUID, *, reader: Reader) -> CaseFile | None:
    """The same, and with those who answer for the child; still one statement."""
    return session.scalars(_a_case_with_family(reader, clock.today()), {"case_id": case_id}).unique().one_or_none()


class AgedCase(Exception):
    """Of the case that was asked for nothing but facts is left."""

    def __init__(self, reference: str, aged_on: date) -> None:
        super().__init__(reference)
        self.reference, self.aged_on = reference, aged_on


def find_case_to_show(case_id: uuid.UUID, *, reader: Reader) -> CaseFile | None:
    """The case with its family, for its own page, to look at: nothing done to it is kept.

    Raises AgedCase to whoever might see it if its file were there.
    """
    found = _to_show().one(_a_case_to_show(reader, clock.today()), {"case_id": case_id})
    if found is None:
        was = select(CaseFile.reference, CaseFile.aged_on).where(CaseFile.id == case_id, is_counted_for(reader))
        left = session.execute(was).one_or_none()
        if left is not None and left.aged_on is not None:
            raise AgedCase(left.reference, left.aged_on)
    return found


# To put a statement together takes longer than to have it answered: those of the pages that are open all day are made
# once, the ones that a reader's sight is part of once a reader and day.


@lru_cache(maxsize=256)
def _a_case(reader: Reader, _today: date) -> Select[CaseFile]:
    return (
        select(CaseFile)
        .where(CaseFile.id == bindparam("case_id"), is_visible_to(reader))
        .options(joinedload(CaseFile.child), joinedload(CaseFile.periods), joinedload(CaseFile.team))
    )


@lru_cache(maxsize=256)
def _a_case_with_family(reader: Reader, today: date) -> Select[CaseFile]:
    return _a_case(reader, today).options(joinedload(CaseFile.child).joinedload(Child.guardians))


@lru_cache(maxsize=256)
def _a_case_to_show(reader: Reader, _today: date) -> Select[*tuple[Any, ...]]:
    return _to_show().where(CaseFile.id == bindparam("case_id"), is_visible_to(reader))


@cache
def _to_show() -> Whole[CaseFile]:
    """How a case to look at is read, with child, guardians, periods and team."""
    return Whole(CaseFile, ("child", "guardians"), ("periods",), ("team",))


def find_step(step_id: uuid.UUID, *, reader: Reader) -> Step | None:
    """The step without the columns of lanes that the reader has not in its case; None if it does not exist for them.

    Its case comes with child and team, so that `seat_of` asks nothing more.
    """
    wanted = select(Step.case_id, TeamMember.role).join(CaseFile, CaseFile.id == Step.case_id)
    wanted = wanted.outerjoin(TeamMember, _serves_today(reader)).where(Step.id == step_id, is_visible_to(reader))
    rows = session.execute(wanted).all()
    if not rows:
        return None
    emergency = reader.emergency_roles(rows[0].case_id)
    held = ALL_LANES if reader.holds_key else _seat((role for _case, role in rows if role), reader, emergency).lanes
    of_case = joinedload(LINE.case)
    beside = (of_case.joinedload(CaseFile.child), of_case.joinedload(CaseFile.team))
    found = session.scalars(select(LINE).where(LINE.id == step_id).options(*unloaded(LINE, held), *beside))
    return found.unique().one_or_none()


def _serves_today(reader: Reader) -> ColumnElement[bool]:
    """The places of the reader on the team of a step's case."""
    today = clock.today()
    return and_(
        TeamMember.case_id == Step.case_id,
        TeamMember.staff_id == reader.staff_id,
        TeamMember.since <= today,
        or_(TeamMember.until.is_(None), TeamMember.until >= today),
    )


def is_planned(case_id: uuid.UUID, kind: str, day: date) -> bool:
    """Whether a step of the kind lies ahead in a case on a day."""
    planned = and_(Step.state == StepState.PLANNED, Step.withdrawn_at.is_(None))
    wanted = select(Step.id).where(Step.case_id == case_id, Step.kind == kind, Step.on_date == day, planned)
    return session.scalar(wanted.limit(1)) is not None


def planned_after(step_id: uuid.UUID) -> Step | None:
    """The planned step that was made from a step, if it still lies ahead; what its kind adds is not loaded."""
    planned = and_(Step.state == StepState.PLANNED, Step.withdrawn_at.is_(None))
    return session.scalar(select(Step).where(Step.follows_id == step_id, planned).order_by(Step.entered).limit(1))


def page_of_line(
    case_id: uuid.UUID, held: frozenset[Lane], *, kinds: Sequence[str] = (), after: int = 0, limit: int = 25
) -> tuple[list[Step], list[Step]]:
    """What lies ahead (on the first page) and a page of what was, in one statement; steps to look at."""
    wanted = _a_page_of_the_line(held, tuple(kinds), limit, is_first=not after)
    steps = shown_to(held).read(wanted, {"of_case": case_id} | ({"after": after} if after else {}))
    ahead = [step for step in steps if step.state == StepState.PLANNED]
    return ahead, [step for step in reversed(steps) if step.state != StepState.PLANNED]


@lru_cache(maxsize=256)
def _a_page_of_the_line(
    held: frozenset[Lane], kinds: tuple[str, ...], limit: int, *, is_first: bool
) -> Select[*tuple[Any, ...]]:
    of_case, planned = bindparam("of_case", type_=Id), constant(StepState.PLANNED)
    past = (
        select(Step.id)
        .where(Step.case_id == of_case, Step.state != planned, *([Step.kind.in_(kinds)] if kinds else []))
        .order_by(Step.on_date.desc(), Step.happened_at.desc(), Step.entered.desc())
        .limit(constant(limit))
    )
    past = past if is_first else past.offset(bindparam("after", type_=Integer))
    shown: ColumnElement[bool] = Step.id.in_(select(past.subquery().c.id))
    if is_first:
        shown = or_(shown, and_(Step.state == planned, Step.withdrawn_at.is_(None)))
    wanted = shown_to(held).wanted.where(Step.case_id == of_case, shown)
    wanted = wanted.where(Step.kind.in_(kinds)) if kinds else wanted
    return wanted.order_by(Step.on_date, Step.happened_at, Step.entered)


def project_choices(*, reader: Reader, held: Collection[str] = ()) -> list[tuple[str, str]]:
    """Code and name of the projects that run, and of those that a record holds already."""
    rows = session.execute(
        select(Project.code, Project.ended_on)
        .where(Project.clinic_id == reader.clinic_id)
        .order_by(Project.name, Project.code)
    )
    today, names = clock.today(), project_names(reader=reader)
    running = [code for code, ended in rows if ended is None or ended >= today or code in held]
    return [(code, names.get(code, code)) for code in running]


_names: dict[uuid.UUID, tuple[int, dict[str, tuple[str, str]]]] = {}


def project_names(*, reader: Reader) -> dict[str, str]:
    """What every project of the clinic is called in the language of the page, by code; read anew when the clinic's
    counter says so."""
    clinic = clinic_at_work(reader.clinic_id)
    changed = clinic.lists_changed if clinic is not None else 0
    kept = _names.get(reader.clinic_id)
    if kept is None or kept[0] != changed:
        wanted = select(Project.code, Project.name, Project.name_ar).where(Project.clinic_id == reader.clinic_id)
        rows = session.execute(wanted.order_by(Project.name, Project.code))
        kept = _names[reader.clinic_id] = changed, {code: (name, ar or name) for code, name, ar in rows}
    in_arabic = current_language().code == "ar"
    return {code: ar if in_arabic else name for code, (name, ar) in kept[1].items()}
