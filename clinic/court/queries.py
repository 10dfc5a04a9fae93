"""Reading what the court's steps say."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from clinic.court.models import Decision
from clinic.db import session
from clinic.vocabularies.fixed import StepState


def last_decision(case_id: uuid.UUID) -> Decision | None:
    """The decision that stands: the last by its day that was neither withdrawn nor left without a disposition."""
    return session.scalar(
        select(Decision)
        .where(
            Decision.case_id == case_id,
            Decision.state == StepState.DONE,
            Decision.withdrawn_at.is_(None),
            Decision.disposition.is_not(None),
        )
        .order_by(Decision.decided_on.desc(), Decision.entered.desc())
        .limit(1)
    )
