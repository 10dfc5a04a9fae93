"""Bringing the tables of a database to a revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from clinic import db

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def configuration() -> Config:
    """Alembic's configuration, made here: there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(of: db.Database, revision: str = "head") -> None:
    """Up to a revision."""
    _run(of, command.upgrade, revision)


def downgrade(of: db.Database, revision: str) -> None:
    """Down to a revision."""
    _run(of, command.downgrade, revision)


def _run(of: db.Database, deed: object, revision: str) -> None:
    config = configuration()
    with db.for_migrating(of) as connection:
        config.attributes["connection"] = connection
        deed(config, revision)  # type: ignore[operator]


def newest_revision() -> str:
    """The revision at which the line of migrations ends."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""
