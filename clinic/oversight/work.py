"""What oversight does by itself: every night the end of the record is signed, and sent to the coordinators."""

from __future__ import annotations

from sqlalchemy import select

from clinic import db
from clinic.access.permissions import Role
from clinic.audit import signing
from clinic.db import session
from clinic.jobs import mail
from clinic.jobs.kinds import Daily, JobKind, Ready, Work, begin_writing
from clinic.jobs.mail import Message
from clinic.languages import _l
from clinic.staff.models import AccountState, StaffMember

SIGNED = Message(
    "audit.signed",
    _l("The signed end of the record"),
    _l("Keep this message. It proves how far the record of changes and looks had come:\n\n%(head)s"),
)


def sign(work: Work) -> Ready:
    """Signs how far both chains have come today, and sends it out where the clinic has a mail server."""
    begin_writing()
    head = signing.as_text(signing.sign_today())
    if mail.can_send(work.settings):
        for member in _coordinators():
            if member.email:
                mail.send(SIGNED.code, to=member.id, head=head)
    return Ready()


def _coordinators() -> list[StaffMember]:
    wanted = select(StaffMember).where(
        StaffMember.clinic_id == db.current_clinic.get(),
        StaffMember.roles.contains(f";{Role.COORDINATOR.value};"),
        StaffMember.state == AccountState.OPEN,
    )
    return list(session.scalars(wanted))


KIND = JobKind(code="sign_record", label=_l("Signing the record"), run=sign, regularly=Daily(hour=1))
