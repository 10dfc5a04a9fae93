"""A report that takes long is made in the background, as the person who asked may read it when it is made."""

from __future__ import annotations

import pytest

from clinic import db
from clinic.jobs import actions, running, spool
from clinic.jobs.models import Job, JobState
from clinic.reports import keeping, work
from clinic.reports.keeping import Kept
from clinic.staff.models import StaffMember

REPORT = "/reports/as/{}?period=2016-Q1"


def run_next(settings):
    """Runs the job that waits, as the worker does."""
    claimed = actions.claim()
    assert claimed is not None
    running.run(*claimed, settings)
    return db.session.get_one(Job, claimed[0], populate_existing=True)


@pytest.fixture
def large(monkeypatch):
    """A clinic that counts as large."""
    monkeypatch.setattr(work, "LONG", -1)


def test_a_small_clinic_has_its_report_at_once(browse, make):
    file = browse(make.coordinator("Nadia")).get(REPORT.format("csv"))
    assert file.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("form", ["csv", "json", "html"])
def test_a_large_clinic_asks_leaves_and_takes_it_later(browse, make, settings, large, form):
    nadia = make.coordinator("Nadia")
    make.case(team=[make.lawyer("Huda")])
    page = browse(nadia).get(REPORT.format(form))
    assert "takes a while" in page.text
    page = page.submit(form="form[action*='/reports/as/']").follow()
    assert "You can leave this page" in page.text
    assert page.has("[data-live]")
    assert run_next(settings).state == JobState.DONE
    page = browse(nadia).get("/jobs")
    assert "2016" in page.text
    assert not page.has("[data-live]")
    file = page.submit(form="form[action$='/result']").follow()
    assert file.headers["Content-Disposition"].startswith('attachment; filename="report-2016-')
    assert file.response.get_data()


@pytest.mark.parametrize("kept", [None, Kept()], ids=["read for itself", "of the facts that are kept"])
def test_the_report_that_waits_is_the_report_of_the_page(browse, make, settings, large, monkeypatch, kept):
    nadia = make.coordinator("Nadia")
    make.case(team=[make.lawyer("Huda")])
    browse(nadia).get(REPORT.format("csv")).submit(form="form[action*='/reports/as/']")
    monkeypatch.setattr(keeping, "_here", kept)
    job = run_next(settings)
    monkeypatch.setattr(keeping, "_here", None)
    waits = spool.find(job.id, staff_id=nadia.id).content
    monkeypatch.setattr(work, "LONG", 4_000)
    assert _without_moments(waits) == _without_moments(browse(nadia).get(REPORT.format("csv")).response.get_data())


def _without_moments(content):
    """The lines of a report but those that say when it was made."""
    return [line for line in content.decode().splitlines() if ":" not in line]


def test_somebody_who_is_no_longer_a_lawyer_here_is_not_silently_everybody(browse, make, settings, large):
    nadia, huda = make.coordinator("Nadia"), make.lawyer("Huda")
    browse(nadia).get(REPORT.format("csv") + f"&lawyer={huda.id}").submit(form="form[action*='/reports/as/']")
    db.session.get(StaffMember, huda.id).roles = ("counsellor",)
    db.session.commit()
    job = run_next(settings)
    assert (job.state, job.problem) == (JobState.REFUSED, "NoSuchLawyer")
    assert "Nobody in the clinic" in browse(nadia).get("/jobs").text
