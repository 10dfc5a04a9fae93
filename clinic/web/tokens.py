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
    case_id: uuid.UUID | None = None  # whose loss takes the draft along


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current.ring().derive("form tokens"), salt="form")


def make(
    purpose: str,
    *,
    staff_id: uuid.UUID,
    subject_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    lane: str = "identity",
    record_id: uuid.UUID | None = None,
) -> str:
    """A token for a form of this purpose (e.g. a kind of step) about a subject; a fresh id unless given."""
    ids = [(record_id or clock.new_id()).hex, staff_id.hex, _hex(subject_id), purpose, lane, _hex(case_id)]
    return str(_signer().dumps(ids))


def read(text: str) -> FormToken | None:
    """The token, if we signed it."""
    try:
        record_id, staff_id, subject_id, purpose, lane, case_id = _signer().loads(text)
    except (BadSignature, ValueError):
        return None
    return FormToken(uuid.UUID(record_id), uuid.UUID(staff_id), _id(subject_id), purpose, lane, _id(case_id))


def _hex(value: uuid.UUID | None) -> str:
    return value.hex if value else ""


def _id(text: str) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def accept(text: str, purpose: str, *, staff_id: uuid.UUID, subject_id: uuid.UUID | None = None) -> FormToken | None:
    """The token, if it was made for this person, purpose and subject."""
    token = read(text)
    if token is None or (token.staff_id, token.subject_id, token.purpose) != (staff_id, subject_id, purpose):
        return None
    return token
