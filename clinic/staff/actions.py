"""Accounts, one-time links, sign-in and sessions."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, func, insert, select, update

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.audit import actions as chain
from clinic.crypto import current, sealing
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff.models import AccountState, Clinic, RefusedSignIn, StaffMember, StaffSession

LINK_LASTS = timedelta(hours=72)
PASSWORD_LEAST = 12
TRIES = 6  # by account or device within WINDOW
WINDOW = timedelta(minutes=15)
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))  # verified for a name that nobody has: as slow as for one that exists


class UsernameTaken(Refusal):
    message = _l("Somebody in this clinic has this username already. Choose another.")
    field = "username"


class CoordinatorAndAdministrator(Refusal):
    message = _l("Nobody can be coordinator and administrator at once: who runs the accounts sees no child.")
    field = "roles"


class PasswordTooShort(Refusal):
    message = _l(
        "Choose a password of at least %(least)d characters. Four words that only you would put together are good.",
        least=12,
    )
    field = "password"


class PasswordTooCommon(Refusal):
    message = _l("This password is easy to guess. Choose words that nobody would expect together.")
    field = "password"


class LinkNoLonger(Refusal):
    message = _l("This link was used already or is too old. Ask the administrator for a new one.")


class CannotSignIn(Refusal):
    message = _l("Username or password is not right.")


class TooManyTries(Refusal):
    message = _l("Too many tries. Wait 15 minutes, or ask the administrator for a new link.")


class LastAdministrator(Refusal):
    message = _l("This is the last administrator. Make another one first.")
    field = "roles"


class OwnRights(Refusal):
    message = _l("Nobody changes their own roles. Ask another administrator.")
    field = "roles"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def add_account(*, username: str, name: str, roles: Collection[Role], language: str = "ar") -> StaffMember:
    """A new account, waiting for its one-time link to be used."""
    username = username.strip().casefold()
    _refuse_roles(roles)
    if find_account(username) is not None:
        raise UsernameTaken
    member = StaffMember(
        username=username, name=name, roles=tuple(sorted(role.value for role in roles)), language=language
    )
    session.add(member)
    _count_a_change()
    session.flush()
    chain.record("account.added", subject=member, detail=",".join(member.roles))
    return member


def _count_a_change() -> None:
    """Tells every process that what it keeps of the accounts is old."""
    clinic_id = db.current_clinic.get()
    session.execute(
        update(Clinic).where(Clinic.id == clinic_id).values(staff_changed=Clinic.staff_changed + 1),
        execution_options={"synchronize_session": "fetch"},
    )


def _refuse_roles(roles: Collection[Role]) -> None:
    if Role.COORDINATOR in roles and Role.ADMINISTRATOR in roles:
        raise CoordinatorAndAdministrator


def find_account(username: str) -> StaffMember | None:
    """The account of a username in the clinic at work."""
    return session.scalar(
        select(StaffMember).where(
            StaffMember.clinic_id == db.current_clinic.get(), StaffMember.username == username.strip().casefold()
        )
    )


def change_account(member: StaffMember, *, name: str, roles: Collection[Role], language: str, by: uuid.UUID) -> None:
    """Changes name, language or roles; changed roles end the person's sessions."""
    _refuse_roles(roles)
    wanted = tuple(sorted(role.value for role in roles))
    member.name, member.language = name, language
    _count_a_change()
    if wanted != member.roles:
        if member.id == by:
            raise OwnRights
        if Role.ADMINISTRATOR not in roles:
            _refuse_last_administrator(member)
        member.roles = wanted
        end_sessions(member)
    session.flush()
    chain.record("account.changed", subject=member, detail=",".join(wanted))


def _refuse_last_administrator(member: StaffMember) -> None:
    if not member.has_role(Role.ADMINISTRATOR) or member.state != AccountState.OPEN:
        return
    others = session.scalar(
        select(func.count()).where(
            StaffMember.clinic_id == member.clinic_id,
            StaffMember.id != member.id,
            StaffMember.state == AccountState.OPEN,
            StaffMember.roles.contains(";administrator;"),
        )
    )
    if not others:
        raise LastAdministrator


def close_account(member: StaffMember, *, by: uuid.UUID) -> None:
    """Closes an account: it has a history, so it is never deleted."""
    if member.id == by:
        raise OwnRights
    _refuse_last_administrator(member)
    member.state, member.closed_at = AccountState.CLOSED, clock.now()
    end_sessions(member)
    session.flush()
    chain.record("account.closed", subject=member)


def make_link(member: StaffMember) -> str:
    """A new one-time token with which the person sets a password. Shown once; only its digest is kept."""
    token = secrets.token_urlsafe(24)
    member.link_hash, member.link_until = _digest(token), clock.now() + LINK_LASTS
    if member.state == AccountState.CLOSED:
        member.state, member.closed_at = AccountState.WAITING, None
    session.flush()
    chain.record("account.link_made", subject=member)
    return token


