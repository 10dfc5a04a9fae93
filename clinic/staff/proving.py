"""Proving who one is: the password, the second factor, a passkey; at the sign-in and again before weighty acts."""

from __future__ import annotations

from clinic import clock, db
from clinic.audit import actions as chain
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import factors, notices, passkeys, passwords, sessions, throttle
from clinic.staff.actions import find_account, set_password
from clinic.staff.models import AccountState, StaffMember, StaffSession
from clinic.staff.origins import Origin, Site
from clinic.staff.throttle import Try

TOLD_FROM = 3
"""So many refused tries since the last sign-in are told to the owner; fewer are slips of the finger."""


class CannotSignIn(Refusal):
    message = _l("Username or password is not right.")


class NotProven(Refusal):
    message = _l("This is not right. Type it once more.")
    field = "password"


def check_password(*, username: str, password: str, origin: Origin) -> StaffMember:
    """The account of who knows its password. Raises CannotSignIn, TooManyTries; a refusal is kept at once."""
    tried = throttle.try_of(throttle.account_hash(username), origin)
    throttle.refuse_too_many(tried)
    member = find_account(username)
    if not _knows(member.password_hash if member else None, password) or member is None or not _is_open(member):
        _refused(tried, member)
        raise CannotSignIn
    return member


def _knows(kept: str | None, password: str) -> bool:
    """Whether the password is right. While that is reckoned, slow on purpose, nobody waits who wants to save."""
    session.rollback()
    is_right = passwords.is_password(kept, password)
    db.begin_writing()
    return is_right


def _is_open(member: StaffMember) -> bool:
    return member.state == AccountState.OPEN


def check_code(member: StaffMember, code: str, *, origin: Origin) -> str:
    """Takes a one-time code or a recovery code; gives which it was. Raises WrongCode, TooManyTries."""
    tried = throttle.try_of(throttle.keyed("factor", member.id.hex), origin)
    throttle.refuse_too_many(tried)
    try:
        return factors.use_code(member, code)
    except factors.WrongCode:
        _refused(tried, member)
        raise


def _refused(tried: Try, member: StaffMember | None) -> None:
    """Kept in a transaction of its own: the request that is refused is rolled back."""
    member_id = member.id if member is not None else None
    session.rollback()
    db.begin_writing()
    throttle.count(tried)
    owner = session.get(StaffMember, member_id) if member_id is not None else None
    chain.record("account.refused", subject=owner)
    if owner is not None and throttle.has_just_locked(tried):
        notices.tell(owner, "locked")
    session.commit()
    db.begin_writing()


def complete(member: StaffMember, *, means: str, origin: Origin, device: str) -> str:
    """Signs somebody in who proved who they are: gives the token of the session."""
    account = throttle.account_hash(member.username)
    since = member.last_signed_in_at
    tries = throttle.refused_since(account, since) if since is not None else 0
    if tries >= TOLD_FROM:
        notices.tell(member, "refused", tries)
    if since is not None and account not in origin.accounts:
        notices.tell(member, "new_device")
    member.last_signed_in_at = clock.now()
    chain.record("account.signed_in", subject=member, detail=means)
    return sessions.begin_session(member, device=device, means=means)


def prove_again(
    signed_in: StaffSession, *, origin: Origin, site: Site, password: str = "", code: str = "", passkey: str = ""
) -> None:
    """Proves again that it is the same person: by passkey, else by code where there is an app, else by password.

    Raises NotProven, WrongCode, PasskeyRefused, TooManyTries.
    """
    member = signed_in.staff_member
    if passkey:
        passkeys.use(credential=passkey, site=site, member=member)
    elif member.factor_since is not None:
        check_code(member, code, origin=origin)
    else:
        _check_own_password(member, password, origin)
    signed_in.proved_at = clock.now()
    session.flush()
    chain.record("account.proved_again", subject=member)


def _check_own_password(member: StaffMember, password: str, origin: Origin) -> None:
    try:
        check_password(username=member.username, password=password, origin=origin)
    except CannotSignIn as refusal:
        raise NotProven from refusal


def change_password(member: StaffMember, *, old: str, new: str, origin: Origin) -> None:
    """Changes the own password; asks for the old one."""
    try:
        check_password(username=member.username, password=old, origin=origin)
    except CannotSignIn as refusal:
        raise CannotSignIn(_l("The old password is not right."), field="old") from refusal
    set_password(member, new)
    notices.tell(member, "password_changed")
