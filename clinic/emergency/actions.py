"""Opening a case in an emergency, ending that, and noting that somebody looked into it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from clinic import clock, formats, languages
from clinic.access.models import EmergencyAccess, Wall
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile, Task
from clinic.cases.queries import seat_of
from clinic.db import session
from clinic.emergency import queries
from clinic.languages import _, _l
from clinic.refusals import Refusal
from clinic.staff import notices
from clinic.staff.models import AccountState, StaffMember


class NothingToOpen(Refusal):
    """Nothing matches, or it is walled: the same words."""

    message = _l(
        "Nothing was opened. Check the reference, or the whole name and the year of birth; else call a coordinator."
    )
    field = "looked"


class AskedTooOften(Refusal):
    """Somebody guesses."""

    message = _l("You asked too often in vain. Wait an hour, or call a coordinator.")
    field = "looked"


class OpenAlready(Refusal):
    """The case is open to this person as it is."""

    message = _l("This case is open to you already.")
    field = "looked"


class OwnAccess(Refusal):
    """Nobody looks into their own emergency access."""

    message = _l("This is your own emergency access. Ask another coordinator to look into it.")


def open_file(
    looked: str, birth_year: int | None, *, role: Role, because: str, hours: int, by: Reader
) -> EmergencyAccess:
    """Opens the case that somebody from outside its team means. Raises NothingToOpen, AskedTooOften, OpenAlready."""
    if queries.tried_too_often(reader=by):
        raise AskedTooOften
    case = queries.find_case_for(looked, birth_year, reader=by)
    if case is None:
        chain.record(queries.NOT_FOUND)
        raise NothingToOpen
    return open_case(case, role=role, because=because, hours=hours, by=by)


def open_case(
    case: CaseFile, *, role: Role, because: str, hours: int, by: Reader, for_call: bool = False
) -> EmergencyAccess:
    """Opens a case for so many hours, in a role that the person holds; coordinators and team are told at once.

    Raises OpenAlready.
    """
    if role not in by.roles or role in seat_of(case, by).roles:
        raise OpenAlready
    access = EmergencyAccess(
        case_id=case.id,
        staff_id=by.staff_id,
        role=role.value,
        for_call=for_call,
        until=clock.now() + timedelta(hours=hours),
        because=because,
    )
    session.add(access)
    member = session.get_one(StaffMember, by.staff_id)
    member.emergency_until = max(access.until, member.emergency_until or access.until)
    _tell(case, by, access.until, because)
    session.flush()
    chain.record("emergency.opened", subject=access, case_id=case.id, detail=role.value)
    return access


def _tell(case: CaseFile, by: Reader, until: datetime, because: str) -> None:
    """A task on the desk of each coordinator and of the team, which only they can open; a notice, and mail, beside."""
    for member in _who_is_told(case, by):
        with languages.using(member.language):
            what = _(
                "%(name)s opened this file in an emergency, until %(when)s: %(why)s",
                name=formats.isolate(by.name),
                when=formats.day_and_time(until),
                why=formats.isolate(because),
            )
        session.add(Task(case_id=case.id, due_on=clock.today(), assigned_to=member.id, made_by=by.staff_id, what=what))
        notices.tell(member, "emergency_opened", case_id=case.id)


def _who_is_told(case: CaseFile, by: Reader) -> Iterable[StaffMember]:
    """Coordinators and team, but nobody whom a wall keeps from the case."""
    today = clock.today()
    on_team = {member.staff_id for member in case.team if member.serves_on(today)}
    walled = set(session.scalars(select(Wall.staff_id).where(Wall.case_id == case.id, Wall.lifted_at.is_(None))))
    people = session.scalars(
        select(StaffMember).where(StaffMember.clinic_id == by.clinic_id, StaffMember.state == AccountState.OPEN)
    ).all()
    concerned = [one for one in people if one.has_role(Role.COORDINATOR) or one.id in on_team]
    return [one for one in concerned if one.id != by.staff_id and one.id not in walled]


def end(access: EmergencyAccess, *, by: Reader) -> None:
    """Ends what still runs; what has ended stays as it is."""
    if access.until > clock.now():
        access.until, access.ended_by = clock.now(), by.staff_id
        session.flush()
        chain.record("emergency.ended", subject=access)


def review(access: EmergencyAccess, *, finding: str, by: Reader) -> None:
    """Notes what a coordinator found. Raises OwnAccess."""
    if access.staff_id == by.staff_id:
        raise OwnAccess
    access.reviewed_by, access.reviewed_at, access.finding = by.staff_id, clock.now(), finding
    session.flush()
    chain.record("emergency.reviewed", subject=access)
