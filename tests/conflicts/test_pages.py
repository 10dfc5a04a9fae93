"""The pages: naming somebody, the one sentence for the team, what the coordinator sees and decides."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import db
from clinic.access.models import Wall
from clinic.conflicts import actions, checking
from clinic.conflicts.models import ConflictState, Consequence, Occasion, OtherPerson, PossibleConflict
from clinic.conflicts.rules import PersonTold
from clinic.staff.models import StaffMember, StaffNotice
from tests.conflicts.test_checks import check, name, run_next

ASK = "Ask the coordinator before you go on with this case."


@pytest.fixture
def ours(make):
    child = make.child("أحمد", "مثال", father_name="يوسف", grandfather_name="سعيد")
    return make.case(child, team=[make.lawyer("Karim")])


@pytest.fixture
def theirs(make):
    return make.case(make.child("سامر", "نموذج"), team=[make.lawyer("Huda")])


def add(browser, case_id, **told):
    address = f"/conflicts/cases/{case_id}/people"
    browser.get(address)
    return browser.post(address, {"role": "complainant", **told})


def found():
    db.session.expire_all()
    return db.session.scalars(select(PossibleConflict)).one()


def wall(make, case, member):
    built_by = make.coordinator().id
    db.session.add(Wall(case_id=case.id, staff_id=member.id, built_by=built_by, because="Her cousin"))
    db.session.commit()


@pytest.mark.databases
def test_a_lawyer_names_the_other_side_and_is_told_to_ask_the_coordinator(make, browse, settings, ours, theirs):
    browser = browse(make.lawyer("Huda"), language="en")
    page = add(browser, theirs.id, name="احمد يوسف مثال", phone="0599 100 200", about="A neighbour").follow()
    assert page.address == f"/cases/{theirs.id}"
    assert "احمد يوسف مثال" in page.text
    assert "A neighbour" in page.text
    assert ASK not in page.text
    run_next(settings)
    page = browser.get(f"/cases/{theirs.id}")
    assert ASK in page.text
    assert ours.reference not in page.html
    assert ASK in browse(make.lawyer("Karim"), language="en").get(f"/cases/{ours.id}").text


@pytest.mark.databases
def test_a_case_that_is_opened_is_checked(make, browse, settings, theirs):
    name(make, theirs, "سعيد خليل مثال")
    run_next(settings)
    browser = browse(make.lawyer("Karim"), language="en")
    told = {"given_name": "سعيد", "family_name": "مثال", "role": "accused", "offences": "theft"}
    browser.get("/cases/open")
    page = browser.post("/cases/open", {**told, "referral_source": "family", "opened_on": "2026-01-05"}, status=303)
    run_next(settings)
    assert ASK in browser.get(page.location).text


def test_the_sentence_is_the_same_whatever_was_found(make, browse, ours, theirs):
    """Two cases, one that resembles a child and one that resembles a colleague, say the same bytes."""
    browser = browse(make.lawyer("Huda"), language="en")
    make.counsellor("سلمى عودة")
    said = []
    for called in ("أحمد مثال", "سلمى عودة"):
        case = make.case(make.child("سامر", "نموذج"), team=[make.lawyer("Huda")])
        name(make, case, called, role="witness")
        check(case)
        page = browser.get(f"/cases/{case.id}")
        said.append(str(page.select_one("section[aria-label='Before you go on']")))
    assert said[0] == said[1]
    assert ASK in said[0]


def test_a_child_behind_a_wall_is_on_the_coordinators_list_and_on_no_page_of_who_is_kept_out(
    make, browse, ours, theirs
):
    huda = make.lawyer("Huda")
    wall(make, ours, huda)
    browser = browse(huda, language="en")
    name(make, theirs, "باسل عمر غريب")
    check(theirs)
    browser.get(f"/cases/{theirs.id}")  # what is kept in memory is warm from here on
    nobody = browser.get(f"/cases/{theirs.id}"), browser.get("/desk")
    person = db.session.scalars(select(OtherPerson)).one()
    told = PersonTold(role="complainant", name="أحمد يوسف مثال")
    actions.correct_person(person, told, version=person.version, by=make.reader(huda))
    db.session.commit()
    check(theirs)
    walled = browser.get(f"/cases/{theirs.id}"), browser.get("/desk")
    assert found().state == ConflictState.OPEN
    assert ASK not in walled[0].text + walled[1].text
    assert [len(page.statements.sent) for page in walled] == [len(page.statements.sent) for page in nobody]
    assert walled[1].text == nobody[1].text
    assert "أحمد" in browse(make.coordinator(), language="en").get("/conflicts").text


def test_a_coordinator_who_is_kept_from_one_side_sees_nothing_of_it(make, browse, ours, theirs):
    maha = make.coordinator("Maha")
    name(make, theirs, "أحمد يوسف مثال")
    check(theirs)
    conflict_id, case_id = found().id, theirs.id
    wall(make, ours, maha)
    browser = browse(maha, language="en")
    assert "أحمد" not in browser.get("/conflicts").text
    browser.get(f"/conflicts/{conflict_id}", status=404)
    assert ASK not in browser.get(f"/cases/{case_id}").text


def test_what_was_found_is_in_no_history_of_a_case(make, browse, ours, theirs):
    name(make, theirs, "أحمد يوسف مثال")
    check(theirs)
    text = browse(make.lawyer("Huda"), language="en").get(f"/cases/{theirs.id}/history").text
    assert "checked the case for conflicts of interest" in text
    assert "something" not in text


@pytest.mark.databases
def test_the_coordinator_sees_what_is_alike_and_decides_and_both_are_kept(make, browse, ours, theirs):
    browser = browse(make.coordinator(), language="en")
    name(make, theirs, "احمد يوسف مثال")
    check(theirs, asked_by=make.lawyer("Huda").id)
    assert "Possible conflicts" in browser.get("/desk").text
    page = browser.get("/conflicts")
    address = f"/conflicts/{found().id}"
    assert address in page.html
    page = browser.get(address)
    for word in ("احمد يوسف مثال", "أحمد يوسف سعيد مثال", "Complainant", ours.reference, theirs.reference, "Huda"):
        assert word in page.text
    page = browser.post(address, {"decision": "conflict", "finding": "He is the complainant"}, status=200)
    assert "Say what follows" in page.text
    page = browser.post(address, {"decision": "conflict", "finding": "He is", "consequence": "wall"}).follow()
    assert f"/cases/{theirs.id}/wall" in page.html
    assert f"/cases/{ours.id}/wall" in page.html
    conflict = found()
    assert (conflict.state, conflict.consequence, conflict.finding) == (
        ConflictState.CONFLICT,
        Consequence.WALL,
        "He is",
    )
    assert "He is" in browser.get(address).text
    assert address in browser.get("/conflicts?state=decided").html
    assert address not in browser.get("/conflicts").html


def test_once_it_is_decided_the_team_goes_on(make, browse, ours, theirs):
    name(make, theirs, "أحمد يوسف مثال")
    check(theirs)
    huda = browse(make.lawyer("Huda"), language="en")
    assert ASK in huda.get(f"/cases/{theirs.id}").text
    assert theirs.reference in huda.get("/desk/lists/ask_first").text
    address = f"/conflicts/{found().id}"
    nadia = browse(make.coordinator(), language="en")
    nadia.get(address)
    nadia.post(address, {"decision": "none", "finding": "Another Ahmad"}, status=303)
    assert ASK not in huda.get(f"/cases/{theirs.id}").text
    assert theirs.reference not in huda.get("/desk/lists/ask_first").text


def decide(browser, conflict, **said):
    address = f"/conflicts/{conflict.id}"
    browser.get(address)
    return browser.post(address, {"finding": "I asked the family", **said}, status=303).follow()


def told():
    """Who was told what about which case, since it was asked last."""
    notices = db.session.scalars(select(StaffNotice).where(StaffNotice.what.startswith("conflict_"))).all()
    found = {(db.session.get_one(StaffMember, one.staff_id).name, one.what, one.case_id) for one in notices}
    for one in notices:
        db.session.delete(one)
    db.session.commit()
    return found


@pytest.mark.databases
def test_the_teams_hear_what_was_decided_and_never_what_was_alike(make, browse, ours, theirs):
    name(make, theirs, "أحمد يوسف مثال")
    check(theirs)
    sides = {("Karim", ours.id), ("Huda", theirs.id)}
    nadia = browse(make.coordinator(), language="en")
    page = decide(nadia, found(), decision="conflict", consequence="team")
    said = next(line for line in page.text.split("Kept. ")[1:] if line.startswith("These are told to speak with you"))
    assert "Huda" in said[:120]
    assert "Karim" in said[:120]
    karim = browse(make.lawyer("Karim"), language="en")
    text = karim.get("/account").text
    assert "A coordinator found a conflict of interest in a case of yours." in text
    assert theirs.reference not in text
    assert told() == {(who, "conflict_decided", case_id) for who, case_id in sides}
    page = decide(nadia, found(), decision="none")
    assert "are told so" in page.text
    assert told() == {(who, "conflict_settled", case_id) for who, case_id in sides}


@pytest.mark.databases
def test_who_is_kept_from_the_other_side_is_told_nothing_of_a_decision(make, browse, ours, theirs):
    wall(make, ours, make.lawyer("Huda"))
    name(make, theirs, "أحمد يوسف مثال")
    check(theirs)
    nadia = browse(make.coordinator(), language="en")
    for said in ({"decision": "conflict", "consequence": "other"}, {"decision": "same_person"}):
        decide(nadia, found(), **said)
        assert {who for who, _what, _case in told()} == {"Karim"}


def test_who_waits_for_another_decision_is_not_told_to_go_on(make, browse, ours, theirs):
    make.counsellor("سلمى عودة")
    name(make, theirs, "أحمد يوسف مثال")
    name(make, theirs, "سلمى عودة", role="witness")
    check(theirs)
    first = db.session.scalars(select(PossibleConflict).where(PossibleConflict.colleague_id.is_(None))).one()
    decide(browse(make.coordinator(), language="en"), first, decision="none")
    assert told() == {("Karim", "conflict_settled", ours.id)}


def test_two_coordinators_who_decide_at_once_are_told(make, browse, ours, theirs):
    name(make, theirs, "أحمد يوسف مثال")
    check(theirs)
    address = f"/conflicts/{found().id}"
    nadia, maha = (browse(make.coordinator(who), language="en") for who in ("Nadia", "Maha"))
    for browser in (nadia, maha):
        browser.get(address)
    nadia.post(address, {"decision": "none", "finding": "Another Ahmad"}, status=303)
    page = maha.post(address, {"decision": "same_person", "finding": "The same"}, status=200)
    assert "Somebody has decided meanwhile" in page.text
    assert found().state == ConflictState.NONE


def test_somebody_is_corrected_and_taken_out(make, browse, theirs):
    browser = browse(make.lawyer("Huda"), language="en")
    add(browser, theirs.id, name="باسل غريب")
    person = db.session.scalars(select(OtherPerson)).one()
    address = f"/conflicts/people/{person.id}"
    browser.get(address)
    page = browser.post(address, {"role": "witness", "name": "باسل عمر غريب"}).follow()
    assert "باسل عمر غريب" in page.text
    browser.get(address)
    page = browser.post(address, {"role": "witness", "name": "باسل عمر غريب", "withdrawn": "y"}).follow()
    assert "باسل" not in page.text


def test_somebody_of_whom_nothing_is_known_is_refused(make, browse, theirs):
    page = add(browse(make.lawyer("Huda"), language="en"), theirs.id)
    assert "Write a name or a phone." in page.text
    assert db.session.scalars(select(OtherPerson)).all() == []


def test_the_same_form_sent_twice_names_one_person(make, browse, theirs):
    browser = browse(make.lawyer("Huda"), language="en")
    address = f"/conflicts/cases/{theirs.id}/people"
    page = browser.get(address)
    told = {"role": "witness", "name": "باسل غريب", "form_token": page.select_one("[name=form_token]")["value"]}
    for _turn in range(2):
        browser.post(address, told, status=303)
    assert len(db.session.scalars(select(OtherPerson)).all()) == 1


def test_who_is_not_on_the_team_names_nobody(make, browse, theirs):
    browse(make.lawyer("Karim")).get(f"/conflicts/cases/{theirs.id}/people", status=404)
    browse(make.lawyer("Huda")).get("/conflicts", status=403)


@pytest.mark.databases
def test_a_check_asks_as_much_with_many_cases_as_with_few(make, ours, theirs):
    from tests.statements import statements

    def count():
        with statements() as seen:
            asked = checking.about([theirs.id], [])
            actions.keep(asked, checking.find(asked), Occasion.PERSON, asked_by=None)
            db.session.commit()
        return len(seen)

    name(make, theirs, "أحمد يوسف مثال")
    count()
    few = count()
    for turn in range(12):
        name(make, make.case(make.child(f"طفل{turn}"), team=[make.lawyer("Karim")]), f"شاهد{turn} غريب")
    count()
    assert count() == few
