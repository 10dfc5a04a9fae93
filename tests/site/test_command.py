"""The `clinic` command as somebody types it: its own process, its exit status, what goes to which stream."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from clinic.cli import main

pytestmark = pytest.mark.slow  # each test starts the program some times

PROGRAM = Path(sys.executable).with_name("clinic")
COMMANDS = ("init", "run", "jobs", "import", "export", "report", "user", "db", "demo", "audit", "keys")
DONE, REFUSED, WRONG_USE = 0, 1, 2


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    status: int
    out: str
    err: str


def run(home: Path, *words: str, **environment: str) -> Answer:
    """Types a command with nothing in the environment but a home and what is said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLINIC_") and name != "PORT"}
    own = {"CLINIC_HOME": str(home), **environment}
    done = subprocess.run(
        [PROGRAM, *words], capture_output=True, text=True, env=kept | own, timeout=120, stdin=subprocess.DEVNULL
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def begin(home: Path, key: Path) -> Answer:
    """Begins a clinic."""
    return run(home, "init", "--name", "Clinic of the test", "--admin", "maryam", "--key-out", str(key))


@pytest.fixture
def typed(tmp_path):
    """Types a command with a home of the test's own."""
    return partial(run, tmp_path / "home")


@pytest.fixture
def asked(tmp_path):
    """Types a command that opens no clinic, in this process, which is quicker."""

    def run_here(*words: str, **environment: str) -> Answer:
        own = {name: None for name in os.environ if name.startswith("CLINIC_") or name == "PORT"}
        done = CliRunner().invoke(main, list(words), env={**own, "CLINIC_HOME": str(tmp_path / "home"), **environment})
        return Answer(done.exit_code, done.stdout, done.stderr)

    return run_here


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A clinic that was just begun: its folder, and what the command answered."""
    folder = tmp_path_factory.mktemp("first")
    return folder, begin(folder / "home", folder / "key")


@pytest.fixture
def key(first, tmp_path):
    """The key of a copy of that clinic, which lies in the test's own home."""
    folder, _ = first
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return tmp_path / "key"


def test_help_names_every_command(asked):
    answer = asked("--help")
    assert answer.status == DONE
    assert [name for name in COMMANDS if f"  {name} " not in answer.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(asked, command):
    answer = asked(command, "--help")
    assert answer.status == DONE
    assert len(answer.out.splitlines()) > 4


def test_beginning_a_clinic_prints_the_link_alone_and_writes_a_private_key(first):
    folder, answer = first
    key = folder / "key"
    assert answer.status == DONE, answer.err
    assert "/welcome/" in answer.out
    assert len(answer.out.splitlines()) == 1
    assert str(key) in answer.err
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_clinic_is_begun_once(key, typed, tmp_path):
    kept = key.read_bytes()
    again = typed("init", "--name", "Another", "--admin", "maryam", "--key-out", str(tmp_path / "second"))
    assert (again.status, again.out) == (REFUSED, "")
    assert again.err.strip()
    assert not (tmp_path / "second").exists()
    assert key.read_bytes() == kept


def test_a_key_is_never_written_over(typed, tmp_path):
    (tmp_path / "key").write_text("something else")
    answer = typed("init", "--name", "Clinic", "--admin", "maryam", "--key-out", str(tmp_path / "key"))
    assert answer.status == REFUSED
    assert (tmp_path / "key").read_text() == "something else"


def test_the_key_may_not_lie_with_the_records(typed, tmp_path):
    answer = typed("init", "--name", "Clinic", "--admin", "maryam", "--key-out", str(tmp_path / "home" / "key"))
    assert answer.status in (REFUSED, WRONG_USE)
    assert answer.out == ""
    assert not (tmp_path / "home" / "key").exists()


def test_a_key_named_inside_the_records_is_refused(asked, tmp_path):
    answer = asked("user", "list", CLINIC_KEY=str(tmp_path / "home" / "key"))
    assert answer.status == WRONG_USE
    assert "CLINIC_KEY" in answer.err


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("CLINIC_DATABASE_URL", "mysql://somewhere/db"),
        ("CLINIC_IDLE_MINUTES", "0"),
        ("CLINIC_SECURE_COOKIES", "perhaps"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(asked, setting, value):
    answer = asked("run", **{setting: value})
    assert (answer.status, answer.out) == (WRONG_USE, "")
    assert setting in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_a_taken_port_is_told_before_anything_is_made_or_an_address_said(asked, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        answer = asked("run", PORT=str(port))
    assert (answer.status, answer.out) == (WRONG_USE, "")
    assert f"Port {port} is taken" in answer.err
    assert "PORT=8000" in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert not (tmp_path / "home").exists()


def test_an_address_that_is_not_this_machines_is_told(asked):
    answer = asked("run", CLINIC_HOST="192.0.2.1")  # of the addresses that are for examples
    assert (answer.status, answer.out) == (WRONG_USE, "")
    assert "CLINIC_HOST" in answer.err


def test_a_clinic_does_not_open_without_its_key(key, typed):
    answer = typed("user", "list")
    assert (answer.status, answer.out) == (WRONG_USE, "")
    assert "CLINIC_KEY" in answer.err


def test_a_clinic_does_not_open_with_another_key(key, typed, tmp_path):
    assert begin(tmp_path / "other home", tmp_path / "other").status == DONE
    answer = typed("user", "list", CLINIC_KEY=str(tmp_path / "other"))
    assert (answer.status, answer.out) == (WRONG_USE, "")
    assert "Traceback" not in answer.err


def test_what_is_no_clinic_says_so(typed, tmp_path):
    answer = typed("user", "list", CLINIC_KEY=str(tmp_path / "key"))
    assert answer.status == WRONG_USE
    assert "clinic init" in answer.err


def test_a_demonstration_leaves_a_real_clinic_alone(key, typed):
    answer = typed("demo", CLINIC_KEY=str(key))
    assert answer.status in (REFUSED, WRONG_USE)
    assert answer.out == ""


def test_wrong_use_is_told_apart(asked):
    assert asked("no-such-command").status == WRONG_USE
    assert asked("init").status == WRONG_USE


def test_bringing_the_tables_up_to_date_twice_changes_nothing(key, typed):
    first, second = (typed("db", "upgrade", CLINIC_KEY=str(key)) for _turn in range(2))
    assert (first.status, first.out, second.status, second.out) == (DONE, "", DONE, "")
