"""How much the tables hold, as the database knows it: by that it chooses how to find things."""

from __future__ import annotations

from sqlalchemy import Connection

from clinic import embedded


def are_known(connection: Connection) -> bool:
    """Whether the database has ever looked. PostgreSQL looks by itself."""
    if not embedded.holds(connection):
        return True
    has_looked = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'").scalar()
    return bool(has_looked and connection.exec_driver_sql("SELECT EXISTS (SELECT * FROM sqlite_stat1)").scalar())


def learn(connection: Connection) -> None:
    """Lets the database look at its tables. On the encrypted file it takes a third of a second."""
    if embedded.holds(connection):
        connection.exec_driver_sql("PRAGMA analysis_limit=400")
    connection.exec_driver_sql("ANALYZE")
