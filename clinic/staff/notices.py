"""What somebody must hear of their account: in the app at the next sign-in, and by mail where the clinic has mail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Select, delete, or_, select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.db import session
from clinic.jobs import mail
from clinic.jobs.mail import Message
from clinic.languages import _l
from clinic.staff.models import AccountState, StaffMember, StaffNotice

KEPT_FOR = timedelta(days=60)
MESSAGES = [
    Message(
        "staff.notice",
        _l("Please look at your account"),
        _l("Your account changed, or somebody tried to use it. Sign in and open “My account” to read what happened."),
    ),
    Message(
        "staff.case_notice",
        _l("Please look at your desk"),
        _l("Something happened in the clinic that you should know now. Sign in to read what."),
    ),
]
"""Mail lies open on its way: it says that there is something to read, and neither what nor of whom."""
BY_MAIL = frozenset(
    {"locked", "password_changed", "recovery_used", "roles_changed", "link_made", "factors_renewed"}
    | {"code_app_added", "code_app_removed", "passkey_added", "passkey_removed"}
    | {"link_used", "request_waiting", "new_device", "signed_out", "factor_rule"}
)
OF_THE_CLINIC = frozenset({"emergency_opened", "backup_failed", "conflict_decided"})
"""What is told by mail too, in a message that speaks of no account."""
_sends = False


def use_mail(sends: bool) -> None:
    """Says at start whether the clinic named a mail server."""
    global _sends
    _sends = sends


def tell(member: StaffMember, what: str, number: int | None = None, *, case_id: uuid.UUID | None = None) -> None:
    """Leaves a notice for somebody, and asks for mail to be sent where that can be."""
    session.add(StaffNotice(staff_id=member.id, what=what, number=number, case_id=case_id))
    if _sends and member.email and what in BY_MAIL | OF_THE_CLINIC:
        code = "staff.case_notice" if what in OF_THE_CLINIC else "staff.notice"
        mail.send(code, to=member.id, language=member.language)
    session.flush()


def tell_all(role: Role, what: str, *, but: Iterable[uuid.UUID] = ()) -> None:
    """Leaves a notice for everybody who holds a role."""
    for member in holders(role):
        if member.id not in set(but):
            tell(member, what)


def holders(role: Role) -> Sequence[StaffMember]:
    """Everybody with an open account who holds a role."""
    return session.scalars(
        select(StaffMember)
        .where(StaffMember.state == AccountState.OPEN, StaffMember.roles.contains(f";{role.value};"))
        .order_by(StaffMember.id)
    ).all()


def take_back(member_id: uuid.UUID, *, case_id: uuid.UUID) -> None:
    """Somebody hears no more of a case that is kept from them."""
    theirs = delete(StaffNotice).where(StaffNotice.staff_id == member_id, StaffNotice.case_id == case_id)
    session.execute(theirs, execution_options={"synchronize_session": False})


def take_untold(member: StaffMember) -> Sequence[StaffNotice]:
    """What this person was not told yet; it counts as told from now on."""
    found = session.scalars(
        select(StaffNotice)
        .where(StaffNotice.clinic_id == member.clinic_id, StaffNotice.staff_id == member.id)
        .where(StaffNotice.told_at.is_(None))
        .order_by(StaffNotice.at, StaffNotice.id)
    ).all()
    for notice in found:
        notice.told_at = clock.now()
    return found


def list_own(*, reader: Reader, cases: Select[uuid.UUID]) -> Sequence[StaffNotice]:
    """What the reader was told in the last 60 days, the newest first; of a case only while it exists for them."""
    return session.scalars(
        select(StaffNotice)
        .where(
            StaffNotice.clinic_id == reader.clinic_id,
            StaffNotice.staff_id == reader.staff_id,
            StaffNotice.at > clock.now() - KEPT_FOR,
            or_(StaffNotice.case_id.is_(None), StaffNotice.case_id.in_(cases)),
        )
        .order_by(StaffNotice.at.desc(), StaffNotice.id)
        .limit(20)
    ).all()
