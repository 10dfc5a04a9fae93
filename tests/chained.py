"""Whatever a request of any test changes among the facts of a report is named by the entries that it writes.

The process that keeps facts reads again what new entries of the chain name (`clinic.reports.changes`). So in every test
that sends a form, each row that is written of a table that facts come from is looked for in what those entries say.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from flask import has_request_context
from sqlalchemy import ColumnElement, Delete, Engine, Insert, Update, event, inspect, select
from sqlalchemy.orm import Session

from clinic import db
from clinic.cases.models import CaseFile, Step
from clinic.reports import changes
from clinic.reports.recorded import _OF_CASE, _OF_CHILD

OF_FACTS: dict[str, set[str]] = {
    "child": {*_OF_CHILD, "merged_into"},
    "case_file": {*_OF_CASE, "child_id", "merged_into"},
    "staff_member": {"username", "roles"},
    "case_period": set(),
    "activity": set(),
    "step": set(),
}
"""The tables that facts come from, and their columns that facts hold, where it is not any; a step's details are its."""


class Escaped(AssertionError):
    """A change that no entry names: figures that are kept would not follow it."""


@dataclass
class _Seen:
    """What a transaction wrote."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[tuple[str, uuid.UUID], set[uuid.UUID]] = field(default_factory=dict)
    """The cases that a row belonged to, before and after, by table and id; of what belongs to no case, none."""
    in_bulk: list[str] = field(default_factory=list)
    is_flushing: bool = False


def _seen(session: Session) -> _Seen:
    seen: _Seen = session.info.setdefault("chained", _Seen())
    return seen


@event.listens_for(Session, "before_flush")
def _note_rows(session: Session, _context: Any, _instances: Any) -> None:
    seen = _seen(session)
    seen.is_flushing = True
    for row in (*session.new, *session.deleted, *session.dirty):
        table = "step" if isinstance(row, Step) else str(getattr(row, "__tablename__", ""))
        if table in OF_FACTS and (row not in session.dirty or _has_changed(row, OF_FACTS[table])):
            seen.rows.setdefault((table, row.id), set()).update(_cases_of(row, table))


def _has_changed(row: Any, columns: set[str]) -> bool:
    attributes = inspect(row).attrs
    return any(
        attributes[each.key].history.has_changes()
        for each in inspect(row).mapper.column_attrs
        if not columns or each.columns[0].name in columns
    )


def _cases_of(row: Any, table: str) -> set[uuid.UUID]:
    if table == "case_file":
        return {row.id}
    if table not in ("step", "case_period"):
        return set()
    parent = row.case.id if "case" in inspect(row).dict and row.case else None
    return {one for one in (row.case_id, parent, *inspect(row).attrs.case_id.history.deleted) if one}


@event.listens_for(Session, "after_flush_postexec")
def _flushed(session: Session, _context: Any) -> None:
    _seen(session).is_flushing = False


@event.listens_for(Engine, "before_execute")
def _note_statements(_connection: Any, statement: Any, many: Any, one: Any, _options: Any) -> None:
    if not isinstance(statement, Insert | Update | Delete) or not db.session.registry.has():
        return
    seen, table = _seen(db.session()), statement.table.name
    if table == "audit_entry":
        seen.entries += [dict(each) for each in (many or [one])]
    elif table in OF_FACTS and not seen.is_flushing:
        written = set(re.findall(r"(\w+)=", str(statement).split("WHERE")[0]))
        if not isinstance(statement, Update) or not OF_FACTS[table] or written & OF_FACTS[table]:
            seen.in_bulk.append(str(statement))


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("chained", None)


@event.listens_for(Session, "after_commit")
def _look(session: Session) -> None:
    seen = session.info.pop("chained", None)
    if seen is None or not has_request_context() or not (seen.rows or seen.in_bulk):
        return
    changed = changes.changed_by(SimpleNamespace(**entry) for entry in seen.entries)
    if changed is None:
        return
    escaped = [row for row, cases in seen.rows.items() if not _is_named(*row, cases, changed)]
    if escaped or seen.in_bulk:
        raise Escaped(escaped, seen.in_bulk, [(entry["what"], entry["subject"]) for entry in seen.entries])


def _is_named(table: str, row_id: uuid.UUID, cases: set[uuid.UUID], changed: changes.Changed) -> bool:
    if table in ("activity", "staff_member"):
        return changed.activities if table == "activity" else changed.names
    if table == "child":
        return row_id in changed.children or _cases_where(CaseFile.child_id == row_id) <= changed.cases
    if cases and cases <= changed.cases:
        return True
    return bool(cases) and cases <= changed.cases | _cases_where(CaseFile.child_id.in_(changed.children))


def _cases_where(condition: ColumnElement[bool]) -> set[uuid.UUID]:
    with db.database().main.connect() as connection:
        return set(connection.scalars(select(CaseFile.id).where(condition)))
