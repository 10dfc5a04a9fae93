"""Closing a case and opening it again: a worker proposes, somebody else who coordinates approves or sends it back.

Turning 18 closes nothing (domain.md 4.3): it is a reason that somebody chooses. Where one person alone works in the
clinic, that person proposes and approves, and the record says so.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.actions import entry_order
from clinic.cases.models import CaseFile, CasePeriod, ClosingAnswer, ClosingProposal
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import queries as staff
from clinic.vocabularies.fixed import CaseStatus


class NotOpen(Refusal):
    """Closing is proposed of a case that is not open."""

    message = _l("This case is not open, so its closing cannot be proposed.")


class ClosesBeforeItOpened(Refusal):
    """A closing before the opening."""

    message = _l("The case was opened after this day.")
    field = "closed_on"


class NothingProposed(Refusal):
    """No closing waits for an answer."""

    message = _l("No closing waits for an answer here. Somebody has answered it meanwhile.")


class OwnProposal(Refusal):
    """The two-person rule (domain.md 4.3)."""

    message = _l("You proposed this yourself. Somebody else has to look at it.")


class NobodyCouldApprove(Refusal):
    """Who alone coordinates proposes, although others work here who could."""

    message = _l("You alone approve closings here. Ask somebody of the team to propose this one; you approve it.")


class NeedsWhatIsMissing(Refusal):
    """Sent back without what is still to be done."""

    message = _l("Write what is still to be done.")
    field = "note"


class NotClosed(Refusal):
    """A case that is not closed is opened again."""

    message = _l("This case is open already.")


class OpensBeforeItClosed(Refusal):
    """Opened again before it was closed."""

    message = _l("The case was closed after this day.")
    field = "opened_on"


def proposal_of(case: CaseFile) -> ClosingProposal | None:
    """The proposal that waits for an answer."""
    return session.scalar(
        select(ClosingProposal).where(ClosingProposal.case_id == case.id, ClosingProposal.answer.is_(None))
    )


def works_alone(reader: Reader) -> bool:
    """Whether nobody else works on cases in this clinic: then one person has to do what else takes two."""
    return not _others(reader, Role.LAWYER, Role.COUNSELLOR, Role.COORDINATOR)


def nobody_could_approve(reader: Reader) -> bool:
    """Whether a closing that this person proposes would wait for ever: nobody else approves, though others propose."""
    approves = reader.has(Role.COORDINATOR) and not _others(reader, Role.COORDINATOR)
    return approves and not works_alone(reader)


def _others(reader: Reader, *roles: Role) -> bool:
    return any(person != reader.staff_id for role in roles for person, _name in staff.people_with(role, reader=reader))


def propose_closing(
    case: CaseFile, *, reason: str, closed_on: date, by: Reader, note: str | None = None
) -> ClosingProposal:
    """Proposes to close. Raises NobodyCouldApprove, NotOpen, ClosesBeforeItOpened."""
    if nobody_could_approve(by):
        raise NobodyCouldApprove
    if case.status != CaseStatus.OPEN:
        raise NotOpen
    if closed_on < case.current_period.opened_on:
        raise ClosesBeforeItOpened
    proposal = ClosingProposal(case_id=case.id, closed_on=closed_on, reason=reason, proposed_by=by.staff_id, note=note)
    session.add(proposal)
    case.status = CaseStatus.CLOSING_PROPOSED
    session.flush()
    chain.record("closing.proposed", subject=proposal, detail=reason)
    return proposal


def _answer(case: CaseFile, answer: ClosingAnswer, by: Reader, note: str | None) -> ClosingProposal:
    proposal = proposal_of(case)
    if proposal is None:
        raise NothingProposed
    proposal.answer, proposal.answered_by, proposal.answered_at = answer, by.staff_id, clock.now()
    proposal.answer_note = note
    return proposal


def approve_closing(case: CaseFile, *, by: Reader, note: str | None = None) -> CasePeriod:
    """Closes the case as proposed. Raises NothingProposed, OwnProposal."""
    waiting = proposal_of(case)
    alone = waiting is not None and waiting.proposed_by == by.staff_id
    if alone and not works_alone(by):
        raise OwnProposal
    proposal = _answer(case, ClosingAnswer.APPROVED, by, note)
    period = case.current_period
    period.closed_on, period.closure_reason, period.closed_by = proposal.closed_on, proposal.reason, by.staff_id
    period.note = proposal.note
    case.status = CaseStatus.CLOSED
    session.flush()
    chain.record("case.closed_alone" if alone else "case.closed", subject=case, detail=proposal.reason)
    return period


def send_back(case: CaseFile, *, by: Reader, note: str | None) -> None:
    """Sends a proposal back to the team with what is still to be done. Raises NothingProposed, NeedsWhatIsMissing."""
    if not note:
        raise NeedsWhatIsMissing
    _answer(case, ClosingAnswer.SENT_BACK, by, note)
    case.status = CaseStatus.OPEN
    session.flush()
    chain.record("closing.sent_back", subject=case)


def take_back(case: CaseFile, *, by: Reader) -> None:
    """Who proposed, or anybody of the team, takes the proposal back."""
    _answer(case, ClosingAnswer.TAKEN_BACK, by, None)
    case.status = CaseStatus.OPEN
    session.flush()
    chain.record("closing.taken_back", subject=case)


def reopen(case: CaseFile, *, opened_on: date, by: Reader, note: str | None = None) -> CasePeriod:
    """Opens a closed case again: the next period begins. Raises NotClosed, OpensBeforeItClosed.

    Closing is the coordinator's decision (architecture.md), so undoing it is; a worker opens a new case meanwhile.
    """
    if not case.is_closed:
        raise NotClosed
    closed_on = case.current_period.closed_on
    if closed_on is not None and opened_on < closed_on:
        raise OpensBeforeItClosed
    period = CasePeriod(opened_on=opened_on, opened_by=by.staff_id, entered=entry_order(), note=note)
    case.periods.append(period)
    case.status = CaseStatus.OPEN
    session.flush()
    chain.record("case.reopened", subject=case)
    return period
