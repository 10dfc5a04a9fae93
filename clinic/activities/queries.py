"""Reading activities."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from clinic.access.reader import Reader
from clinic.activities.models import Activity
from clinic.db import session


def find_activity(activity_id: uuid.UUID, *, reader: Reader) -> Activity | None:
    """An activity of the reader's clinic."""
    return session.scalar(select(Activity).where(Activity.id == activity_id, Activity.clinic_id == reader.clinic_id))


def list_activities(
    *, reader: Reader, since: date | None = None, until: date | None = None, kind: str | None = None
) -> Sequence[Activity]:
    """The activities of a period, both days included, the latest first; withdrawn ones left out."""
    wanted = select(Activity).where(Activity.clinic_id == reader.clinic_id, Activity.withdrawn_at.is_(None))
    if since is not None:
        wanted = wanted.where(Activity.held_on >= since)
    if until is not None:
        wanted = wanted.where(Activity.held_on <= until)
    if kind is not None:
        wanted = wanted.where(Activity.kind == kind)
    return session.scalars(wanted.order_by(Activity.held_on.desc(), Activity.entered.desc())).all()
