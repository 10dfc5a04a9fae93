"""Two processes that read the database as it stood at one and the same moment.

PostgreSQL hands its snapshot on. SQLite does not: there both begin to read, and a connection that reads nothing itself
tells whether anybody committed from before the first began until after the second had. If so, both begin anew.
"""

from __future__ import annotations

import re
from multiprocessing.connection import Connection as Line
from typing import Final

from sqlalchemy import func, select

from clinic import embedded
from clinic.db import database, session

TRIES: Final = 3
_BEGIN, _READS, _GO = b"begin ", b"reads", b"go"
_SNAPSHOT: Final = re.compile(r"[0-9A-F-]+")


def hand_on(line: Line) -> bool:
    """Begins to read what the process at the other end reads too. Whether that is one state, after three tries.

    Whoever does not read one state with us is told nothing more. Raises EOFError or OSError where it is gone.
    """
    found = _begun_together(line) if database().is_sqlite else _snapshot_shared(line)
    if found:
        line.send_bytes(_GO)
    return found


def take_over(line: Line) -> None:
    """Begins to read what the process at the other end reads. Raises EOFError where that was not to be."""
    while (said := line.recv_bytes()) != _GO:
        session.rollback()
        if database().is_sqlite:
            embedded.begin_reading(session.connection())
        else:
            _read_as_of(said.removeprefix(_BEGIN).decode())
        line.send_bytes(_READS)


def _begun_together(line: Line) -> bool:
    with embedded.watched(database().main) as commits:
        for _try in range(TRIES):
            session.rollback()
            before = commits()
            embedded.begin_reading(session.connection())
            _have_begin(line)
            if commits() == before:
                return True
    return False


def _snapshot_shared(line: Line) -> bool:
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    _have_begin(line, str(session.scalar(select(func.pg_export_snapshot()))))
    return True


def _read_as_of(snapshot: str) -> None:
    if not _SNAPSHOT.fullmatch(snapshot):
        raise ValueError("this is the name of no snapshot")
    connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")


def _have_begin(line: Line, snapshot: str = "") -> None:
    """Has the process at the other end begin to read, and waits until it does."""
    line.send_bytes(_BEGIN + snapshot.encode())
    line.recv_bytes()
