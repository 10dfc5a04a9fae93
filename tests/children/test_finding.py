"""Finding a child by any part of the name, a phone, a card, a reference; and only whom one may see."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import db
from clinic.cases.models import CaseFile
from clinic.children import actions, queries
from clinic.children.rules import Born, ChildTold, GuardianTold
from clinic.children.sameness import Parts, Person
from clinic.clock import date
from tests.statements import statements


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def karam(make, huda):
    told = ChildTold(
        given_name="كرم", father_name="يوسف", family_name="الجعفري", name_latin="Karam Al-Jaafari",
        born=Born(date(2010, 4, 2)), unrwa_number="1-234567", locality="dheisheh",
    )  # fmt: skip
    guardian = GuardianTold(name="سعاد", phone="0599 123 456")
    child = actions.register_child(told, by=make.reader(huda), guardians=[guardian])
    db.session.commit()
    make.case(child, team=[huda])
    make.names.update({child.name, child.short_name})
    return child


@pytest.mark.parametrize(
    "typed",
    [
        "كرم",
        "الجعفري",
        "karam",
        "Jaafari",
        "كرم الجعفري",
        "0599123456",
        "+970599123456",
        "٠٥٩٩١٢٣٤٥٦",
        "1234567",
        "سعاد",
    ],
)
def test_a_child_is_found_by_any_part(browse, huda, karam, typed):
    page = browse(huda).post("/children/search", {"q": typed}, status=200)
    assert karam.name in page.text


def test_a_child_is_found_by_the_number_of_a_case(browse, huda, karam):
    browser, reference = browse(huda), db.session.scalars(select(CaseFile)).one().reference
    year, number = reference.split("-")[1:]
    for typed in (reference, reference.lower(), f"{year}-{int(number)}", str(int(number))):
        assert karam.name in browser.post("/children/search", {"q": typed}, status=200).text


@pytest.mark.parametrize("typed", ["كرم", "karam", "0599123456", "1234567", "DH-"])
def test_nobody_else_finds_the_child(browse, make, karam, typed):
    page = browse(make.lawyer("Karim")).post("/children/search", {"q": typed}, status=200)
    assert karam.name not in page.text
    assert "Nobody whom you may see" in page.text


def test_nothing_typed_stands_in_an_address(browse, huda, karam):
    page = browse(huda).get("/children/search")
    assert all(form.get("method") == "post" for form in page.select("form"))


def test_a_search_costs_at_most_eight_statements(browse, make, huda, karam):
    for number in (2, 28):
        for _ in range(number):
            make.case(make.child("كرم", "حماد"), team=[huda])
        page = browse(huda).post("/children/search", {"q": "كرم"}, status=200)
        assert len(page.statements) <= 8 + 1, str(page.statements)  # and the clinic's own lists


@pytest.mark.databases
def test_a_corrected_name_is_found_at_once(make, huda, karam, dialect):
    reader = make.reader(huda)
    assert queries.search("كرم", reader=reader)
    child = queries.find_child(karam.id, reader=reader)
    actions.correct_child(child, ChildTold(given_name="أكرم", family_name="الجعفري"), version=child.version)
    db.session.commit()
    assert [hit.child.id for hit in queries.search("أكرم", reader=reader)] == [karam.id]


@pytest.mark.databases
def test_what_the_index_knows_of_a_child_is_what_was_registered(make, huda, karam, dialect):
    other = make.child("ليث", "حماد", birth_precision=None)
    names = queries.names()
    assert names.person(karam.id) == Person(
        Parts("كرم", "يوسف", None, "الجعفري"), "Karam Al-Jaafari", ("سعاد",), date(2010, 4, 2), "day", "dheisheh"
    )
    assert names.person(other.id) == Person(Parts("ليث", None, None, "حماد"))


@pytest.mark.databases
def test_the_index_reads_only_what_changed(make, huda, karam, dialect):
    reader = make.reader(huda)
    queries.search("كرم", reader=reader)
    make.case(make.child("ليث", "حماد"), team=[huda])
    with statements() as seen:
        assert queries.search("ليث", reader=reader)
    assert any("names_at >" in sent for sent in seen.sent)


@pytest.mark.databases
def test_a_child_who_is_found_says_what_the_child_says(make, huda, karam, dialect):
    day = date(2026, 11, 30)
    month = make.child("ليث", "حماد", born_on="2012-11-01", birth_precision="month", locality="aida")
    guessed = make.child("ليث", "زغاري", estimated_age=12, estimated_on=date(2024, 6, 1))
    for child in (month, guessed):
        make.case(child, team=[huda])
    found = [hit.child for text in ("كرم", "ليث") for hit in queries.search(text, reader=make.reader(huda))]
    said = ("id", "name", "given_name", "name_latin", "locality", "estimated_on")
    by_id = {child.id: child for child in (karam, month, guessed)}
    assert {child.id for child in found} == by_id.keys()
    for child in found:
        own = by_id[child.id]
        assert [getattr(child, name) for name in said] == [getattr(own, name) for name in said]
        assert child.age_on(day) == own.age_on(day)
