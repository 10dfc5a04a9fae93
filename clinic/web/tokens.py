"""The token of a form: the id of what it will make, signed together with the person and the case.

The id is made with the form, so that the same form sent twice makes one record. An id that is not this person's, or not
for this place, reads as no token at all, whether such a record exists or not.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from clinic import clock
from clinic.crypto import current


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a form's token says. `lane` is the one that a draft of the form is sealed in."""

    record_id: uuid.UUID
    staff_id: uuid.UUID
    subject_id: uuid.UUID | None
    purpose: str
    lane: str


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current.ring().derive("form tokens"), salt="form")


def make(
    purpose: str,
    *,
    staff_id: uuid.UUID,
    subject_id: uuid.UUID | None = None,
    lane: str = "identity",
    record_id: uuid.UUID | None = None,
) -> str:
    """A token for a form of this purpose (e.g. a kind of step) about a subject (a case, a step); a fresh id unless given."""
    ids = [(record_id or clock.new_id()).hex, staff_id.hex, subject_id.hex if subject_id else "", purpose, lane]
    return str(_signer().dumps(ids))


def read(text: str) -> FormToken | None:
    """The token, if we signed it."""
    try:
        record_id, staff_id, subject_id, purpose, lane = _signer().loads(text)
    except (BadSignature, ValueError):
        return None
    subject = uuid.UUID(subject_id) if subject_id else None
    return FormToken(uuid.UUID(record_id), uuid.UUID(staff_id), subject, purpose, lane)


def accept(text: str, purpose: str, *, staff_id: uuid.UUID, subject_id: uuid.UUID | None = None) -> FormToken | None:
    """The token, if it was made for this person, purpose and subject."""
    token = read(text)
    if token is None or (token.staff_id, token.subject_id, token.purpose) != (staff_id, subject_id, purpose):
        return None
    return token
