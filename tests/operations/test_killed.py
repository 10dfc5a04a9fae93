"""A server that is killed in the middle of saves, fifty times: nothing acknowledged is lost, nothing is half there.

The clinic is served as it is for people; three of them write as fast as they are answered, and send again what was not.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import uuid
from typing import Any

import pytest
from sqlalchemy import func, select, text

from bench.client import Line, form_of
from clinic import clock, db
from clinic.audit import verifying
from clinic.audit.models import AuditEntry
from clinic.cases.models import Note
from clinic.web import tokens
from tests.journeys.conftest import clinic, home, key_file, serving  # noqa: F401 - a clinic that is served
from tests.makers import PASSWORD
from tests.operations.test_faults import halves
from tests.waiting import children

KILLS = 50
SAYING = "what was heard at the station"


class Writer(threading.Thread):
    """Somebody who writes notes as fast as they are taken; sends the same form again until it is acknowledged."""

    def __init__(self, address: str, person: Any, case: Any, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        host, _colon, port = address.removeprefix("http://").partition(":")
        self.line = Line(host, int(port))
        self.line.sign_in({"username": person.username, "password": PASSWORD})
        self.path, self.person, self.case_id, self.stop = f"/cases/{case.id}/steps/add/note", person.id, case.id, stop
        self.fields = form_of(self.line.send(self.line.request(self.path)).text)
        self.acknowledged: list[uuid.UUID] = []
        self.refused: list[int] = []

    def form(self, step_id: uuid.UUID) -> dict[str, str]:
        token = tokens.make(
            "note", staff_id=self.person, subject_id=self.case_id, case_id=self.case_id, record_id=step_id, lane="legal"
        )
        return {**self.fields, "form_token": token, "noted_on": clock.today().isoformat(), "team_text": SAYING}

    def write(self, step_id: uuid.UUID) -> int:
        return self.line.send(self.line.request(self.path, self.form(step_id))).status

    def run(self) -> None:
        step_id = clock.new_id()
        while not self.stop.is_set():
            try:
                status = self.write(step_id)
            except (OSError, ValueError):
                self.line.close()
                time.sleep(0.02)
                continue
            if status == 303:
                self.acknowledged.append(step_id)
                step_id = clock.new_id()
            else:
                self.refused.append(status)
        self.line.close()


def end_at_once(*processes: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def wait_for_a_save(writers: list[Writer], most: float = 5.0) -> None:
    """Until one more note was acknowledged, so that the next ones are on their way."""
    until, before = time.monotonic() + most, sum(len(writer.acknowledged) for writer in writers)
    while sum(len(writer.acknowledged) for writer in writers) == before and time.monotonic() < until:
        time.sleep(0.005)


def missing(acknowledged: list[uuid.UUID]) -> list[uuid.UUID]:
    """What was acknowledged and is not there whole: a step, its details and its entry in the chain, each once."""
    db.session.rollback()
    whole = select(Note.id).join(AuditEntry, AuditEntry.subject_id == Note.id)
    once = set(db.session.scalars(whole.group_by(Note.id).having(func.count() == 1)))
    return [step_id for step_id in acknowledged if step_id not in once]


@pytest.mark.slow
def test_a_server_that_is_killed_fifty_times_loses_nothing_that_it_acknowledged(make, home, key_file):  # noqa: F811
    huda, salma = make.lawyer("Huda"), make.counsellor("Salma")
    cases = [make.case(team=[huda, salma]) for _each in range(3)]
    people, stop, killed = [huda, salma, huda], threading.Event(), 0
    db.session.rollback()
    server = serving(home, CLINIC_KEY=str(key_file), CLINIC_SECURE_COOKIES="no")
    with server as address:
        writers = [Writer(address, person, case, stop) for person, case in zip(people, cases, strict=True)]
        for writer in writers:
            writer.start()
        until = time.monotonic() + 300
        while killed < KILLS and time.monotonic() < until:
            workers = children(server.process.pid)
            if len(workers) < 2:
                time.sleep(0.02)
                continue
            wait_for_a_save(writers)
            end_at_once(*workers)
            killed += len(workers)
        time.sleep(1)
        stop.set()
        for writer in writers:
            writer.join(20)
        end_at_once(server.process.pid, *children(server.process.pid))
    acknowledged = [step_id for writer in writers for step_id in writer.acknowledged]
    assert killed >= KILLS
    assert len(acknowledged) > 20
    assert [status for writer in writers for status in writer.refused] == []
    assert missing(acknowledged) == []
    assert len(set(halves().values())) == 1, halves()
    assert list(verifying.faults()) == []
    assert db.session.scalars(text("PRAGMA integrity_check")).all() == ["ok"]
    assert db.session.scalars(text("PRAGMA foreign_key_check")).all() == []
    with serving(home, CLINIC_KEY=str(key_file), CLINIC_SECURE_COOKIES="no") as address:
        again = Writer(address, huda, cases[0], stop)
        assert again.write(writers[0].acknowledged[-1]) == 303
        again.line.close()
