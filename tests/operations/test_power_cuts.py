"""The power goes between a file and the database; a copy is brought back that is older than what browsers hold."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from pyrage import x25519
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from clinic import clock, db
from clinic.cases import actions as cases
from clinic.cases.models import Note
from clinic.crypto import current
from clinic.jobs import actions, kinds, running, spool
from clinic.jobs.kinds import JobKind, Ready
from clinic.jobs.models import Job, JobState
from clinic.operations import backup, restoring
from tests.browser import filled

ONE, OTHER = x25519.Identity.generate(), x25519.Identity.generate()


@pytest.fixture
def job(make, settings, monkeypatch):
    """Work of Huda's that leaves a file; gives the function that runs what can be claimed."""
    spool.lie_in(settings.home / "spool")
    leaves = JobKind(code="test", label="Work", run=lambda _work: Ready(b"all", "all.txt", "text/plain"))
    monkeypatch.setitem(kinds._kinds, "test", leaves)
    huda = make.lawyer("Huda")
    asked = actions.enqueue("test", by=huda.id, language="en").id
    db.session.commit()

    def run() -> Job:
        job_id, attempt = actions.claim()
        assert job_id == asked
        running.run(job_id, attempt, settings)
        return db.session.get_one(Job, job_id, populate_existing=True)

    return run, huda


@pytest.mark.databases
def test_a_file_without_its_row_is_made_again_and_lies_there_once(job, monkeypatch):
    run, huda = job

    def cut() -> None:
        raise OperationalError("COMMIT", {}, Exception("the power went"))

    with monkeypatch.context() as patched:
        patched.setattr(actions, "finish", lambda job, _attempt, ready, _seen: (_keep(job, ready), cut()))
        assert run().state == JobState.WAITING
    assert len(list(spool.folder().iterdir())) == 1
    db.session.get_one(Job, db.session.scalars(select(Job.id)).one()).not_before = clock.now()
    db.session.commit()
    done = run()
    assert done.state == JobState.DONE
    assert spool.find(done.id, staff_id=huda.id).content == b"all"
    assert len(list(spool.folder().iterdir())) == 1


def _keep(job: Job, ready: Ready) -> None:
    spool.keep(ready.content, staff_id=job.asked_by, file_id=job.id)


def test_a_file_lies_on_the_disk_before_the_database_says_so(job, monkeypatch):
    run, _huda = job
    order = []
    sync, commit = os.fsync, db.session.commit
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("file"), sync(handle))[1])
    monkeypatch.setattr(db.session, "commit", lambda: (order.append("database"), commit())[1])
    run()
    assert order[-3:] == ["file", "file", "database"]  # the file, its name, the row


@pytest.mark.parametrize("left", [None, b"half of what was written", b""])
def test_a_row_without_its_whole_file_says_to_ask_again(job, browse, left):
    run, huda = job
    browser = browse(huda, language="en")
    done = run()
    (file,) = spool.folder().iterdir()
    file.unlink() if left is None else file.write_bytes(left)
    assert "not there any more" in browser.get(f"/jobs/{done.id}/file", status=303).follow().text


def restored(settings, tmp_path):
    """Brings the newest copy back elsewhere; everything works on it from here on."""
    (copy,) = (tmp_path / "copies").iterdir()
    current.ring()._opened_by().write(tmp_path / "key")
    home = tmp_path / "elsewhere"
    place = replace(settings, home=home, database_url=f"sqlite:///{home / 'clinic.db'}", key_path=tmp_path / "key")
    assert restoring.restore(backup.opened(copy.open("rb"), ONE), place).faults == ()


def test_what_browsers_hold_is_taken_or_shown_by_a_copy_that_is_older(make, browse, settings, tmp_path):
    """A new note is taken, once. A correction of what the copy knows otherwise shows both, and saves nothing."""
    huda = make.lawyer("Huda")
    day = clock.today() - timedelta(days=5)
    case = make.case(team=[huda], opened_on=clock.today() - timedelta(days=20))
    step = make.step("note", case, by=huda, noted_on=day, team_text="as it was first")
    keys = (str(ONE.to_public()), str(OTHER.to_public()))
    settings = replace(settings, backup_to=str(tmp_path / "copies"), backup_keys=keys)
    backup.make(settings)
    db.session.commit()
    found = db.session.get_one(Note, step.id)
    values = {"noted_on": day, "team_text": "as it was then"}
    cases.correct(found, values, version=found.version, because="misheard", by=make.reader(huda))
    db.session.commit()
    before = browse(huda, language="en")
    adding, correcting = f"/cases/{case.id}/steps/add/note", f"/steps/{step.id}/correct"
    new = filled(before.get(adding).select_one("main form[method=post]"))
    changed = filled(before.get(correcting).select_one("main form[method=post]"))

    restored(settings, tmp_path)

    assert "/sign-in" in before.get("/desk", status=303).location
    after = browse(huda, language="en")
    after.get(adding)
    told = {**new, "csrf_token": after.token, "noted_on": str(day), "team_text": "typed before"}
    assert [after.send(adding, told).status for _twice in range(2)] == [303, 303]
    told = {**changed, "csrf_token": after.token, "team_text": "corrected again", "because": "asked again"}
    page = after.send(correcting, told, status=409)
    assert "corrected again" in page.html
    assert "as it was first" in page.html
    texts = {note.team_text for note in db.session.scalars(select(Note))}
    assert texts == {"as it was first", "typed before"}
    assert db.session.scalar(select(func.count()).select_from(Note)) == 2
