"""Opening a case with all that is known at once, correcting what it says, and another child of the same event."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases import consent as ledger
from clinic.cases.actions import NeedsAnOffence, open_case, rederive
from clinic.cases.consent import ConsentGiven
from clinic.cases.models import CaseFile
from clinic.children.models import Child
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import AlreadyThere, ChangedMeanwhile, Refusal
from clinic.vocabularies.fixed import ChildRole

SHARED = (
    "offences",
    "offence_on",
    "referral_source",
    "projects",
)  # facts of an event that another child's case takes over


class OpensAfterItClosed(Refusal):
    """An opening after the closing of the same period."""

    message = _l("The case was closed before this day.")
    field = "opened_on"


def open_whole(
    child: Child,
    values: Mapping[str, Any],
    *,
    by: Reader,
    team: Sequence[tuple[uuid.UUID, Role]] = (),
    consent: ConsentGiven | None = None,
    case_id: uuid.UUID | None = None,
) -> CaseFile:
    """Opens a case with its team and the consent to our help; who opens it and works in it is on its team.

    The same id again for the same child is answered with the case as first opened. Raises NeedsAnOffence, AlreadyThere.
    """
    if case_id is not None and (there := session.get(CaseFile, case_id)) is not None:
        if there.child_id == child.id:
            return there
        raise AlreadyThere
    case = open_case(child=child, by=by, team=_with_who_opens(team, by), case_id=case_id, **values)
    if consent is not None:
        ledger.give_consent(case, consent, by=by)
    return case


def _with_who_opens(team: Sequence[tuple[uuid.UUID, Role]], by: Reader) -> list[tuple[uuid.UUID, Role]]:
    """Nobody opens a case that they cannot see: who does not coordinate joins the team, in their own role."""
    if by.sees_all_cases or any(person == by.staff_id for person, _role in team):
        return list(team)
    own = Role.LAWYER if by.has(Role.LAWYER) else Role.COUNSELLOR
    return [*team, (by.staff_id, own)]


def open_for_another(
    case: CaseFile,
    child: Child,
    *,
    role: ChildRole,
    by: Reader,
    team: Sequence[tuple[uuid.UUID, Role]] = (),
    case_id: uuid.UUID | None = None,
) -> CaseFile:
    """A case of its own for another child of the same event: the shared facts are copied, and the two are linked."""
    shared = {name: getattr(case, name) for name in SHARED}
    values = {**shared, "role": role, "opened_on": clock.today()}
    other = open_whole(child, values, by=by, team=team, case_id=case_id)
    link(other, case)
    return other


def link(case: CaseFile, other: CaseFile) -> None:
    """Two cases are of one event. Linked already, they stay so."""
    if other.event_id is None:
        other.event_id = clock.new_id()
    if case.event_id == other.event_id:
        return
    case.event_id = other.event_id
    session.flush()
    chain.record("case.linked", subject=other)


def correct_case(case: CaseFile, values: Mapping[str, Any], *, version: int) -> CaseFile:
    """Corrects what the case says; the state before is kept. Ages kept beside it follow, and so does its first period.

    Raises ChangedMeanwhile, NeedsAnOffence, OpensAfterItClosed.
    """
    if case.version != version:
        raise ChangedMeanwhile
    if values["role"] == ChildRole.ACCUSED and not values["offences"]:
        raise NeedsAnOffence
    first = case.periods[0]
    if first.closed_on is not None and values["opened_on"] > first.closed_on:
        raise OpensAfterItClosed
    for name, value in values.items():
        setattr(case, name, value)
    first.opened_on = case.opened_on
    case.age_at_opening = case.child.age_on(case.opened_on)
    case.age_at_offence = case.child.age_on(case.offence_on) if case.offence_on else None
    session.flush()
    chain.record("case.corrected", subject=case)
    rederive(case)
    return case
