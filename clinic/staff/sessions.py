"""Sessions: one signed-in browser each, begun with a proof and ended from here."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import uuid
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.exc import OperationalError

from clinic import clock, db
from clinic.db import session
from clinic.shown import Whole
from clinic.staff.models import StaffMember, StaffSession
from clinic.staff.queries import keep_at_work

FRESH_FOR = timedelta(minutes=5)
"""How long a proof stands for weighty acts."""


def digest(token: str) -> str:
    """What is kept of a token that somebody else holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(member: StaffMember, *, device: str, means: str = "password") -> str:
    """Begins a session and gives its token, of which only the digest is kept."""
    token = secrets.token_urlsafe(24)
    session.add(
        StaffSession(
            staff_id=member.id,
            token_hash=digest(token),
            device=device[:200],
            means=means,
            proved_at=clock.now(),
        )
    )
    session.flush()
    return token


_IS_RUNNING = (StaffSession.token_hash == bindparam("token_hash"), StaffSession.ended_at.is_(None))
_RUNNING = select(StaffSession).where(*_IS_RUNNING)


@cache
def _shown() -> tuple[Whole[StaffSession], Select[*tuple[Any, ...]]]:
    whole = Whole(StaffSession, ("staff_member",), ("clinic",))
    return whole, whole.where(*_IS_RUNNING)


def find_session(token: str, *, to_change: bool) -> StaffSession | None:
    """The session of a token with its person and clinic, if nobody ended it; else nothing done to them is kept."""
    asked = {"token_hash": digest(token)}
    if to_change:
        return session.scalar(_RUNNING, asked)
    whole, wanted = _shown()
    found = whole.one(wanted, asked)
    if found is not None:
        keep_at_work(found.clinic)
    return found


def touch_session(signed_in: StaffSession, *, writing: bool) -> None:
    """Keeps when a session was last used, at most once in 5 minutes; in a transaction of its own unless one writes.

    Who only reads does not wait for somebody who writes for long, such as an import: the next page keeps it.
    Where the clock was set back, idle time and age are counted from now: else the session would outlive both.
    """
    moment = clock.now()
    if abs(moment - signed_in.used_at) < clock.SKEW:
        return
    began_at = min(signed_in.began_at, moment)
    if writing:
        signed_in.used_at, signed_in.began_at = moment, began_at
        return
    used = update(StaffSession).where(StaffSession.id == signed_in.id).values(used_at=moment, began_at=began_at)
    with contextlib.suppress(OperationalError), db.make_room(db.database().main, waits=False) as connection:
        connection.execute(used)


def renew_token(signed_in: StaffSession) -> str:
    """A new token for a session whose owner proved again who they are; the old one opens nothing any more."""
    token = secrets.token_urlsafe(24)
    signed_in.token_hash = digest(token)
    session.flush()
    return token


def is_fresh(signed_in: StaffSession) -> bool:
    """Whether the person proved in the last five minutes that it is they who sit here."""
    return signed_in.proved_at is not None and abs(clock.now() - signed_in.proved_at) < FRESH_FOR


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
