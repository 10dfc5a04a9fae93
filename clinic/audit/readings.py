"""The log of what was looked at: written and committed before the page is sent, in a transaction of its own."""

from __future__ import annotations

import uuid
from contextvars import ContextVar
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from clinic import clock, db
from clinic.access.permissions import Lane
from clinic.audit.chain import entry_hash
from clinic.audit.models import reading, reading_head
from clinic.prepared import send

IN_EMERGENCY = ".emergency"
"""How the code ends of a reading made under an emergency access."""
HELD_BACK = "page.held_back"
"""Somebody asked for pages faster than anybody reads, and was held back."""
in_emergency: ContextVar[frozenset[uuid.UUID]] = ContextVar("in_emergency", default=frozenset())
"""The cases and children that whoever reads now reads under an emergency access."""


def record(
    what: str,
    *,
    subject: str | None = None,
    subject_id: uuid.UUID | None = None,
    case_id: uuid.UUID | None = None,
    lanes: frozenset[Lane] = frozenset(),
) -> None:
    """Notes who looked at a record, and in which lanes. Must come before the request's first write."""
    if not in_emergency.get().isdisjoint((case_id, subject_id)):
        what += IN_EMERGENCY
    said = {"what": what, "subject": subject, "subject_id": subject_id, "case_id": case_id}
    _chain({**said, "lanes": tuple(sorted(lane.value for lane in lanes))})


# Put together once: every page of a case sends them.
_OF_THE_CLINIC = reading_head.c.clinic_id == bindparam("of_clinic")
_HEAD = select(reading_head.c.number, reading_head.c.hash).where(_OF_THE_CLINIC).with_for_update()
_ADD, _BEGIN = insert(reading), insert(reading_head)
_MOVE = update(reading_head).where(_OF_THE_CLINIC).values(number=bindparam("number"), hash=bindparam("hash"))


def _chain(said: dict[str, Any]) -> None:
    """Writes an entry behind the last one, in a transaction of its own."""
    with db.make_room(db.database().readings) as connection:
        clinic_id = db.current_clinic.get()
        head = send(_HEAD, {"of_clinic": clinic_id}, connection).one_or_none()
        number, previous = (head.number + 1, bytes(head.hash)) if head else (1, b"")
        row: dict[str, Any] = {
            "id": clock.new_id(),
            "clinic_id": clinic_id,
            "number": number,
            "at": clock.now(),
            "who": db.current_actor.get(),
            "previous": previous,
            **said,
        }
        row["hash"] = entry_hash(row)
        send(_ADD, row, connection)
        now_last = {"number": number, "hash": row["hash"]}
        if head:
            send(_MOVE, {"of_clinic": clinic_id, **now_last}, connection)
        else:
            connection.execute(_BEGIN, {"clinic_id": clinic_id, **now_last})
