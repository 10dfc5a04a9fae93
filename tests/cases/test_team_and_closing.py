"""Who works on a case, a caseload handed over, closing in two hands, opening again; lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.cases import closing, queries, team, walls
from clinic.cases.models import CaseFile, ClosingProposal, Step, Task
from clinic.staff.models import StaffNotice
from clinic.vocabularies.fixed import CaseStatus, ChildRole, StepState


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
def case(make, huda):
    return make.case(team=[huda])


def test_who_takes_over_for_good_leads_and_the_other_sees_the_case_no_more(browse, nadia, huda, karim, case):
    said = {"person": str(karim.id), "role": "lawyer", "instead_of": str(huda.id), "note": "the appeal runs"}
    page = browse(nadia).post(f"/cases/{case.id}/team", said).follow()
    assert "the appeal runs" in page.text
    browse(karim).get(f"/cases/{case.id}")
    browse(huda).get(f"/cases/{case.id}", status=404)


def test_who_takes_over_until_a_day_stands_beside(browse, nadia, huda, karim, case, make):
    until = (clock.today() + timedelta(days=7)).isoformat()
    browse(nadia).post(f"/cases/{case.id}/team", {"person": str(karim.id), "instead_of": str(huda.id), "until": until})
    assert make.fresh(CaseFile, case.id).lawyer_id == huda.id
    browse(huda).get(f"/cases/{case.id}")
    browse(karim).get(f"/cases/{case.id}")
    seat = queries.seat_in(case.id, make.reader(karim), clock.today() + timedelta(days=8))
    assert not seat.on_team


def test_nobody_joins_as_what_they_are_not(browse, nadia, karim, case):
    page = browse(nadia).post(
        f"/cases/{case.id}/team", {"person": str(karim.id), "role": "counsellor"}, status=(200, 422)
    )
    assert "does not work as that" in page.text


def test_a_whole_caseload_is_handed_over(browse, make, nadia, huda, karim, case):
    other = make.case(team=[huda])
    said = {"role": "lawyer", "leaves": str(huda.id), "joins": str(karim.id)}
    page = browse(nadia).post("/cases/caseload", said).follow()
    assert "2 cases were handed over" in page.text
    for each in (case, other):
        assert make.fresh(CaseFile, each.id).lawyer_id == karim.id


def test_a_worker_proposes_and_the_coordinator_approves(browse, nadia, huda, case, make):
    browse(huda).post(f"/cases/{case.id}/close", {"reason": "goals_met", "note": "back at school"}).follow()
    page = browse(nadia).get(f"/cases/{case.id}/closing")
    assert "back at school" in page.text
    page = page.submit({"answer": "approved"}).follow()
    assert "Closed on" in page.text
    assert make.fresh(CaseFile, case.id).current_period.closure_reason == "goals_met"


def test_sent_back_it_says_what_is_still_to_be_done(browse, nadia, huda, case, make):
    browse(huda).post(f"/cases/{case.id}/close", {"reason": "goals_met"}).follow()
    page = browse(nadia).post(f"/cases/{case.id}/closing", {"answer": "sent_back"}, status=(200, 422))
    assert "Write what is still to be done" in page.text
    page.submit({"answer": "sent_back", "note": "visit the school once more"}).follow()
    assert make.fresh(CaseFile, case.id).status == CaseStatus.OPEN


def test_nobody_approves_their_own_proposal(browse, make, nadia, case):
    make.coordinator("Salma")
    reader, stored = make.reader(nadia), db.session.get(CaseFile, case.id)
    closing.propose_closing(stored, reason="goals_met", closed_on=clock.today(), by=reader)
    with pytest.raises(closing.OwnProposal):
        closing.approve_closing(stored, by=reader)
    db.session.commit()
    page = browse(nadia).get(f"/cases/{case.id}/closing")
    assert "Somebody else has to look at it" in page.text
    assert page.select("[name=answer]") == []


def test_who_alone_coordinates_leaves_the_proposing_to_the_team(browse, make, nadia, case):
    page = browse(nadia).get(f"/cases/{case.id}/close")
    assert "ask somebody of the team to propose it" in page.text
    assert page.select("[name=reason]") == []
    stored, reader = db.session.get(CaseFile, case.id), make.reader(nadia)
    with pytest.raises(closing.NobodyCouldApprove):
        closing.propose_closing(stored, reason="goals_met", closed_on=clock.today(), by=reader)
    assert db.session.scalars(select(ClosingProposal)).all() == []


def test_who_works_alone_proposes_and_approves_and_the_history_says_so(browse, make, nadia):
    case = make.case()
    assert "Here you work alone" in browse(nadia).get(f"/cases/{case.id}/close").text
    browse(nadia).post(f"/cases/{case.id}/close", {"reason": "goals_met"}).follow()
    page = browse(nadia).get(f"/cases/{case.id}/closing")
    assert "Here you work alone" in page.text
    page.submit({"answer": "approved"}).follow()
    assert make.fresh(CaseFile, case.id).is_closed
    assert "nobody else works here" in browse(nadia).get(f"/cases/{case.id}/history").text


def test_a_closed_case_opens_again_with_its_next_period(browse, nadia, huda, case, make):
    browse(huda).post(f"/cases/{case.id}/close", {"reason": "goals_met"}).follow()
    browse(nadia).post(f"/cases/{case.id}/closing", {"answer": "approved"}).follow()
    browse(huda).get(f"/cases/{case.id}/reopen", status=403)
    page = browse(nadia).post(f"/cases/{case.id}/reopen", {"note": "arrested again"}).follow()
    assert "The case is open again" in page.text
    assert len(make.fresh(CaseFile, case.id).periods) == 2


def test_turning_18_closes_nothing(make, huda, browse):
    child = make.child(born_on="2000-01-01", birth_precision="day", birth_year=2000)
    case = make.case(child, team=[huda], role=ChildRole.ADVICE_ONLY)
    browse(huda).get(f"/cases/{case.id}")
    assert make.fresh(CaseFile, case.id).status == CaseStatus.OPEN


# --- lists


def test_a_list_has_the_cases_of_the_reader_alone(browse, huda, karim, case):
    assert case.reference in browse(huda).get("/cases").text
    assert case.reference in browse(huda).get("/cases/all").text
    assert case.reference not in browse(karim).get("/cases/all").text


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("status=running", True), ("status=closed", False), ("status=all", True), ("offence=theft", True),
        ("offence=drugs", False), ("stage=court", True), ("stage=police", False), ("hearing=7", True),
        ("quiet=14", False), ("worker=nobody", False), ("held=y", False),
    ],
)  # fmt: skip
def test_a_list_is_narrowed(browse, make, huda, case, question, fits):
    make.step("hearing", case, by=huda, state=StepState.PLANNED)
    page = browse(huda).get(f"/cases/all?{question}")
    assert (case.reference in page.text) == fits


def test_a_list_shows_25_at_a_time_and_costs_at_most_eight_statements(browse, make, huda):
    browser = browse(huda)
    for number in (3, 27):
        for _ in range(number):
            make.case(team=[huda])
        page = browser.get("/cases")
        assert len(page.statements) <= 8, str(page.statements)
    assert len(page.select("table tbody tr")) == 25
    assert "30 cases" in page.text
    assert len(page.click("Next").select("table tbody tr")) == 5


@pytest.mark.databases
def test_a_hand_over_leaves_no_gap_and_no_overlap(make, huda, karim, nadia, case, dialect):
    stored = queries.find_case(case.id, reader=make.reader(nadia))
    day = clock.today() + timedelta(days=3)
    team.put_on_team(stored, person=karim.id, role=Role.LAWYER, by=make.reader(nadia), since=day, instead_of=huda.id)
    db.session.commit()
    seats = {
        name: queries.seat_in(case.id, make.reader(who), on).on_team
        for name, who, on in (
            ("huda before", huda, day - timedelta(days=1)),
            ("huda then", huda, day),
            ("karim before", karim, day - timedelta(days=1)),
            ("karim then", karim, day),
        )
    }
    assert seats == {"huda before": True, "huda then": False, "karim before": False, "karim then": True}
    assert db.session.scalars(select(CaseFile)).one().lawyer_id == karim.id


# --- what goes along with a hand-over


@pytest.fixture
def unfinished(make, huda, nadia, case):
    """A task and a planned hearing of Huda's in her case; the ids of both."""
    case = db.session.merge(case)
    task = Task(case_id=case.id, due_on=clock.today(), assigned_to=huda.id, made_by=nadia.id, what="call the school")
    db.session.add(task)
    db.session.commit()
    return task.id, make.step("hearing", case, by=huda, state=StepState.PLANNED).id


