"""Who gives a command at the clinic's computer in their own name proves it as at the sign-in: password, then code."""

from __future__ import annotations

from clinic import db
from clinic.access.permissions import Permission, Role
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.languages import _, _l
from clinic.operations import keys
from clinic.refusals import Refusal
from clinic.staff import factors, passkeys, proving
from clinic.staff.models import StaffMember
from clinic.staff.origins import Origin


class PasskeyAlone(Refusal):
    """Whose only second factor a terminal cannot ask for."""

    message = _l("You prove who you are with a passkey, which only the page can ask for.")


class MayNot(Refusal):
    """Who is who they say, and may not do this."""

    message = _l("You may not do this.")


class NobodyAnswers(Refusal):
    """Standard input ended before what was asked for."""

    message = _l("Nobody answers. Give this at a terminal, or write password and code to standard input, a line each.")


def proven(username: str, permission: Permission, *, device: str) -> Reader:
    """The person who knows the password and, where they have one, the code of their second factor, if they may do this.

    Typed unseen, or a line each of standard input. Counted with the tries of the sign-in. Raises CannotSignIn,
    WrongCode, TooManyTries, PasskeyAlone, NobodyAnswers, MayNot.
    """
    here = Origin(device=device, address="")
    db.session.rollback()
    db.begin_writing()
    member = proving.check_password(username=username, password=_ask(_("Password: ")), origin=here)
    if factors.app_of(member) is not None:
        proving.check_code(member, _ask(_("Code: ")), origin=here)
    elif passkeys.passkeys_of(member.id):
        raise PasskeyAlone
    db.session.commit()
    return _reader(member, permission)


def _ask(question: str) -> str:
    try:
        return keys.ask(question)
    except keys.NoKey as nobody:
        raise NobodyAnswers from nobody


def _reader(member: StaffMember, permission: Permission) -> Reader:
    roles = frozenset(Role(role) for role in member.roles)
    reader = Reader(member.id, member.clinic_id, member.name, roles, member.language)
    if not may(reader, permission):
        raise MayNot
    db.current_actor.set(reader.staff_id)
    return reader
