"""The clinic copied to a service that speaks S3: one that runs here, over HTTP, with signed requests."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyrage import x25519
from sqlalchemy import select

from clinic import clock, db
from clinic.cases.models import CaseFile
from clinic.crypto import current
from clinic.jobs import actions, running
from clinic.jobs.models import Job, JobState
from clinic.operations import backup, places, restoring, work
from clinic.operations.places import NoBackup, Place
from clinic.staff.models import StaffNotice

RCLONE = Path(sys.executable).with_name("rclone")
ONE, OTHER = x25519.Identity.generate(), x25519.Identity.generate()


@dataclass
class Service:
    """A service with one bucket, and who may use it."""

    folder: Path
    process: subprocess.Popen[bytes] = field(init=False)
    address: str = ""

    def begin(self) -> None:
        (self.folder / "bucket").mkdir(parents=True, exist_ok=True)
        at = self.address.removeprefix("http://") or "127.0.0.1:0"
        command = [RCLONE, "serve", "s3", "--auth-key", "clinic,the-secret", "--addr", at, "--config", "/dev/null"]
        log = self.folder.parent / "service.log"
        with log.open("wb") as told:
            self.process = subprocess.Popen([*command, str(self.folder)], stderr=told)
        until = time.monotonic() + 60
        while not (said := re.search(r"http://127\.0\.0\.1:\d+", log.read_text())) and time.monotonic() < until:
            time.sleep(0.02)
        assert said is not None, log.read_text()
        self.address = said.group()

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def kept(self) -> list[Path]:
        return sorted(path for path in (self.folder / "bucket").rglob("*") if path.is_file())


@pytest.fixture
def service(tmp_path, monkeypatch) -> Iterator[Service]:
    """A service that runs, and the settings by which it is reached."""
    running_ = Service(tmp_path / "service")
    running_.begin()
    told = {"AWS_ENDPOINT": running_.address, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "eu-west-1"}
    for name, value in {**told, "AWS_ACCESS_KEY_ID": "clinic", "AWS_SECRET_ACCESS_KEY": "the-secret"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(places, "TRIES", {"max_retries": 1, "retry_timeout": timedelta(seconds=2)})
    yield running_
    with contextlib.suppress(ProcessLookupError):
        running_.end()


@pytest.fixture
def copied(settings, service):
    """The settings of a clinic that is copied there for two persons."""
    settings.home.mkdir(exist_ok=True)
    keys = (str(ONE.to_public()), str(OTHER.to_public()))
    return replace(settings, backup_to="s3://bucket/sanad", backup_keys=keys)


def test_a_copy_goes_there_and_the_clinic_comes_back_from_it(make, copied, service, tmp_path):
    make.case()
    made = backup.make(copied)
    db.session.commit()
    (kept,) = service.kept
    assert (kept.name, kept.parent.name, kept.stat().st_size) == (made.name, "sanad", made.size)
    assert [copy.name for copy in Place(copied).copies()] == [made.name]
    cases = len(db.session.scalars(select(CaseFile.id)).all())
    current.ring()._opened_by().write(tmp_path / "key")
    home = tmp_path / "elsewhere"
    empty = replace(copied, home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")
    current.forget()
    restored = restoring.restore(backup.opened(backup.source_of(copied, made.name), OTHER), empty)
    assert (restored.faults, restored.cases) == ((), cases)


def test_a_large_copy_goes_in_parts_and_comes_back_the_same(copied, service):
    content = os.urandom(places.PART * 2 + 17)
    Place(copied).put("sanad-20260301T000000Z.backup.age", io.BytesIO(content), len(content))
    assert Place(copied).get("sanad-20260301T000000Z.backup.age").read() == content


def test_old_copies_go_by_the_rule_there_too(make, copied, service):
    make.case()
    folder = service.folder / "bucket" / "sanad"
    folder.mkdir()
    for day in range(1, 40):
        at = clock.now().astimezone(UTC) - timedelta(days=day)
        (folder / f"sanad-{at:%Y%m%dT%H%M%SZ}.backup.age").write_bytes(b"old")
    (folder / "letter.txt").write_bytes(b"kept")
    made = backup.make(copied)
    names = {path.name for path in service.kept}
    assert {made.name, "letter.txt"} <= names
    assert len(names) <= 1 + 7 + 5 + 12
    assert names - {"letter.txt"} == {copy.name for copy in Place(copied).copies()}


def test_what_was_just_made_stays_even_where_the_clock_was_set_back(make, copied, service, monkeypatch):
    make.case()
    folder = service.folder / "bucket" / "sanad"
    folder.mkdir()
    for day in range(1, 40):
        at = datetime.now(UTC) + timedelta(days=day)
        (folder / f"sanad-{at:%Y%m%dT%H%M%SZ}.backup.age").write_bytes(b"of a day that was not yet")
    made = backup.make(copied)
    assert made.name in {path.name for path in service.kept}


@pytest.mark.parametrize(
    ("setting", "value", "kind", "sentence"),
    [
        ("AWS_SECRET_ACCESS_KEY", "another", places.PlaceRefuses, "refuses the credentials"),
        ("AWS_ACCESS_KEY_ID", "nobody", places.PlaceRefuses, "refuses the credentials"),
        ("AWS_ACCESS_KEY_ID", "", places.BadSettings, "AWS_ACCESS_KEY_ID: not set"),
        ("AWS_ENDPOINT", "http://127.0.0.1:9", places.PlaceSilent, "does not answer"),
        ("AWS_ALLOW_HTTP", "false", places.BadSettings, "AWS_ALLOW_HTTP"),
    ],
)
def test_what_is_wrong_with_the_way_there_is_said(make, copied, monkeypatch, setting, value, kind, sentence):
    monkeypatch.setenv(setting, value)
    with pytest.raises(kind, match=sentence) as told:
        backup.make(copied)
    assert "Debug source" not in str(told.value)
    assert list(copied.home.glob("*.partial")) == []


def test_a_bucket_that_is_not_there_is_named(make, copied):
    elsewhere = replace(copied, backup_to="s3://another/sanad")
    with pytest.raises(places.NoSuchPlace, match=r"s3://another/sanad is not there"):
        backup.make(elsewhere)
    with pytest.raises(NoBackup, match=r"no copy called|is not there"):
        backup.source_of(copied, "sanad-20200101T000000Z.backup.age")


class CutOff(io.BytesIO):
    """A file in the middle of which the service goes."""

    def __init__(self, content: bytes, service: Service) -> None:
        super().__init__(content)
        self.service = service

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > places.PART:
            self.service.end()
        return super().read(size)


def test_a_service_that_goes_in_the_middle_leaves_no_half_copy(make, copied, service):
    make.case()
    before = backup.make(copied)
    content = os.urandom(places.PART * 4)
    name = "sanad-20990101T000000Z.backup.age"
    with pytest.raises(places.PlaceSilent, match="broke off"):
        Place(copied).put(name, CutOff(content, service), len(content))
    service.begin()
    assert [copy.name for copy in Place(copied).copies()] == [before.name]


def test_a_copy_that_arrives_by_halves_is_taken_away_again(copied, service):
    with pytest.raises(places.NotWhole, match="kept 7 of 8 bytes"):
        Place(copied).put("sanad-20260301T000000Z.backup.age", io.BytesIO(b"sevenof"), 8)
    assert service.kept == []


def test_a_service_that_goes_while_a_copy_is_brought_back_is_not_taken_for_a_wrong_key(copied, service):
    content = os.urandom(places.PART * 8)
    place = Place(copied)
    place.put("sanad-20260301T000000Z.backup.age", io.BytesIO(content), len(content))
    flow = place.get("sanad-20260301T000000Z.backup.age")
    flow.read(1)
    service.end()
    with pytest.raises(places.PlaceSilent, match="broke off"):
        flow.read()


# --- at night


def nightly(settings) -> Job:
    """The work of the night, carried out once by a worker."""
    begun = actions.enqueue(work.KIND.code, by=None, language="en")
    db.session.commit()
    claimed = actions.claim()
    assert claimed is not None
    job_id, attempt = claimed
    assert job_id == begun.id
    running.run(job_id, attempt, settings)
    actions.give_back(job_id, attempt)
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_service_that_is_gone_for_a_while_is_tried_again(make, copied, service):
    make.administrator("Adam")
    service.end()
    job = nightly(copied)
    assert (job.state, job.problem) == (JobState.WAITING, None)
    assert db.session.scalars(select(StaffNotice)).all() == []
    service.begin()


def test_the_administrators_are_told_of_a_copy_that_was_not_made_until_one_is(make, copied, browse, monkeypatch):
    adam = make.administrator("Adam")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    assert nightly(copied).state == JobState.REFUSED
    assert db.session.scalars(select(StaffNotice.what)).all() == ["backup_failed"]
    desk = browse(adam, language="en").get("/desk")
    assert "refuses the clinic's name or password" in desk.text
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-secret")
    assert nightly(copied).state == JobState.DONE
    assert "refuses" not in browse(adam, language="en").get("/desk").text


def test_who_is_told_after_two_hours_of_silence(make, copied, service):
    make.administrator("Adam")
    service.end()
    begun = actions.enqueue(work.KIND.code, by=None, language="en")
    begun.attempts = work.ATTEMPTS - 1
    db.session.commit()
    job_id, attempt = actions.claim()
    running.run(job_id, attempt, copied)
    job = db.session.get_one(Job, begun.id, populate_existing=True)
    assert (job.state, job.problem) == (JobState.REFUSED, "PlaceSilent")
    service.begin()
