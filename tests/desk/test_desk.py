"""The desk of each role: what lies on it, what does not, and at what price."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.audit.models import reading
from clinic.cases.models import CaseFile, ClosingProposal, Intake, Step
from clinic.children.models import Guardian, LikelyPair
from clinic.clock import Moment, Precision
from clinic.staff.models import AccountState
from clinic.vocabularies.fixed import Answer, Apprehension, CaseStatus, HearingPurpose, Relationship, StepState
from clinic.web.models import Draft

BUDGET = 15


def hours(number):
    """The minute so many hours from now."""
    return Moment((clock.now() + timedelta(hours=number)).replace(second=0, microsecond=0))


def days(number):
    return clock.today() + timedelta(days=number)


def arrest(make, case, by, hours_ago):
    return make.step(
        "police_attendance", case, by=by, arrested=hours(-hours_ago), apprehension=Apprehension.ARREST, left_police=None
    )


def hearing(make, case, by, in_hours, **values):
    values = {"scheduled": hours(in_hours), "purpose": HearingPurpose.REMAND, **values}
    return make.step("hearing", case, by=by, state=StepState.PLANNED, **values)


def part(page, title):
    """The words of one part of the desk."""
    found = [one for one in page.select("main section") if one.get("aria-label", "").startswith(title)]
    assert found, f"no {title}: {page.text}"
    return " ".join(found[0].get_text(" ").split())


# The lawyer


def test_children_held_stand_first_with_the_least_time_left_on_top(make, browse):
    huda = make.lawyer("Huda")
    for name, hours_ago in (("آدم", 2), ("ليث", 26), ("كرم", 20)):
        arrest(make, make.case(make.child(name), team=[huda]), huda, hours_ago)
    held = browse(huda).get("/desk").select("#held .held")
    assert [one.select_one("a bdi").get_text().split()[0] for one in held] == ["ليث", "كرم", "آدم"]
    assert [one.select_one(".clock")["class"][1] for one in held] == ["missed", "near", "calm"]
    assert "2 hours over the limit" not in held[2].get_text()
    assert "Object" in held[0].get_text()
    assert "Ask for release" in held[1].get_text()


def test_a_lawyers_desk_shows_no_child_of_another_team(make, browse):
    karim = make.lawyer("Karim")
    case = make.case(make.child("ليث"), team=[karim])
    arrest(make, case, karim, 3)
    hearing(make, case, karim, 30)
    page = browse(make.lawyer("Huda")).get("/desk")
    assert "ليث" not in page.html
    assert "No child of yours is held." in page.text


def test_hearings_that_cannot_both_be_kept_are_marked(make, browse):
    huda = make.lawyer("Huda")
    hearing(make, make.case(make.child("آدم"), team=[huda]), huda, 30)
    hearing(make, make.case(make.child("ليث"), team=[huda]), huda, 31, court="court_of_appeal")
    hearing(make, make.case(make.child("كرم"), team=[huda]), huda, 60)
    hearing(make, make.case(make.child("يزن"), team=[huda]), huda, 24 * 20)
    rows = {
        row.select_one("th").get_text().split()[0]: row.get_text()
        for row in browse(huda).get("/desk").select("tbody tr")
    }
    assert set(rows) == {"آدم", "ليث", "كرم"}
    assert [name for name, words in rows.items() if "clashes" in words] == ["آدم", "ليث"]


def test_what_was_planned_and_has_passed_waits_for_its_end(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(make.child("آدم"), team=[huda])
    hearing(make, case, huda, -30)
    page = browse(huda).get("/desk")
    assert "آدم" in part(page, "Planned, and nobody wrote")
    assert page.has("#overdue a[href$='/complete']")


def test_a_closed_case_asks_for_nothing(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(make.child("آدم"), team=[huda])
    hearing(make, case, huda, -30)
    browser = browse(huda)
    make.fresh(CaseFile, case.id).status = CaseStatus.CLOSED
    db.session.commit()
    assert "آدم" not in browser.get("/desk").html


def test_what_was_begun_and_not_sent_is_offered(make, browse):
    huda, karim = make.lawyer("Huda"), make.lawyer("Karim")
    case = make.case(team=[huda])
    place = f"/cases/{case.id}/steps/add/hearing"
    for who in (huda.id, karim.id):
        db.session.add(Draft(staff_id=who, case_id=case.id, place=place, identity_body="{}"))
    db.session.commit()
    page = browse(huda).get("/desk")
    assert page.select_one("#drafts a")["href"] == place
    assert "Hearing" in part(page, "Begun and not sent")
    assert not browse(karim).get("/desk").has("#drafts")


def test_what_was_left_open_is_answered_by_one_press(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(make.child("ليث"), team=[huda])
    step = arrest(make, case, huda, 3)
    browser = browse(huda)
    form = browser.get("/desk").select_one("#left-open form")
    name = form["action"].rsplit("/", 1)[1]
    browser.send(form["action"], {"csrf_token": browser.token, "answer": "no"}).follow()
    assert getattr(make.fresh(Step, step.id), name) == Answer.NO
    again = browser.send(form["action"], {"csrf_token": browser.token, "answer": "yes"}).follow()
    assert "answered this already" in again.text
    assert getattr(make.fresh(Step, step.id), name) == Answer.NO


def test_nobody_answers_for_a_case_that_they_do_not_see(make, browse):
    huda = make.lawyer("Huda")
    step_id = arrest(make, make.case(team=[huda]), huda, 3).id
    karim = browse(make.lawyer("Karim"))
    karim.get("/desk")
    for name, status in (("guardian_present", 404), ("nothing", 404)):
        karim.send(f"/desk/questions/{step_id}/{name}", {"csrf_token": karim.token, "answer": "yes"}, status=status)


# The counsellor


def test_a_child_not_seen_for_30_days_stands_on_the_counsellors_desk(make, browse):
    salma = make.counsellor("Salma")
    seen, unseen = (make.case(make.child(name), team=[salma], opened_on=days(-90)) for name in ("آدم", "ليث"))
    make.step("counselling_session", seen, by=salma, held_on=days(-10))
    make.step("counselling_session", unseen, by=salma, held_on=days(-45))
    make.step("school_followup", unseen, by=salma, visited_on=days(-5), child_seen=Answer.NO)
    words = part(browse(salma).get("/desk"), "Not seen for 30 days")
    assert "ليث" in words
    assert "45 days ago" in words
    assert "آدم" not in words


def test_a_number_is_offered_when_it_is_said_to_be_safe(make, browse, monkeypatch):
    salma = make.counsellor("Salma")
    noon = clock.from_local(datetime.combine(clock.today(), time(12, 30)))
    monkeypatch.setattr(clock, "told", lambda: noon)
    open_hours, closed_hours = "11:00-14:00", "16:00-18:00"
    told = [
        ("Umm Adam", Answer.YES, open_hours),
        ("Umm Laith", Answer.YES, closed_hours),
        ("Umm Karam", Answer.YES, "when the father is away"),
        ("Umm Yazan", Answer.NO, None),
    ]
    for name, safe, when in told:
        case = make.case(make.child(), team=[salma])
        guardian = Guardian(
            child_id=case.child_id, safe_to_call=safe, relationship=Relationship.MOTHER, phone_hash=b"1"
        )
        guardian.name, guardian.phone, guardian.safe_when = name, "0599000000", when
        db.session.add(guardian)
        db.session.commit()
    words = part(browse(salma).get("/desk"), "Safe to call now")
    assert [name for name, _safe, _when in told if name in words] == ["Umm Adam", "Umm Karam"]
    assert "when the father is away" in words


# The coordinator


def test_what_waits_for_the_coordinator_stands_on_her_desk(make, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    quiet = make.case(make.child("آدم"), team=[huda], opened_on=days(-100))
    db.session.add(ClosingProposal(case_id=quiet.id, closed_on=days(0), reason="goals_met", proposed_by=huda.id))
    intake = Intake(received_on=days(-1), referral_source="ministry", urgent=True, child_name="ليث")
    first, second = make.child("كرم"), make.child("كرام")
    db.session.add_all([intake, LikelyPair(first_id=first.id, second_id=second.id, score=90, reasons=("name",))])
    db.session.commit()
    page = browse(nadia).get("/desk")
    assert "ليث" in part(page, "New referrals")
    assert "urgent" in part(page, "New referrals")
    assert "Huda" in part(page, "Closings to approve")
    assert "كرام" in part(page, "Perhaps the same child")
    assert "nothing for 100 days" in part(page, "Nothing for 60 days")


def test_a_case_without_a_team_is_one_that_nobody_has(make, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    make.case(make.child("آدم"), team=[huda])
    left, alone = make.lawyer("Karim"), make.case(make.child("ليث"))
    make.case(make.child("كرم"), team=[left])
    left.state = AccountState.CLOSED
    db.session.commit()
    words = part(browse(nadia).get("/desk"), "Cases that nobody has")
    assert "ليث" in words
    assert "كرم" in words
    assert "آدم" not in words
    assert alone.reference in words


def test_gaps_in_what_a_report_needs_open_their_list(make, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(make.child("ليث"), team=[huda], opened_on=days(-90))
    make.step(
        "police_attendance",
        case,
        by=huda,
        arrested=Moment(hours(-24 * 40).at, Precision.DAY),
        apprehension=Apprehension.ARREST,
    )
    page = browse(nadia).get("/desk")
    words = part(page, "What the next report lacks")
    for gap in ("nothing says that the child left", "more than 7 days later", "Minute of the arrest not known"):
        assert gap in words
    assert "ليث" in page.click("Minute of the arrest not known").text


def test_what_was_imported_is_not_late(make, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(team=[huda], opened_on=days(-90))
    step = make.step("school_followup", case, by=huda, visited_on=days(-40))
    browser = browse(nadia)
    make.fresh(Step, step.id).source = "import"
    db.session.commit()
    assert "7 days later" not in browser.get("/desk").text


def test_the_quarters_figures_count_what_was_done(make, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(team=[huda])
    arrest(make, case, huda, 0)
    hearing(make, case, huda, 3)
    figures = {
        one.select_one("span").get_text(): one.select_one("b").get_text()
        for one in browse(nadia).get("/desk").select(".figure")
    }
    assert figures["Cases opened"] == "1"
    assert figures["Police attendances"] == "1"
    assert figures["Hearings"] == "0"


# The administrator


def test_the_administrators_desk_is_about_the_house(make, browse):
    huda = make.lawyer("Huda")
    arrest(make, make.case(make.child("ليث"), team=[huda]), huda, 3)
    page = browse(make.administrator("Adam")).get("/desk")
    assert "ليث" not in page.html
    for words in ("Open accounts", "Megabytes taken by the database", "Version of Sanad", "none yet"):
        assert words in page.text


# Several roles, empty desks, whole lists, the price


def test_two_roles_have_both_desks(make, browse):
    both = make.person("Rana", Role.LAWYER, Role.COUNSELLOR)
    page = browse(both).get("/desk")
    for title in ("Children in custody now", "Hearings, next two weeks", "Not seen for 30 days", "Safe to call now"):
        part(page, title)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", ["lawyer", "counsellor", "coordinator", "administrator"])
def test_an_empty_desk_says_what_belongs_there(make, browse, role, language):
    page = browse(getattr(make, role)("Somebody", language=language), language).get("/desk")
    assert page.select(".empty")


def test_a_long_list_has_a_page_of_its_own(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(make.child("ليث"), team=[huda])
    for number in range(30):
        hearing(make, case, huda, -30 - number)
    page = browse(huda).get("/desk")
    assert len(page.select("#overdue li")) == 6
    whole = page.click("All 30")
    assert len(whole.select("main li")) == 25
    assert len(whole.click("Next").select("main li")) == 5


@pytest.mark.parametrize("code", ["referrals", "unassigned", "nothing"])
def test_a_list_of_another_role_does_not_exist(make, browse, code):
    browse(make.lawyer("Huda")).get(f"/desk/lists/{code}", status=404)


def test_an_answer_that_has_not_come_stands_on_the_desk(make, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case, filed = make.case(make.child("ليث"), team=[huda]), clock.today() - timedelta(days=40)
    make.step("complaint", case, by=huda, filed_on=filed, answer_due_on=filed + timedelta(days=30), status="filed")
    for person in (huda, nadia):
        waiting = part(browse(person).get("/desk"), "An answer should have come")
        assert "ليث" in waiting
        assert "10 days late" in waiting
    assert "An answer should have come" not in browse(make.lawyer("Karim")).get("/desk").text


def test_a_desk_with_telephone_numbers_is_a_look_that_is_kept(make, browse, monkeypatch):
    monkeypatch.setattr("clinic.desk.rules.safe_now", lambda _words, _at: True)
    salma = make.counsellor("Salma")
    browser = browse(salma)
    browser.get("/desk")
    assert _looks() == []
    child = make.child("ليث")
    db.session.add(Guardian(child_id=child.id, phone="0590000000", phone_hash=b"1", safe_to_call=Answer.YES))
    db.session.commit()
    make.case(child, team=[salma])
    browser.get("/desk")
    assert _looks() == ["desk.read"]


def _looks():
    with db.database().readings.connect() as connection:
        return list(connection.execute(select(reading.c.what)).scalars())


@pytest.mark.databases
@pytest.mark.parametrize("role", ["lawyer", "counsellor", "coordinator", "administrator", "lawyer and coordinator"])
def test_a_desk_costs_the_same_with_three_cases_as_with_many(make, browse, role, engine_url):
    person, huda = make.person("Rana", *(Role(each) for each in role.split(" and "))), make.lawyer("Huda")
    browser = browse(person)
    team = [huda] if role in ("coordinator", "administrator") else [person, huda]
    few = filled(make, team, huda, 3, browser)
    many = filled(make, team, huda, 12, browser)
    assert few == many
    assert many <= BUDGET


def filled(make, team, huda, number, browser):
    """How many statements the desk takes with so many cases more."""
    for _ in range(number):
        case = make.case(team=team, opened_on=days(-90))
        arrest(make, case, huda, 20)
        hearing(make, case, huda, 40)
        hearing(make, case, huda, -40)
    return sum("reading" not in statement for statement in browser.get("/desk").statements.sent)
