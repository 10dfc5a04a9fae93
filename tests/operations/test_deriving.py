"""When a start walks all cases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clinic import processes
from clinic.cases import bulk
from clinic.operations import deriving, starting
from config.settings import Settings
from tests.operations.test_encrypted_file import begin, home, leave, typed  # noqa: F401 - fixtures


@pytest.fixture
def started(typed, tmp_path, home):  # noqa: F811
    """The settings of a clinic that was made."""
    begin(typed, tmp_path)
    return Settings(home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")


@pytest.fixture
def walked(started, monkeypatch):
    """Starts a clinic, and says each time whether all cases were walked, by the process of the test."""
    monkeypatch.setattr(processes, "may_fork", lambda: False)

    def start(lists_changed: int = 0) -> bool:
        walks = []
        monkeypatch.setattr(bulk, "rederive_all", lambda: walks.append(True))
        clinic = starting.open_clinic(started)
        clinic.lists_changed += lists_changed
        deriving.bring_up_to_date(clinic)
        leave()
        return bool(walks)

    return start


def test_the_first_start_walks_all_cases_and_the_next_none(walked):
    assert walked()
    assert not walked()


@pytest.mark.parametrize("breaks_off", [False, True], ids=["whole", "broken off"])
def test_a_server_has_them_walked_by_another_process(started, monkeypatch, tmp_path, breaks_off):
    """Which leaves nothing of all cases in the server; if it breaks off, the server walks them itself."""
    server, walked_by = os.getpid(), tmp_path / "walked"

    def walk():
        with open(walked_by, "a") as file:
            file.write(f"{'server' if os.getpid() == server else 'other'} ")
        if breaks_off and os.getpid() != server:
            raise RuntimeError

    monkeypatch.setattr(bulk, "rederive_all", walk)
    for _start in range(2):
        clinic = starting.open_clinic(started)
        deriving.bring_up_to_date(clinic)
        assert not clinic.is_demonstration
        leave()
    assert walked_by.read_text().split() == (["other", "server"] if breaks_off else ["other"])


def test_a_start_after_an_update_or_a_change_of_the_lists_walks_them_again(walked, monkeypatch, tmp_path):
    walked()
    assert walked(lists_changed=1)
    program = tmp_path / "newer"
    program.mkdir()
    Path(program / "rules.py").write_text("SIX = 6\n")
    monkeypatch.setattr(deriving, "PROGRAM", program)
    assert walked()


def test_a_start_on_a_copy_brought_back_walks_its_cases_where_another_version_derived_them(
    walked,
    home,  # noqa: F811
    monkeypatch,
    tmp_path,
):
    program = tmp_path / "older"
    program.mkdir()
    with monkeypatch.context() as older:
        older.setattr(deriving, "PROGRAM", program)
        walked()
    (home / "copy.db").write_bytes((home / "clinic.db").read_bytes())
    assert walked()
    assert not walked()
    (home / "copy.db").replace(home / "clinic.db")
    assert walked()
