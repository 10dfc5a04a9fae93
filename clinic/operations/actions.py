"""Asking to seal the clinic, and sealing it: two persons within ten minutes, or a coordinator alone in an emergency."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as audit
from clinic.db import session
from clinic.languages import _l
from clinic.operations import seal
from clinic.operations.models import SealRequest
from clinic.refusals import Refusal

OPEN_FOR = timedelta(minutes=10)


class NeedsAnother(Refusal):
    """The second person is another one."""

    message = _l("Another person has to confirm. Ask a colleague to open this page now.")


class NobodyAsked(Refusal):
    """There is nothing to confirm, or not any more."""

    message = _l("Nobody asked in the last ten minutes. Ask again, and let a colleague confirm.")


class OnlyCoordinators(Refusal):
    """Alone is for coordinators."""

    message = _l("Only a coordinator can seal the clinic alone.")


def waiting(*, reader: Reader) -> SealRequest | None:
    """What was asked for in the last ten minutes and waits for a second person."""
    return session.scalar(
        select(SealRequest)
        .where(
            SealRequest.clinic_id == reader.clinic_id,
            SealRequest.done_at.is_(None),
            SealRequest.asked_at > clock.now() - OPEN_FOR,
        )
        .order_by(SealRequest.asked_at.desc())
        .limit(1)
    )


def ask(*, by: Reader) -> SealRequest:
    """Asks to seal the clinic; what the same person asked a moment ago still stands."""
    asked = waiting(reader=by)
    if asked is not None and asked.asked_by == by.staff_id:
        return asked
    asked = SealRequest(asked_by=by.staff_id, asked_at=clock.now())
    session.add(asked)
    audit.record("seal.asked", subject=asked)
    return asked


def confirm(*, by: Reader) -> None:
    """The second person seals. Raises NobodyAsked, NeedsAnother."""
    asked = waiting(reader=by)
    if asked is None:
        raise NobodyAsked
    if asked.asked_by == by.staff_id:
        raise NeedsAnother
    _done(asked, by)


def alone(*, reason: str, by: Reader) -> None:
    """A coordinator seals at once. Raises OnlyCoordinators."""
    if not by.has(Role.COORDINATOR):
        raise OnlyCoordinators
    asked = SealRequest(asked_by=by.staff_id, asked_at=clock.now(), reason=reason)
    session.add(asked)
    _done(asked, by)


def _done(asked: SealRequest, by: Reader) -> None:
    asked.done_by, asked.done_at = by.staff_id, clock.now()
    seal.end_sessions()
    audit.record("clinic.sealed", subject=asked)
