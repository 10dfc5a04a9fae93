"""What a start waits for, and what the work in the background does after it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from clinic import db, migrating, sizes
from clinic.jobs.worker import Worker
from clinic.operations import hardening, keys, starting
from config.settings import Settings
from tests.operations.test_encrypted_file import begin, home, leave, typed  # noqa: F401 - fixtures


@pytest.fixture
def settings(typed, tmp_path, home, monkeypatch):  # noqa: F811
    begin(typed, tmp_path)
    monkeypatch.setattr(hardening, "keep_to_itself", lambda: None)
    yield Settings(home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")
    leave()


@pytest.fixture
def looks(monkeypatch):
    """Counts how often the database looks at its sizes."""
    counted, learn = [], sizes.learn
    monkeypatch.setattr(sizes, "learn", lambda connection: (counted.append(True), learn(connection)))
    return counted


def ready(settings):
    starting._ready_to_serve(settings, keys.key_of(settings))


def test_only_a_start_that_finds_no_sizes_waits_for_the_database_to_look_at_them(settings, looks):
    ready(settings)
    assert len(looks) == 1
    ready(settings)
    assert len(looks) == 1
    with db.database().main.begin() as connection:
        assert sizes.are_known(connection)
        connection.execute(text("DELETE FROM sqlite_stat1"))
    ready(settings)
    assert len(looks) == 2


def test_a_start_with_new_tables_waits_for_them(settings, looks, monkeypatch):
    ready(settings)
    monkeypatch.setattr(migrating, "upgrade", lambda database: True)
    ready(settings)
    assert len(looks) == 2


def test_the_work_in_the_background_looks_at_each_start(settings, looks):
    ready(settings)
    Worker(settings).turn()
    assert len(looks) == 2
