"""Registering and correcting a child, guardians, and pairs of files that may be of one child."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import db
from clinic.audit.models import AuditEntry
from clinic.cases.models import CaseFile, Step
from clinic.children import actions, joining, queries
from clinic.children.models import Child, Guardian, LikelyPair, PairState
from clinic.children.names import Likely
from clinic.children.rules import ChildTold
from clinic.vocabularies.fixed import Answer

LAITH = {"given_name": "ليث", "father_name": "سامر", "family_name": "حماد", "sex": "male"}


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13/4/2010", "13 April 2010"),
        ("4/2010", "April 2010"),
        ("2010", "2010"),
        ("٢٠١٠", "2010"),
        ("2010-04", "April 2010"),
    ],
)
def test_a_birth_date_is_known_to_the_day_the_month_or_the_year(browse, huda, typed, shown):
    page = browse(huda).post("/children/add", {**LAITH, "born": typed}).follow()
    assert shown in page.text


def test_an_estimated_age_says_what_it_is_taken_from(browse, huda):
    page = browse(huda).post("/children/add", {**LAITH, "estimated_age": "14"}, status=(200, 422))
    assert "Say what the age is taken from" in page.text
    page = page.submit({**LAITH, "estimated_age": "14", "age_basis": "family_said"}).follow()
    assert "14 years" in page.text
    assert "The family said so" in page.text


def test_a_child_needs_at_least_one_name(browse, huda):
    page = browse(huda).post("/children/add", {"sex": "male"}, status=(200, 422))
    assert "Write at least one name" in page.text


def test_a_child_without_a_case_is_seen_by_who_registered_it(browse, make, huda):
    page = browse(huda).post("/children/add", LAITH)
    browse(make.lawyer("Karim")).get(page.location, status=404)
    page.follow()


def test_who_a_child_is_can_be_corrected_and_the_past_is_kept(browse, make, huda):
    case = make.case(make.child("ليث", "حماد"), team=[huda])
    page = browse(huda).post(f"/children/{case.child_id}/correct", {"given_name": "غيث", "born": "2010"}).follow()
    assert "غيث" in page.heading
    history = browse(huda).get(f"/cases/{case.id}/history")
    assert "before: ليث" in history.text
    assert make.fresh(CaseFile, case.id).age_at_opening is not None


def test_a_colleagues_correction_is_shown_beside_what_was_typed(browse, make, huda):
    salma = make.counsellor("Salma")
    case = make.case(make.child("ليث", "حماد"), team=[huda, salma])
    typed = browse(huda).get(f"/children/{case.child_id}/correct")
    browse(salma).post(f"/children/{case.child_id}/correct", {"given_name": "غيث"}).follow()
    page = typed.submit({"given_name": "لؤي"}, status=409)
    assert all(word in page.text for word in ("Salma", "غيث", "لؤي"))
    assert "لؤي" in page.submit().follow().heading


def test_a_guardian_has_a_phone_and_when_it_is_safe(browse, make, huda):
    case = make.case(team=[huda])
    said = {"guardian_name": "أم كرم", "guardian_phone": "0599123456", "guardian_safe_to_call": "no"}
    page = browse(huda).post(f"/children/{case.child_id}/guardians/add", said).follow()
    assert "do not call" in page.text
    guardian = db.session.scalars(select(Guardian)).one()
    assert guardian.safe_to_call == Answer.NO
    browse(make.lawyer("Karim")).get(f"/children/guardians/{guardian.id}", status=404)
    page = browse(huda).post(f"/children/guardians/{guardian.id}", {"ended": "y"}).follow()
    assert "أم كرم" not in page.text


@pytest.mark.databases
def test_a_colleagues_correction_of_a_guardian_is_shown_beside_what_was_typed(browse, make, huda):
    salma = make.counsellor("Salma")
    case = make.case(team=[huda, salma])
    said = {"guardian_name": "أم كرم", "guardian_phone": "0599123456", "guardian_safe_to_call": "yes"}
    browse(huda).post(f"/children/{case.child_id}/guardians/add", said).follow()
    guardian = db.session.scalars(select(Guardian)).one()
    address = f"/children/guardians/{guardian.id}"
    typed = browse(huda).get(address)
    browse(salma).post(address, {"guardian_safe_to_call": "no", "guardian_phone": "0599000000"}).follow()
    page = typed.submit({"guardian_phone": "0599777777"}, status=409)
    assert all(word in page.text for word in ("Salma", "0599000000", "0599777777"))
    page.submit().follow()
    saved = make.fresh(Guardian, guardian.id)
    assert (saved.phone, saved.safe_to_call) == ("0599777777", Answer.YES)


# --- pairs


@pytest.fixture
def pair(make, huda, nadia):
    one = make.case(make.child("ليث", "حماد"), team=[huda])
    two = make.case(make.child("ليث", "حمّاد"), team=[make.lawyer("Karim")])
    make.step("police_attendance", two, by=make.lawyer("Karim"))
    child = db.session.get(Child, one.child_id)
    actions.note_likely(child, [Likely(two.child_id, 92.0, ("given", "family"))], by=make.reader(huda), asked=True)
    db.session.commit()
    return db.session.scalars(select(LikelyPair)).one()


def test_a_pair_goes_to_the_coordinators_desk(browse, nadia, pair, huda):
    page = browse(nadia).get("/children/pairs")
    assert "somebody asks" in page.text
    assert "given name, family name" in page.text
    browse(huda).get("/children/pairs", status=403)


def test_two_children_stay_two(browse, nadia, pair, make):
    page = browse(nadia).post(f"/children/pairs/{pair.id}", {"decision": "different"}).follow()
    assert "Nothing waits" in page.text
    assert make.fresh(LikelyPair, pair.id).state == PairState.DIFFERENT


def test_one_child_gets_everything_of_both_files(browse, nadia, pair, make):
    kept, gone = pair.first_id, pair.second_id
    browse(nadia).post(f"/children/pairs/{pair.id}", {"decision": str(kept)}).follow()
    page = browse(nadia).get(f"/children/{kept}")
    assert len(page.select("table tbody tr")) == 2
    assert make.fresh(Child, gone).merged_into == kept
    assert {step.child_id for step in db.session.scalars(select(Step))} == {kept}
    assert browse(nadia).get(f"/children/{gone}", status=303).location.endswith(str(kept))


@pytest.mark.databases
def test_the_chain_names_every_row_that_was_moved(make, nadia, pair, dialect):
    gone = pair.second_id
    moved = {
        row.id for model in (CaseFile, Step) for row in db.session.scalars(select(model).where(model.child_id == gone))
    }
    joining.join_children(db.session.get(LikelyPair, pair.id), kept=pair.first_id, by=make.reader(nadia))
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "child.joined")).one()
    assert all(row_id.hex in entry.detail for row_id in moved)


@pytest.mark.databases
def test_a_joined_file_is_found_no_more(make, nadia, pair, dialect):
    reader = make.reader(nadia)
    assert len(queries.search("ليث", reader=reader)) == 2
    joining.join_children(db.session.get(LikelyPair, pair.id), kept=pair.first_id, by=reader)
    db.session.commit()
    assert [hit.child.id for hit in queries.search("ليث", reader=reader)] == [pair.first_id]


def test_one_behind_a_wall_is_not_hinted_at(make, huda):
    from clinic.access.models import Wall
    from clinic.children.sameness import person_of

    case = make.case(make.child("ليث", "حماد", father_name="سامر"), team=[make.lawyer("Karim")])
    db.session.add(Wall(case_id=case.id, staff_id=huda.id, built_by=huda.id))
    db.session.commit()
    person = person_of(("ليث", "سامر", None, "حماد"), None, None, None, None)
    alike = queries.likely_same(person, None, reader=make.reader(huda))
    assert not alike
    assert alike.everybody


def test_the_same_child_sent_twice_is_registered_once(make, huda):
    told = ChildTold(given_name="ليث")
    first = actions.register_child(told, by=make.reader(huda))
    assert actions.register_child(told, by=make.reader(huda), child_id=first.id) is first
