"""Bringing the tables of a database to a revision."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect

from clinic import db, sizes
from clinic.processes import apart

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def configuration() -> Config:
    """Alembic's configuration, made here: there is no alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(of: db.Database, revision: str = "head") -> bool:
    """Up to a revision; whether there was anything to do.

    What stands at the newest already does not wait for Alembic to be read, a fifth of a start. Where tables with rows
    may have a new index, the database looks at their sizes: it takes one that it knows nothing of for the best.
    """
    stood_at = revision_of(of)
    if revision == "head" and stood_at == newest_revision():
        return False
    from alembic import command

    _run(of, command.upgrade, revision)
    if stood_at is not None:
        with db.make_room(of.main) as connection:
            sizes.learn(connection)
    return True


def upgrade_apart(of: db.Database) -> bool:
    """Up to the newest revision, by a process of its own; whether there was anything to do.

    A server that has read Alembic holds it as long as it runs. `of` is the database that this process works on.
    """
    if revision_of(of) == newest_revision():
        return False
    apart(partial(upgrade, of), let_go=db.let_go)
    return True


def downgrade(of: db.Database, revision: str) -> None:
    """Down to a revision."""
    from alembic import command

    _run(of, command.downgrade, revision)


def revision_of(database: db.Database) -> str | None:
    """The revision at which the tables of a database stand; None where there are none."""
    with database.main.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if found is None else str(found)


def _run(of: db.Database, deed: object, revision: str) -> None:
    config = configuration()
    with db.for_migrating(of) as connection:
        config.attributes["connection"] = connection
        deed(config, revision)  # type: ignore[operator]


def newest_revision() -> str:
    """The revision at which the line of migrations ends: the one written down."""
    return (MIGRATIONS / "HEAD").read_text(encoding="utf-8").strip()
