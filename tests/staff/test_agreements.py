"""A role that reads children, or a new link for who holds one, needs a coordinator besides the administrator."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import db
from clinic.access.permissions import Role
from clinic.staff import actions, agreements
from clinic.staff.actions import find_account
from clinic.staff.models import AccountRequest, AccountState, StaffMember, StaffNotice
from clinic.staff.queries import people_with

NOUR = {"name": "Nour", "username": "nour", "roles": ["counsellor"], "language": "en"}


def changed(member, *roles):
    return {"name": member.name, "roles": list(roles), "language": "en"}


def answers(browser, answer="agree"):
    browser.get("/accounts/requests")
    form = f"form:has(input[value={answer}])"
    return browser.page.submit(form=form).follow()


@pytest.mark.databases
def test_the_link_of_a_new_counsellor_waits_for_a_coordinator(make, browse):
    adam, nadia = browse(make.administrator("Adam")), browse(make.coordinator("Nadia"))
    page = adam.post("/accounts/add", NOUR).follow()
    assert "/welcome/" not in page.html
    assert "A coordinator is asked to agree to a new link" in page.text
    assert "1 account waits for you to agree" in nadia.get("/desk").text
    assert "Counsellor" in nadia.get("/accounts/requests").text
    assert "Agreed" in answers(nadia).soup.get_text()
    page = adam.get(page.address)
    assert "A coordinator agreed to a new link" in page.text
    page = page.submit(form="form[action$='/link']").follow()
    assert "/welcome/" in page.html
    again = page.submit(form="form[action$='/link']").follow()
    assert "/welcome/" not in again.html, "an agreement is good for one link"


def test_an_account_that_reads_no_child_needs_nobody(make, browse):
    make.coordinator("Nadia")
    page = browse(make.administrator("Adam")).post("/accounts/add", {**NOUR, "roles": ["administrator"]}).follow()
    assert "/welcome/" in page.html


def test_until_there_is_a_coordinator_nobody_can_be_asked(make, browse):
    page = browse(make.administrator("Adam")).post("/accounts/add", {**NOUR, "roles": ["coordinator"]}).follow()
    assert "/welcome/" in page.html


@pytest.mark.databases
def test_a_new_role_holds_only_from_the_agreement_on(make, browse):
    adam, nadia, huda = make.administrator("Adam"), make.coordinator("Nadia"), make.lawyer("Huda")
    signed_in, coordinator = browse(huda), browse(nadia)
    signed_in.get("/account")
    page = browse(adam).post(f"/accounts/{huda.id}", changed(huda, "lawyer", "counsellor")).follow()
    assert "wait for a coordinator to agree" in page.text
    assert make.fresh(StaffMember, huda.id).roles == ("lawyer",)
    signed_in.get("/account")
    answers(coordinator)
    assert make.fresh(StaffMember, huda.id).roles == ("counsellor", "lawyer")
    assert signed_in.get("/account", status=303).location.startswith("/sign-in")


def test_a_coordinator_who_does_not_agree_changes_nothing(make, browse):
    adam, nadia, huda = make.administrator("Adam"), browse(make.coordinator("Nadia")), make.lawyer("Huda")
    browse(adam).post(f"/accounts/{huda.id}", changed(huda, "lawyer", "counsellor"))
    assert "Not agreed" in answers(nadia, "no").soup.get_text()
    assert make.fresh(StaffMember, huda.id).roles == ("lawyer",)
    told = db.session.scalars(select(StaffNotice.what).where(StaffNotice.staff_id == adam.id)).all()
    assert told == ["request_refused"]


def test_to_take_a_role_away_nobody_is_asked(make, browse):
    make.coordinator("Nadia")
    huda = make.person("Huda", Role.LAWYER, Role.COUNSELLOR)
    browse(make.administrator("Adam")).post(f"/accounts/{huda.id}", changed(huda, "lawyer"))
    assert make.fresh(StaffMember, huda.id).roles == ("lawyer",)


def test_nobody_agrees_to_what_is_about_themselves(make, browse):
    adam, nadia = make.administrator("Adam"), make.coordinator("Nadia")
    browse(adam).post(f"/accounts/{nadia.id}", changed(nadia, "coordinator", "lawyer"))
    assert "about themselves" in answers(browse(nadia)).soup.get_text()
    assert make.fresh(StaffMember, nadia.id).roles == ("coordinator",)


def test_an_agreement_is_for_the_roles_that_were_agreed_to(make):
    adam, nadia = make.administrator("Adam"), make.coordinator("Nadia")
    nour = actions.add_account(username="nour", name="Nour", roles=[Role.COUNSELLOR])
    assert agreements.link(nour, by=adam.id) is None
    request = db.session.scalars(select(AccountRequest)).one()
    agreements.answer(request, agreed=True, by=nadia.id)
    actions.change_roles(nour, [Role.LAWYER], by=adam.id)
    assert agreements.link(nour, by=adam.id) is None


def test_an_agreement_grows_old(make, later):
    adam, nadia = make.administrator("Adam"), make.coordinator("Nadia")
    nour = actions.add_account(username="nour", name="Nour", roles=[Role.COUNSELLOR])
    agreements.link(nour, by=adam.id)
    request = db.session.scalars(select(AccountRequest)).one()
    agreements.answer(request, agreed=True, by=nadia.id)
    with pytest.raises(agreements.AnsweredAlready):
        agreements.answer(request, agreed=True, by=nadia.id)
    later(days=8)
    assert agreements.link(nour, by=adam.id) is None


def test_the_last_coordinator_and_the_last_administrator_stay(make, browse):
    adam, nadia = make.administrator("Adam"), make.coordinator("Nadia")
    browser = browse(adam)
    assert "last coordinator" in browser.post(f"/accounts/{nadia.id}/close").text
    assert "last coordinator" in browser.post(f"/accounts/{nadia.id}", changed(nadia, "lawyer")).text
    with pytest.raises(actions.LastAdministrator):
        actions.close_account(db.session.merge(adam), by=nadia.id)


@pytest.mark.databases
def test_who_leaves_is_closed_when_their_cases_are_handed_over(make, browse):
    adam, nadia, huda, karim = (
        make.administrator("Adam"),
        make.coordinator("Nadia"),
        make.lawyer("Huda"),
        make.lawyer("Karim"),
    )
    make.case(team=[huda])
    make.case(team=[huda])
    administrator, coordinator = browse(adam), browse(nadia)
    administrator.get(f"/accounts/{huda.id}/close").submit().follow()
    assert "still in this person's hands" in administrator.get(f"/accounts/{huda.id}/close").submit(status=200).text
    assert "1 person leaves with open cases" in coordinator.get("/desk").text
    page = coordinator.get("/accounts/leaving")
    assert "2 open cases wait" in page.text
    handing = page.click("Hand over the caseload")
    assert "Huda" in handing.select_one("select[name=leaves] option[selected]").get_text()
    assert not handing.select("select[name=joins] option[value='" + str(huda.id) + "']")
    assert "2 cases were handed over" in handing.submit({"joins": str(karim.id)}).follow().soup.get_text()


def test_a_caseload_is_handed_over_in_the_role_of_who_leaves(make, browse):
    adam, nadia, salma = make.administrator("Adam"), make.coordinator("Nadia"), make.counsellor("Salma")
    make.case(team=[salma])
    browse(adam).get(f"/accounts/{salma.id}/close").submit().follow()
    handing = browse(nadia).get("/accounts/leaving").click("Hand over the caseload")
    assert handing.select_one("select[name=role] option[selected]")["value"] == "counsellor"


def test_nobody_leaving_can_be_put_on_a_team_or_sign_in(make, browse):
    adam, huda = make.administrator("Adam"), make.lawyer("Huda")
    make.case(team=[huda])
    browse(adam).get(f"/accounts/{huda.id}/close").submit().follow()
    reader = make.reader(adam)
    assert people_with(Role.LAWYER, reader=reader) == []
    assert [name for _id, name in people_with(Role.LAWYER, reader=reader, leaving=True)] == ["Huda"]
    assert find_account("huda").state == AccountState.LEAVING
