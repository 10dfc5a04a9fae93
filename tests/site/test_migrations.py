"""The migrations: one line of history, which ends where the models are, and every step of it can be taken back."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from clinic import db, migrating, models
from clinic.dev import migrations
from tests.databases import file_key_of

REVISIONS = [script.revision for script in ScriptDirectory.from_config(migrating.configuration()).walk_revisions()][
    ::-1
]


@pytest.fixture
def empty(empty_url):
    """A database without a table."""
    database = db.Database(empty_url, file_key_of(empty_url))
    yield database
    database.dispose()


@pytest.fixture
def newest(engine_url):
    """A database at the newest schema."""
    database = db.Database(engine_url, file_key_of(engine_url))
    yield database
    database.dispose()


def _tables(database: db.Database) -> set[str]:
    with db.for_migrating(database) as connection:
        seen = sa.inspect(connection)
        names = set(seen.get_table_names()) | set(seen.get_table_names(schema=db.READINGS))
    return names - {"alembic_version"}


def test_there_is_one_head_and_it_is_the_one_written_down():
    assert migrations.faults() == []


@pytest.mark.databases
def test_the_models_are_what_the_migrations_make(newest):
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _parents: kind != "schema" or name in (None, db.READINGS),
        "compare_type": True,
        "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    }
    with db.for_migrating(newest) as connection:
        context = MigrationContext.configure(connection, opts={**options, "target_metadata": models.metadata})
        assert compare_metadata(context, models.metadata) == []


@pytest.mark.databases
@pytest.mark.parametrize("revision", REVISIONS)
def test_each_step_can_be_taken_taken_back_and_taken_again(empty, revision):
    before = REVISIONS[: REVISIONS.index(revision)]
    down_to = before[-1] if before else "base"
    if before:
        migrating.upgrade(empty, down_to)
    tables = _tables(empty)
    migrating.upgrade(empty, revision)
    after = _tables(empty)
    migrating.downgrade(empty, down_to)
    assert _tables(empty) == tables
    migrating.upgrade(empty, revision)
    assert _tables(empty) == after


@pytest.mark.databases
def test_upgrading_what_is_up_to_date_changes_nothing(newest):
    tables = _tables(newest)
    migrating.upgrade(newest)
    assert _tables(newest) == tables


def test_the_next_migration_is_numbered_and_written_down(monkeypatch, tmp_path):
    versions = tmp_path / "migrations"
    shutil.copytree(migrating.MIGRATIONS, versions, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrating, "MIGRATIONS", versions)
    path = migrations.new("hearing outcome")
    number = f"{int(REVISIONS[-1]) + 1:04}"
    assert path.name == f"{number}_hearing_outcome.py"
    assert (versions / "HEAD").read_text().strip() == number
    assert migrations.faults() == []
