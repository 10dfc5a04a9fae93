"""Holding a file, and proposing and agreeing to a run that ages those whose time is over. Flushes, never commits."""

from __future__ import annotations

from sqlalchemy import select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.retention import queries, rules
from clinic.retention.models import AgeingFile, AgeingRun, LegalHold
from clinic.staff import notices


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


# --- runs


class NothingDue(Refusal):
    """No file is due that is not held."""

    message = _l("No file is due today that is not held.")


class ProposedAlready(Refusal):
    """A run waits or goes on."""

    message = _l("A run waits for a second person, or is under way. Look at it first.")


class NotProposed(Refusal):
    """The run was withdrawn, agreed to, or waited too long."""

    message = _l("This run does not wait any more. Propose it again, and let a colleague agree within a day.")


class SecondPerson(Refusal):
    """Who proposes does not agree."""

    message = _l("Another person has to agree: a coordinator or an administrator who did not propose it.")


def propose(*, by: Reader) -> AgeingRun:
    """Proposes to age the files that are due today and not held. Raises ProposedAlready, NothingDue."""
    if queries.open_run(reader=by) is not None:
        raise ProposedAlready
    today = clock.today()
    due = [one for one in queries.due_by(today, rules.in_force(), reader=by) if not one.is_held]
    if not due:
        raise NothingDue
    run = AgeingRun(proposed_by=by.staff_id, due_on=today)
    session.add(run)
    session.flush()
    session.add_all(AgeingFile(run_id=run.id, child_id=one.child_id) for one in due)
    session.flush()
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
        notices.tell_all(role, "run_waiting", but=[by.staff_id])
    chain.record("retention.proposed", subject=run, detail=f"files={len(due)}")
    return run


def withdraw(run: AgeingRun, *, by: Reader) -> None:
    """Takes a proposal back, whoever made it. Raises NotProposed."""
    _refuse_unless_waiting(run, by)
    run.withdrawn_at = clock.now()
    session.flush()
    chain.record("retention.withdrawn", subject=run)


def agree(run: AgeingRun, *, by: Reader) -> None:
    """The second person agrees; the work itself is for who calls. Raises NotProposed, SecondPerson."""
    _refuse_unless_waiting(run, by)
    if run.proposed_by == by.staff_id:
        raise SecondPerson
    run.agreed_by, run.agreed_at = by.staff_id, clock.now()
    session.flush()
    chain.record("retention.agreed", subject=run)


def _refuse_unless_waiting(run: AgeingRun, by: Reader) -> None:
    open_now = queries.open_run(reader=by)
    if open_now is None or open_now.id != run.id or run.agreed_at is not None:
        raise NotProposed
