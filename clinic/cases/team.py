"""The team of a case: who joins, who leaves, for good or until a day; and the hand-over of a whole caseload."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select

from clinic import clock
from clinic.access.models import EmergencyAccess, Wall
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases import unfinished
from clinic.cases.models import CaseFile, TeamMember
from clinic.cases.queries import is_visible_to
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import notices
from clinic.staff.models import AccountState, StaffMember
from clinic.vocabularies.fixed import CaseStatus
from clinic.web.models import Draft


class NotOfThatRole(Refusal):
    """Somebody joins as what they are not."""

    message = _l("This person does not work as that. Choose another, or the other role.")
    field = "person"


class OnTheTeamAlready(Refusal):
    """Somebody joins a team they are on."""

    message = _l("This person is on the team already.")
    field = "person"


class KeptFromTheCase(Refusal):
    """Somebody whom a wall keeps from the case. Only who sees the case reads this."""

    message = _l("A wall keeps this person from this case. Choose another.")
    field = "person"


class EndsBeforeItBegins(Refusal):
    """A stay that ends before it begins."""

    message = _l("The last day lies before the first.")
    field = "until"


class SamePerson(Refusal):
    """Cases handed from somebody to the same person."""

    message = _l("Choose another person to take over.")
    field = "joins"


class NoCases(Refusal):
    """Somebody from whom nothing can be taken over."""

    message = _l("This person is on the team of no open case in this role.")
    field = "leaves"


def put_on_team(
    case: CaseFile,
    *,
    person: uuid.UUID,
    role: Role,
    by: Reader,
    since: date,
    until: date | None = None,
    instead_of: uuid.UUID | None = None,
    note: str | None = None,
) -> TeamMember:
    """Somebody joins the team, for good or until a day, beside the others or in the place of one; the team hears of it.

    Who is replaced for good leaves on the day before; who is replaced for a while stays. Raises NotOfThatRole,
    KeptFromTheCase, OnTheTeamAlready, EndsBeforeItBegins.
    """
    member = _seat(case, person, role, by=by, since=since, until=until, instead_of=instead_of, note=note)
    if instead_of is not None and until is None:
        unfinished.hand_on(case.id, of=instead_of, to=person, since=since)
    for one in _concerned(case, person, by):
        _tell(one, [case.id], oneself=person == by.staff_id)
    return member


def _seat(
    case: CaseFile,
    person: uuid.UUID,
    role: Role,
    *,
    by: Reader,
    since: date,
    until: date | None,
    instead_of: uuid.UUID | None,
    note: str | None,
) -> TeamMember:
    _refuse_unless_fit(case, person, role, since, until)
    member = TeamMember(
        case_id=case.id, staff_id=person, role=role.value, since=since, until=until, assigned_by=by.staff_id, note=note
    )
    session.add(member)
    case.team.append(member)
    for one in case.team:
        if until is None and one.staff_id == instead_of and one.role == role.value and one is not member:
            _leave(one, since)
    _lead(case, role, person, instead_of, for_good=until is None)
    session.flush()
    if instead_of is not None:
        remove_lost_drafts(case.id)
    oneself = person == by.staff_id
    chain.record(
        "team.joined_oneself" if oneself else "team.joined", subject=member, case_id=case.id, detail=role.value
    )
    return member


def _concerned(case: CaseFile, person: uuid.UUID, by: Reader) -> set[uuid.UUID]:
    """The team hears who joins it; where coordinators put themselves on it, so do the other coordinators."""
    concerned = {one.staff_id for one in case.team if one.serves_on(clock.today())}
    if person == by.staff_id:
        concerned |= {one.id for one in notices.holders(Role.COORDINATOR) if not is_kept_from(case.id, one.id)}
    return concerned - {person, by.staff_id}


def _tell(staff_id: uuid.UUID, case_ids: Sequence[uuid.UUID], *, oneself: bool) -> None:
    """One notice, of however many cases."""
    what = "team_joined_oneself" if oneself else "team_joined"
    alone = len(case_ids) == 1
    member, number = session.get_one(StaffMember, staff_id), None if alone else len(case_ids)
    notices.tell(member, what, number, case_id=case_ids[0] if alone else None)


def _refuse_unless_fit(case: CaseFile, person: uuid.UUID, role: Role, since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise EndsBeforeItBegins
    if not session.get_one(StaffMember, person).has_role(role):
        raise NotOfThatRole
    if is_kept_from(case.id, person):
        raise KeptFromTheCase
    if any(one.staff_id == person and one.role == role.value and one.serves_on(since) for one in case.team):
        raise OnTheTeamAlready


def is_kept_from(case_id: uuid.UUID, person: uuid.UUID) -> bool:
    """Whether a wall keeps a person from a case."""
    standing = (Wall.case_id == case_id, Wall.staff_id == person, Wall.lifted_at.is_(None))
    return session.scalar(select(Wall.id).where(*standing).limit(1)) is not None


def _leave(member: TeamMember, since: date) -> None:
    """The last day of who is replaced; somebody who never began leaves with the day before their first."""
    if member.until is None or member.until >= since:
        member.until = since - timedelta(days=1)
        chain.record("team.left", subject=member, case_id=member.case_id, detail=member.role)


def remove_lost_drafts(case_id: uuid.UUID | None = None) -> None:
    """Removes what people had typed in a case that they have lost: off its team, behind a wall, the account closed.

    Without a case, in every one: a day of leaving may have passed since somebody looked.
    """
    of_cases = Draft.case_id.is_not(None) if case_id is None else Draft.case_id == case_id
    lost = delete(Draft).where(of_cases, ~_works_on(clock.today()))
    session.execute(lost, execution_options={"synchronize_session": False})


def _works_on(today: date) -> ColumnElement[bool]:
    """Whether the case of a draft still exists for the person who typed it."""
    on_team = exists().where(
        TeamMember.case_id == Draft.case_id,
        TeamMember.staff_id == Draft.staff_id,
        TeamMember.since <= today,
        or_(TeamMember.until.is_(None), TeamMember.until >= today),
    )
    walled = exists().where(Wall.case_id == Draft.case_id, Wall.staff_id == Draft.staff_id, Wall.lifted_at.is_(None))
    sees_all = StaffMember.roles.contains(f";{Role.COORDINATOR.value};")
    in_emergency = exists().where(
        EmergencyAccess.case_id == Draft.case_id,
        EmergencyAccess.staff_id == Draft.staff_id,
        EmergencyAccess.until > clock.now(),
    )
    at_work = exists().where(
        StaffMember.id == Draft.staff_id,
        StaffMember.state != AccountState.CLOSED,
        or_(sees_all, on_team.correlate(Draft), in_emergency.correlate(Draft)),
    )
    return and_(at_work.correlate(Draft), ~walled.correlate(Draft))


def _lead(case: CaseFile, role: Role, person: uuid.UUID, instead_of: uuid.UUID | None, *, for_good: bool) -> None:
    """Who joins where nobody leads, or for good in the place of who leads, leads."""
    name = "lawyer_id" if role == Role.LAWYER else "counsellor_id"
    if getattr(case, name) is None or (for_good and instead_of is not None and getattr(case, name) == instead_of):
        setattr(case, name, person)


def take_off_team(case: CaseFile, member: TeamMember, *, last_day: date) -> None:
    """Somebody leaves the team with a day; where they led, the next of the role who is on it leads."""
    member.until = last_day
    name = "lawyer_id" if member.role == Role.LAWYER else "counsellor_id"
    if getattr(case, name) == member.staff_id:
        others = (one for one in case.team if one.role == member.role and one.serves_on(last_day + timedelta(days=1)))
        setattr(case, name, next((one.staff_id for one in others if one is not member), None))
    session.flush()
    chain.record("team.left", subject=member, case_id=case.id, detail=member.role)


@dataclass(frozen=True, slots=True)
class Handed:
    """What was handed over: so many cases, and with them so many tasks and planned steps."""

    cases: int
    unfinished: int


def hand_over_caseload(
    *,
    leaves: uuid.UUID,
    joins: uuid.UUID,
    role: Role,
    by: Reader,
    since: date,
    until: date | None = None,
    note: str | None = None,
) -> Handed:
    """Hands every open case of one person, which the coordinator sees, to another, for good with what was to be done.

    Everybody whom it concerns is told once, who takes over too.
    Raises SamePerson, NoCases and what put_on_team raises; a case on whose team the other is already, or from which a
    wall keeps them, is left as it is.
    """
    if leaves == joins:
        raise SamePerson
    cases = _open_cases_of(leaves, role, since, by)
    told: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    handed = unfinished_work = 0
    for case in cases:
        try:
            _seat(case, joins, role, by=by, since=since, until=until, instead_of=leaves, note=note)
        except (OnTheTeamAlready, KeptFromTheCase):
            continue
        except NotOfThatRole as refusal:
            refusal.field = "joins"
            raise
        handed += 1
        unfinished_work += unfinished.hand_on(case.id, of=leaves, to=joins, since=since) if until is None else 0
        for one in _concerned(case, joins, by):
            told[one].append(case.id)
    if until is None and session.get_one(StaffMember, leaves).state == AccountState.LEAVING:
        unfinished_work += unfinished.hand_on_the_rest(of=leaves, to=joins, by=by)
    if not cases and not unfinished_work:
        raise NoCases
    _tell_each(told, handed, joins, by)
    return Handed(handed, unfinished_work)


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who is on the team of a case now, put there beside its page."""

    case_id: uuid.UUID
    staff_id: uuid.UUID
    role: str


