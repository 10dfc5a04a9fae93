"""Accounts: added, changed, given a one-time link and a password, closed. Nothing of an account is ever deleted."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select, update

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.audit import actions as chain
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import factors, notices, passwords
from clinic.staff.models import GONE, AccountState, Clinic, StaffMember
from clinic.staff.sessions import digest, end_sessions

LINK_LASTS = timedelta(hours=72)


class UsernameTaken(Refusal):
    message = _l("Somebody in this clinic has this username already. Choose another.")
    field = "username"


class CoordinatorAndAdministrator(Refusal):
    message = _l("Nobody can be coordinator and administrator at once: who runs the accounts sees no child.")
    field = "roles"


class LinkNoLonger(Refusal):
    message = _l("This link was used already or is too old. Ask the administrator for a new one.")


class LastAdministrator(Refusal):
    message = _l("This is the last administrator. Make another one first.")
    field = "roles"


class LastCoordinator(Refusal):
    message = _l("This is the last coordinator. Make another one first.")
    field = "roles"


class OwnRights(Refusal):
    message = _l("Nobody changes their own roles. Ask another administrator.")
    field = "roles"


class NotHandedOver(Refusal):
    message = _l("Open cases or tasks are still in this person's hands. A coordinator hands them over first.")


def add_account(
    *, username: str, name: str, roles: Collection[Role], language: str = "ar", email: str | None = None
) -> StaffMember:
    """A new account, waiting for its one-time link to be used."""
    username = username.strip().casefold()
    _refuse_roles(roles)
    if find_account(username) is not None:
        raise UsernameTaken
    member = StaffMember(username=username, name=name, roles=codes_of(roles), language=language, email=email)
    session.add(member)
    _count_a_change()
    session.flush()
    chain.record("account.added", subject=member, detail=",".join(member.roles))
    return member


def codes_of(roles: Collection[Role]) -> tuple[str, ...]:
    """Roles as an account keeps them."""
    return tuple(sorted(role.value for role in roles))


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


def describe(member: StaffMember, *, name: str, language: str, email: str | None) -> None:
    """Changes how somebody is called, in which language and where they are written to."""
    member.name, member.language, member.email = name, language, email
    _count_a_change()
    session.flush()
    chain.record("account.changed", subject=member)


def refuse_change_of_roles(member: StaffMember, roles: Collection[Role], *, by: uuid.UUID) -> None:
    """Raises what stands against these roles: one's own, the last of a role, two that do not go together."""
    _refuse_roles(roles)
    if member.id == by:
        raise OwnRights
    lost = {Role(code) for code in member.roles} - set(roles)
    _refuse_last(member, lost)


def change_roles(member: StaffMember, roles: Collection[Role], *, by: uuid.UUID) -> None:
    """Changes the roles, which ends the person's sessions."""
    refuse_change_of_roles(member, roles, by=by)
    member.roles = codes_of(roles)
    _count_a_change()
    end_sessions(member)
    session.flush()
    chain.record("account.roles_changed", subject=member, detail=",".join(member.roles))
    notices.tell(member, "roles_changed")


def _refuse_last(member: StaffMember, lost: Collection[Role]) -> None:
    """The last administrator stays, or nobody could run the accounts; the last coordinator too, who must agree.

    On a clinic's first day nobody has opened an account yet: the only administrator stays all the same.
    """
    if member.state != AccountState.OPEN:
        if Role.ADMINISTRATOR in lost and not has_another(Role.ADMINISTRATOR, member, may_wait=True):
            raise LastAdministrator
        return
    for role, refusal in ((Role.ADMINISTRATOR, LastAdministrator), (Role.COORDINATOR, LastCoordinator)):
        if role in lost and not has_another(role, member):
            raise refusal


def has_another(role: Role, member: StaffMember, *, may_wait: bool = False) -> bool:
    """Whether somebody else with an open account holds a role; `may_wait`: or with one that waits to be opened."""
    states = [AccountState.OPEN, AccountState.WAITING] if may_wait else [AccountState.OPEN]
    others = session.scalar(
        select(func.count()).where(
            StaffMember.clinic_id == member.clinic_id,
            StaffMember.id != member.id,
            StaffMember.state.in_(states),
            StaffMember.roles.contains(f";{role.value};"),
        )
    )
    return bool(others)


def close_account(member: StaffMember, *, by: uuid.UUID, open_work: int = 0) -> None:
    """Nobody signs in with the account from now on. With open cases or tasks it waits, leaving, for the hand-over.

    Closed a second time while work waits, it raises NotHandedOver.
    """
    if member.id == by:
        raise OwnRights
    _refuse_last(member, {Role(code) for code in member.roles})
    if open_work and member.state == AccountState.LEAVING:
        raise NotHandedOver
    member.state = AccountState.LEAVING if open_work else AccountState.CLOSED
    member.closed_at = None if open_work else clock.now()
    member.link_hash = member.link_until = None
    _count_a_change()
    end_sessions(member)
    session.flush()
    chain.record("account.leaving" if open_work else "account.closed", subject=member)
    if open_work:
        notices.tell_all(Role.COORDINATOR, "somebody_leaves")


def sign_out(member: StaffMember) -> None:
    """Ends every session of somebody whose phone or computer may be in other hands; the account stays as it is."""
    end_sessions(member)
    session.flush()
    chain.record("account.signed_out", subject=member)
    notices.tell(member, "signed_out")


def make_link(member: StaffMember, *, renews_factor: bool = False) -> str:
    """A new one-time token with which the person sets a password. Shown once; only its digest is kept.

    `renews_factor`: phone and paper are lost; what proved the person besides is forgotten when the link is used.
    """
    token = secrets.token_urlsafe(24)
    member.link_hash, member.link_until = digest(token), clock.now() + LINK_LASTS
    member.link_renews_factor = renews_factor
    if member.state in GONE:
        member.state, member.closed_at = AccountState.WAITING, None
    session.flush()
    chain.record("account.link_made", subject=member)
    if member.state == AccountState.OPEN:
        notices.tell(member, "link_made")
    return token


def find_by_link(token: str) -> StaffMember:
    """Whose one-time link this is. Raises LinkNoLonger."""
    member = session.scalar(select(StaffMember).where(StaffMember.link_hash == digest(token)))
    if member is None or member.link_until is None or member.link_until < clock.now():
        raise LinkNoLonger
    return member


def use_link(member: StaffMember, password: str) -> None:
    """Sets the password that the owner of a link chose; forgets a lost second factor where the link is for that."""
    set_password(member, password)
    if member.link_renews_factor:
        factors.remove_all(member)
    member.link_renews_factor = False
    session.flush()
    chain.record("account.link_used", subject=member)


def set_password(member: StaffMember, password: str) -> None:
    """Sets the password, opens the account, uses up the link and ends every session."""
    passwords.refuse_weak(member, session.get_one(Clinic, member.clinic_id), password)
    member.password_hash = passwords.hash_password(password)
    member.link_hash = member.link_until = None
    member.state = AccountState.OPEN
    end_sessions(member)
    session.flush()
    chain.record("account.password_set", subject=member)


def require_factor_of(roles: Collection[Role]) -> None:
    """Says of whom this clinic asks a second factor; coordinators and administrators are told."""
    clinic = session.get_one(Clinic, db.current_clinic.get())
    clinic.factor_required_of = codes_of(roles)
    session.flush()
    chain.record("account.factor_required", subject=clinic, detail=",".join(clinic.factor_required_of))
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        notices.tell_all(role, "factor_rule")
