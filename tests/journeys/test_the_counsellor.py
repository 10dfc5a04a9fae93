"""A counsellor records a session, a group session and a visit to the school; what a child told stays with her."""

from __future__ import annotations

from sqlalchemy import func, select

from clinic import clock, db
from clinic.cases.models import Step
from clinic.counselling.models import CounsellingSession


def _count(model: type[Step]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_counsellor_records_a_session_a_group_and_a_visit_to_the_school(walk, make):
    huda, salma = make.lawyer("Huda"), make.counsellor("Salma")
    case = make.case(team=[huda, salma], child=make.child("كرم", "التجريبي"))
    make.case(team=[salma], child=make.child("ليان", "التجريبية"))
    today = clock.today().isoformat()
    counsellor = walk(salma).look("desk")

    counsellor.goto(f"/cases/{case.id}").look("the case").follow(f"/cases/{case.id}/steps/add").look("which step")
    counsellor.follow(f"/cases/{case.id}/steps/add/counselling_session").look("a session, empty")
    counsellor.give("held_on", today).give("session_kind", "individual").give("wellbeing_score", "4")
    counsellor.give("note", "قال إنه خائف من العودة إلى المدرسة.").press("Save", within="main").look(
        "the session on the line"
    )
    assert _count(CounsellingSession) == 1

    counsellor.goto("/counselling/group").look("a group, empty").give("held_on", today)
    children = counsellor.page.locator("fieldset.member")
    assert children.count() == 2
    for place in range(2):
        children.nth(place).locator("label:has(input[value=came])").first.click()
    counsellor.press("Save", within="main").look("the group")
    assert _count(CounsellingSession) == 3

    counsellor.goto(f"/cases/{case.id}/steps/add/school_followup").look("a visit to the school, empty")
    counsellor.give("visited_on", today).give("school_status", "attending").press("Save", within="main").look(
        "the visit on the line"
    )
    counsellor.goto(f"/cases/{case.id}?kind=counselling_session").look("sessions alone")

    lawyer = walk(huda).goto(f"/cases/{case.id}").look("the case as the lawyer sees it")
    lawyer.sees_not("خائف من العودة")
