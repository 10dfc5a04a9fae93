"""The second factor: an app that counts codes, recovery codes, and who can do nothing until they have one."""

from __future__ import annotations

import re

import pyotp
import pytest

from clinic import create_app, db
from clinic.access.permissions import Role
from clinic.staff import actions, factors, notices
from clinic.staff.models import Clinic, RecoveryCode
from tests.browser import Browser
from tests.makers import PASSWORD


def gives_password(browser, username="huda"):
    return browser.post("/sign-in", {"username": username, "password": PASSWORD})


def gives_code(browser, code):
    return browser.post("/sign-in/second", {"code": code})


@pytest.mark.databases
def test_who_has_an_app_signs_in_with_password_and_code(make, browse, with_app, code):
    with_app(make.lawyer("Huda"))
    browser = browse()
    assert gives_password(browser).location == "/sign-in/second"
    browser.get("/account", status=303)
    assert gives_code(browser, code()).location == "/desk"
    assert "with password and code" in browser.get("/account").text


@pytest.mark.databases
def test_a_code_that_was_used_is_refused(make, browse, with_app, code):
    with_app(make.lawyer("Huda"))
    for browser in (browse(), browse()):
        gives_password(browser)
        last = gives_code(browser, code())
    assert last.status == 200
    assert "was used already" in last.text
    assert gives_code(browser, code(1)).status == 303


@pytest.mark.parametrize(("steps", "status"), [(-2, 200), (2, 200), (1, 303), (0, 303)])
def test_a_phone_may_go_wrong_by_half_a_minute(make, browse, with_app, code, steps, status):
    with_app(make.lawyer("Huda"))
    browser = browse()
    gives_password(browser)
    assert gives_code(browser, code(steps)).status == status


def test_codes_may_be_typed_in_arabic_digits(make, browse, with_app, code):
    with_app(make.lawyer("Huda"))
    browser = browse()
    gives_password(browser)
    digits = code().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert gives_code(browser, f"{digits[:3]} {digits[3:]}").status == 303


def test_wrong_codes_wait_like_wrong_passwords(make, browse, with_app, code):
    with_app(make.lawyer("Huda"))
    browser = browse()
    gives_password(browser)
    for _ in range(6):
        assert "not right" in gives_code(browser, "000000").text
    assert "Too many tries" in gives_code(browser, code()).text


@pytest.mark.databases
def test_a_recovery_code_works_once_and_is_told(make, browse, with_app):
    codes = with_app(make.lawyer("Huda"))
    assert len(set(codes)) == 10
    first, again = browse(), browse()
    gives_password(first)
    assert gives_code(first, codes[0].upper()).status == 303
    assert "9 are left" in first.get("/account").text
    gives_password(again)
    assert gives_code(again, codes[0]).status == 200


def test_of_recovery_codes_only_hashes_are_kept(make, with_app):
    codes = with_app(make.lawyer("Huda"))
    kept = {row.code_hash for row in db.session.query(RecoveryCode)}
    assert not kept & set(codes)
    assert len(kept) == 10


def test_half_a_sign_in_ends_with_the_password_it_began_with(make, browse, with_app, code, later):
    huda = make.lawyer("Huda")
    with_app(huda)
    browser, late = browse(), browse()
    gives_password(browser)
    gives_password(late)
    member = db.session.merge(huda)
    actions.set_password(member, "olive road window seven")
    db.session.commit()
    assert browser.get("/sign-in/second", status=303).location == "/sign-in"
    later(minutes=11)
    assert late.get("/sign-in/second", status=303).location == "/sign-in"


def test_an_app_is_set_up_with_a_picture_and_its_first_code(make, browse):
    browser = browse(make.lawyer("Huda"))
    page = browser.get("/account/protection/app")
    assert page.select_one(".qr svg")
    secret = re.search(r"[A-Z2-7]{32}", page.text)[0]
    refused = page.submit({"code": "000000"}, status=200)
    assert "not right" in refused.text
    assert "Not saved yet" in refused.text  # who sets up an app is signed in
    assert secret in browser.page.text
    done = browser.page.submit({"code": pyotp.TOTP(secret).now()}).follow()
    assert len(done.select(".codes li")) == 10
    assert not browser.get("/account/protection").has(".codes")


def test_a_secret_that_was_made_for_somebody_else_is_not_taken(make, browse):
    theirs = browse(make.lawyer("Karim")).get("/account/protection/app")
    secret = re.search(r"[A-Z2-7]{32}", theirs.text)[0]
    signed = theirs.select_one("input[name=secret]")["value"]
    browser = browse(make.lawyer("Huda"))
    values = {"secret": signed, "code": pyotp.TOTP(secret).now()}
    assert "not right" in browser.post("/account/protection/app", values).text


def test_a_new_factor_signs_out_every_other_browser(make, browse):
    huda = make.lawyer("Huda")
    lost, here = browse(huda), browse(huda)
    lost.get("/account")
    page = here.get("/account/protection/app")
    page.submit({"code": pyotp.TOTP(re.search(r"[A-Z2-7]{32}", page.text)[0]).now()})
    assert lost.get("/account", status=303).location.startswith("/sign-in")
    here.get("/account")


