"""Writing who else a case is about, keeping what a check found, and what the coordinator decided. Flushes, never
commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile
from clinic.children.numbers import phone_digits
from clinic.conflicts import checking, telling
from clinic.conflicts.checking import Asked, Between, Found, Ground
from clinic.conflicts.models import (
    ConflictCheck,
    ConflictGround,
    ConflictState,
    Consequence,
    Occasion,
    OtherPerson,
    PossibleConflict,
    Reason,
)
from clinic.conflicts.rules import MOST_NAMES, PersonTold
from clinic.crypto import current, sealing
from clinic.db import current_clinic, session
from clinic.languages import _l
from clinic.refusals import AlreadyThere, ChangedMeanwhile, Refusal
from clinic.staff import queries as staff

WITHIN = timedelta(hours=1)
_REOPENED = frozenset({ConflictState.GONE, ConflictState.NONE, ConflictState.SAME_PERSON})


class PersonNeedsANameOrPhone(Refusal):
    """Somebody of whom nothing is known by which they could be found."""

    message = _l("Write a name or a phone.")
    field = "name"


class DecidedMeanwhile(Refusal):
    """A colleague decided while the page was open."""

    message = _l("Somebody has decided meanwhile. Open the page again to see what.")


class OwnConflict(Refusal):
    """Nobody decides whether they themselves are in a conflict of interest."""

    message = _l("This is about you. Ask another coordinator to decide.")


class NeedsAConsequence(Refusal):
    """A conflict from which nothing follows."""

    message = _l("Say what follows from the conflict.")
    field = "consequence"


# --- who else a case is about


def add_person(case: CaseFile, told: PersonTold, *, by: Reader, person_id: uuid.UUID | None = None) -> OtherPerson:
    """Adds somebody on another side of a case. The same id with the same answers is answered with the first.

    Raises PersonNeedsANameOrPhone, AlreadyThere.
    """
    if person_id is not None and (there := session.get(OtherPerson, person_id)) is not None:
        if there.case_id == case.id and told_of(there) == told:
            return there
        raise AlreadyThere
    person = OtherPerson(id=person_id, case_id=case.id, recorded_by=by.staff_id)
    _set(person, told)
    session.add(person)
    session.flush()
    chain.record("other_person.added", subject=person)
    return person


def correct_person(
    person: OtherPerson, told: PersonTold, *, version: int, withdrawn: bool = False, by: Reader
) -> OtherPerson:
    """Corrects somebody; `withdrawn` says that they have nothing to do with the case.

    Raises PersonNeedsANameOrPhone and ChangedMeanwhile.
    """
    if person.version != version:
        raise ChangedMeanwhile
    _set(person, told)
    if withdrawn != (person.withdrawn_at is not None):
        person.withdrawn_at, person.withdrawn_by = (clock.now(), by.staff_id) if withdrawn else (None, None)
    session.flush()
    chain.record("other_person.withdrawn" if withdrawn else "other_person.corrected", subject=person)
    return person


def _set(person: OtherPerson, told: PersonTold) -> None:
    if not (told.name or told.phone):
        raise PersonNeedsANameOrPhone
    for name in ("role", "name", "phone", "about"):
        if getattr(person, name, None) != getattr(told, name):
            setattr(person, name, getattr(told, name))
    digits = phone_digits(told.phone or "")
    person.phone_hash = sealing.lookup_hash(current.ring(), "phone", digits) if digits else None


def told_of(person: OtherPerson) -> PersonTold:
    """What is known of somebody, as it would be told."""
    return PersonTold(role=person.role, name=person.name, phone=person.phone, about=person.about)


# --- what a check finds


def keep(asked: Asked, found: Found, occasion: Occasion, *, asked_by: uuid.UUID | None) -> None:
    """Keeps that cases were checked, and what was found."""
    checks = _note_checks(asked, occasion, asked_by)
    tells_team = not _typed_many(asked_by)
    known = _known(asked)
    cases = checking.newest_cases({one.other_child_id for one in found if one.other_child_id is not None})
    for between, grounds in found.items():
        check_id = checks.get(between.named_case_id) or next(iter(checks.values()))
        conflict = known.pop(between, None) or _new_conflict(between, grounds, cases, check_id, tells_team)
        _add_grounds(conflict, grounds, check_id)
    for gone in known.values():
        if gone.state == ConflictState.OPEN:
            gone.state = ConflictState.GONE
            chain.record("conflict.gone", subject=gone)
    session.flush()


def _note_checks(asked: Asked, occasion: Occasion, asked_by: uuid.UUID | None) -> dict[uuid.UUID | None, uuid.UUID]:
    """That these cases were checked, each; or all at once."""
    checks = [
        ConflictCheck(case_id=case_id, occasion=occasion, asked_by=asked_by)
        for case_id in (sorted(asked.cases) if not asked.all else [None])
    ]
    session.add_all(checks)
    session.flush()
    for one in checks:
        chain.record("conflicts.checked", subject=one)
    return {one.case_id: one.id for one in checks}


def _typed_many(who: uuid.UUID | None) -> bool:
    """Whether somebody typed so many names in the last hour that they may be trying who is known here."""
    made = (ConflictCheck.clinic_id == current_clinic.get(), ConflictCheck.asked_by == who)
    recent = (ConflictCheck.occasion.in_([Occasion.PERSON, Occasion.FAMILY]),)
    since = ConflictCheck.checked_at >= clock.now() - WITHIN
    return (session.scalar(select(func.count()).where(*made, *recent, since)) or 0) > MOST_NAMES


def _known(asked: Asked) -> dict[Between, PossibleConflict]:
    """What was found before about the same cases."""
    wanted = select(PossibleConflict).where(PossibleConflict.clinic_id == current_clinic.get())
    if not asked.all:
        here = PossibleConflict.named_case_id.in_(asked.cases)
        wanted = wanted.where(or_(here, PossibleConflict.other_child_id.in_(asked.children)))
    rows = session.scalars(wanted.options(selectinload(PossibleConflict.grounds)))
    return {Between(one.named_case_id, one.other_child_id, one.colleague_id): one for one in rows}


def _new_conflict(
    between: Between,
    grounds: Iterable[Ground],
    cases: dict[uuid.UUID, uuid.UUID],
    check_id: uuid.UUID,
    tells_team: bool,
) -> PossibleConflict:
    two_sides = next((one.there_id for one in grounds if one.reason in (Reason.ROLES, Reason.EVENT)), None)
    child_id = between.other_child_id
    conflict = PossibleConflict(
        named_case_id=between.named_case_id,
        other_child_id=child_id,
        other_case_id=two_sides or (cases.get(child_id) if child_id is not None else None),
        colleague_id=between.colleague_id,
        check_id=check_id,
        tells_team=tells_team,
    )
    session.add(conflict)
    session.flush()
    chain.record("conflict.found", subject=conflict)
    return conflict


def _add_grounds(conflict: PossibleConflict, grounds: Iterable[Ground], check_id: uuid.UUID) -> None:
    """Adds what is new. What was settled is open again where something new speaks for it; what came settled with a
    register brought no grounds, and stays so."""
    held = {(one.reason, one.here_id, one.there_id) for one in conflict.grounds}
    new = [one for one in set(grounds) if (one.reason, one.here_id, one.there_id) not in held]
    for one in new:
        conflict.grounds.append(
            ConflictGround(reason=one.reason, here_id=one.here_id, there_id=one.there_id, score=one.score)
        )
    if conflict.state == ConflictState.GONE or (held and new and conflict.state in _REOPENED):
        conflict.state, conflict.check_id, conflict.found_at = ConflictState.OPEN, check_id, clock.now()
        conflict.decided_by = conflict.decided_at = conflict.consequence = conflict.finding = None
        chain.record("conflict.found", subject=conflict)


# --- what is decided


def decide(
    conflict: PossibleConflict,
    state: ConflictState,
    *,
    finding: str,
    consequence: Consequence | None,
    version: int,
    by: Reader,
) -> None:
    """The coordinator decides; what stood before is kept, and who must know hears of it without a name.

    Raises DecidedMeanwhile, OwnConflict, NeedsAConsequence.
    """
    if conflict.version != version:
        raise DecidedMeanwhile
    if conflict.colleague_id == by.staff_id and _is_another_coordinator(by):
        raise OwnConflict
    if state == ConflictState.CONFLICT and consequence is None:
        raise NeedsAConsequence
    waited = telling.who_waits(conflict, but=by.staff_id)
    conflict.state, conflict.finding = state, finding
    conflict.consequence = consequence if state == ConflictState.CONFLICT else None
    conflict.decided_by, conflict.decided_at = by.staff_id, clock.now()
    session.flush()
    chain.record("conflict.decided", subject=conflict, detail=state.value)
    telling.tell_of_decision(conflict, waited=waited, by=by)


def _is_another_coordinator(by: Reader) -> bool:
    return any(person != by.staff_id for person, _name in staff.people_with(Role.COORDINATOR, reader=by))
