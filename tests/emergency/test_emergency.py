"""Somebody from outside the team needs a child's file now: with a reason, for some hours, and never unseen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.models import EmergencyAccess, Wall
from clinic.audit.models import AuditEntry, reading
from clinic.cases import walls
from clinic.cases.models import CaseFile, Task
from clinic.jobs import mail
from clinic.jobs.models import Job
from clinic.staff import notices
from clinic.staff.models import StaffMember, StaffNotice
from clinic.vocabularies.fixed import DatePrecision
from tests.makers import PASSWORD, Maker

WHY = "The child is at the hospital with me"
NAME = "كرم يوسف سعيد الجعفري"


@pytest.fixture
def later(monkeypatch):
    """Moves the clinic's clock forward."""
    real = clock.told

    def move(**span):
        monkeypatch.setattr(clock, "told", lambda: real() + timedelta(**span))

    return move


@pytest.fixture
def of_others(make: Maker):
    """A case of Karim and Rami, of a child born in 2011."""
    child = make.child(
        "كرم", "الجعفري", father_name="يوسف", grandfather_name="سعيد",
        born_on="2011-04-02", birth_year=2011, birth_precision=DatePrecision.DAY,
    )  # fmt: skip
    case = make.case(child, team=[make.lawyer("Karim"), make.counsellor("Rami")], opened_on=date(2026, 1, 2))
    make.step("note", case, by=make.lawyer("Karim"), legal_text="Said at the defence")
    make.step("note", case, by=make.counsellor("Rami"), social_text="Said in counselling")
    make.coordinator()
    return case


def ask(browser, looked, **more):
    return browser.post("/emergency", {"looked": looked, "because": WHY, **more}, status=303)


def only_access() -> EmergencyAccess:
    db.session.expire_all()
    return db.session.scalars(select(EmergencyAccess)).one()


@pytest.mark.databases
def test_a_lawyer_on_duty_opens_a_file_by_its_number_and_reads_it_as_its_lawyer(make, browse, of_others):
    huda, case_id, reference = make.lawyer(), of_others.id, of_others.reference
    browser = browse(huda, language="en")
    browser.get(f"/cases/{case_id}", status=404)
    page = ask(browser, reference.lower()).follow()
    assert page.address.endswith(f"/cases/{case_id}")
    assert "You have this file open in an emergency until" in page.text
    assert "Said at the defence" in page.text
    assert "Said in counselling" not in page.text
    assert reference in browser.get("/cases").text
    assert only_access().because == WHY


@pytest.mark.databases
@pytest.mark.parametrize("name", [NAME, "Karam Yousef Saeed Al-Jaafari"])
def test_a_counsellor_opens_it_by_the_whole_name_and_the_year_of_birth(make, browse, of_others, name):
    page = ask(browse(make.counsellor(), language="en"), name, birth_year="2011").follow()
    assert "Said in counselling" in page.text
    assert "Said at the defence" not in page.text


@pytest.mark.databases
@pytest.mark.parametrize(
    ("looked", "year"),
    [(NAME, ""), (NAME, "2012"), ("كرم الجعفري", "2011"), ("كرم يوسف أحمد الجعفري", "2011"), ("T-99999", "")],
)
def test_less_than_the_whole_name_and_the_year_opens_nothing(make, browse, of_others, looked, year):
    browser = browse(make.lawyer(), language="en")
    page = ask(browser, looked, birth_year=year).follow()
    assert "Nothing was opened" in page.text
    assert page.select_one("#looked")["value"] == looked, "what was typed is still there"
    assert db.session.scalars(select(EmergencyAccess)).all() == []
    assert "emergency.not_found" in db.session.scalars(select(AuditEntry.what)).all()


@pytest.mark.databases
def test_a_wall_answers_as_if_there_were_no_such_child(make, browse, of_others):
    huda, reference, case_id = make.lawyer(), of_others.reference, of_others.id
    browser = browse(huda, language="en")
    ask(browser, "T-99998")  # what is kept in memory is warm from here on
    nobody = [ask(browser, looked, birth_year="2011") for looked in ("T-99999", "زيد عمر علي نموذج")]
    db.session.add(Wall(case_id=case_id, staff_id=huda.id, built_by=make.coordinator().id, because="Her cousin"))
    db.session.commit()
    walled = [ask(browser, looked, birth_year="2011") for looked in (reference, NAME)]
    assert [page.location for page in walled] == [page.location for page in nobody]
    assert [len(page.statements.sent) for page in walled] == [len(page.statements.sent) for page in nobody]
    told = [one for one in walled[-1].follow().soup.select(".flash") if "what you typed" not in one.get_text()]
    assert len({one.get_text() for one in told}) == 1, "the same words each time"
    assert db.session.scalars(select(EmergencyAccess)).all() == []


