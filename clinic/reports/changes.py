"""What of the facts has changed since a number of the chain: read from its entries, which every change writes.

An entry that names neither a case nor a child, nor something that no fact depends on, may have changed anything: an
import, files that aged, children that were joined, a list, the law, and whatever is not thought of here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from clinic.audit.models import AuditEntry, AuditHead
from clinic.db import session

MOST: Final = 400
"""So many entries are looked at; after more than these all facts are read again."""
MOST_CASES: Final = 50
"""So many cases are read again by themselves; more are found faster by reading all."""

OF_THE_CHILD: Final = frozenset({"child.registered", "child.corrected", "child.file_asked_for", "child.handed_over"})
"""Deeds that change one child and none of the records that belong to it. To join two changes all of them."""
APART: Final = frozenset(
    {
        *("account_request", "backup_made", "guardian", "intake", "likely_pair", "narrative", "seal_request"),
        *("staff_member", "target", "target_plan", "task"),
    }
)
"""Tables whose records are no facts: an entry about one of them alone leaves the facts as they are. What a report
takes from accounts, the usernames, is looked at whenever one of them changed."""


class Mark(NamedTuple):
    """How far a clinic's chain has come: the number and the hash of its last entry."""

    number: int
    hash: bytes


NOTHING_YET: Final = Mark(0, b"")


@dataclass
class Changed:
    """The cases and children whose facts are to be read again, and whether activities or usernames are."""

    cases: set[uuid.UUID] = field(default_factory=set)
    children: set[uuid.UUID] = field(default_factory=set)
    activities: bool = False
    names: bool = False


def head(clinic_id: uuid.UUID) -> Mark:
    """How far the chain has come."""
    found = session.execute(select(AuditHead.number, AuditHead.hash).where(AuditHead.id == clinic_id)).one_or_none()
    return NOTHING_YET if found is None else Mark(found.number, bytes(found.hash))


def between(since: Mark, until: Mark, clinic_id: uuid.UUID) -> Changed | None:
    """What changed from one mark to another; None where all may have, or where the chain is not the one it was."""
    if since == until:
        return Changed()
    if not since.number < until.number <= since.number + MOST:
        return None
    entries = session.execute(_entries(since, until, clinic_id)).all()
    marks = [Mark(entry.number, bytes(entry.hash)) for entry in entries]
    if not since.number:
        marks.insert(0, since)
    if len(marks) != until.number - since.number + 1 or (marks[0], marks[-1]) != (since, until):
        return None
    return changed_by(entry for entry in entries if entry.number > since.number)


def _entries(since: Mark, until: Mark, clinic_id: uuid.UUID) -> Any:
    """The entries from the one that was the last to the one that is."""
    entry = AuditEntry.__table__.c
    return (
        select(entry.number, entry.hash, entry.what, entry.subject, entry.subject_id, entry.case_id)
        .where(entry.clinic_id == clinic_id, entry.number.between(since.number, until.number))
        .order_by(entry.number)
    )


def changed_by(entries: Iterable[Any]) -> Changed | None:
    """What entries say has changed; None where one of them may have changed anything."""
    changed = Changed()
    for entry in entries:
        if not _is_told(entry, changed):
            return None
    return changed if len(changed.cases) + len(changed.children) <= MOST_CASES else None


def _is_told(entry: Any, changed: Changed) -> bool:
    """Notes what an entry names; whether that is all that it can have changed."""
    if entry.what in OF_THE_CHILD and entry.subject == "child":
        changed.children.add(entry.subject_id)
    elif entry.subject == "activity":
        changed.activities = True
    elif entry.case_id is not None:
        changed.cases.add(entry.case_id)
    elif entry.subject in APART:
        changed.names |= entry.subject == "staff_member"
    else:
        return False
    return True
