"""The page of a case: who and where, the line of steps, what is closed to a reader, and who may open it at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock, db
from clinic.access.models import Wall
from clinic.cases.models import CaseFile, Task
from clinic.children import actions as children
from clinic.children.rules import GuardianTold
from clinic.vocabularies.fixed import Answer, StepState


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def salma(make):
    return make.counsellor("Salma")


@pytest.fixture
def case(make, huda, salma):
    return make.case(team=[huda, salma])


def test_the_page_says_who_and_where_without_a_name_in_its_title(browse, case, huda):
    page = browse(huda).get(f"/cases/{case.id}")
    assert case.child.name in page.heading
    assert case.reference in page.text
    assert "Accused: Theft" in page.text
    assert case.reference in page.select_one("title").get_text()


def test_an_empty_line_offers_the_first_step(browse, case, huda):
    page = browse(huda).get(f"/cases/{case.id}")
    assert "step by step" in page.text
    assert page.has(f'a[href="/cases/{case.id}/steps/add"]')


def test_planned_steps_stand_above_todays_line_and_past_ones_below(browse, make, case, huda):
    make.step("hearing", case, by=huda, state=StepState.PLANNED)
    make.step("police_attendance", case, by=huda)
    page = browse(huda).get(f"/cases/{case.id}")
    line = page.select_one(".line").get_text(" ")
    assert line.index("earing") < line.index("Today") < line.index("police station")
    assert "Next hearing" in page.text


def test_a_note_of_another_lane_is_shown_as_closed_never_as_missing(browse, make, case, huda, salma):
    make.step("counselling_session", case, by=salma, note="what the child told")
    page = browse(huda).get(f"/cases/{case.id}")
    assert "what the child told" not in page.html
    assert "Only the counsellors of this case read it" in page.text
    assert "what the child told" in browse(salma).get(f"/cases/{case.id}").text


def test_the_line_is_filtered_by_kind_and_paged_by_25(browse, make, case, huda):
    for _ in range(26):
        make.step("police_attendance", case, by=huda)
    make.step("note", case, by=huda, team_text="a word for the team")
    page = browse(huda).get(f"/cases/{case.id}?kind=note")
    assert len(page.select("article.step")) == 1
    first = browse(huda).get(f"/cases/{case.id}")
    assert len(first.select("article.step")) == 25
    assert len(first.click("Next").select("article.step")) == 2
    browse(huda).get(f"/cases/{case.id}?kind=nothing", status=404)


def test_what_is_due_is_named(browse, make, case, huda):
    yesterday = clock.today() - timedelta(days=1)
    db.session.add(Task(case_id=case.id, due_on=yesterday, assigned_to=huda.id, what="ask for the report"))
    db.session.commit()
    assert "ask for the report" in browse(huda).get(f"/cases/{case.id}").text


def test_the_family_stands_beside_with_when_it_is_safe_to_call(browse, case, huda):
    told = GuardianTold(name="أم كرم", phone="0599123456", safe_to_call=Answer.YES, safe_when="after four")
    children.add_guardian(db.session.merge(case.child), told)
    db.session.commit()
    page = browse(huda).get(f"/cases/{case.id}")
    assert "أم كرم" in page.text
    assert "after four" in page.text
    assert page.has('a[href="tel:0599123456"]')


def test_who_reads_a_case_leaves_a_trace(browse, case, huda, make):
    nadia = make.coordinator("Nadia")
    browse(huda).get(f"/cases/{case.id}")
    page = browse(nadia).get(f"/cases/{case.id}/history")
    assert "looked at the case" in page.text
    assert "looked at the case" not in browse(huda).get(f"/cases/{case.id}/history").select_one("aside").get_text()


def test_a_lawyer_outside_the_team_gets_404_everywhere(browse, make, case):
    karim = browse(make.lawyer("Karim"))
    for place in ("", "/correct", "/team", "/close", "/closing", "/reopen", "/consents", "/history", "/summary"):
        karim.get(f"/cases/{case.id}{place}", status=404)
    karim.get(f"/cases/{case.id}/another-child", status=404)
    karim.get(f"/children/{case.child_id}", status=404)
    assert case.reference not in karim.get("/cases/all").html


def test_inside_the_team_without_the_right_is_403(browse, case, huda):
    browse(huda).get(f"/cases/{case.id}/team", status=403)
    browse(huda).get(f"/cases/{case.id}/closing", status=403)


def test_a_wall_hides_a_case_from_a_coordinator_too(browse, make, case):
    nadia = make.coordinator("Nadia")
    db.session.add(Wall(case_id=case.id, staff_id=nadia.id, built_by=nadia.id))
    db.session.commit()
    browse(nadia).get(f"/cases/{case.id}", status=404)
    assert case.reference not in browse(nadia).get("/cases/all").html


def test_the_administrator_sees_no_case(browse, make, case):
    adam = browse(make.administrator("Adam"))
    adam.get("/cases", status=403)
    adam.get(f"/cases/{case.id}", status=404)


def test_the_page_costs_the_same_with_three_steps_and_with_thirty(browse, make, case, huda):
    browser, case_id = browse(huda), case.id
    for number in (3, 27):
        for _ in range(number):
            make.step("police_attendance", make.fresh(CaseFile, case_id), by=huda)
        page = browser.get(f"/cases/{case_id}")
        assert len(page.statements) <= 15, str(page.statements)


def test_the_summary_prints_what_the_readers_lanes_hold(browse, make, case, huda, salma):
    make.step("counselling_session", case, by=salma, note="what the child told")
    make.step("hearing", case, by=huda)
    assert "what the child told" not in browse(huda).get(f"/cases/{case.id}/summary").html
    assert "what the child told" in browse(salma).get(f"/cases/{case.id}/summary").text


def test_a_paper_that_has_not_come_is_named(browse, make, case, huda):
    make.step("filing", case, by=huda, what="social_inquiry_report")
    assert "Papers that have not come" in browse(huda).get(f"/cases/{case.id}").text


def test_a_case_with_everything_on_its_page_costs_at_most_fifteen_statements(browse, make, case, huda, salma):
    make.step("police_attendance", case, by=huda)
    make.step("filing", case, by=huda)
    for score in (3, 6):
        make.step("counselling_session", case, by=salma, wellbeing_score=score)
    make.step("hearing", case, by=huda, state=StepState.PLANNED)
    page = browse(huda).get(f"/cases/{case.id}")
    assert len(page.statements) <= 15, str(page.statements)
