"""Reading what the court's steps say."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from clinic.access.lanes import unloaded
from clinic.access.permissions import Lane
from clinic.court.models import Decision, Filing
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


def papers_of(case_id: uuid.UUID, held: frozenset[Lane]) -> Sequence[Filing]:
    """The papers filed or asked for in a case, the oldest first, without the columns of lanes that are not held."""
    return session.scalars(
        select(Filing)
        .where(Filing.case_id == case_id, Filing.state == StepState.DONE, Filing.withdrawn_at.is_(None))
        .options(*unloaded(Filing, held))
        .order_by(Filing.on_date, Filing.entered)
    ).all()
