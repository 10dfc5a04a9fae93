"""The administrator's pages: accounts are added, changed and closed, and no child is seen on the way."""

from __future__ import annotations

import re

import pytest

from clinic import db
from clinic.access.permissions import Role
from clinic.staff import actions
from clinic.staff.models import AccountState, StaffMember
from clinic.web import qr
from tests.makers import PASSWORD

NOUR = {"name": "Nour", "username": "nour", "roles": ["counsellor"], "language": "en"}


def added(browser, **values):
    return browser.post("/accounts/add", {**NOUR, **values})


def links(browser, member):
    """Presses for a new link on the page of an account."""
    browser.get(f"/accounts/{member.id}")
    return browser.post(f"/accounts/{member.id}/link").follow()


def test_a_new_account_comes_with_a_link_that_is_shown_once(make, browse):
    browser = browse(make.administrator("Adam"))
    page = added(browser).follow()
    link = re.search(r"http://localhost(/welcome/[\w-]+)", page.html)[1]
    assert "/welcome/" not in browser.get(page.address).html
    words = {"password": "olive road window seven", "again": "olive road window seven"}
    assert browse().post(link, words).follow().heading.endswith("Nour")


def test_the_camera_of_a_phone_reads_a_link_that_a_phone_can_open(make, browse, monkeypatch):
    browser = browse(make.administrator("Adam"))
    assert not added(browser).follow().has(".qr")  # at localhost a phone would find itself
    monkeypatch.setattr(qr, "_THIS_COMPUTER", ())
    assert added(browser, username="samir").follow().has(".qr svg")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"username": "adam"}, "has this username already"),
        ({"username": "نور"}, "small Latin letters"),
        ({"name": ""}, "Enter the person's name."),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["coordinator", "administrator"]}, "coordinator and administrator at once"),
        ({"roles": ["director"]}, "not"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(make, browse, typed, answer):
    page = added(browse(make.administrator("Adam")), **typed)
    assert page.status == 200
    assert answer in page.text
    assert db.session.query(StaffMember).count() == 1


def test_changed_roles_sign_the_person_out(make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    signed_in = browse(huda)
    signed_in.get("/account")
    changed = {"name": "Huda", "roles": ["lawyer", "counsellor"], "language": "ar"}
    assert "saved" in browse(adam).post(f"/accounts/{huda.id}", changed).follow().text
    assert signed_in.get("/account", status=303).location.startswith("/sign-in")
    assert make.fresh(StaffMember, huda.id).roles == ("counsellor", "lawyer")


def test_nobody_changes_their_own_roles(make, browse):
    adam = make.administrator("Adam")
    make.administrator("Samir")
    changed = {"name": "Adam", "roles": ["administrator", "lawyer"], "language": "en"}
    assert "Nobody changes their own roles" in browse(adam).post(f"/accounts/{adam.id}", changed).text
    assert make.fresh(StaffMember, adam.id).roles == ("administrator",)


def test_a_coordinator_does_not_become_administrator_as_well(make, browse):
    nadia, adam = make.coordinator("Nadia"), make.administrator("Adam")
    changed = {"name": "Nadia", "roles": ["coordinator", "administrator"], "language": "en"}
    assert "at once" in browse(adam).post(f"/accounts/{nadia.id}", changed).text
    assert make.fresh(StaffMember, nadia.id).roles == ("coordinator",)


def test_closing_an_account_says_first_how_many_cases_hang_on_it(make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    make.case(team=[huda])
    make.case(team=[huda])
    signed_in, browser = browse(huda), browse(adam)
    page = browser.get(f"/accounts/{huda.id}/close")
    assert "2 open cases are in this person's hands" in page.text
    assert "DH-" not in page.html
    page.submit().follow()
    assert make.fresh(StaffMember, huda.id).state == AccountState.LEAVING
    assert signed_in.get("/desk", status=303).location.startswith("/sign-in")


def test_nobody_closes_their_own_account(make, browse):
    adam = make.administrator("Adam")
    browse(adam).get(f"/accounts/{adam.id}/close").submit(status=200)
    assert make.fresh(StaffMember, adam.id).state == AccountState.OPEN


def test_a_closed_account_opens_again_with_a_new_link(make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    actions.close_account(db.session.merge(huda), by=adam.id)
    db.session.commit()
    page = links(browse(adam), huda)
    assert "/welcome/" in page.html
    assert make.fresh(StaffMember, huda.id).state == AccountState.WAITING


def test_a_new_link_leaves_the_old_password_until_it_is_used(make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    links(browse(adam), huda)
    assert browse().post("/sign-in", {"username": "huda", "password": PASSWORD}).status == 303


def test_accounts_that_an_import_made_wait_in_a_list_of_their_own(make, browse):
    actions.add_account(username="imported", name="Imported Lawyer", roles=[Role.LAWYER])
    db.session.commit()
    page = browse(make.administrator("Adam")).get("/accounts")
    waiting = next(part for part in page.select("section") if "Waiting" in part["aria-label"])
    assert "imported" in waiting.get_text()
    assert page.click("Imported Lawyer").heading == "Imported Lawyer"


@pytest.mark.parametrize("role", ["lawyer", "counsellor", "coordinator"])
def test_only_the_administrator_runs_accounts(make, browse, role):
    browser, huda_id = browse(getattr(make, role)("Somebody")), make.lawyer("Huda").id
    for address in ("/accounts", "/accounts/add", f"/accounts/{huda_id}", f"/accounts/{huda_id}/close"):
        browser.get(address, status=403)
    browser.get("/account")
    browser.send(f"/accounts/{huda_id}/link", {"csrf_token": browser.token}, status=403)


def test_the_administrator_sees_no_child_on_any_page(app, make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    child = make.child("ليث", "حماد", name_latin="Laith Hammad")
    case = make.case(child, team=[huda])
    step = make.step("police_attendance", case, by=huda)
    ids = {"case_id": case.id, "step_id": step.id, "child_id": child.id, "member_id": huda.id, "kind_code": "hearing"}
    words, browser = ("ليث", "حماد", "Laith", case.reference), browse(adam)
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or not rule.arguments <= ids.keys():
            continue
        with app.test_request_context():
            address = rule_address(app, rule, ids)
        answer = browser.client.get(address)
        text = answer.get_data(as_text=True)
        assert not [word for word in words if word in text], address


def rule_address(app, rule, ids):
    values = {name: ids[name] for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_a_lost_phone_is_signed_out_everywhere_and_its_owner_is_told(make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    phone, desk = browse(huda), browse(huda)
    browser = browse(adam)
    browser.get(f"/accounts/{huda.id}")
    assert "signed out everywhere" in browser.post(f"/accounts/{huda.id}/sign-out").follow().text
    for each in (phone, desk):
        assert each.get("/desk", status=303).location.startswith("/sign-in")
    page = browse().post("/sign-in", {"username": "huda", "password": PASSWORD}).follow()
    assert "The administrator signed you out everywhere" in page.text


def test_nobody_is_offered_to_sign_themself_or_who_is_gone_out(make, browse):
    adam, nour = make.administrator("Adam"), actions.add_account(username="nour", name="Nour", roles=[Role.LAWYER])
    db.session.commit()
    for member in (adam, nour):
        assert "Sign out everywhere" not in browse(adam).get(f"/accounts/{member.id}").text
