"""The seal: two persons, or a coordinator alone; afterwards the server answers nobody and its memory names nobody."""

from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.operations import seal
from clinic.operations.models import SealRequest
from clinic.staff.models import StaffSession
from tests.journeys.conftest import serving
from tests.site.test_command import begin, run
from tests.waiting import status_of, wait_for

ROOT = Path(__file__).parents[2]
REGISTER = ROOT / "tests" / "data" / "register.xlsx"


@pytest.fixture(autouse=True)
def shut(monkeypatch):
    """Counts how often the process of the test would have been shut."""
    calls = []
    monkeypatch.setattr(seal, "shut", lambda settings, after: calls.append(settings))
    return calls


def sessions() -> list[StaffSession]:
    return list(db.session.scalars(select(StaffSession).where(StaffSession.ended_at.is_(None))))


@pytest.mark.databases
def test_one_person_asks_and_another_seals(make, browse, shut):
    huda, salma = browse(make.lawyer("Huda"), language="en"), browse(make.counsellor("Salma"), language="en")
    page = huda.send(
        "/operations/seal", {"csrf_token": huda.get("/operations/seal").browser.token}, status=303
    ).follow()
    assert "Ask a colleague" in page.text
    token = salma.get("/operations/seal").browser.token
    done = salma.send("/operations/seal/confirm", {"csrf_token": token}, status=303)
    assert "The clinic is sealed" in done.follow().text
    done.response.close()
    assert len(shut) == 1
    assert sessions() == []


@pytest.mark.databases
def test_nobody_confirms_their_own_asking(make, browse, shut):
    huda = browse(make.lawyer("Huda"), language="en")
    huda.send("/operations/seal", {"csrf_token": huda.get("/operations/seal").browser.token}, status=303)
    page = huda.send("/operations/seal/confirm", {"csrf_token": huda.token}, status=303).follow()
    assert "Another person has to confirm" in page.text
    assert shut == []


@pytest.mark.databases
def test_who_confirms_too_late_is_told_so(make, browse, shut):
    huda, salma = make.lawyer("Huda"), browse(make.counsellor("Salma"), language="en")
    db.session.add(SealRequest(asked_by=huda.id, asked_at=clock.now() - timedelta(minutes=11)))
    db.session.commit()
    token = salma.get("/operations/seal").browser.token
    page = salma.send("/operations/seal/confirm", {"csrf_token": token}, status=303).follow()
    assert "Nobody asked in the last ten minutes" in page.text
    assert shut == []


@pytest.mark.databases
def test_a_coordinator_seals_alone_and_says_why(make, browse, shut):
    nadia = browse(make.coordinator("Nadia"), language="en")
    token = nadia.get("/operations/seal").browser.token
    nadia.send("/operations/seal/alone", {"csrf_token": token, "reason": ""}, status=422)
    answer = nadia.send("/operations/seal/alone", {"csrf_token": token, "reason": "They are at the door."}, status=303)
    answer.response.close()
    assert len(shut) == 1
    assert db.session.scalars(select(SealRequest)).one().reason == "They are at the door."


# --- the real server


def words_of(home: Path, key: Path) -> list[str]:
    """Names of children of the clinic."""
    out = home.parent / "out"
    answer = run(home, "export", "--out", str(out), "--format", "csv", "--all-lanes", CLINIC_KEY=str(key))
    assert answer.status == 0, answer.err
    with (out / "children.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row[name] for row in csv.DictReader(file) for name in ("given_name", "family_name")}
    return sorted(name for name in names if len(name) > 4)


def processes_of(home: Path) -> list[int]:
    """The server of a home and what it began."""
    first = int((home / "server.pid").read_text())
    found = [first]
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                parent = int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1])
                if parent == first:
                    found.append(int(entry.name))
    return found


def remembered(home: Path, words: list[bytes]) -> Iterator[bytes]:
    """Which of these lie in the memory of the server, as they are come upon."""
    for process in processes_of(home):
        with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
            for line in Path(f"/proc/{process}/maps").read_text().splitlines():
                begin_at, end_at = (int(part, 16) for part in line.split()[0].split("-"))
                if line.split()[1].startswith("rw"):
                    with contextlib.suppress(OSError, ValueError, OverflowError):
                        memory.seek(begin_at)
                        held = memory.read(end_at - begin_at)
                        yield from (word for word in words if word in held)


@pytest.mark.slow
def test_a_sealed_server_answers_nobody_and_its_memory_names_nobody(tmp_path, monkeypatch):
    home, key = tmp_path / "home", tmp_path / "key"
    assert begin(home, key).status == 0
    typed = partial(run, home, CLINIC_KEY=str(key))
    assert typed("import", str(REGISTER)).status == 0
    names = words_of(home, key)
    secret = [key.read_text().strip().encode()]
    wanted = [form for name in names for form in (name.encode(), name.encode("utf-16-le"))] + secret
    with serving(home, CLINIC_KEY=str(key), CLINIC_SECURE_COOKIES="no") as address:
        assert status_of(f"{address}/sign-in") == 200
        assert any(remembered(home, wanted))
        assert typed("seal").status == 0
        wait_for(lambda: status_of(f"{address}/sign-in") == 503)
        assert status_of(f"{address}/cases") == 503
        assert sorted(set(remembered(home, wanted))) == []
        assert "sealed" in typed("report", "--from", "2026-01-01", "--to", "2026-03-31", "--format", "json").err
        assert json.loads((home / "sealed.json").read_text()).keys() == {"sealed_at"}
        assert typed("unseal").status == 0
    with serving(home, CLINIC_KEY=str(key), CLINIC_SECURE_COOKIES="no") as address:
        assert status_of(f"{address}/sign-in") == 200


@pytest.mark.slow
def test_unsealing_needs_the_key(tmp_path):
    home, key = tmp_path / "home", tmp_path / "key"
    assert begin(home, key).status == 0
    typed = partial(run, home)
    assert typed("seal").status == 0
    assert typed("unseal").status == 1
    assert (home / "sealed.json").exists()
    assert typed("unseal", CLINIC_KEY=str(key)).status == 0
    assert not (home / "sealed.json").exists()