def notices_of(person):
    return db.session.scalars(select(StaffNotice).where(StaffNotice.staff_id == person.id)).all()


@pytest.mark.databases
def test_what_was_to_be_done_goes_along_with_the_caseload_and_each_is_told_once(
    browse, make, nadia, huda, karim, case, unfinished
):
    salma = make.counsellor("Salma")
    for _each in range(2):
        make.case(team=[huda, salma])
    said = {"role": "lawyer", "leaves": str(huda.id), "joins": str(karim.id)}
    page = browse(nadia).post("/cases/caseload", said).follow()
    assert "3 cases were handed over. With it went 2 tasks and planned steps." in page.text
    task, hearing = make.fresh(Task, unfinished[0]), db.session.get(Step, unfinished[1])
    assert (task.assigned_to, hearing.worker_id) == (karim.id, karim.id)
    assert [(one.what, one.number, one.case_id) for one in notices_of(karim)] == [("cases_taken_over", 3, None)]
    assert [(one.what, one.number, one.case_id) for one in notices_of(salma)] == [("team_joined", 2, None)]
    assert "3 cases were handed over to you" in browse(karim).get("/account").text


def test_who_replaces_for_a_while_leaves_the_others_work_to_them(browse, make, nadia, huda, karim, case, unfinished):
    until = (clock.today() + timedelta(days=7)).isoformat()
    said = {"role": "lawyer", "leaves": str(huda.id), "joins": str(karim.id), "until": until}
    browse(nadia).post("/cases/caseload", said).follow()
    assert make.fresh(Task, unfinished[0]).assigned_to == huda.id