def tell_of_joined(joined: Iterable[Joined], *, by: Reader) -> None:
    """What an import did to teams is recorded and told as if it had been done case by case; each hears of it once."""
    told: dict[tuple[uuid.UUID, bool], list[uuid.UUID]] = defaultdict(list)
    for one in sorted(joined, key=lambda one: (one.case_id.bytes, one.staff_id.bytes, one.role)):
        case, oneself = session.get_one(CaseFile, one.case_id), one.staff_id == by.staff_id
        session.refresh(case, ["team"])
        what = "team.joined_oneself" if oneself else "team.joined"
        chain.record(what, subject=case, case_id=case.id, detail=one.role)
        for concerned in _concerned(case, one.staff_id, by):
            told[concerned, oneself].append(case.id)
    for (concerned, oneself), case_ids in told.items():
        _tell(concerned, list(dict.fromkeys(case_ids)), oneself=oneself)


def _tell_each(told: Mapping[uuid.UUID, Sequence[uuid.UUID]], handed: int, joins: uuid.UUID, by: Reader) -> None:
    for one, case_ids in told.items():
        _tell(one, case_ids, oneself=joins == by.staff_id)
    if handed and joins != by.staff_id:
        notices.tell(session.get_one(StaffMember, joins), "cases_taken_over", handed)


def _open_cases_of(staff_id: uuid.UUID, role: Role, day: date, reader: Reader) -> Sequence[CaseFile]:
    serving = select(TeamMember.case_id).where(
        TeamMember.clinic_id == reader.clinic_id,
        TeamMember.staff_id == staff_id,
        TeamMember.role == role.value,
        or_(TeamMember.until.is_(None), TeamMember.until >= day),
    )
    wanted = select(CaseFile).where(
        CaseFile.id.in_(serving), is_visible_to(reader), CaseFile.status != CaseStatus.CLOSED
    )
    return session.scalars(wanted.order_by(CaseFile.reference)).all()


def find_member(member_id: uuid.UUID, *, reader: Reader) -> TeamMember | None:
    """A place on the team of a case that exists for the reader."""
    return session.scalar(
        select(TeamMember)
        .join(CaseFile, CaseFile.id == TeamMember.case_id)
        .where(TeamMember.id == member_id, is_visible_to(reader))
    )
