"""Writing the chain of changes: what was done in a transaction is noted as it happens and chained at its end.

The clinic's chain has one head row, taken last: until then nobody waits for anybody. An entry's hash covers the one
before it and everything in it that is not personal text (SHA-256 over a canonical JSON).
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, event, insert, inspect, select, update
from sqlalchemy.orm import Mapper, Session

from clinic import clock, db
from clinic.audit.chain import entry_hash
from clinic.audit.models import AuditEntry, AuditHead
from clinic.versions import Versioned, moment_of

_NOT_SAID = frozenset({"version", "known_from", "entered", "recorded_at", "form_digest", "row_digest", "names_at"})

_HEADS, _ENTRIES = cast(Table, AuditHead.__table__), cast(Table, AuditEntry.__table__)
_END = select(_HEADS.c.number, _HEADS.c.hash).where(_HEADS.c.id == bindparam("of")).with_for_update()
_ADD = insert(_ENTRIES)
_MOVE = update(_HEADS).where(_HEADS.c.id == bindparam("of"))  # with every save: put together once


@dataclass
class Noted:
    """What will become one entry."""

    what: str
    subject: str | None = None
    subject_id: uuid.UUID | None = None
    case_id: uuid.UUID | None = None
    fields: set[str] = field(default_factory=set)
    detail: str | None = None


def record(
    what: str, *, subject: db.Model | None = None, case_id: uuid.UUID | None = None, detail: str | None = None
) -> None:
    """Notes that something was done; the fields of `subject` that this transaction changed are added by themselves.

    `what` is a code, `area.deed`; `detail` holds codes and counts, never text that somebody typed.
    """
    noted = Noted(what, detail=detail, case_id=case_id or _case_of(subject))
    if subject is not None:
        noted.subject, noted.subject_id = str(subject.__tablename__), subject.id
    _pending(db.session()).append(noted)


def _case_of(subject: db.Model | None) -> uuid.UUID | None:
    if subject is None:
        return None
    if subject.__tablename__ == "case_file":
        return subject.id
    return getattr(subject, "case_id", None)


def _pending(session: Session) -> list[Noted]:
    pending: list[Noted] = session.info.setdefault("noted", [])
    return pending


def _changes(session: Session) -> dict[uuid.UUID, tuple[set[str], Any]]:
    changes: dict[uuid.UUID, tuple[set[str], Any]] = session.info.setdefault("changes", {})
    return changes


@event.listens_for(Versioned, "before_update", propagate=True)
def _gather_fields(mapper: Mapper[Any], _connection: Any, row: Versioned) -> None:
    state = inspect(row)
    if state.session is None:
        return
    fields, digest = _changes(state.session).setdefault(row.id, (set(), hashlib.sha256()))
    for attribute in mapper.column_attrs:
        if attribute.key not in state.committed_state:  # nobody set it
            continue
        history = state.attrs[attribute.key].history
        name = attribute.columns[0].name
        if history.has_changes() and name not in _NOT_SAID:
            fields.add(name)
            digest.update(repr((name, history.deleted)).encode())


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    pending = session.info.get("noted")
    if not pending:
        return
    session.flush()
    session.info["noted"] = []
    changes = session.info.pop("changes", {})
    number, previous = _head(session)
    rows = []
    for noted in pending:
        number += 1
        row = _row(session, noted, changes.get(noted.subject_id), number, previous)
        previous = row["hash"]
        rows.append(row)
    connection = session.connection()
    connection.execute(_ADD, rows)
    connection.execute(_MOVE, {"of": db.current_clinic.get(), "number": number, "hash": previous})


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("noted", None)
    session.info.pop("changes", None)


def _head(session: Session) -> tuple[int, bytes]:
    clinic_id = db.current_clinic.get()
    if clinic_id is None:
        raise db.NoClinic("the chain")
    found = session.connection().execute(_END, {"of": clinic_id}).one_or_none()
    if found is None:
        session.connection().execute(insert(_HEADS).values(id=clinic_id, clinic_id=clinic_id, number=0, hash=b""))
        return 0, b""
    return found.number, bytes(found.hash)


def _row(
    session: Session, noted: Noted, changed: tuple[set[str], Any] | None, number: int, previous: bytes
) -> dict[str, Any]:
    fields, replaced = changed if changed is not None else (set(), None)
    salt = secrets.token_bytes(16)
    row: dict[str, Any] = {
        "id": clock.new_id(),
        "clinic_id": db.current_clinic.get(),
        "number": number,
        "at": moment_of(session),
        "who": db.current_actor.get(),
        "what": noted.what,
        "subject": noted.subject,
        "subject_id": noted.subject_id,
        "case_id": noted.case_id,
        "fields": tuple(sorted(noted.fields | fields)),
        "detail": noted.detail,
        "salt": salt,
        "digest": hashlib.sha256(salt + replaced.digest()).digest() if replaced is not None else b"",
        "previous": previous,
    }
    row["hash"] = entry_hash(row)
    return row
