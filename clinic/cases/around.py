"""What stands around the line of a case: consents, tasks, what is shown across lanes, who is kept out, who is in by
emergency.

Most cases have little of it. One statement asks which of it there is, and only that is read.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.access.models import EmergencyAccess, LaneShare, Wall
from clinic.cases.models import Consent, Task
from clinic.db import Id, UtcDateTime, session


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one case now."""

    shares: Sequence[LaneShare]
    walls: Sequence[Wall]
    emergencies: Sequence[EmergencyAccess]
    consents: Sequence[Consent]
    tasks: Sequence[Task]


def read(case_id: uuid.UUID) -> Around:
    """Reads all of it and keeps it for the rooms that ask in the same request."""
    there = session.execute(_which_there_is(), _asked(case_id)).one()._mapping
    found = Around(**{name: every(name, case_id) if there[name] else () for name in _wanted()})
    session.info[_key(case_id)] = found
    return found


def kept(case_id: uuid.UUID) -> Around | None:
    """What `read` found in this request, if it was asked."""
    found: Around | None = session.info.get(_key(case_id))
    return found


def every(name: str, case_id: uuid.UUID) -> Sequence[Any]:
    """All that there is of one of these."""
    return session.scalars(_wanted()[name], _asked(case_id)).unique().all()


def _asked(case_id: uuid.UUID) -> dict[str, Any]:
    return {"of_case": case_id, "now": clock.now(), "today": clock.today()}


@cache
def _wanted() -> dict[str, Select[Any]]:
    """How each is read, by its name."""
    case = bindparam("of_case", type_=Id)
    now, today = bindparam("now", type_=UtcDateTime), bindparam("today", type_=Date)
    shown = select(LaneShare).where(LaneShare.case_id == case, LaneShare.until >= today, LaneShare.ended_at.is_(None))
    kept_out = select(Wall).where(Wall.case_id == case, Wall.lifted_at.is_(None))
    running = select(EmergencyAccess).where(EmergencyAccess.case_id == case, EmergencyAccess.until > now)
    ledger = select(Consent).where(Consent.case_id == case).options(joinedload(Consent.sharings))
    to_do = select(Task).where(Task.case_id == case, Task.done_at.is_(None))
    return {
        "shares": shown.order_by(LaneShare.shared_at, LaneShare.id),
        "walls": kept_out.order_by(Wall.built_at.desc(), Wall.id),
        "emergencies": running.order_by(EmergencyAccess.until, EmergencyAccess.id),
        "consents": ledger.order_by(Consent.given_on.desc(), Consent.recorded_at.desc()),
        "tasks": to_do.order_by(Task.due_on, Task.id),
    }


@cache
def _which_there_is() -> Select[*tuple[Any, ...]]:
    """Whether there is any of each, under its name."""
    return select(*(wanted.order_by(None).exists().label(name) for name, wanted in _wanted().items()))


def _key(case_id: uuid.UUID) -> tuple[str, uuid.UUID]:
    return "around", case_id
