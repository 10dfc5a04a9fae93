"""Signing in and out: who may, how often one may try, where it leads, and how a session ends."""

from __future__ import annotations

import json
import re
import time

import pytest
from sqlalchemy import text

from clinic import create_app, db
from clinic.access.permissions import Role
from clinic.staff import actions
from clinic.staff.models import Clinic, StaffSession
from tests.browser import Browser
from tests.makers import PASSWORD

WRONG = "Username or password is not right."


def signs_in(browser, username="huda", password=PASSWORD, back=None):
    address = "/sign-in" + (f"?back={back}" if back else "")
    return browser.post(address, {"username": username, "password": password})


def test_who_knows_the_password_comes_to_the_desk(make, browse):
    make.lawyer("Huda")
    page = signs_in(browse())
    assert page.location == "/desk"
    assert page.follow().heading.endswith("Huda")


def test_a_username_may_be_typed_in_capitals(make, browse):
    make.lawyer("Huda")
    assert signs_in(browse(), username=" HUDA ").status == 303


@pytest.mark.parametrize(("username", "password"), [("huda", "another four words here"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(make, browse, username, password):
    make.lawyer("Huda")
    page = signs_in(browse(), username, password)
    assert page.status == 200
    assert WRONG in page.text


def test_after_six_wrong_tries_even_the_right_password_waits(make, browse, later):
    make.lawyer("Huda")
    browser = browse()
    for _ in range(6):
        assert WRONG in signs_in(browser, password="not these four words").text
    assert "Wait 15 minutes" in signs_in(browser).text
    later(minutes=16)
    assert signs_in(browser).status == 303


def test_many_names_tried_from_one_device_are_throttled_too(make, browse):
    make.lawyer("Huda")
    make.lawyer("Rana")
    browser = browse()
    signs_in(browser, username="rana").follow()
    browser.post("/sign-out")
    for number in range(6):
        signs_in(browser, username=f"guess{number}", password="not these four words")
    assert "Too many tries" in signs_in(browser).text


def test_a_page_that_asked_for_a_sign_in_is_opened_after_it(make, browse):
    make.lawyer("Huda")
    browser = browse()
    asked = browser.get("/account", status=303)
    assert asked.location == "/sign-in?back=/account"
    page = browser.post(asked.location, {"username": "huda", "password": PASSWORD})
    assert page.location == "/account"


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "desk"]
)
def test_a_sign_in_never_leads_to_another_site(make, browse, back):
    make.lawyer("Huda")
    assert signs_in(browse(), back=back).location == "/desk"


def test_a_closed_account_cannot_sign_in(make, browse):
    huda, adam = make.lawyer("Huda"), make.administrator("Adam")
    actions.close_account(db.session.merge(huda), by=adam.id)
    db.session.commit()
    assert WRONG in signs_in(browse()).text


def test_an_idle_session_ends(make, browse, later, settings):
    browser = browse(make.lawyer("Huda"))
    browser.get("/account")
    later(minutes=settings.idle_minutes + 6)
    assert browser.get("/account", status=303).location.startswith("/sign-in")


def test_a_session_in_use_goes_on_until_its_longest(make, browse, later, settings):
    browser = browse(make.lawyer("Huda"))
    for minutes in range(0, settings.idle_minutes * 4, settings.idle_minutes - 2):
        later(minutes=minutes)
        browser.get("/account")
    later(hours=settings.session_hours, minutes=1)
    assert browser.get("/account", status=303).location.startswith("/sign-in")


def test_a_page_does_not_wait_for_somebody_who_writes_for_long(make, browse, later):
    browser = browse(make.lawyer("Huda"))
    browser.get("/account")
    db.session.remove()
    later(minutes=10)
    with db.make_room(db.database().main) as importing:
        importing.execute(text("UPDATE clinic SET name = name"))
        began = time.monotonic()
        browser.get("/account")
        assert time.monotonic() - began < 5  # a writer is waited for fifteen seconds


def test_signing_out_ends_the_session_on_the_server(make, browse):
    browser = browse(make.lawyer("Huda"))
    kept = browser.get("/account").browser.client.get_cookie("sanad")
    browser.post("/sign-out")
    browser.client.set_cookie("sanad", kept.value)
    assert browser.get("/account", status=303).location.startswith("/sign-in")


def test_another_browser_can_be_signed_out_from_here(make, browse):
    huda = make.lawyer("Huda")
    lost, here = browse(huda), browse(huda)
    lost.get("/account")
    page = here.get("/account")
    assert page.text.count("Last used") == 2
    assert page.text.count("this browser") == 1
    here.page.submit(form="form[action*='/account/sessions/'][action$='/end']").follow()
    assert lost.get("/account", status=303).location.startswith("/sign-in")
    assert here.get("/account").text.count("Last used") == 1


def test_all_the_other_browsers_can_be_signed_out_at_once(make, browse):
    huda = make.lawyer("Huda")
    others, here = [browse(huda), browse(huda)], browse(huda)
    here.get("/account")
    here.post("/account/sessions/end-others").follow()
    assert [other.get("/account", status=303).status for other in others] == [303, 303]
    assert here.get("/account").status == 200


def test_nobody_ends_the_session_of_somebody_else(make, browse):
    browse(make.lawyer("Huda")).get("/account")
    session_id = db.session.query(StaffSession).one().id
    karim = browse(make.lawyer("Karim"))
    karim.get("/account")
    karim.post(f"/account/sessions/{session_id}/end", status=404)


def test_a_changed_password_signs_out_every_other_browser(make, browse):
    huda = make.lawyer("Huda")
    lost, here = browse(huda), browse(huda)
    new = {"old": PASSWORD, "password": "olive road window seven", "again": "olive road window seven"}
    assert "was changed" in here.post("/account", new).follow().text
    assert lost.get("/account", status=303).location.startswith("/sign-in")
    assert signs_in(browse(), password="olive road window seven").status == 303


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"old": "not the old one at all"}, "The old password is not right."),
        ({"again": "something else entirely"}, "The two are not the same."),
        ({"password": "short", "again": "short"}, "at least 12 characters"),
        ({"password": "huda huda huda huda", "again": "huda huda huda huda"}, "easy to guess"),
        ({"password": "Leave me alone", "again": "Leave me alone"}, "stolen from other sites"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_words(make, browse, typed, answer):
    good = {"old": PASSWORD, "password": "olive road window seven", "again": "olive road window seven"}
    page = browse(make.lawyer("Huda")).post("/account", {**good, **typed})
    assert page.status == 200
    assert answer in page.text


def test_a_one_time_link_opens_an_account_once(make, browse):
    nour = actions.add_account(username="nour", name="Nour", roles=[Role.COUNSELLOR])
    token = actions.make_link(nour)
    db.session.commit()
    browser = browse()
    words = {"password": "olive road window seven", "again": "olive road window seven"}
    assert browser.post(f"/welcome/{token}", words).follow().heading.endswith("Nour")
    page = browse().get(f"/welcome/{token}", status=410)
    assert "used already" in page.text


def test_a_one_time_link_ends_after_three_days(make, browse, later):
    token = actions.make_link(db.session.merge(make.lawyer("Huda")))
    db.session.commit()
    later(hours=73)
    assert "too old" in browse().get(f"/welcome/{token}", status=410).text


def test_the_language_of_a_browser_outlives_the_sign_in(make, browse):
    make.lawyer("Huda")
    browser = browse()
    browser.get("/language/ar?back=/sign-in", status=303)
    page = signs_in(browser).follow()
    assert page.soup.html["lang"] == "ar"


def test_a_real_clinic_lists_nobody_on_its_sign_in_page(make, browse, settings):
    make.lawyer("Huda")
    keep_demo_accounts(settings)
    assert "Look around" not in browse().get("/sign-in").text


def test_a_demonstration_signs_one_in_with_one_press(make, clinic, settings):
    make.lawyer("Huda")
    keep_demo_accounts(settings)
    db.session.get_one(Clinic, clinic.id).is_demonstration = True
    db.session.commit()
    browser = Browser(create_app(settings))
    page = browser.get("/sign-in")
    assert re.search(r"Huda Lawyer · huda", page.text)
    assert page.submit(form="section form").follow().heading.endswith("Huda")


def keep_demo_accounts(settings):
    """What the maker of the demonstration leaves."""
    rows = [{"username": "huda", "name": "Huda", "role": "lawyer", "password": PASSWORD}]
    (settings.home / "demo-accounts.json").write_text(json.dumps(rows), encoding="utf-8")