def find_by_link(token: str) -> StaffMember:
    """Whose one-time link this is. Raises LinkNoLonger."""
    member = session.scalar(select(StaffMember).where(StaffMember.link_hash == _digest(token)))
    if member is None or member.link_until is None or member.link_until < clock.now():
        raise LinkNoLonger
    return member


def hash_password(password: str) -> str:
    """What is kept of a password (argon2id)."""
    return _hasher.hash(password)


def set_password(member: StaffMember, password: str) -> None:
    """Sets the password, opens the account, uses up the link and ends every session."""
    _refuse_weak(member, password)
    member.password_hash = hash_password(password)
    member.link_hash = member.link_until = None
    member.state = AccountState.OPEN
    end_sessions(member)
    session.flush()
    chain.record("account.password_set", subject=member)


def _refuse_weak(member: StaffMember, password: str) -> None:
    if len(password) < PASSWORD_LEAST:
        raise PasswordTooShort
    plain = password.casefold()
    if len(set(plain)) < 5 or member.username in plain or plain in COMMON:
        raise PasswordTooCommon


COMMON = frozenset({"password1234", "123456789012", "qwertyuiop12", "administrator", "palestine1948", "dheisheh1949"})


def change_password(member: StaffMember, *, old: str, new: str) -> None:
    """Changes the own password; asks for the old one."""
    if not _is_password(member, old):
        raise CannotSignIn(_l("The old password is not right."), field="old")
    set_password(member, new)


def _is_password(member: StaffMember | None, password: str) -> bool:
    kept = member.password_hash if member is not None and member.password_hash else _NOBODY
    try:
        _hasher.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return member is not None and kept != _NOBODY


def sign_in(*, username: str, password: str, device: str) -> StaffMember:
    """The account of who knows its password. Raises CannotSignIn, TooManyTries; a refusal is kept at once."""
    hashes = {"account_hash": _keyed("account", username.strip().casefold()), "device_hash": _keyed("device", device)}
    if _tries(hashes) >= TRIES:
        raise TooManyTries
    member = find_account(username)
    if not _is_password(member, password) or member is None or member.state != AccountState.OPEN:
        _keep_refusal(hashes)
        raise CannotSignIn
    member.last_signed_in_at = clock.now()
    chain.record("account.signed_in", subject=member)
    return member


def _keyed(purpose: str, text: str) -> str:
    return sealing.lookup_hash(current.ring(), purpose, text).hex()


def _tries(hashes: dict[str, str]) -> int:
    since = clock.now() - WINDOW
    counts = [
        session.scalar(
            select(func.count()).where(
                RefusedSignIn.clinic_id == db.current_clinic.get(),
                getattr(RefusedSignIn, name) == value,
                RefusedSignIn.at > since,
            )
        )
        for name, value in hashes.items()
    ]
    return max(count or 0 for count in counts)


def _keep_refusal(hashes: dict[str, str]) -> None:
    """Kept in a transaction of its own: the request that is refused is rolled back."""
    session.rollback()
    clinic_id, moment = db.current_clinic.get(), clock.now()
    with db.make_room(db.database().main) as connection:
        connection.execute(delete(RefusedSignIn).where(RefusedSignIn.at < moment - WINDOW * 4))
        connection.execute(insert(RefusedSignIn).values(id=clock.new_id(), clinic_id=clinic_id, at=moment, **hashes))


def begin_session(member: StaffMember, *, device: str) -> str:
    """Begins a session and gives its token, of which only the digest is kept."""
    token = secrets.token_urlsafe(24)
    session.add(StaffSession(staff_id=member.id, token_hash=_digest(token), device=device[:200]))
    session.flush()
    return token


def find_session(token: str) -> StaffSession | None:
    """The session of a token, if nobody ended it."""
    return session.scalar(
        select(StaffSession).where(StaffSession.token_hash == _digest(token), StaffSession.ended_at.is_(None))
    )


def touch_session(signed_in: StaffSession, *, writing: bool) -> None:
    """Keeps when a session was last used, at most once in 5 minutes; in a transaction of its own unless one writes."""
    moment = clock.now()
    if moment - signed_in.used_at < timedelta(minutes=5):
        return
    if writing:
        signed_in.used_at = moment
        return
    with db.make_room(db.database().main) as connection:
        connection.execute(update(StaffSession).where(StaffSession.id == signed_in.id).values(used_at=moment))


def end_session(signed_in: StaffSession) -> None:
    """Ends one session."""
    signed_in.ended_at = clock.now()
    session.flush()


def end_sessions(member: StaffMember, *, but: uuid.UUID | None = None) -> None:
    """Ends every session of a person; all but one, if it is named."""
    running = select(StaffSession).where(StaffSession.staff_id == member.id, StaffSession.ended_at.is_(None))
    for signed_in in session.scalars(running):
        if signed_in.id != but:
            signed_in.ended_at = clock.now()
