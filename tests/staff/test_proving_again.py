"""Weighty acts ask once more who sits there, and lose nothing that was typed over the asking."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from clinic import db
from clinic.audit.models import AuditEntry
from clinic.staff.actions import find_account
from clinic.staff.models import StaffMember
from tests.makers import PASSWORD

NOUR = {"name": "Nour", "username": "nour", "roles": ["counsellor"], "language": "en"}


def test_within_five_minutes_nothing_is_asked(make, browse, later):
    browser = browse(make.administrator("Adam"))
    browser.get("/accounts/add")
    later(minutes=4)
    assert browser.post("/accounts/add", NOUR).location.startswith("/accounts/")


@pytest.mark.databases
def test_later_the_password_is_asked_and_what_was_typed_goes_on_by_itself(make, browse, later):
    browser = browse(make.administrator("Adam"))
    browser.get("/accounts/add")
    later(minutes=6)
    asked = browser.post("/accounts/add", NOUR)
    assert asked.heading == "Is it still you?"
    assert find_account("nour") is None
    wrong = asked.submit({"proof_password": "not these four words"}, status=200)
    assert "Type it once more" in wrong.text
    assert find_account("nour") is None
    done = wrong.submit({"proof_password": PASSWORD})
    assert done.location.startswith("/accounts/")
    assert find_account("nour").name == "Nour"
    what = db.session.scalars(select(AuditEntry.what).order_by(AuditEntry.number)).all()
    assert what[-4:-2] == ["account.refused", "account.proved_again"]


def test_who_has_an_app_is_asked_for_a_code(make, browse, later, with_app, code):
    adam = make.administrator("Adam")
    with_app(adam)
    browser = browse(adam)
    browser.get("/accounts/add")
    later(minutes=6)
    asked = browser.post("/accounts/add", NOUR)
    assert not asked.has("input[type=password]")
    assert asked.submit({"proof_code": code()}).location.startswith("/accounts/")


def test_several_choices_travel_along(make, browse, later):
    browser, both = browse(make.administrator("Adam")), ["counsellor", "lawyer"]
    browser.get("/accounts/add")
    later(minutes=6)
    browser.post("/accounts/add", {**NOUR, "roles": both}).submit({"proof_password": PASSWORD})
    assert find_account("nour").roles == ("counsellor", "lawyer")


def test_an_export_asks_too_and_the_file_waits_on_a_page_of_its_own(make, browse, later):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    browser = browse(huda)
    browser.get("/register")
    later(minutes=6)
    asked = browser.post("/register/export", {"file_format": "csv"})
    assert asked.heading == "Is it still you?"
    # A file would leave whoever asked on the page that asks.
    ready = asked.submit({"proof_password": PASSWORD}).follow()
    assert ready.address.startswith("/jobs/")


def test_roles_a_link_and_the_end_of_an_account_ask(make, browse, later):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    browser = browse(adam)
    browser.get(f"/accounts/{huda.id}")
    later(minutes=6)
    for address in (f"/accounts/{huda.id}", f"/accounts/{huda.id}/link", f"/accounts/{huda.id}/close"):
        browser.get(f"/accounts/{huda.id}")
        sent = {"csrf_token": browser.token, "name": "Huda", "roles": ["counsellor"], "language": "en"}
        assert browser.send(address, sent).heading == "Is it still you?"
    assert make.fresh(StaffMember, huda.id).roles == ("lawyer",)


def test_a_page_can_send_to_the_asking_and_back(make, browse, later):
    browser = browse(make.lawyer("Huda"))
    browser.get("/account")
    later(minutes=6)
    page = browser.get("/account/prove?back=/account/protection")
    assert page.submit({"proof_password": PASSWORD}).location == "/account/protection"
    elsewhere = browser.get("/account/prove?back=https://elsewhere.example/")
    assert elsewhere.submit({"proof_password": PASSWORD}).location == "/desk"


def test_six_wrong_answers_wait(make, browse, later):
    browser = browse(make.administrator("Adam"))
    browser.get("/accounts/add")
    later(minutes=6)
    page = browser.post("/accounts/add", NOUR)
    for _ in range(6):
        page = page.submit({"proof_password": "not these four words"}, status=200)
    assert "Too many tries" in page.submit({"proof_password": PASSWORD}, status=200).text


def test_a_new_proof_gives_a_new_token_and_the_old_one_opens_nothing(make, browse, later):
    browser = browse(make.administrator("Adam"))
    stolen = browser.client.get_cookie("sanad").value
    browser.get("/accounts/add")
    later(minutes=6)
    browser.post("/accounts/add", NOUR).submit({"proof_password": PASSWORD})
    browser.get("/desk")
    thief = browse()
    thief.client.set_cookie("sanad", stolen)
    assert thief.get("/desk", status=303).location.startswith("/sign-in")
