"""A large register goes in and out in the background: looked at first, brought in once, taken by who asked alone."""

from __future__ import annotations

import io
import os
import signal
import time

import openpyxl
import pytest
from sqlalchemy import func, select, update

from clinic import clock, db
from clinic.access.models import Wall
from clinic.audit.models import AuditEntry, reading
from clinic.cases.models import CaseFile
from clinic.jobs import actions, running
from clinic.jobs.kinds import begin_writing
from clinic.jobs.models import Job, JobState
from clinic.jobs.worker import Worker
from clinic.register import work
from clinic.staff.models import AccountState, StaffMember, StaffSession
from tests.makers import PASSWORD
from tests.register.registers import row, whole
from tests.register.test_pages import upload, workbook

LOOK = "form[action*='/register/uploads/']"


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Every register counts as large."""
    monkeypatch.setattr(work, "ROWS_AT_ONCE", 0)
    monkeypatch.setattr(work, "CASES_AT_ONCE", -1)


@pytest.fixture
def run_next(settings):
    """Runs the job of a person that waits, as the worker does."""

    def run():
        claimed = actions.claim()
        assert claimed is not None
        broke = running.run(*claimed, settings)
        assert broke is None
        job = db.session.get_one(Job, claimed[0], populate_existing=True)
        return run() if job.asked_by is None else job  # the check for conflicts that an import asks for

    return run


def count(model):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def result_of(page):
    """What waits, as its button opens it."""
    return page.submit(form="form[action$='/result']").follow()


@pytest.mark.databases
def test_a_large_register_is_looked_at_and_brought_in_while_one_does_something_else(browse, make, run_next):
    nadia = browse(make.coordinator("Nadia"))
    upload(nadia, workbook())
    assert run_next().state == JobState.DONE
    assert count(CaseFile) == 0
    page = result_of(nadia.get("/jobs"))
    assert "What would happen" in page.text
    page = page.submit(form=LOOK).follow()
    assert "Bring in a register" in page.text
    run_next()
    assert count(CaseFile) == 1
    page = result_of(nadia.get("/jobs"))
    assert "12 new records" in page.text
    assert db.session.scalar(select(AuditEntry.who).where(AuditEntry.what == "register.imported")) is not None


def test_what_is_wrong_is_told_after_the_look_and_the_good_rows_go_in(browse, make, run_next):
    nadia = browse(make.coordinator("Nadia"))
    sheets = whole()
    sheets["hearings"].append(row("hearings", scheduled_at="soon"))
    upload(nadia, workbook(sheets))
    run_next()
    page = result_of(nadia.get("/jobs"))
    assert "soon" in page.text
    page.submit({"partial": "y"}, form=LOOK)
    page = result_of(nadia.get(f"/jobs/{run_next().id}"))
    assert "1 problem stayed out" in page.text
    assert page.has("a[download]")
    assert count(CaseFile) == 1


def test_a_register_brought_in_leaves_nothing_behind(browse, make, run_next, settings):
    nadia = browse(make.coordinator("Nadia"))
    upload(nadia, workbook())
    run_next()
    result_of(nadia.get("/jobs")).submit(form=LOOK)
    run_next()
    (look, done) = sorted((settings.home / "spool").iterdir(), key=lambda file: file.stat().st_mtime)
    assert all(b"PK" not in file.read_bytes()[:200] for file in (look, done))


def test_the_register_is_taken_out_as_who_asked_may_read_it_and_it_is_recorded(browse, make, run_next):
    huda = make.lawyer("Huda")
    mine, other = make.case(team=[huda]), make.case(team=[make.lawyer("Karim")])
    browser = browse(huda)
    browser.get("/register").submit(form="form[action$='/export']").follow()
    run_next()
    file = result_of(browser.get("/jobs"))
    book = openpyxl.load_workbook(io.BytesIO(file.response.get_data()))
    references = {cells[0].value for cells in book["cases"].iter_rows(min_row=2)}
    assert mine.reference in references
    assert other.reference not in references
    with db.database().readings.connect() as connection:
        recorded = connection.execute(select(reading.c.what, reading.c.who)).all()
    assert ("register.exported", huda.id) in recorded
    assert ("job.result_taken", huda.id) in recorded


def test_nobody_else_sees_or_takes_what_somebody_asked_for(browse, make, run_next):
    huda = make.lawyer("Huda")
    browse(huda).get("/register").submit(form="form[action$='/export']")
    job = run_next()
    for other in (make.lawyer("Karim"), make.coordinator("Nadia"), make.administrator("Adam")):
        browser = browse(other)
        assert "Take the register out" not in browser.get("/jobs").text
        for address in (f"/jobs/{job.id}", f"/jobs/{job.id}/file"):
            browser.get(address, status=404)


def test_who_lost_the_case_meanwhile_does_not_take_it_out(browse, make, run_next):
    huda, karim = make.lawyer("Huda"), make.lawyer("Karim")
    case = make.case(team=[huda, karim])
    browse(huda).get("/register").submit(form="form[action$='/export']")
    db.session.add(Wall(case_id=case.id, staff_id=huda.id, built_by=karim.id))
    db.session.commit()
    run_next()
    file = result_of(browse(huda).get("/jobs"))
    book = openpyxl.load_workbook(io.BytesIO(file.response.get_data()))
    assert [cells[0].value for cells in book["cases"].iter_rows(min_row=2)] == []


def test_whose_account_was_closed_meanwhile_takes_nothing_out(browse, make, run_next):
    huda = make.lawyer("Huda")
    browse(huda).get("/register").submit(form="form[action$='/export']")
    db.session.get(StaffMember, huda.id).state = AccountState.CLOSED
    db.session.commit()
    job = run_next()
    assert (job.state, job.file_name) == (JobState.REFUSED, None)


def test_a_notice_tells_on_every_page_that_something_is_ready_until_it_is_taken(browse, make, run_next):
    browser = browse(make.lawyer("Huda"))
    browser.get("/register").submit(form="form[action$='/export']")
    assert "waits for you" not in browser.get("/register").text
    run_next()
    assert "1 result waits for you" in browser.get("/register").text
    result_of(browser.get("/jobs"))
    assert "waits for you" not in browser.get("/register").text


def test_what_is_under_way_says_how_far_it_is_and_can_be_stopped(browse, make):
    browser = browse(make.lawyer("Huda"))
    page = browser.get("/register").submit(form="form[action$='/export']").follow()
    assert "It begins in a moment" in page.text
    assert page.has("noscript meta[http-equiv=refresh]")
    page = page.submit(form="form[action$='/drop']").follow()
    assert "Nothing is waiting now" in page.text
    assert actions.claim() is None


@pytest.mark.databases
@pytest.mark.parametrize("moments", [(0.05, 0.3), (0.3, 0.6)])
def test_a_computer_that_goes_dark_while_a_register_goes_in_brings_it_in_once(
    browse, make, settings, run_next, moments
):
    """The worker is killed with its job at chance moments, and each time the next one goes on: of three tries, the last
    one is left alone."""
    nadia = browse(make.coordinator("Nadia"))
    upload(nadia, workbook())
    run_next()
    result_of(nadia.get("/jobs")).submit(form=LOOK)
    for patience in (*moments, None):
        _work_for(patience, settings)
        db.session.rollback()
        if db.session.scalar(select(Job.state).order_by(Job.id.desc()).limit(1)) == JobState.DONE:
            break
        _a_minute_later()
    assert count(CaseFile) == 1
    imported = select(func.count()).select_from(AuditEntry).where(AuditEntry.what == "register.imported")
    assert db.session.scalar(imported) == 1


def _work_for(patience, settings):
    """A worker in a process of its own: killed after a while, or left until there is nothing to do."""
    db.session.remove()
    db.database().dispose()
    child = os.fork()
    if not child:
        worker = Worker(settings)
        worker._regular_at = time.monotonic()
        try:
            worker.work()
        finally:
            os._exit(0)
    deadline = time.monotonic() + (patience or 90)
    while time.monotonic() < deadline and (patience or _is_open()):
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _is_open():
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Job.ended_at.is_(None)).select_from(Job))


def _a_minute_later():
    begin_writing()
    db.session.execute(update(Job).where(Job.state == JobState.RUNNING).values(lease_until=clock.now()))
    db.session.execute(update(Job).values(not_before=clock.now()))
    db.session.commit()


def test_taking_a_register_along_asks_once_more_who_it_is(browse, make, run_next):
    browser = browse(make.lawyer("Huda"))
    browser.get("/register").submit(form="form[action$='/export']")
    job = run_next()
    db.session.execute(update(StaffSession).values(proved_at=None))
    db.session.commit()
    browser.get(f"/jobs/{job.id}/file", status=303)
    page = browser.get("/jobs").submit(form="form[action$='/result']", status=200)
    assert page.has("input[name=proof_password]")
    ready = page.submit({"proof_password": PASSWORD}).follow()
    assert "Press once more" in ready.text
    assert ready.submit(form="form[action$='/result']").location == f"/jobs/{job.id}/file"


@pytest.mark.databases
def test_what_was_made_for_a_role_is_gone_for_who_lost_it(browse, make, run_next):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    browser = browse(huda)
    browser.get("/register").submit({"file_format": "xlsx"}, form="form[action$='/export']")
    job = run_next()
    browser.get(f"/jobs/{job.id}")
    db.session.execute(update(StaffMember).where(StaffMember.id == huda.id).values(roles=("administrator",)))
    db.session.commit()
    browser = browse(db.session.get_one(StaffMember, huda.id, populate_existing=True))
    assert str(job.id) not in browser.get("/jobs").html
    for address in (f"/jobs/{job.id}", f"/jobs/{job.id}/file"):
        browser.get(address, status=404)
    browser.send(f"/jobs/{job.id}/result", {"csrf_token": browser.token}, status=404)
