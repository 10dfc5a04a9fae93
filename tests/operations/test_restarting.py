"""A server that was given a passphrase begins anew after the clinic's key was changed: that is said, and enforced."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clinic import db
from clinic.crypto import current
from clinic.crypto.keyring import KeyRing, MasterKey
from clinic.operations import keys, restarting, rotating, seal
from clinic.staff import clinics
from clinic.staff.models import DataKey
from tests.operations.test_encrypted_file import begin, home, leave, typed  # noqa: F401 - fixtures
from tests.operations.test_master_key import WORDS, begun  # noqa: F401 - fixtures


@pytest.fixture
def server(home):  # noqa: F811
    """A process that is taken for the server of this home; gives the function that ends it."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "clinic", "run"])
    home.mkdir(exist_ok=True)
    (home / "server.pid").write_text(str(process.pid))
    while b"clinic" not in Path(f"/proc/{process.pid}/cmdline").read_bytes():
        time.sleep(0.01)  # it is not another program yet

    def end():
        process.kill()
        process.wait()

    yield end
    end()


def test_data_keys_are_changed_only_after_the_server_was_started_again(typed, begun, server, monkeypatch):  # noqa: F811
    said = rotating.rotate_master(begun, rotating.Place(passphrase=WORDS))
    assert "Set CLINIC_KEY=ask and start the server again" in said
    assert "rotate-data` is refused" in said
    leave()
    monkeypatch.setattr(keys, "ask", lambda _question: WORDS)
    refused = typed("keys", "rotate-data", CLINIC_KEY="ask")
    assert refused.exit_code == 1
    assert "Start the server again" in refused.output
    server()
    assert typed("keys", "rotate-data", CLINIC_KEY="ask").exit_code == 0


def test_a_server_that_reads_its_key_from_the_same_file_need_not_stop(typed, begun, server):  # noqa: F811
    assert "need not stop" in rotating.rotate_master(begun, rotating.Place())
    leave()
    assert typed("keys", "rotate-data").exit_code == 0


def test_no_server_is_asked_for_where_none_runs(begun, tmp_path):  # noqa: F811
    said = rotating.rotate_master(begun, rotating.Place(path=tmp_path / "elsewhere"))
    assert "refused" not in said
    assert not restarting.is_wanted(begun)


def test_another_process_of_the_same_number_is_not_taken_for_the_server(begun, server):  # noqa: F811
    assert restarting.ask_for(begun)
    assert restarting.is_wanted(begun)
    (begun.home / "server.pid").write_text(str(os.getpid()))
    assert seal.server_of(begun) is None
    assert not restarting.is_wanted(begun)


@pytest.mark.databases
def test_a_server_that_met_keys_it_cannot_open_says_so_on_the_desk(make, browse, monkeypatch):
    monkeypatch.setattr(current, "_behind", False)
    adam = make.administrator("Adam")
    browser = browse(adam, language="en")
    assert "Start the server again" not in browser.get("/desk").text
    clinic = clinics.the_clinic()
    other = MasterKey.generate()
    opened = KeyRing.open(current.ring()._opened_by(), clinics.wrapped_keys(clinic.id))
    for row in opened.rewrapped(other):
        db.session.get_one(DataKey, row.id).wrapped = row.wrapped
    opened = KeyRing.open(other, clinics.wrapped_keys(clinic.id))
    db.session.add(clinics._as_kept(opened.add("identity"), clinic.id))
    clinic.keys_changed += 1
    db.session.commit()
    assert "Start the server again" in browser.get("/desk").text
    current.install(current.ring())
    assert current.is_behind()
