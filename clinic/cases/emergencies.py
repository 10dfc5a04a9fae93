"""Which cases somebody from outside their teams has open in an emergency: asked with every request, before anything."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, select, update

from clinic import clock
from clinic.access.models import EmergencyAccess
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.db import session
from clinic.staff.models import StaffMember


def runs() -> ColumnElement[bool]:
    """Whether an emergency access runs now."""
    return EmergencyAccess.until > clock.now()


def open_to(member: StaffMember) -> frozenset[tuple[uuid.UUID, Role]]:
    """The cases that this person has open in an emergency now, and as what; asks nothing where there can be none."""
    if member.emergency_until is None or member.emergency_until <= clock.now():
        return frozenset()
    wanted = select(EmergencyAccess.case_id, EmergencyAccess.role).where(
        EmergencyAccess.clinic_id == member.clinic_id, EmergencyAccess.staff_id == member.id, runs()
    )
    return frozenset((case_id, Role(role)) for case_id, role in session.execute(wanted))


def reached_by(reader: Reader) -> frozenset[uuid.UUID]:
    """The ids of those cases and of their children: what is read of them is marked in the log of readings."""
    cases = frozenset(case_id for case_id, _role in reader.emergencies)
    if not cases:
        return cases
    return cases | frozenset(session.scalars(select(CaseFile.child_id).where(CaseFile.id.in_(cases))))


def end_at_once(case_id: uuid.UUID, staff_id: uuid.UUID, *, by: Reader) -> None:
    """Ends what somebody has open of a case: a wall is built."""
    running = (EmergencyAccess.case_id == case_id, EmergencyAccess.staff_id == staff_id, runs())
    session.execute(update(EmergencyAccess).where(*running).values(until=clock.now(), ended_by=by.staff_id))
