"""The embedded database encrypted as a whole: what it hides, how it is opened, and how a plain one becomes one."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from clinic import db, embedded
from clinic.cli import main
from clinic.crypto import current
from clinic.crypto.keyring import MasterKey, WrongKey
from clinic.crypto.slots import KeySlots
from clinic.operations import starting
from clinic.staff.models import StaffMember
from config.settings import Settings

FILES = ("clinic.db", "clinic.readings.db")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def typed(home, tmp_path, monkeypatch):
    """Types a command in this process, and leaves no clinic open after it."""

    def run_here(*words: str, **environment: str) -> Result:
        own = {"CLINIC_HOME": str(home), "CLINIC_KEY": str(tmp_path / "key"), **environment}
        try:
            return CliRunner().invoke(main, list(words), env=own)
        finally:
            leave()

    yield run_here
    leave()


def leave() -> None:
    db.session.remove()
    with contextlib.suppress(RuntimeError):
        db.database().dispose()
    current.forget()
    db.current_clinic.set(None)


def begin(typed, tmp_path, *words: str, **environment: str) -> Result:
    answer = typed(
        "init", "--name", "C", "--admin", "maryam", "--key-out", str(tmp_path / "key"), *words, **environment
    )
    assert answer.exit_code == 0, answer.output
    return answer


def begins_as_sqlite(home: Path) -> list[bool]:
    return [(home / name).read_bytes().startswith(b"SQLite format 3") for name in FILES]


def test_a_clinic_that_is_begun_has_encrypted_files(typed, tmp_path, home):
    begin(typed, tmp_path)

    assert begins_as_sqlite(home) == [False, False]
    assert all(b"maryam" not in file.read_bytes() for file in home.iterdir())
    with pytest.raises(sqlite3.DatabaseError), contextlib.closing(sqlite3.connect(home / "clinic.db")) as opened:
        opened.execute("SELECT * FROM clinic")
    assert "maryam" in typed("user", "list").output


@pytest.mark.parametrize(("words", "setting"), [(["--plain-file"], {}), ([], {"CLINIC_ENCRYPTED_FILE": "no"})])
def test_one_setting_turns_it_off(typed, tmp_path, home, words, setting):
    begin(typed, tmp_path, *words, **setting)

    assert begins_as_sqlite(home) == [True, True]
    assert not (home / "clinic.keys.json").exists()
    assert "maryam" in typed("user", "list").output


def test_the_files_do_not_open_with_another_key(typed, tmp_path, home):
    begin(typed, tmp_path)
    MasterKey.generate().write(tmp_path / "other")

    answer = typed("user", "list", CLINIC_KEY=str(tmp_path / "other"))

    assert answer.exit_code == 2
    assert "not the key of this clinic" in answer.output


def test_without_its_slots_the_clinic_says_what_is_missing(typed, tmp_path, home):
    begin(typed, tmp_path)
    (home / "clinic.keys.json").unlink()

    answer = typed("user", "list")

    assert answer.exit_code == 2
    assert "clinic.keys.json" in answer.output


def test_a_damaged_page_is_noticed(typed, tmp_path, home):
    begin(typed, tmp_path)
    whole = bytearray((home / "clinic.db").read_bytes())
    whole[100] ^= 1
    (home / "clinic.db").write_bytes(whole)

    answer = typed("user", "list")
    assert answer.exit_code == 2
    assert "damaged" in answer.output


@pytest.fixture
def plain(typed, tmp_path, home):
    begin(typed, tmp_path, "--plain-file")
    return home


def test_plain_files_become_encrypted_ones_and_plain_again(typed, plain):
    there = typed("db", "encrypt")
    assert (there.exit_code, begins_as_sqlite(plain)) == (0, [False, False]), there.output
    assert "maryam" in typed("user", "list").output
    assert not list(plain.glob("*.converting"))

    back = typed("db", "decrypt")
    assert (back.exit_code, begins_as_sqlite(plain)) == (0, [True, True]), back.output
    assert "maryam" in typed("user", "list").output
    assert not (plain / "clinic.keys.json").exists()


def test_encrypting_that_was_stopped_in_the_middle_opens_and_goes_on(typed, plain, tmp_path):
    untouched = (plain / "clinic.readings.db").read_bytes()
    assert typed("db", "encrypt").exit_code == 0
    (plain / "clinic.readings.db").write_bytes(untouched)

    assert "maryam" in typed("user", "list").output
    assert typed("db", "encrypt").exit_code == 0
    assert begins_as_sqlite(plain) == [False, False]
    assert typed("db", "encrypt").exit_code == 0


READER = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM clinic'); print(1); input()"


def test_files_in_use_are_left_as_they_are(typed, plain):
    with subprocess.Popen(
        [sys.executable, "-uc", READER, plain / "clinic.db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        server.stdout.readline()
        answer = typed("db", "encrypt")
        server.communicate(b"\n")

    assert answer.exit_code == 1
    assert "Stop the server" in answer.output
    assert begins_as_sqlite(plain) == [True, True]


def test_a_copy_that_is_not_the_same_takes_nobodys_place(typed, plain, monkeypatch):
    contents = iter([{"rows": "one"}, {"rows": "another"}])
    monkeypatch.setattr(embedded, "_contents", lambda _connection: next(contents))

    answer = typed("db", "encrypt")

    assert answer.exit_code == 1
    assert begins_as_sqlite(plain) == [True, True]


def test_the_tables_of_encrypted_files_are_brought_up_to_date(typed, tmp_path, home):
    begin(typed, tmp_path)
    assert typed("db", "upgrade").exit_code == 0


def test_the_files_key_is_wrapped_for_one_master_key():
    mine, other = MasterKey.generate(), MasterKey.generate()
    slots = KeySlots().with_slot(mine, file_key=bytes(32))
    assert slots.file_key(mine) == bytes(32)
    with pytest.raises(WrongKey):
        slots.file_key(other)


def test_records_written_to_encrypted_files_are_there_after_the_process(typed, tmp_path, home):
    begin(typed, tmp_path)
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")
    clinic = starting.open_clinic(settings)
    with db.acting(clinic.id):
        db.session.query(StaffMember).one().name = "مريم"
        db.session.commit()
    leave()

    assert "مريم" in typed("user", "list").output
    assert all("مريم".encode() not in file.read_bytes() for file in home.iterdir())
