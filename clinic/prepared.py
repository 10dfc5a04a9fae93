"""Statements that are put together once and sent all day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable

from clinic.db import session


class _InSql(dict[Any, Any]):
    """What one statement is in SQL: found without reading through all of the statement, as SQLAlchemy's own cache does
    each time to find it among others."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0], *key[2:]), default)  # without what the statement says

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0], *key[2:]), compiled)


@lru_cache(maxsize=64)
def _options_of(_statement: Executable) -> dict[str, Any]:
    return {"compiled_cache": _InSql()}


def send(
    statement: Executable, asked: Mapping[str, Any] | None = None, connection: Connection | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """What the database answers to a statement that was put together once and is sent all day: rows of columns.

    It is sent in the transaction of the request, unless a connection is named.
    """
    connection = session.connection() if connection is None else connection
    return connection.execute(statement, asked, execution_options=_options_of(statement))
