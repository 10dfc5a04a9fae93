"""How often one may try: who guesses from elsewhere waits, the owner on their own device does not."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from clinic import db
from clinic.audit.models import AuditEntry
from clinic.staff import passwords
from clinic.staff.models import RefusedSignIn, StaffNotice
from tests.makers import PASSWORD

WRONG = "not these four words"
WAIT = "Too many tries"


def tries(browser, username="huda", password=WRONG):
    return browser.post("/sign-in", {"username": username, "password": password})


def locked_by_a_stranger(browse, username="huda"):
    stranger = browse()
    for _ in range(6):
        tries(stranger, username)
    return stranger


@pytest.mark.databases
def test_who_signed_in_on_a_device_before_is_not_locked_out_by_a_stranger(make, browse):
    make.lawyer("Huda")
    own = browse()
    tries(own, password=PASSWORD)
    own.get("/account")
    own.post("/sign-out")
    stranger = locked_by_a_stranger(browse)
    assert WAIT in tries(stranger, password=PASSWORD).text
    assert tries(own, password=PASSWORD).status == 303


def test_a_known_device_waits_by_itself(make, browse, later):
    make.lawyer("Huda")
    own = browse()
    tries(own, password=PASSWORD)
    own.get("/account")
    own.post("/sign-out")
    for _ in range(6):
        tries(own)
    assert WAIT in tries(own, password=PASSWORD).text
    later(minutes=16)
    assert tries(own, password=PASSWORD).status == 303


def test_a_name_that_nobody_has_waits_in_the_same_words(make, browse):
    make.lawyer("Huda")
    of_somebody = locked_by_a_stranger(browse)
    said = tries(of_somebody).select_one("[data-errors]").get_text()
    of_nobody = locked_by_a_stranger(browse, "nobody")
    assert tries(of_nobody, "nobody").select_one("[data-errors]").get_text() == said


def test_thirty_wrong_tries_in_a_day_wait_until_the_next(make, browse, later):
    make.lawyer("Huda")
    for round_ in range(5):
        later(minutes=20 * round_)
        locked_by_a_stranger(browse)
    later(minutes=20 * 6)
    assert WAIT in tries(browse(), password=PASSWORD).text
    later(hours=27)
    assert tries(browse(), password=PASSWORD).status == 303


def test_an_address_that_a_camp_shares_is_slowed_last(make, browse):
    make.lawyer("Huda")
    for turn in range(8):
        stranger = browse()
        stranger.client.environ_base["HTTP_USER_AGENT"] = f"phone {turn}"
        for attempt in range(5):
            tries(stranger, f"guess{turn}{attempt}")
    neighbour = browse()
    neighbour.client.environ_base["HTTP_USER_AGENT"] = "the phone of the neighbour"
    assert tries(neighbour, password=PASSWORD).status == 303


def test_new_phones_of_one_model_behind_one_router_are_not_one_device(make, browse):
    make.lawyer("Huda")
    make.lawyer("Rana")
    assert WAIT in tries(locked_by_a_stranger(browse), password=PASSWORD).text
    assert tries(browse(), "rana", password=PASSWORD).status == 303


def test_who_guesses_at_many_accounts_waits_long_before_the_whole_address(make, browse):
    make.lawyer("Huda")
    for number in range(18):
        tries(browse(), f"guess{number}")
    assert WAIT in tries(browse(), password=PASSWORD).text
    neighbour = browse()
    neighbour.client.environ_base["HTTP_USER_AGENT"] = "the phone of the neighbour"
    assert tries(neighbour, password=PASSWORD).status == 303


def test_no_name_and_no_address_is_kept_of_a_refused_try(make, browse):
    make.lawyer("Huda")
    tries(browse())
    row = db.session.scalars(select(RefusedSignIn)).one()
    kept = f"{row.account_hash} {row.device_hash} {row.address_hash}"
    assert "huda" not in kept
    assert "127.0.0.1" not in kept


def test_a_refused_try_stands_in_the_record(make, browse):
    make.lawyer("Huda")
    tries(browse())
    tries(browse(), "nobody")
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "account.refused")).all()
    assert [entry.subject for entry in entries] == ["staff_member", None]


def test_the_owner_is_told_at_the_next_sign_in(make, browse, later):
    make.lawyer("Huda")
    own = browse()
    tries(own, password=PASSWORD)
    own.get("/account")
    own.post("/sign-out")
    locked_by_a_stranger(browse)
    page = tries(own, password=PASSWORD).follow()
    assert "6 wrong tries to sign in to your account" in page.soup.get_text()
    assert "six times" in page.soup.get_text()
    assert "six times" in own.get("/account").text
    assert "wrong tries" not in own.get("/desk").soup.get_text()


def test_a_browser_that_is_new_for_an_account_is_told(make, browse):
    huda = make.lawyer("Huda")
    tries(browse(), password=PASSWORD)
    tries(browse(), password=PASSWORD)
    told = db.session.scalars(select(StaffNotice.what).where(StaffNotice.staff_id == huda.id)).all()
    assert told == ["new_device"]


def test_a_name_that_nobody_has_takes_the_same_reckoning(make, browse, monkeypatch, as_on_a_server):
    make.password_hash = passwords.hash_password(PASSWORD)
    make.lawyer("Huda")
    reckoned = []
    real = passwords.is_password
    monkeypatch.setattr(passwords, "is_password", lambda kept, typed: reckoned.append(kept) or real(kept, typed))
    tries(browse())
    tries(browse(), "nobody")
    assert [kept is None for kept in reckoned] == [False, True]
    began = time.process_time()
    real(reckoned[0], WRONG)
    known = time.process_time() - began
    began = time.process_time()
    real(None, WRONG)
    assert time.process_time() - began > known / 4, "nobody's password is reckoned as slowly"
