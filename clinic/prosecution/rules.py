"""What must hold between the answers of an appearance before the prosecution, and which rights were missed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import Answer, ProsecutionDecision

HOLDS = frozenset({ProsecutionDecision.DETAIN, ProsecutionDecision.EXTEND_DETENTION})


class DaysWithoutDetention(Refusal):
    """Days of detention, but no decision to detain."""

    message = _l("Days are ordered only with a decision to detain or to extend. Check the decision.")
    field = "days_ordered"


class BailWithoutRelease(Refusal):
    """An amount of bail, but no release on bail."""

    message = _l("An amount belongs to a release on bail. Check the decision.")
    field = "bail_amount"


def check(values: Mapping[str, Any]) -> None:
    """Raises the refusal of the first two answers that cannot both be true."""
    decision = values.get("decision")
    if values.get("days_ordered") is not None and decision is not None and decision not in HOLDS:
        raise DaysWithoutDetention
    if values.get("bail_amount") and decision not in (None, ProsecutionDecision.RELEASE_ON_BAIL):
        raise BailWithoutRelease


class Appearance(Protocol):
    """What the facts lane knows of an appearance."""

    lawyer_attended: Answer | None
    guardian_present: Answer | None
    protection_counsellor_present: Answer | None


class Breach(StrEnum):
    """A right that was missed before the prosecution."""

    WITHOUT_LAWYER = "without_lawyer"
    WITHOUT_GUARDIAN = "without_guardian"
    WITHOUT_COUNSELLOR = "without_counsellor"


def breaches(appearance: Appearance) -> Iterable[Breach]:
    """The rights that were missed, as far as is known."""
    missed = (
        (Breach.WITHOUT_LAWYER, appearance.lawyer_attended),
        (Breach.WITHOUT_GUARDIAN, appearance.guardian_present),
        (Breach.WITHOUT_COUNSELLOR, appearance.protection_counsellor_present),
    )
    return [breach for breach, answer in missed if answer == Answer.NO]
