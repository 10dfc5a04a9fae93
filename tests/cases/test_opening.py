"""Opening a case in one screen, correcting it, and another child of the same event."""

from __future__ import annotations

import pytest

from clinic import clock, db
from clinic.cases import queries
from clinic.cases.models import CaseFile, Consent, TeamMember
from clinic.children.models import Child, LikelyPair
from clinic.vocabularies.fixed import ChildRole

NEW = {
    "given_name": "ليث",
    "father_name": "سامر",
    "family_name": "حماد",
    "sex": "male",
    "born": "4/2002",
    "guardian_name": "أم ليث",
    "guardian_phone": "0599 123 456",
    "role": "accused",
    "referral_source": "police",
    "offences": ["theft", "brawl"],
}


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


def only(model):
    return db.session.scalars(db.session.query(model).statement).one()


def test_a_case_is_opened_with_its_child_in_one_screen(browse, huda):
    said = {**NEW, "consent_guardian": "y", "consent_form": "provisional", "consent_confirm_by": "2026-12-24"}
    page = browse(huda).post("/cases/open", said).follow()
    assert "ليث سامر حماد" in page.heading
    assert "أم ليث" in page.text
    case, consent = only(CaseFile), only(Consent)
    assert case.offences == ("theft", "brawl")
    assert (case.child.birth_precision, case.child.birth_year) == ("month", 2002)
    assert consent.waits_for_confirmation


def test_who_opens_a_case_is_on_its_team(browse, huda):
    browse(huda).post("/cases/open", NEW)
    assert (only(TeamMember).staff_id, only(CaseFile).lawyer_id) == (huda.id, huda.id)


def test_the_same_form_sent_twice_opens_one_case(browse, huda):
    browser = browse(huda)
    form = browser.get("/cases/open").select_one("main form[method=post]")
    hidden = {one["name"]: one.get("value", "") for one in form.select("input[type=hidden]")}
    hidden["opened_on"] = form.select_one("[name=opened_on]")["value"]
    first = browser.send("/cases/open", {**hidden, **NEW, "consent_form": "written"}, status=303)
    second = browser.send("/cases/open", {**hidden, **NEW, "consent_form": "written"}, status=303)
    assert first.location == second.location
    assert only(Child) is not None


def test_nothing_typed_is_lost_by_what_is_missing(browse, huda):
    page = browse(huda).post("/cases/open", {**NEW, "offences": None}, status=(200, 422))
    assert "Choose what the child is accused of" in page.text
    assert page.select_one("[name=given_name]")["value"] == "ليث"


def test_a_child_who_may_be_known_is_shown_to_who_may_see_them(browse, make, huda):
    known = make.child("ليث", "حماد", father_name="سامر")
    make.case(known, team=[huda])
    page = browse(huda).post("/cases/open", NEW, status=(200, 422))
    assert "Is it the same child?" in page.text
    assert page.has(f'a[href="/children/{known.id}"]')


@pytest.mark.parametrize("address", ["/cases/open", "/children/add"])
def test_whether_it_is_another_child_is_answered_by_the_button_alone(browse, make, huda, address):
    make.case(make.child("ليث", "حماد", father_name="سامر"), team=[huda])
    page = browse(huda).post(address, NEW, status=(200, 422))
    assert page.has("button[name=sure]")
    assert not page.has("input[name=sure]")


def test_of_others_only_that_the_clinic_may_know_the_child(browse, make, huda):
    known = make.child("ليث", "حماد", father_name="سامر", locality="aida")
    case = make.case(known, team=[make.lawyer("Karim")])
    browser = browse(huda)
    page = browser.post("/cases/open", NEW, status=(200, 422))
    assert "The clinic may know this child" in page.text
    assert known.reference not in page.html
    assert case.reference not in page.html
    assert str(known.id) not in page.html
    page.submit({**NEW, "sure": "ask"})
    pair = only(LikelyPair)
    assert pair.asked


def test_a_case_is_opened_for_a_child_whom_the_clinic_knows(browse, make, huda):
    child = make.child("سارة", "فراج")
    make.case(child, team=[huda])
    said = {"role": "witness", "referral_source": "school"}
    page = browse(huda).post(f"/cases/open/{child.id}", said).follow()
    assert "Witness" in page.text
    assert len(list(db.session.query(CaseFile))) == 2


def test_what_a_case_says_is_corrected_and_its_history_says_so(browse, make, huda):
    case = make.case(team=[huda])
    browser = browse(huda)
    browser.post(f"/cases/{case.id}/correct", {"offences": ["brawl"], "court_number": "12/2016"}).follow()
    page = browser.get(f"/cases/{case.id}/history")
    assert "corrected what the case says" in page.text
    assert "before: Theft" in page.text


def test_a_colleagues_save_is_shown_beside_what_was_typed(browse, make, huda):
    case = make.case(team=[huda, make.counsellor("Salma")])
    first, second = browse(huda), browse(make.counsellor("Salma"))
    typed = first.get(f"/cases/{case.id}/correct")
    second.post(f"/cases/{case.id}/correct", {"offences": ["brawl"]}).follow()
    page = typed.submit({"offences": ["drugs"]}, status=409)
    assert "Salma" in page.text
    assert "Brawl" in page.text
    assert "Drugs" in page.text
    page.submit().follow()
    assert make.fresh(CaseFile, case.id).offences == ("drugs",)


def test_another_child_of_the_same_event_gets_a_linked_case_of_their_own(browse, make, huda):
    case = make.case(team=[huda])
    said = {"given_name": "آدم", "family_name": "شاهين", "role": "accused"}
    page = browse(huda).post(f"/cases/{case.id}/another-child", said).follow()
    assert case.reference in page.select_one("aside").get_text()
    one, other = db.session.query(CaseFile).order_by(CaseFile.reference)
    assert one.event_id == other.event_id is not None
    assert one.offences == other.offences


def test_a_linked_case_of_another_team_is_not_shown(browse, make, huda):
    event = clock.new_id()
    case = make.case(team=[huda], event_id=event)
    other = make.case(team=[make.lawyer("Karim")], event_id=event)
    page = browse(huda).get(f"/cases/{case.id}")
    assert other.reference not in page.html
    assert "Other children of the same event" not in page.text


@pytest.mark.databases
def test_references_go_on_after_what_an_import_brought(make, dialect):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda], role=ChildRole.WITNESS)
    start = case.reference[:-5]
    stored = db.session.get(CaseFile, case.id)
    stored.reference = f"{start}00041"
    db.session.commit()
    again = make.case(team=[huda], role=ChildRole.WITNESS)
    assert again.reference == f"{start}00002"
    db.session.get(CaseFile, again.id).reference = f"{start}00003"
    db.session.commit()
    assert make.case(team=[huda], role=ChildRole.WITNESS).reference == f"{start}00042"
    assert queries.find_case(case.id, reader=make.reader(huda)) is not None
