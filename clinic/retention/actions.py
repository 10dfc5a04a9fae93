"""Placing a hold on a case, and lifting it. Flushes, never commits."""

from __future__ import annotations

from sqlalchemy import select

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.retention.models import LegalHold


class HeldAlready(Refusal):
    """A hold stands on the case."""

    message = _l("A hold stands on this case already. Lift it first, or leave it.")
    field = "reason"


class LiftedAlready(Refusal):
    """The hold was lifted."""

    message = _l("This hold was lifted already.")


def hold(case: CaseFile, *, reason: str, by: Reader) -> LegalHold:
    """Keeps the file of a case until the hold is lifted. Raises HeldAlready."""
    standing = select(LegalHold.id).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None))
    if session.scalar(standing) is not None:
        raise HeldAlready
    placed = LegalHold(case_id=case.id, placed_by=by.staff_id, reason=reason)
    session.add(placed)
    session.flush()
    chain.record("hold.placed", subject=placed, case_id=case.id)
    return placed


def lift(held: LegalHold, *, by: Reader) -> None:
    """The rules decide again. Raises LiftedAlready."""
    if held.lifted_at is not None:
        raise LiftedAlready
    held.lifted_at, held.lifted_by = clock.now(), by.staff_id
    session.flush()
    chain.record("hold.lifted", subject=held, case_id=held.case_id)
