"""A lawyer answers a station call at night: one page, one press, and nothing has to be known but a name and a time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from clinic import clock, db
from clinic.access.models import EmergencyAccess
from clinic.cases.models import CaseFile, Consent, Step, Task, TeamMember
from clinic.children.models import Child, LikelyPair
from clinic.clock import Moment, Precision
from clinic.custody import queries as custody
from clinic.custody.models import CustodyPeriod
from clinic.police.models import PoliceAttendance
from clinic.vocabularies.fixed import Answer, LegalBasis

NIGHT = clock.from_local(datetime(2026, 3, 5, 1, 55))
WITH_TEN_ANSWERS = {
    "name": "كرم يوسف الجعفري",
    "sex": "male",
    "police_station": "bethlehem_city",
    "apprehension": "arrest",
    "arrested-time": "23:50",
    "lawyer_notified-time": "01:10",
    "lawyer_arrived-time": "01:55",
    "told_of_rights": "no",
    "questioned_before_lawyer": "yes",
    "guardian": "sent_out",
    "treatment": "neither",
}


@pytest.fixture
def night(monkeypatch):
    monkeypatch.setattr(clock, "told", lambda: NIGHT)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def only(model):
    db.session.expire_all()
    return db.session.scalars(select(model)).one()


@pytest.mark.databases
def test_a_call_for_a_new_child_is_saved_at_once(make, browse, night):
    huda = make.lawyer()
    page = browse(huda).get("/calls").submit(WITH_TEN_ANSWERS)
    case, child, attendance, period = only(CaseFile), only(Child), only(PoliceAttendance), only(CustodyPeriod)
    assert page.location.endswith(f"/cases/{case.id}")
    assert child.name == "كرم يوسف الجعفري"
    assert [(one.staff_id, one.role) for one in case.team] == [(huda.id, "lawyer")]
    assert attendance.arrested == Moment(clock.from_local(datetime(2026, 3, 4, 23, 50))), "before midnight: yesterday"
    assert attendance.lawyer_arrived == Moment(NIGHT)
    assert (attendance.guardian_present, attendance.guardian_sent_out) == (Answer.NO, Answer.YES)
    assert (attendance.injuries_seen, attendance.ill_treatment_alleged) == (Answer.NO, Answer.NO)
    assert attendance.lawyer_attended == Answer.YES
    assert (period.place, period.legal_basis, period.began) == ("police_cell", LegalBasis.POLICE, attendance.arrested)
    assert period.follows_id == attendance.id
    assert [one.case.id for one in custody.held(reader=make.reader(huda))] == [case.id]


def test_nothing_needs_to_be_known_but_a_name_and_when_the_child_was_taken(make, browse, night):
    huda = make.lawyer()
    page = browse(huda).get("/calls").submit({}, status=422)
    assert page.has(".errors a[href='#name']")
    assert page.has(".errors a[href='#arrested']")
    page.submit({"name": "كرم", "arrested-time": "23:50", "arrested-precision": "about"})
    attendance = only(PoliceAttendance)
    assert attendance.arrested.precision == Precision.ABOUT
    left_open = (attendance.told_of_rights, attendance.guardian_present, attendance.lawyer_attended)
    assert left_open == (None, None, None)
    assert count(CustodyPeriod) == 0, "nobody said that it was an arrest"


def test_a_summons_puts_nobody_into_custody(make, browse, night):
    browse(make.lawyer()).get("/calls").submit({**WITH_TEN_ANSWERS, "apprehension": "summons"})
    assert count(CustodyPeriod) == 0


def test_another_day_can_be_said(make, browse, night):
    browse(make.lawyer()).get("/calls").submit({**WITH_TEN_ANSWERS, "arrested-day": "2026-03-03"})
    assert only(PoliceAttendance).arrested.local_date == date(2026, 3, 3)


def test_a_day_to_come_is_refused_at_its_field(make, browse, night):
    told = {**WITH_TEN_ANSWERS, "arrested-day": "2026-03-06"}
    page = browse(make.lawyer()).get("/calls").submit(told, status=422)
    assert page.has("#arrested .problem")
    assert count(CaseFile) == 0


@pytest.mark.databases
def test_a_double_press_makes_one_case(make, browse, night):
    page = browse(make.lawyer()).get("/calls")
    first, second = page.submit(WITH_TEN_ANSWERS), page.submit(WITH_TEN_ANSWERS)
    assert first.location == second.location
    assert [count(model) for model in (Child, CaseFile, PoliceAttendance, CustodyPeriod)] == [1, 1, 1, 1]


def test_the_same_form_with_other_answers_leads_to_what_was_saved(make, browse, night):
    page = browse(make.lawyer()).get("/calls")
    page.submit(WITH_TEN_ANSWERS)
    again = page.submit({**WITH_TEN_ANSWERS, "told_of_rights": "yes"}).follow()
    assert again.address.endswith(f"/steps/{only(PoliceAttendance).id}")
    assert "saved before" in again.text


def test_what_was_agreed_to_by_word_of_mouth_is_to_be_confirmed(make, browse, night):
    browse(make.lawyer()).get("/calls").submit({**WITH_TEN_ANSWERS, "guardian_agrees": "y"})
    consent = only(Consent)
    assert (consent.form, consent.given_by_guardian, consent.given_by_child) == ("provisional", True, False)
    assert consent.confirm_by == date(2026, 3, 12)


def test_a_child_of_hers_is_offered_before_a_second_file_is_made(make, browse, night):
    huda = make.lawyer()
    child = make.child("كرم", "الجعفري", father_name="يوسف")
    case = make.case(child, team=[huda], opened_on=date(2026, 1, 2))
    page = browse(huda).get("/calls").submit(WITH_TEN_ANSWERS, status=200)
    assert "Is it one of these?" in page.text
    assert count(PoliceAttendance) == 0
    page.submit({**WITH_TEN_ANSWERS, "whom": f"case:{case.id}"})
    assert only(PoliceAttendance).case_id == case.id
    assert count(Child) == 1


def test_a_known_child_gets_a_new_case_if_the_lawyer_says_so(make, browse, night):
    huda = make.lawyer()
    child = make.child("كرم", "الجعفري", father_name="يوسف")
    case = make.case(child, team=[huda], opened_on=date(2026, 1, 2))
    page = browse(huda).get("/calls").submit(WITH_TEN_ANSWERS, status=200)
    page.submit({**WITH_TEN_ANSWERS, "whom": f"child:{child.id}"})
    attendance = only(PoliceAttendance)
    assert (attendance.child_id, attendance.case_id == case.id) == (child.id, False)


def test_the_second_save_makes_the_new_file_and_tells_the_coordinator_of_the_pair(make, browse, night):
    karim, huda = make.lawyer("Karim"), make.lawyer()
    make.case(make.child("كرم", "الجعفري", father_name="يوسف"), team=[karim], opened_on=date(2026, 1, 2))
    page = browse(huda).get("/calls").submit(WITH_TEN_ANSWERS, status=200)
    assert "The clinic may know this child." in page.text
    assert "Is it one of these?" not in page.text
    page.submit({**WITH_TEN_ANSWERS, "ask": "y"})
    assert count(Child) == 2
    assert only(LikelyPair).asked


def test_looking_changes_nothing_and_names_nobody_of_others(make, browse, night):
    karim, huda = make.lawyer("Karim"), make.lawyer()
    other = make.child("كرم", "الجعفري", father_name="يوسف", grandfather_name="سليم")
    make.case(other, team=[karim], opened_on=date(2026, 1, 2))
    browser = browse(huda)
    form = _filled(browser.get("/calls"))
    page = browser.send("/calls/look", {**form, "name": "كرم يوسف الجعفري"}, status=200)
    assert "The clinic may know this child." in page.text
    assert "سليم" not in page.html
    assert str(other.id) not in page.html
    assert count(Step) == 0


def test_two_names_are_enough_to_offer_a_child_of_hers(make, browse, night):
    huda = make.lawyer()
    child = make.child("كرم", "الجعفري", father_name="يوسف", grandfather_name="سليم")
    make.case(child, team=[huda], opened_on=date(2026, 1, 2))
    browser = browse(huda)
    form = _filled(browser.get("/calls"))
    page = browser.send("/calls/look", {**form, "name": "كرم الجعفري"}, status=200)
    assert page.has(f"input[name=whom][value='child:{child.id}']")


def test_a_child_behind_a_wall_is_not_hinted_at(make, browse, night):
    from clinic.access.models import Wall

    karim, huda, nadia = make.lawyer("Karim"), make.lawyer(), make.coordinator()
    case = make.case(make.child("كرم", "الجعفري", father_name="يوسف"), team=[karim], opened_on=date(2026, 1, 2))
    db.session.add(Wall(case_id=case.id, staff_id=huda.id, built_by=nadia.id, because="Represents the complainant"))
    db.session.commit()
    page = browse(huda).get("/calls").submit(WITH_TEN_ANSWERS)
    assert page.status == 303
    assert count(Child) == 2


def test_a_file_is_opened_for_the_night_with_a_reason_and_everybody_is_told(make, browse, night):
    karim, huda, nadia = make.lawyer("Karim"), make.lawyer(), make.coordinator(language="ar")
    case = make.case(make.child("كرم", "الجعفري", father_name="يوسف"), team=[karim], opened_on=date(2026, 1, 2))
    browser = browse(huda)
    page = browser.get("/calls").submit(WITH_TEN_ANSWERS, status=200)
    browser.get(f"/cases/{case.id}", status=404)
    form = {**_filled(page), **WITH_TEN_ANSWERS}
    refused = browser.send("/calls/tonight", form, status=422)
    assert refused.has("#because-problem")
    opened = browser.send("/calls/tonight", {**form, "because": "He is at the station with me"}).follow()
    assert opened.select_one("#name")["value"] == WITH_TEN_ANSWERS["name"], "what was typed is still there"
    assert "Is it one of these?" in opened.text
    browser.get(f"/cases/{case.id}")
    access = only(EmergencyAccess)
    assert (access.staff_id, access.role, access.for_call) == (huda.id, "lawyer", True)
    assert access.until == NIGHT + timedelta(hours=8)
    assert db.session.scalars(select(TeamMember).where(TeamMember.staff_id == huda.id)).all() == []
    assert db.session.get(CaseFile, case.id).lawyer_id == karim.id
    told = {task.assigned_to: task.what for task in db.session.scalars(select(Task))}
    assert told.keys() == {karim.id, nadia.id}
    assert "He is at the station with me" in told[karim.id]
    assert "Huda" in told[nadia.id]


def test_the_night_ends_by_itself(make, browse, monkeypatch):
    monkeypatch.setattr(clock, "told", lambda: NIGHT)
    karim, huda = make.lawyer("Karim"), make.lawyer()
    case = make.case(make.child("كرم", "الجعفري", father_name="يوسف"), team=[karim], opened_on=date(2026, 1, 2))
    browser = browse(huda)
    page = browser.get("/calls").submit(WITH_TEN_ANSWERS, status=200)
    browser.send("/calls/tonight", {**_filled(page), **WITH_TEN_ANSWERS, "because": "Called at night"}, status=303)
    monkeypatch.setattr(clock, "told", lambda: NIGHT + timedelta(days=1))
    browse(huda).get(f"/cases/{case.id}", status=404)


def test_a_chosen_child_of_others_does_not_exist(make, browse, night):
    karim, huda = make.lawyer("Karim"), make.lawyer()
    case = make.case(make.child("كرم", "الجعفري"), team=[karim], opened_on=date(2026, 1, 2))
    page = browse(huda).get("/calls")
    page.submit({**WITH_TEN_ANSWERS, "name": "زيد نموذج", "whom": f"case:{case.id}"}, status=404)


def test_who_is_no_lawyer_takes_no_call(make, browse):
    for person in (make.counsellor(), make.coordinator(), make.administrator()):
        browse(person).get("/calls", status=403)


def _filled(page):
    from tests.browser import filled

    return filled(page.select_one("main form[method=post]"))
