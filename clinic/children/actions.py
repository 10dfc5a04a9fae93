"""Writing children: register, correct, guardians, likely pairs and their joining. Flushes, never commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.children.models import Child, Guardian, LikelyPair, PairState
from clinic.children.names import Likely, card_number, phone_digits
from clinic.children.references import clinic_of_now, next_reference
from clinic.children.rules import ChildTold, GuardianTold
from clinic.crypto import current, sealing
from clinic.db import current_clinic, session
from clinic.languages import _l
from clinic.refusals import AlreadyThere, ChangedMeanwhile, Refusal
from clinic.staff.models import Clinic

_CALLED = frozenset(
    {
        "given_name",
        "father_name",
        "grandfather_name",
        "family_name",
        "name_latin",
        "born_on",
        "locality",
        "birth_precision",
    }
)


class NeedsAName(Refusal):
    """A child without any name."""

    message = _l("Write at least one name: how the child is called.")
    field = "given_name"


class NeedsABasis(Refusal):
    """An estimated age without what it rests on."""

    message = _l("Say what the age is taken from.")
    field = "age_basis"


class GuardianNeedsANameOrPhone(Refusal):
    """A guardian of whom nothing is known."""

    message = _l("Write a name or a phone.")
    field = "name"


def register_child(
    told: ChildTold, *, by: Reader, guardians: Sequence[GuardianTold] = (), child_id: uuid.UUID | None = None
) -> Child:
    """Registers a child with what is known. The same id again is answered with the child as first saved.

    Raises NeedsAName, NeedsABasis, AlreadyThere.
    """
    _refuse_unless_fit(told)
    if child_id is not None and (there := session.get(Child, child_id)) is not None:
        if there.name_parts == told.parts:
            return there
        raise AlreadyThere
    prefix = clinic_of_now().prefix
    child = Child(
        id=child_id,
        reference=next_reference("child", f"{prefix}-C", Child.reference),
        recorded_by=by.staff_id,
        entered=int(clock.now().timestamp() * 1_000_000),
        names_at=count_a_change_of_names(),
    )
    _set(child, told)
    session.add(child)
    session.flush()
    chain.record("child.registered", subject=child)
    for guardian in guardians:
        if guardian:
            _add_guardian(child, guardian)
    return child


def _refuse_unless_fit(told: ChildTold) -> None:
    if not told.has_a_name:
        raise NeedsAName
    if told.born is None and told.estimated_age is not None and told.age_basis is None:
        raise NeedsABasis


def _set(child: Child, told: ChildTold) -> None:
    values = told.columns()
    if values["estimated_age"] is None:
        child.estimated_on = None
    elif values["estimated_age"] != child.estimated_age:
        child.estimated_on = clock.today()
    for name, value in values.items():
        if getattr(child, name, None) != value:
            setattr(child, name, value)
    child.card_hash = _hash("card", card_number(told.unrwa_number or ""))


def _hash(purpose: str, number: str) -> bytes | None:
    return sealing.lookup_hash(current.ring(), purpose, number) if number else None


def count_a_change_of_names() -> int:
    """The clinic's next count of changes of names; it stands as `names_at` on every child whom the change is about."""
    session.execute(
        update(Clinic).where(Clinic.id == current_clinic.get()).values(names_changed=Clinic.names_changed + 1),
        execution_options={"synchronize_session": False},
    )
    return session.scalar(select(Clinic.names_changed).where(Clinic.id == current_clinic.get())) or 0


def names_changed(children: Iterable[uuid.UUID]) -> None:
    """Tells the indexes of names in memory that these children are to be read anew."""
    session.execute(
        update(Child).where(Child.id.in_(list(children))).values(names_at=count_a_change_of_names()),
        execution_options={"synchronize_session": False},
    )


def names_came_in() -> None:
    """Tells the indexes of names in memory of the children who were put in without a count of changes."""
    uncounted = Child.clinic_id == current_clinic.get(), Child.names_at == 0
    session.execute(
        update(Child).where(*uncounted).values(names_at=count_a_change_of_names()),
        execution_options={"synchronize_session": False},
    )


