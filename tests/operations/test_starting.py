"""What a start waits for, and what the work in the background does after it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from clinic import db, migrating, sizes
from clinic.jobs.worker import Worker
from clinic.operations import hardening, keys, starting
from config.settings import Settings
from tests import databases
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


def test_whoever_makes_tables_new_lets_the_database_look_at_their_sizes(settings, looks):
    """An index of which nothing is known is taken for the best."""
    ready(settings)
    looks.clear()
    migrating.downgrade(db.database(), "-1")
    assert migrating.upgrade(db.database())
    assert len(looks) == 1
    assert not migrating.upgrade(db.database())
    assert len(looks) == 1


def test_tables_that_are_made_hold_nothing_to_look_at(empty_url, looks):
    made = databases.connect(empty_url)
    assert migrating.upgrade(made)
    made.dispose()
    assert looks == []


def test_the_work_in_the_background_looks_at_each_start(settings, looks):
    ready(settings)
    Worker(settings).turn()
    assert len(looks) == 2


def test_a_start_that_finds_old_tables_makes_them_new_without_reading_what_does_it(settings):
    """In a process of its own, in which nothing is read yet: what a server has read it keeps."""
    ready(settings)
    migrating.downgrade(db.database(), "-1")
    leave()
    begins = (
        "import sys; from clinic import db, migrating; from clinic.operations import keys, starting;"
        "from config.settings import Settings; settings = Settings.from_environment();"
        "starting._ready_to_serve(settings, keys.key_of(settings));"
        "print(migrating.revision_of(db.database()), 'alembic' in sys.modules)"
    )
    place = {"CLINIC_HOME": str(settings.home), "CLINIC_KEY": str(settings.key_path)}
    ran = subprocess.run(
        [sys.executable, "-c", begins], capture_output=True, text=True, check=True, env={**os.environ, **place}
    )
    assert ran.stdout.split() == [migrating.newest_revision(), "False"]


def test_a_start_that_cannot_make_tables_new_tells_why(settings, monkeypatch):
    ready(settings)
    migrating.downgrade(db.database(), "-1")

    def breaks(_of, _revision="head"):
        raise OSError("the disk is full")

    monkeypatch.setattr(migrating, "upgrade", breaks)
    with pytest.raises(OSError, match="the disk is full"):
        ready(settings)
