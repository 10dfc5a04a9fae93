"""Who asks faster than anybody works is held back for a moment, and told of; who works never meets it."""

from __future__ import annotations

import uuid
from contextvars import Context
from dataclasses import replace

import pytest

from clinic import create_app
from clinic.access.permissions import Role
from clinic.web import pace
from clinic.web.pace import FILES, NEVER_HELD_BACK, SEARCHES, TAKES_OUT, TAKING_OUT, Paces
from tests.clinics import browsers_of

HUDA, KARIM = uuid.uuid4(), uuid.uuid4()
PACES = (FILES, SEARCHES, TAKING_OUT)


@pytest.fixture
def seconds(monkeypatch):
    """Moves the clock by which the pace is counted; it stands still else."""
    at = [1000.0]
    monkeypatch.setattr(pace, "monotonic", lambda: at[0])
    return lambda passed: at.__setitem__(0, at[0] + passed)


@pytest.mark.parametrize("each", PACES)
def test_so_many_go_through_at_once_and_then_one_at_a_time(seconds, each):
    paces = Paces()
    assert [paces.wait(HUDA, each) for _ in range(each.at_once)] == [0] * each.at_once
    wait = paces.wait(HUDA, each)
    assert wait == pytest.approx(60 / each.a_minute)
    seconds(wait)
    assert paces.wait(HUDA, each) == 0
    assert paces.wait(HUDA, each) > 0


def test_who_is_held_back_waits_no_longer_for_asking_again(seconds):
    paces = Paces()
    waits = [paces.wait(HUDA, TAKING_OUT) for _ in range(100)]
    assert waits[-1] == waits[TAKING_OUT.at_once]


def test_one_person_does_not_wait_for_another_nor_one_kind_of_page_for_another(seconds):
    paces = Paces()
    for _ in range(FILES.at_once + 1):
        paces.wait(HUDA, FILES)
    assert paces.wait(KARIM, FILES) == 0
    assert paces.wait(HUDA, SEARCHES) == 0


def test_a_page_that_is_refused_for_one_pace_does_not_count_for_the_other(seconds):
    paces, pages = Paces(), replace(FILES, kind="pages", at_once=TAKING_OUT.at_once + 1)
    for _ in range(TAKING_OUT.at_once + 50):
        paces.wait(HUDA, pages, TAKING_OUT)
    assert paces.wait(HUDA, pages) == 0


def test_a_long_day_of_pressing_every_second_is_never_held_back(seconds):
    paces = Paces()
    for _ in range(4 * 3600):
        assert paces.wait(HUDA, pace.Pace("pages", 240, 120)) == 0
        seconds(1)


@pytest.fixture
def paced(clinic, make, settings):
    """Opens browsers in a server that gives one person 30 pages a minute, 60 at once."""
    app = create_app(replace(settings, pages_a_minute=30))
    app.testing = True
    return browsers_of(app, clinic, make)


def ask(browser, address, times):
    """The status of each answer, without looking at the page."""
    return [Context().run(browser.client.get, address).status_code for _ in range(times)]


def test_who_asks_for_too_many_pages_is_told_how_long_to_wait(make, paced, seconds):
    browser = paced(make.lawyer("Huda"))
    assert ask(browser, "/account", 60) == [200] * 60
    page = browser.get("/account", status=429)
    assert page.heading == "Too many pages at once"
    assert page.headers["Retry-After"] == "2"
    assert page.has("main a[href='/account']")
    assert "go back one page" not in page.text
    seconds(2)
    browser.get("/account")


def test_the_page_says_it_in_arabic_too(make, paced, seconds):
    browser = paced(make.lawyer("Huda"), language="ar")
    ask(browser, "/account", 60)
    assert "ثانيت" in browser.get("/account", status=429).text


def test_all_browsers_of_a_person_count_together_and_nobody_waits_for_another(make, paced, seconds):
    huda = make.lawyer("Huda")
    ask(paced(huda), "/account", 60)
    paced(huda).get("/account", status=429)
    paced(make.lawyer("Karim")).get("/account")


def test_what_is_held_back_is_not_done(make, paced, seconds):
    browser = paced(make.lawyer("Huda"))
    form = browser.get("/tasks/add")
    ask(browser, "/account", 60)
    refused = form.submit({"what": "Call the school"}, status=429)
    assert "What you typed is still there" in refused.text
    assert not refused.has("main a[href='/tasks/add']")
    seconds(60)
    assert "Call the school" not in browser.get("/tasks").text


def test_signing_out_the_seal_and_an_emergency_are_never_held_back(make, paced, seconds):
    browser = paced(make.lawyer("Huda"))
    account = browser.get("/account")
    ask(browser, "/account", 60)
    browser.get("/operations/seal")
    browser.get("/emergency")
    account.submit(form="form[action='/sign-out']")


def test_a_coordinator_is_shown_once_that_somebody_was_held_back_and_looks_into_it(make, paced, seconds):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    ask(paced(huda), "/account", 90)
    browser = paced(nadia)
    page = browser.get("/looks")
    told = [each for each in page.select("main li") if "faster than anybody reads" in each.get_text()]
    assert len(told) == 1
    assert "Huda" in told[0].get_text()
    page = page.click("Look into it").submit({"finding": "She pressed one key for a minute."}).follow()
    assert not [each for each in page.select("main li") if "faster than anybody reads" in each.get_text()]


def test_each_address_that_is_named_is_there(app):
    assert (TAKES_OUT | NEVER_HELD_BACK) - set(app.view_functions) == set()


def test_where_nothing_is_counted_nobody_is_held_back(make, browse):
    assert ask(browse(make.person("Huda", Role.LAWYER)), "/account", 300) == [200] * 300
