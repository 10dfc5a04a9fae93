"""Sees, in whatever way it comes about, that a case is opened or that somebody is named, and has it checked.

A transaction that did so asks for the check as its last act but the chain: one row more, whoever is found, so that the
save is as quick, and answers the same, for everybody. A register writes past the mapper and asks by itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from clinic import db
from clinic.cases.models import CaseFile
from clinic.children.models import Child, Guardian
from clinic.conflicts.models import Occasion, OtherPerson
from clinic.jobs import actions as jobs

CHECK, CHECK_ALL = "conflicts.check", "conflicts.check_all"
FEW = 25
"""More cases than these are checked together with all others: that is quicker."""
_NAMED = "conflicts"

_CALLED = ("given_name", "father_name", "grandfather_name", "family_name", "name_latin")
_WATCHED: dict[type, tuple[str, ...]] = {
    CaseFile: ("role", "event_id", "child_id", "merged_into"),
    Child: (*(f"{name}_sealed" for name in _CALLED), "merged_into"),
    Guardian: ("name_sealed", "phone_hash", "ended_on", "child_id"),
    OtherPerson: ("name_sealed", "phone_hash", "withdrawn_at", "case_id"),
}


@dataclass
class Named:
    """What a transaction did that a check is due for."""

    cases: set[uuid.UUID] = field(default_factory=set)
    children: set[uuid.UUID] = field(default_factory=set)
    occasions: set[Occasion] = field(default_factory=set)
    all: bool = False

    def take(self, row: Any, *, is_new: bool) -> None:
        """Notes a row that says something new of who is in a case."""
        match row:
            case CaseFile():
                self.cases.add(row.id)
                self.occasions.add(Occasion.OPENED if is_new else Occasion.CORRECTED)
            case OtherPerson():
                self.cases.add(row.case_id)
                self.occasions.add(Occasion.PERSON)
            case Guardian():
                self.children.add(row.child_id)
                self.occasions.add(Occasion.FAMILY)
            case Child() if not is_new:  # a new child without a case is nobody's client yet
                self.children.add(row.merged_into or row.id)
                self.occasions.add(Occasion.FAMILY)

    @property
    def occasion(self) -> Occasion:
        """The first of its occasions."""
        return next(one for one in Occasion if one in self.occasions)


def ask_about_all() -> None:
    """Has all cases checked once this transaction is committed."""
    _named(db.session()).all = True


def _named(session: Session) -> Named:
    named: Named = session.info.setdefault(_NAMED, Named())
    return named


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: Any) -> None:
    for row in session.new:
        if type(row) in _WATCHED:
            _named(session).take(row, is_new=True)
    for row in session.dirty:
        if type(row) in _WATCHED and _says_something_new(row):
            _named(session).take(row, is_new=False)


def _says_something_new(row: Any) -> bool:
    histories = (inspect(row).attrs[name].history for name in _WATCHED[type(row)])
    return any(history.deleted or any(new is not None for new in history.added or ()) for history in histories)


@event.listens_for(Session, "before_commit", insert=True)  # before the chain, which comes last
def _ask(session: Session) -> None:
    session.flush()
    named: Named | None = session.info.pop(_NAMED, None)
    if named is None:
        return
    actor = db.current_actor.get()
    asked_by = str(actor) if actor is not None else None
    if named.all or len(named.cases) + len(named.children) > FEW:
        jobs.enqueue(CHECK_ALL, by=None, asked_by=asked_by)
    elif named.cases or named.children:
        cases, children = (sorted(str(one) for one in ids) for ids in (named.cases, named.children))
        occasion = named.occasion.value
        jobs.enqueue(CHECK, by=None, cases=cases, children=children, occasion=occasion, asked_by=asked_by)


@event.listens_for(Session, "after_rollback")
def forget(session: Session) -> None:
    """Forgets what this transaction did: nothing of it is checked."""
    session.info.pop(_NAMED, None)
