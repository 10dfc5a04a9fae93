"""When a start walks all cases."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic.cases import bulk
from clinic.operations import deriving, starting
from config.settings import Settings
from tests.operations.test_encrypted_file import begin, home, leave, typed  # noqa: F401 - fixtures


@pytest.fixture
def walked(typed, tmp_path, home, monkeypatch):  # noqa: F811
    """Starts a clinic, and says each time whether all cases were walked."""
    begin(typed, tmp_path)
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")

    def start(lists_changed: int = 0) -> bool:
        walks = []
        monkeypatch.setattr(bulk, "rederive_all", lambda: walks.append(True))
        clinic = starting.open_clinic(settings)
        clinic.lists_changed += lists_changed
        deriving.bring_up_to_date(clinic)
        leave()
        return bool(walks)

    return start


def test_the_first_start_walks_all_cases_and_the_next_none(walked):
    assert walked()
    assert not walked()


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