def test_what_is_due_before_the_hand_over_stays_with_who_still_works(
    browse, make, nadia, huda, karim, case, unfinished
):
    since = (clock.today() + timedelta(days=2)).isoformat()  # the hearing is in three days
    said = {"role": "lawyer", "leaves": str(huda.id), "joins": str(karim.id), "since": since}
    browse(nadia).post("/cases/caseload", said).follow()
    assert make.fresh(Task, unfinished[0]).assigned_to == huda.id
    assert db.session.get(Step, unfinished[1]).worker_id == karim.id


def test_the_tasks_of_who_leaves_are_counted_and_handed_over_too(browse, make, nadia, huda, karim, case, unfinished):
    db.session.add(Task(assigned_to=huda.id, made_by=nadia.id, what="order paper"))
    db.session.commit()
    adam = browse(make.administrator("Adam"))
    page = adam.get(f"/accounts/{huda.id}/close")
    assert "2 tasks wait for this person" in page.text
    page.submit().follow()
    assert "1 open case waits · 2 tasks to do" in browse(nadia).get("/accounts/leaving").text
    said = {"role": "lawyer", "leaves": str(huda.id), "joins": str(karim.id)}
    browse(nadia).post("/cases/caseload", said).follow()
    assert set(db.session.scalars(select(Task.assigned_to))) == {karim.id}
    assert "Everything is handed over" in browse(nadia).get("/accounts/leaving").text


def test_a_caseload_is_handed_over_between_people_named_with_their_roles(browse, make, nadia, huda):
    make.person("Aya", Role.LAWYER, Role.COUNSELLOR)
    options = [option.get_text() for option in browse(nadia).get("/cases/caseload").select("[name=joins] option")]
    plain = [option.replace("\u2068", "").replace("\u2069", "") for option in options]
    assert {"Huda · Lawyer", "Aya · Lawyer, Counsellor"} <= set(plain)


def test_a_planned_step_of_who_is_kept_out_falls_to_who_leads_the_case(make, nadia, huda, karim, case, unfinished):
    stored = queries.find_case(case.id, reader=make.reader(nadia))
    team.put_on_team(stored, person=karim.id, role=Role.LAWYER, by=make.reader(nadia), since=clock.today())
    walls.build_wall(stored, person=huda.id, because="her cousin complains", by=make.reader(nadia))
    db.session.commit()
    assert db.session.get(Step, unfinished[1]).worker_id == karim.id
    assert make.fresh(Task, unfinished[0]).assigned_to == karim.id