def test_without_the_app_the_recovery_codes_go_too(make, browse, with_app, fresh_of):
    huda = make.lawyer("Huda")
    with_app(huda)
    browser = browse(huda)
    browser.get("/account/protection")
    browser.post("/account/protection/app/remove").follow()
    assert fresh_of(huda.id).factor_since is None
    assert factors.codes_left(fresh_of(huda.id)) == 0
    assert gives_password(browse()).location == "/desk"


@pytest.mark.parametrize("make_person", ["coordinator", "administrator"])
def test_who_runs_the_clinic_can_do_nothing_before_a_second_factor(make, browse, required, make_person):
    required(Role.COORDINATOR, Role.ADMINISTRATOR)
    browser = browse(getattr(make, make_person)("Nadia"))
    for address in ("/desk", "/account", "/accounts", "/cases"):
        assert browser.get(address, status=303).location == "/account/protection"
    page = browser.get("/account/protection")
    assert "a password alone is not enough" in page.text
    setting_up = page.click("Set up an app")
    setting_up.submit({"code": pyotp.TOTP(re.search(r"[A-Z2-7]{32}", setting_up.text)[0]).now()}).follow()
    browser.get("/desk")


def test_a_lawyer_is_not_led_anywhere_unless_the_clinic_asks_it(make, browse, required):
    required(Role.COORDINATOR, Role.ADMINISTRATOR)
    browser = browse(make.lawyer("Huda"))
    browser.get("/desk")
    required(Role.LAWYER)
    assert browser.get("/desk", status=303).location == "/account/protection"


@pytest.mark.parametrize(("is_demonstration", "location"), [(True, "/desk"), (False, "/account/protection")])
def test_a_demonstration_asks_nobody_for_a_factor_and_a_real_clinic_does(
    make, clinic, settings, is_demonstration, location
):
    make.coordinator("Nadia")
    row = db.session.get_one(Clinic, clinic.id)
    row.factor_required_of, row.is_demonstration = None, is_demonstration
    db.session.commit()
    browser = Browser(create_app(settings))
    gives_password(browser, "nadia")
    answer = browser.get("/desk", status=(200, 303))
    assert (answer.address if answer.status == 200 else answer.location) == location


def test_a_lost_phone_is_renewed_by_a_link_and_not_before_it_is_used(make, browse, with_app, fresh_of):
    huda = make.lawyer("Huda")
    with_app(huda)
    token = actions.make_link(db.session.merge(huda), renews_factor=True)
    db.session.commit()
    assert fresh_of(huda.id).factor_since is not None
    words = {"password": "olive road window seven", "again": "olive road window seven"}
    assert browse().post(f"/welcome/{token}", words).location == "/desk"
    assert fresh_of(huda.id).factor_since is None


def test_a_plain_link_still_asks_for_the_second_factor(make, browse, with_app):
    huda = make.lawyer("Huda")
    with_app(huda)
    token = actions.make_link(db.session.merge(huda))
    db.session.commit()
    words = {"password": "olive road window seven", "again": "olive road window seven"}
    assert browse().post(f"/welcome/{token}", words).location == "/sign-in/second"


def test_the_administrator_says_who_signs_in_with_two_steps_and_coordinators_hear_of_it(
    make, browse, required, with_app
):
    required(Role.COORDINATOR, Role.ADMINISTRATOR)
    huda, nadia, adam = make.lawyer("Huda"), make.coordinator("Nadia"), make.administrator("Adam")
    with_app(nadia), with_app(adam)
    lawyer, browser = browse(huda), browse(adam)
    lawyer.get("/desk")
    page = browser.get("/accounts/two-steps")
    assert [box["value"] for box in page.select("main input[type=checkbox]")] == ["lawyer", "counsellor"]
    assert page.select("main input[checked]") == []
    page.submit({"roles": ["lawyer"]})
    assert lawyer.get("/desk", status=303).location == "/account/protection"
    assert [box["value"] for box in browser.get("/accounts/two-steps").select("main input[checked]")] == ["lawyer"]
    assert "Whose sign-in needs two steps was changed" in browse(nadia).get("/account").text


def test_the_two_who_always_need_it_cannot_be_left_out(make, browse, required, with_app):
    required(Role.COORDINATOR, Role.ADMINISTRATOR, Role.LAWYER, Role.COUNSELLOR)
    adam = make.administrator("Adam")
    with_app(adam)
    browse(adam).get("/accounts/two-steps").submit({"roles": None})
    assert make.clinic_row().factor_required_of == ("administrator", "coordinator")


def test_how_many_have_it_stands_there_by_role(make, browse, with_app):
    adam = make.administrator("Adam")
    with_app(adam)
    make.lawyer("Huda"), make.lawyer("Karim")
    rows = [row.get_text(" ", strip=True) for row in browse(adam).get("/accounts/two-steps").select("tbody tr")]
    assert rows == ["Lawyer 2 0", "Counsellor 0 0", "Coordinator 0 0", "Administrator 1 1"]


def test_who_set_up_an_app_and_a_passkey_hears_of_each_in_its_own_words_and_nothing_twice(
    make, browse, with_app, code, fresh_of
):
    huda = make.lawyer("Huda")
    with_app(huda)
    member = fresh_of(huda.id)
    for what in ("passkey_added", "locked", "locked"):
        notices.tell(member, what)
    db.session.commit()
    browser = browse()
    gives_password(browser)
    page = gives_code(browser, code()).follow()
    for sentence in ("An app for codes was set up", "A passkey was added", "Somebody typed a wrong password"):
        assert page.text.count(sentence) == 1
