"""Walls: who is kept from a case, what it takes away from them, who may build and lift one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic import clock, db
from clinic.access.models import Wall
from clinic.access.permissions import Role
from clinic.audit.models import AuditEntry
from clinic.cases import queries, team, walls
from clinic.cases.models import CaseFile, Task, TeamMember
from clinic.jobs import spool
from clinic.jobs.models import Job, JobState
from clinic.languages import language_of
from clinic.register.exporting import Scope, tables
from clinic.web.models import Draft


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def karim(make):
    return make.lawyer("Karim")


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.fixture
def maha(make):
    return make.coordinator("Maha")


@pytest.fixture
def case(make, huda, karim):
    return make.case(child=make.child("ليان", "محجوبة"), team=[huda, karim])


def build(make, case, person, by):
    wall = walls.build_wall(
        db.session.get_one(CaseFile, case.id), person=person.id, because="her cousin complains", by=make.reader(by)
    )
    db.session.commit()
    return wall


def test_the_coordinator_keeps_a_person_out_and_the_case_exists_for_them_no_more(browse, nadia, huda, karim, case):
    case_id = case.id
    assert "محجوبة" in browse(karim).get(f"/cases/{case_id}").text
    said = {"person": str(karim.id), "because": "his brother complains"}
    page = browse(nadia).post(f"/cases/{case_id}/wall", said).follow()
    assert "his brother complains" in page.text
    browse(karim).get(f"/cases/{case_id}", status=404)
    assert "Karim" in browse(huda).get(f"/cases/{case_id}").text  # the team knows whom to tell nothing


def test_a_wall_takes_the_person_off_the_team_and_another_leads(make, nadia, huda, karim, case):
    build(make, case, huda, nadia)
    kept = make.fresh(CaseFile, case.id)
    assert kept.lawyer_id == karim.id
    assert [one.staff_id for one in kept.team if one.serves_on(clock.today())] == [karim.id]


def test_their_tasks_in_the_case_fall_to_who_leads_it(make, nadia, huda, karim, case):
    ids = []
    for of_case in (case.id, None):
        task = Task(case_id=of_case, assigned_to=karim.id, made_by=nadia.id, what="call the school")
        db.session.add(task)
        db.session.commit()
        ids.append(task.id)
    build(make, case, karim, nadia)
    assert [db.session.get_one(Task, one).assigned_to for one in ids] == [huda.id, karim.id]


def test_what_they_had_typed_there_and_what_was_prepared_for_them_is_gone(app, make, nadia, karim, case):
    db.session.add(Draft(staff_id=karim.id, place="/x", case_id=case.id, identity_body="{}"))
    job = Job(kind="register.take_out", asked_by=karim.id, language="en", state=JobState.DONE, ended_at=clock.now())
    db.session.add(job)
    db.session.commit()
    spool.keep(b"rows", staff_id=karim.id, file_id=job.id)
    build(make, case, karim, nadia)
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
    assert db.session.get_one(Job, job.id).state == JobState.DROPPED
    assert spool.find(job.id, staff_id=karim.id) is None


def test_who_is_kept_out_cannot_be_put_on_the_team(browse, make, nadia, karim, case):
    build(make, case, karim, nadia)
    said = {"person": str(karim.id), "role": "lawyer"}
    page = browse(nadia).post(f"/cases/{case.id}/team", said, status=(200, 422))
    assert "A wall keeps this person from this case" in page.text


def test_a_caseload_is_handed_over_without_the_cases_from_which_a_wall_keeps(make, nadia, huda, karim, case):
    build(make, case, karim, nadia)
    other = make.case(team=[huda])
    handed = team.hand_over_caseload(
        leaves=huda.id, joins=karim.id, role=Role.LAWYER, by=make.reader(nadia), since=clock.today()
    )
    assert handed.cases == 1
    on_team = select(TeamMember.case_id).where(TeamMember.staff_id == karim.id, TeamMember.until.is_(None))
    assert db.session.scalars(on_team).all() == [other.id]


def test_who_is_put_on_the_team_by_an_import_still_does_not_see_it(make, nadia, karim, case):
    build(make, case, karim, nadia)
    db.session.add(TeamMember(case_id=case.id, staff_id=karim.id, role="lawyer", since=clock.today()))
    db.session.commit()
    assert queries.find_case(case.id, reader=make.reader(karim)) is None


def test_a_coordinator_does_not_keep_themself_out(browse, nadia, maha, case):
    said = {"person": str(nadia.id), "because": "my niece"}
    page = browse(nadia).post(f"/cases/{case.id}/wall", said, status=(200, 422))
    assert str(nadia.id) not in page.html


def test_the_only_coordinator_is_told_why_they_cannot(make, nadia, case):
    with pytest.raises(walls.FromTheOnlyCoordinator):
        build(make, case, nadia, nadia)


def test_another_coordinator_can_be_kept_out_and_sees_it_nowhere(browse, make, nadia, maha, case):
    build(make, case, maha, nadia)
    browser = browse(maha)
    for address in (
        f"/cases/{case.id}",
        f"/cases/{case.id}/team",
        f"/cases/{case.id}/wall",
        f"/cases/{case.id}/history",
    ):
        browser.get(address, status=404)
    assert "محجوبة" not in browser.get("/cases/all").text


def test_an_export_of_who_is_kept_out_has_no_row_of_the_case(app, make, nadia, maha, case):
    make.step("police_attendance", case, by=make.lawyer("Huda"))
    build(make, case, maha, nadia)
    told = "".join(str(list(table.rows)) for table in tables(Scope(make.reader(maha)), language_of("en")))
    assert case.reference not in told
    assert "محجوبة" not in told


def test_a_wall_is_lifted_with_a_reason_and_both_are_kept(browse, make, nadia, maha, case):
    wall_id = build(make, case, maha, nadia).id
    browser = browse(nadia)
    assert browser.post(f"/cases/walls/{wall_id}/lift", {"because": ""}).status in (200, 422)
    page = browser.post(f"/cases/walls/{wall_id}/lift", {"because": "it was another family"}).follow()
    assert "it was another family" in page.text
    assert "her cousin complains" in page.text
    browse(maha).get(f"/cases/{case.id}")
    browser.get(f"/cases/walls/{wall_id}/lift", status=404)
    deeds = db.session.scalars(select(AuditEntry.what).where(AuditEntry.subject == "wall").order_by(AuditEntry.number))
    assert deeds.all() == ["wall.built", "wall.lifted"]


def test_a_second_wall_between_the_same_two_is_refused(make, nadia, maha, case):
    build(make, case, maha, nadia)
    with pytest.raises(walls.StandsAlready):
        build(make, case, maha, nadia)


def test_who_sees_no_case_needs_no_wall(make, nadia, case):
    with pytest.raises(walls.NothingToKeepFrom):
        build(make, case, make.administrator("Adam"), nadia)


def test_a_wall_needs_a_reason(make, nadia, maha, case):
    with pytest.raises(walls.NeedsAReason):
        walls.build_wall(db.session.get_one(CaseFile, case.id), person=maha.id, because=None, by=make.reader(nadia))


def test_a_lawyer_builds_no_wall(browse, huda, case):
    browse(huda).get(f"/cases/{case.id}/wall", status=403)


def test_the_reason_is_sealed(make, nadia, maha, case):
    build(make, case, maha, nadia)
    table = Wall.__table__
    stored = db.session.execute(select(table.c.because)).scalar_one()
    assert b"cousin" not in bytes(stored)


def test_the_history_says_that_somebody_was_kept_out(browse, make, nadia, karim, case):
    build(make, case, karim, nadia)
    assert "kept somebody from this case" in browse(nadia).get(f"/cases/{case.id}/history").text
    assert timedelta(0) <= clock.now() - db.session.scalars(select(Wall.built_at)).one()


@pytest.mark.parametrize("form", ["/children/{0.child_id}/correct", "/children/{0.child_id}/guardians/add"])
def test_what_was_typed_about_the_child_goes_with_the_case(browse, make, nadia, karim, case, form):
    browser, place = browse(karim), form.format(case)
    token = browser.get(place).select_one("input[name=form_token]")["value"]
    browser.send(f"/drafts/?place={place}", {"csrf_token": browser.token, "form_token": str(token)}, status=204)
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1
    build(make, case, karim, nadia)
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
