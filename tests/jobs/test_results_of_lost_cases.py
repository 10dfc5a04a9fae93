"""What was made while somebody saw a case is given to nobody who sees it no longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.cases.models import TeamMember
from clinic.jobs import actions, running, spool
from clinic.jobs.models import Job, JobState
from clinic.register import work
from clinic.staff.models import StaffMember, StaffSession

EXPORT = "form[action$='/export']"


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Every register counts as large."""
    monkeypatch.setattr(work, "CASES_AT_ONCE", -1)


@pytest.fixture
def taken_out(browse, settings):
    """The register of a person, made in the background: the id of the job."""

    def made(person):
        browse(person).get("/register").submit({"file_format": "csv"}, form=EXPORT)
        claimed = actions.claim()
        assert running.run(*claimed, settings) is None
        return claimed[0]

    return made


def asked_for(browser, job_id):
    """Presses the button of a result."""
    page = browser.get(f"/jobs/{job_id}")
    return page.submit(form=f"form[action='/jobs/{job_id}/result']").follow(status=(200, 303))


def change(statement):
    db.session.execute(statement)
    db.session.commit()


def is_thrown_away(page, job_id, person):
    """Whether the person is told, and nothing is left of the result."""
    db.session.rollback()
    told = "was thrown away" in page.text or "was thrown away" in page.html
    state = db.session.scalar(select(Job.state).where(Job.id == job_id))
    return told and state == JobState.DROPPED and spool.find(job_id, staff_id=person.id) is None


@pytest.mark.databases
def test_a_register_is_not_given_to_who_has_left_a_team_since(browse, make, taken_out):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    make.case(team=[huda])
    job_id = taken_out(huda)
    yesterday = clock.today() - timedelta(days=1)
    change(update(TeamMember).where(TeamMember.case_id == case.id).values(until=yesterday))
    browser = browse(huda)
    assert browser.get(f"/jobs/{job_id}/file", status=303).location == f"/jobs/{job_id}"
    assert is_thrown_away(asked_for(browser, job_id), job_id, huda)


def test_a_register_is_not_given_to_who_lost_one_of_two_roles_since(browse, make, taken_out):
    both = make.person("Amal", Role.LAWYER, Role.COUNSELLOR)
    make.case(team=[both])
    change(update(TeamMember).values(role="lawyer"))
    job_id = taken_out(both)
    change(update(StaffMember).where(StaffMember.id == both.id).values(roles=("counsellor",)))
    both = db.session.get_one(StaffMember, both.id, populate_existing=True)
    assert is_thrown_away(asked_for(browse(both), job_id), job_id, both)


def test_who_joined_a_team_since_takes_what_was_made_before(browse, make, taken_out):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    job_id = taken_out(huda)
    make.case(team=[huda])
    assert asked_for(browse(huda), job_id).headers["Content-Disposition"].endswith('filename="register.zip"')


def test_a_register_that_waits_is_no_upload_by_which_it_could_be_had_without_a_proof(browse, make, taken_out):
    nadia = make.coordinator("Nadia")
    make.case(team=[make.lawyer("Huda")])
    job_id = taken_out(nadia)
    change(update(StaffSession).values(proved_at=None))
    for page in ("", "/problems"):
        browse(nadia).get(f"/register/uploads/{job_id}{page}", status=404)