def correct_child(child: Child, told: ChildTold, *, version: int) -> Child:
    """Corrects who the child is; what stood before is kept. Ages kept beside the cases follow.

    Raises NeedsAName, NeedsABasis, and ChangedMeanwhile if somebody saved since the form was made.
    """
    _refuse_unless_fit(told)
    if child.version != version:
        raise ChangedMeanwhile
    called = {name: getattr(child, name) for name in _CALLED}
    _set(child, told)
    session.flush()
    chain.record("child.corrected", subject=child)
    if called != {name: getattr(child, name) for name in _CALLED}:
        names_changed([child.id])
    for case in child.cases:
        reckon_ages(case, child)
    session.flush()
    return child


def reckon_ages(case: Any, child: Child) -> None:
    """The ages of a child at the opening of a case and at the alleged offence, kept beside it."""
    case.age_at_opening = child.age_on(case.opened_on)
    case.age_at_offence = child.age_on(case.offence_on) if case.offence_on else None


# --- guardians


def add_guardian(child: Child, told: GuardianTold) -> Guardian:
    """Adds somebody who answers for the child. Raises GuardianNeedsANameOrPhone."""
    if not told:
        raise GuardianNeedsANameOrPhone
    guardian = _add_guardian(child, told)
    names_changed([child.id])
    return guardian


def _add_guardian(child: Child, told: GuardianTold) -> Guardian:
    guardian = Guardian(child_id=child.id, position=len(child.guardians))
    _set_guardian(guardian, told)
    child.guardians.append(guardian)
    session.flush()
    chain.record("guardian.added", subject=guardian)
    return guardian


def _set_guardian(guardian: Guardian, told: GuardianTold) -> None:
    guardian.name, guardian.phone = told.name, told.phone
    guardian.relationship = told.relationship  # type: ignore[assignment]
    guardian.safe_to_call, guardian.safe_when, guardian.may_say = told.safe_to_call, told.safe_when, told.may_say
    guardian.phone_hash = _hash("phone", phone_digits(told.phone or ""))


def correct_guardian(guardian: Guardian, told: GuardianTold, *, version: int, ended: bool = False) -> Guardian:
    """Corrects a guardian; `ended` says that this person answers for the child no longer.

    Raises GuardianNeedsANameOrPhone, and ChangedMeanwhile if somebody saved since the form was made.
    """
    if not told:
        raise GuardianNeedsANameOrPhone
    if guardian.version != version:
        raise ChangedMeanwhile
    _set_guardian(guardian, told)
    guardian.ended_on = (guardian.ended_on or clock.today()) if ended else None
    session.flush()
    chain.record("guardian.corrected", subject=guardian)
    names_changed([guardian.child_id])
    return guardian


# --- likely same children


def note_likely(child: Child, alike: Iterable[Likely], *, by: Reader, asked: bool = False) -> None:
    """Puts the pairs of a new child and those who may be the same on the coordinator's desk."""
    for like in alike:
        if like.child_id == child.id:
            continue
        first, second = sorted((child.id, like.child_id), key=lambda one: one.bytes)
        pair = _pair_of(first, second)
        if pair is None:
            score = round(like.score)
            pair = LikelyPair(
                first_id=first, second_id=second, score=score, reasons=tuple(like.reasons), found_by=by.staff_id
            )
            session.add(pair)
        pair.asked = pair.asked or asked
        session.flush()
        chain.record("pair.asked" if asked else "pair.noted", subject=pair)


def _pair_of(first: uuid.UUID, second: uuid.UUID) -> LikelyPair | None:
    return session.scalar(
        select(LikelyPair).where(
            LikelyPair.clinic_id == current_clinic.get(),
            LikelyPair.first_id == first,
            LikelyPair.second_id == second,
        )
    )


def find_different(pair: LikelyPair, *, by: Reader) -> None:
    """The coordinator decides: two children."""
    settle_pair(pair, PairState.DIFFERENT, by)
    chain.record("pair.different", subject=pair)


def settle_pair(pair: LikelyPair, state: PairState, by: Reader) -> None:
    """Keeps what was decided of a pair, by whom and when."""
    pair.state, pair.decided_by, pair.decided_at = state, by.staff_id, clock.now()
    session.flush()
