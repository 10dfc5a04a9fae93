"""Counts what reaches the databases: how many statements, which tables were written, and what was committed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

_HOUSEKEEPING = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|SET|SHOW)\b", re.IGNORECASE)
_WRITE = re.compile(
    r'\s*(?:WITH\b.*?\)\s*)?(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM)\s+([\w."]+)', re.I | re.S
)


@dataclass
class Statements:
    """What was sent while somebody watched."""

    sent: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    committed: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.sent)

    def __str__(self) -> str:
        return "\n".join(" ".join(statement.split())[:200] for statement in self.sent)


_watching: list[Statements] = []
_unsaved: dict[int, set[str]] = {}


@contextmanager
def statements() -> Iterator[Statements]:
    """Collects the statements of every engine while the block runs."""
    seen = Statements()
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)


def written_table(statement: str) -> str | None:
    """The table that a statement writes, without its schema; None if it only reads."""
    found = _WRITE.match(statement)
    return found.group(1).replace('"', "").split(".")[-1] if found else None


@event.listens_for(Engine, "before_cursor_execute")
def _note(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not _watching or _HOUSEKEEPING.match(statement):
        return
    table = written_table(statement)
    for seen in _watching:
        seen.sent.append(statement)
        if table:
            seen.written.add(table)
    if table:
        _unsaved.setdefault(id(connection), set()).add(table)


@event.listens_for(Engine, "commit")
def _commit(connection: Connection) -> None:
    tables = _unsaved.pop(id(connection), set())
    for seen in _watching:
        seen.committed |= tables


@event.listens_for(Engine, "rollback")
def _rollback(connection: Connection) -> None:
    _unsaved.pop(id(connection), None)
