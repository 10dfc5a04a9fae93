"""Connections to a PostgreSQL server, which keep from one page to the next how each statement is done.

To work out how a statement is done takes the server several times as long as to do it: the line of steps joins a table
for each kind. So a connection prepares what it is asked again, and the server keeps how it is done where that does not
hang on the values.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy import Engine, create_engine, event

_AT_REST, _MORE = 8, 8
_PREPARED_AFTER: Final = 1
"""A statement that was sent so often is one of those that are sent again."""


class Connection(psycopg.Connection[Any]):
    """A connection that still knows its prepared statements when a transaction was rolled back.

    Each page that only reads ends so. Psycopg forgets all of them there, for the sake of tables that the transaction
    made and that are gone. Here migrations alone make tables. After a failure everything is forgotten as usual.
    """

    def rollback(self) -> None:
        """Ends the transaction; nothing of it stays."""
        with self.lock:
            goes_on = self.pgconn.transaction_status == TransactionStatus.INTRANS
            if goes_on and self.pgconn.exec_(b"ROLLBACK").status == ExecStatus.COMMAND_OK:
                return
        super().rollback()


def make_engine(url: str) -> Engine:
    """The engine of one database. The connection used last is used first: it is the one that knows most."""
    pool: dict[str, Any] = {"pool_size": _AT_REST, "max_overflow": _MORE, "pool_use_lifo": True, "pool_pre_ping": True}
    engine = create_engine(url, **pool, hide_parameters=True, connect_args={"prepare_threshold": _PREPARED_AFTER})
    event.listen(engine, "do_connect", _connected)
    return engine


def _connected(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> Connection:
    return Connection.connect(*arguments, **named)