@pytest.mark.databases
def test_guessing_has_to_wait(make, browse, of_others):
    browser, reference = browse(make.lawyer(), language="en"), of_others.reference
    for number in range(5):
        ask(browser, f"T-9999{number}")
    page = ask(browser, reference).follow()
    assert "asked too often" in page.text
    assert db.session.scalars(select(EmergencyAccess)).all() == []


def test_a_reason_is_needed_and_who_it_is(make, browse, of_others, later):
    browser, reference = browse(make.lawyer(), language="en"), of_others.reference
    assert browser.post("/emergency", {"looked": reference, "because": ""}, status=422).has("#because-problem")
    later(minutes=6)
    asked = browser.post("/emergency", {"looked": reference, "because": WHY})
    assert asked.heading == "Is it still you?"
    assert db.session.scalars(select(EmergencyAccess)).all() == []
    assert "/cases/" in asked.submit({"proof_password": PASSWORD}).location


@pytest.mark.databases
def test_coordinators_and_team_are_told_at_once_and_by_mail_without_a_name(make, browse, of_others, monkeypatch):
    monkeypatch.setattr(notices, "_sends", True)
    nadia = db.session.merge(make.coordinator())
    nadia.email = "nadia@example.org"
    db.session.commit()
    told_people = {nadia.id, make.people["Karim"].id, make.people["Rami"].id}
    ask(browse(make.lawyer(), language="en"), of_others.reference)
    told = {task.assigned_to: task.what for task in db.session.scalars(select(Task))}
    assert told.keys() == told_people
    assert all(WHY in what and "Huda" in what for what in told.values())
    assert set(db.session.scalars(select(StaffNotice.staff_id).where(StaffNotice.what == "emergency_opened"))) == (
        told_people
    )
    assert len(db.session.scalars(select(Job).where(Job.kind == mail.KIND.code)).all()) == 1
    message = next(one for one in notices.MESSAGES if one.code == "staff.case_notice")
    assert "%" not in message.subject + message.body, "nothing is put into it"


@pytest.mark.databases
def test_the_team_sees_who_has_it_open_and_until_when(make, browse, of_others):
    case_id = of_others.id
    ask(browse(make.lawyer(), language="en"), of_others.reference)
    page = browse(make.people["Rami"], language="en").get(f"/cases/{case_id}")
    assert "Huda has this file open in an emergency until" in page.text.replace("\u2068", "").replace("\u2069", "")
    assert WHY in page.text


@pytest.mark.databases
def test_it_ends_by_itself(make, browse, of_others):
    huda, case_id, reference = make.lawyer(), of_others.id, of_others.reference
    browser = browse(huda, language="en")
    ask(browser, reference).follow()
    access = only_access()
    assert timedelta(hours=7, minutes=59) < access.until - access.began_at < timedelta(hours=8, minutes=1)
    access.until = clock.now() - timedelta(seconds=1)
    db.session.commit()
    browser.get(f"/cases/{case_id}", status=404)
    assert reference not in browser.get("/cases").text
    assert "Emergency access" not in browse(make.people["Karim"], language="en").get(f"/cases/{case_id}").text


@pytest.mark.databases
def test_it_is_the_first_thing_on_a_coordinators_desk(make, browse, of_others):
    nadia = make.coordinator()
    assert browse(nadia).get("/desk").select("main h2")[0].text.strip() != "To do"
    ask(browse(make.lawyer()), of_others.reference)
    first = browse(nadia).get("/desk").select("main h2")[0]
    assert first.text.strip() == "To do"
    assert WHY in first.find_parent("section").text


def test_who_has_it_ends_it_and_so_does_a_coordinator_and_nobody_else(make, browse, of_others):
    huda, nadia, case_id = make.lawyer(), make.coordinator(), of_others.id
    browser = browse(huda, language="en")
    ask(browser, of_others.reference)
    access_id = only_access().id
    browse(make.people["Karim"]).get(f"/cases/{case_id}")
    other = browse(make.people["Karim"])
    other.get(f"/cases/{case_id}")
    other.send(f"/emergency/{access_id}/end", {"csrf_token": other.token}, status=403)
    browser.get(f"/cases/{case_id}").browser.send(f"/emergency/{access_id}/end", {"csrf_token": browser.token})
    browser.get(f"/cases/{case_id}", status=404)
    reference = db.session.scalar(select(CaseFile.reference).where(CaseFile.id == case_id))
    ask(browser, reference)
    second = db.session.scalars(select(EmergencyAccess).order_by(EmergencyAccess.began_at.desc())).first().id
    coordinator = browse(nadia)
    coordinator.get(f"/cases/{case_id}")
    coordinator.send(f"/emergency/{second}/end", {"csrf_token": coordinator.token})
    browser.get(f"/cases/{case_id}", status=404)


