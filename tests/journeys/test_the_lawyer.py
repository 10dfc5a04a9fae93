"""A lawyer is called to a station at night, for a child whom nobody knows, and completes the file next day."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases.models import CaseFile
from clinic.police.models import PoliceAttendance
from clinic.vocabularies.fixed import Answer


def _attendance() -> PoliceAttendance:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(PoliceAttendance)).one()


def test_a_lawyer_answers_a_station_call_and_completes_it_next_day(walk, make):
    make.case(team=[make.lawyer("Karim")], child=make.child("كرم", "الجعفري"))
    huda = walk(make.lawyer("Huda")).look("desk")

    huda.follow("/calls").look("the call, empty")
    huda.type("The child's name", "ليان سامي التجريبية")
    huda.answer("Girl or boy", "female").pick("Station", "bethlehem_city")
    huda.answer("How was the child brought?", "arrest")
    huda.now("When was the child taken?").now("When were you told?").now("When did you arrive?")
    huda.answer("Was the child told of the rights?", "no").answer("Questioned before you came?", "yes")
    huda.answer("The guardian", "sent_out").answer("Injury or ill-treatment?", "neither")
    huda.press("Save").is_at(r"/cases/[0-9a-f-]{36}").look("the case that night")

    attendance = _attendance()
    assert attendance.told_of_rights == Answer.NO
    assert attendance.questioned_before_lawyer == Answer.YES
    assert attendance.guardian_sent_out == Answer.YES
    assert attendance.lawyer_arrived is not None

    huda.goto("/desk").look("desk next day")
    huda.follow("/calls/").look("what was left open")
    for turn in range(3):
        huda.press("Ask me later") if turn == 0 else huda.look(f"question {turn}").press("Ask me later")
    case = db.session.scalars(select(CaseFile).where(CaseFile.id == attendance.case_id)).one()
    huda.goto(f"/cases/{case.id}").follow(f"/steps/{attendance.id}").look("the attendance")
    huda.press("Correct").look("the attendance, to be completed")


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_a_call_is_taken_without_a_script(walk, make):
    huda = walk(make.lawyer("Huda"), scripts=False)
    huda.goto("/calls").type("The child's name", "ليان التجريبية").type("Time", "00:30")
    huda.press("Save").is_at(r"/cases/[0-9a-f-]{36}").look("the case")


@pytest.mark.parametrize(("language", "size"), [("ar", "phone")])
def test_what_was_refused_waits_while_the_lawyer_goes_elsewhere(walk, make, language, size):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    lawyer = walk(huda).goto(f"/cases/{case.id}/steps/add/referral")
    today = clock.today().isoformat()
    for field, value in (("referred_on", today), ("agency", "مركز"), ("service", "health"), ("status", "sent")):
        lawyer.give(field, value)
    with lawyer.expecting(422):
        lawyer.give("shared", "يحتاج إلى جلسات.").press("Save", within="main")
    lawyer.press("Note a consent", within="main").is_at(r".*/consents\?purpose=referral")
    lawyer.goto(f"/cases/{case.id}/steps/add/referral")
    assert lawyer.page.input_value("[name=agency]") == "مركز"
    assert lawyer.page.input_value("[name=shared]") == "يحتاج إلى جلسات."
