"""Who works on a case, a caseload handed over, closing in two hands, opening again; lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.cases import closing, queries, team
from clinic.cases.models import CaseFile, ClosingProposal
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