@pytest.mark.databases
def test_a_wall_ends_it_at_once_and_for_good(make, browse, of_others):
    huda, nadia, case_id = make.lawyer(), make.coordinator(), of_others.id
    browser = browse(huda, language="en")
    ask(browser, of_others.reference)
    with db.acting(make.clinic.id, nadia.id):
        case, by = db.session.get_one(CaseFile, case_id), make.reader(db.session.merge(nadia))
        wall = walls.build_wall(case, person=huda.id, because="Her cousin", by=by)
        db.session.commit()
        browser.get(f"/cases/{case_id}", status=404)
        walls.lift_wall(db.session.merge(wall), because="It was another", by=by)
        db.session.commit()
    browser.get(f"/cases/{case_id}", status=404)


@pytest.mark.databases
def test_what_is_read_meanwhile_is_marked(make, browse, of_others):
    huda, case_id, child_id = make.lawyer(), of_others.id, of_others.child_id
    browser = browse(huda, language="en")
    ask(browser, of_others.reference).follow()
    browser.get(f"/children/{child_id}")
    with db.database().readings.connect() as connection:
        rows = connection.execute(select(reading.c.what).where(reading.c.who == huda.id)).scalars().all()
    assert {"case.read.emergency", "child.read.emergency"} <= set(rows)
    page = browse(make.coordinator(), language="en").get(f"/cases/{case_id}/history")
    assert "looked at the case. (in an emergency)" in page.text


@pytest.mark.databases
def test_it_waits_on_the_page_of_looks_until_another_coordinator_looked_into_it(make, browse, of_others):
    both = make.person("Huda", *(role for role in _lawyer_and_coordinator()))
    nadia = make.coordinator()
    own = browse(both, language="en")
    ask(own, of_others.reference).follow()
    assert "another coordinator asks" in own.get("/looks").text
    browser = browse(nadia, language="en")
    page = browser.get("/looks")
    address = page.select_one('main a[href*="/emergency/"]')["href"]
    asked = browser.get(address)
    assert WHY in asked.text
    assert "in an emergency" in asked.text
    done = browser.post(address, {"finding": "She was at the hospital"}).follow()
    assert not done.has('main a[href*="/emergency/"]')
    assert only_access().finding == "She was at the hospital"


@pytest.mark.databases
def test_nobody_looks_into_their_own(make, browse, of_others):
    from clinic.emergency import actions

    both = make.person("Huda", *_lawyer_and_coordinator())
    ask(browse(both, language="en"), of_others.reference)
    with db.acting(make.clinic.id, both.id), pytest.raises(actions.OwnAccess):
        actions.review(only_access(), finding="Fine", by=make.reader(db.session.merge(both)))


@pytest.mark.databases
def test_who_is_walled_from_the_case_hears_nothing_of_it(make, browse, of_others):
    samir = make.coordinator("Samir")
    db.session.add(Wall(case_id=of_others.id, staff_id=samir.id, built_by=make.coordinator().id, because="His son"))
    db.session.commit()
    before = browse(samir, language="en").get("/looks").text
    ask(browse(make.lawyer(), language="en"), of_others.reference)
    assert browse(samir, language="en").get("/looks").text == before
    assert samir.id not in db.session.scalars(select(Task.assigned_to)).all()
    assert samir.id not in db.session.scalars(select(StaffNotice.staff_id)).all()


def test_whose_case_it_is_has_no_need(make, browse, of_others):
    page = ask(browse(make.people["Karim"], language="en"), of_others.reference).follow()
    assert "open to you already" in page.text
    assert db.session.scalars(select(EmergencyAccess)).all() == []


def test_without_an_emergency_nothing_is_asked_of_the_database(make):
    assert db.session.get_one(StaffMember, make.lawyer().id).emergency_until is None


def _lawyer_and_coordinator():
    from clinic.access.permissions import Role

    return (Role.LAWYER, Role.COORDINATOR)
