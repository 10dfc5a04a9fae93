"""What an administrator asks and a coordinator agrees to: a role that reads children, a new link for who holds one.

An administrator sees no child. Who could give a role or a link alone could give it to themselves under another
name. Until the clinic has a coordinator there is nobody to ask; from then on its last coordinator cannot be taken away.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import actions, notices, rules
from clinic.staff.models import AccountRequest, AccountState, StaffMember, Wish

WAITS = timedelta(days=14)
GOOD_FOR = timedelta(days=7)
"""How long an administrator may make the link that was agreed to."""


class MayNotAgree(Refusal):
    message = _l("Nobody agrees to what they asked for, or to what is about themselves. Ask another coordinator.")


class AnsweredAlready(Refusal):
    message = _l("This was answered already, or is too old.")


def is_needed() -> bool:
    """Whether there is a coordinator who could be asked."""
    return bool(notices.holders(Role.COORDINATOR))


def give_roles(member: StaffMember, roles: Collection[Role], *, by: uuid.UUID) -> bool:
    """Changes the roles, or asks a coordinator where one of the new ones reads children; gives whether it was done."""
    if actions.codes_of(roles) == member.roles:
        return True
    actions.refuse_change_of_roles(member, roles, by=by)
    if not (rules.needs_agreement(member.roles, roles) and is_needed()):
        actions.change_roles(member, roles, by=by)
        return True
    _ask(member, Wish.ROLES, roles=actions.codes_of(roles), by=by)
    return False


def link(member: StaffMember, *, by: uuid.UUID, renews_factor: bool = False) -> str | None:
    """The token of a new link; None where a coordinator has to agree first, who is asked."""
    if not rules.with_a_lane(Role(code) for code in member.roles) or not is_needed():
        return actions.make_link(member, renews_factor=renews_factor)
    agreed = _agreed_link(member)
    if agreed is None:
        _ask(member, Wish.LINK, roles=member.roles, by=by, renews_factor=renews_factor)
        return None
    agreed.used_at = clock.now()
    return actions.make_link(member, renews_factor=agreed.renews_factor)


def _agreed_link(member: StaffMember) -> AccountRequest | None:
    """An agreement to a link for this person, in the roles that they hold now, which was not used."""
    return session.scalar(
        _of(member, Wish.LINK)
        .where(
            AccountRequest.agreed.is_(True),
            AccountRequest.used_at.is_(None),
            AccountRequest.answered_at > clock.now() - GOOD_FOR,
            AccountRequest.roles == member.roles,
        )
        .limit(1)
    )


def _of(member: StaffMember, wish: Wish) -> Select[AccountRequest]:
    return select(AccountRequest).where(
        AccountRequest.clinic_id == member.clinic_id, AccountRequest.staff_id == member.id, AccountRequest.wish == wish
    )


def _waits() -> ColumnElement[bool]:
    return AccountRequest.agreed.is_(None) & (AccountRequest.asked_at > clock.now() - WAITS)


def _ask(
    member: StaffMember, wish: Wish, *, roles: tuple[str, ...], by: uuid.UUID, renews_factor: bool = False
) -> None:
    """Asks; an older question of the same sort about the same person is replaced."""
    for older in session.scalars(_of(member, wish).where(_waits())):
        older.agreed, older.answered_at = False, clock.now()
    session.add(AccountRequest(staff_id=member.id, wish=wish, roles=roles, renews_factor=renews_factor, asked_by=by))
    session.flush()
    chain.record("account.asked_for", subject=member, detail=f"{wish.value}:{','.join(roles)}")
    notices.tell_all(Role.COORDINATOR, "request_waiting", but=[member.id])


def answer(request: AccountRequest, *, agreed: bool, by: uuid.UUID) -> None:
    """A coordinator agrees or not. Roles are given at once; a link is made by the administrator who asked."""
    if request.agreed is not None or request.asked_at < clock.now() - WAITS:
        raise AnsweredAlready
    if by in (request.staff_id, request.asked_by):
        raise MayNotAgree
    request.agreed, request.answered_by, request.answered_at = agreed, by, clock.now()
    session.flush()
    chain.record("account.agreed" if agreed else "account.not_agreed", subject=request.staff_member)
    if agreed and request.wish == Wish.ROLES:
        actions.change_roles(request.staff_member, [Role(code) for code in request.roles], by=by)
    asker = session.get(StaffMember, request.asked_by) if request.asked_by else None
    if asker is not None:
        notices.tell(asker, "request_agreed" if agreed else "request_refused")


def waiting(*, reader: Reader) -> Sequence[AccountRequest]:
    """What waits for a coordinator, the oldest first."""
    return session.scalars(
        select(AccountRequest)
        .where(AccountRequest.clinic_id == reader.clinic_id, _waits())
        .order_by(AccountRequest.asked_at, AccountRequest.id)
    ).all()


def how_many_wait(*, reader: Reader) -> Select[*tuple[int, int]]:
    """One row with how many questions wait for a coordinator, and how many people leave with open cases."""
    asked = select(func.count(AccountRequest.id)).where(AccountRequest.clinic_id == reader.clinic_id, _waits())
    leaving = select(func.count(StaffMember.id)).where(
        StaffMember.clinic_id == reader.clinic_id, StaffMember.state == AccountState.LEAVING
    )
    return select(asked.scalar_subquery().label("asked"), leaving.scalar_subquery().label("leaving"))


def find_request(request_id: uuid.UUID, *, reader: Reader) -> AccountRequest | None:
    """A question in the reader's clinic."""
    return session.scalar(
        select(AccountRequest).where(AccountRequest.id == request_id, AccountRequest.clinic_id == reader.clinic_id)
    )


def about(member: StaffMember) -> dict[str, str]:
    """How it stands with what was asked for somebody: `waiting` or `agreed` for roles and link."""
    standing = {
        request.wish.value: "waiting"
        for request in session.scalars(
            select(AccountRequest).where(
                AccountRequest.clinic_id == member.clinic_id, AccountRequest.staff_id == member.id, _waits()
            )
        )
    }
    return standing | ({"link": "agreed"} if _agreed_link(member) is not None else {})
