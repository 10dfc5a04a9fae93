"""Who besides the team stands around a case: what is shown across lanes, who is kept out, who is in by emergency.

Each is rare and would cost a statement of its own on every case page; together they cost one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select

from clinic import clock
from clinic.access.models import EmergencyAccess, LaneShare, Wall
from clinic.cases.models import CaseFile
from clinic.db import session


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one case now."""

    shares: Sequence[LaneShare]
    walls: Sequence[Wall]
    emergencies: Sequence[EmergencyAccess]


def read(case_id: uuid.UUID) -> Around:
    """Reads all three in one statement and keeps them for the rooms that ask in the same request."""
    shown = and_(LaneShare.case_id == CaseFile.id, LaneShare.until >= clock.today(), LaneShare.ended_at.is_(None))
    kept_out = and_(Wall.case_id == CaseFile.id, Wall.lifted_at.is_(None))
    running = and_(EmergencyAccess.case_id == CaseFile.id, EmergencyAccess.until > clock.now())
    rows = session.execute(
        select(LaneShare, Wall, EmergencyAccess)
        .select_from(CaseFile)
        .outerjoin(LaneShare, shown)
        .outerjoin(Wall, kept_out)
        .outerjoin(EmergencyAccess, running)
        .where(CaseFile.id == case_id)
        .order_by(LaneShare.shared_at, LaneShare.id, Wall.built_at.desc(), Wall.id, EmergencyAccess.until)
    ).all()
    found = Around(*(_once(row[place] for row in rows) for place in range(3)))
    session.info[_key(case_id)] = found
    return found


def kept(case_id: uuid.UUID) -> Around | None:
    """What `read` found in this request, if it was asked."""
    found: Around | None = session.info.get(_key(case_id))
    return found


def _key(case_id: uuid.UUID) -> tuple[str, uuid.UUID]:
    return "around", case_id


def _once(found: Any) -> list[Any]:
    return list({one.id: one for one in found if one is not None}.values())
