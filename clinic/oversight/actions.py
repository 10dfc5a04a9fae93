"""Noting that somebody looked into an unusual pattern of looks."""

from __future__ import annotations

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as audit
from clinic.db import session
from clinic.languages import _l
from clinic.oversight.models import LookReview
from clinic.oversight.rules import Unusual
from clinic.refusals import Refusal


class OwnLooks(Refusal):
    """Nobody looks into their own looks."""

    message = _l("These are your own looks. Ask another coordinator to look into them.")


def look_into(found: Unusual, *, finding: str, by: Reader) -> LookReview:
    """Notes what came of asking. Raises OwnLooks."""
    if by.staff_id == found.who:
        raise OwnLooks
    review = LookReview(
        staff_id=found.who,
        day=found.day,
        pattern=found.pattern.value,
        reviewed_by=by.staff_id,
        reviewed_at=clock.now(),
        finding=finding,
    )
    session.add(review)
    audit.record("looks.reviewed", subject=review, detail=found.pattern.value)
    return review
