"""Who looked at what: unusual days are brought up, somebody else asks, and everybody sees their own looks."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from clinic import clock, db
from clinic.audit import readings
from clinic.oversight import rules
from clinic.oversight.rules import Day, Look, Pattern
from tests.makers import Maker

NOON = datetime(2026, 3, 10, 10, tzinfo=UTC)
NIGHT = datetime(2026, 3, 10, 21, tzinfo=UTC)  # 23:00 in Hebron
HUDA, NADIA = clock.new_id(), clock.new_id()


def day(number: int, *, who: uuid.UUID = HUDA, on: int = 1, **counted: int) -> Day:
    return Day(who, date(2026, 3, on), number, **{"at_night": 0, "other_teams": 0, **counted})


def patterns(*days: Day) -> list[Pattern]:
    return [found.pattern for found in rules.unusual(days)]


def test_a_case_that_is_opened_again_and_again_counts_once():
    case = clock.new_id()
    found = rules.days_of([Look(HUDA, NOON, case)] * 5, {case: frozenset({HUDA})})
    assert found == [Day(HUDA, date(2026, 3, 10), 1, 0, 0)]


def test_night_goes_by_the_clocks_of_the_clinic():
    looks = [Look(HUDA, NIGHT, clock.new_id()), Look(HUDA, NIGHT - timedelta(hours=2), clock.new_id())]
    assert [one.at_night for one in rules.days_of(looks, {})] == [1]


def test_a_case_of_another_team_is_told_apart():
    own, other = clock.new_id(), clock.new_id()
    teams = {own: frozenset({HUDA}), other: frozenset({NADIA})}
    found = rules.days_of([Look(HUDA, NOON, own), Look(HUDA, NOON, other)], teams)
    assert found[0].other_teams == 1


def test_an_ordinary_week_is_not_brought_up():
    assert patterns(*(day(12, at_night=2, other_teams=3, on=on) for on in range(1, 8))) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (day(rules.MANY), [Pattern.MANY_CASES]),
        (day(rules.MANY - 1), []),
        (day(10, at_night=rules.AT_NIGHT), [Pattern.AT_NIGHT]),
        (day(20, other_teams=rules.OTHER_TEAMS), [Pattern.OTHER_TEAMS]),
        (day(0, held_back=1), [Pattern.TOO_FAST]),
    ],
)
def test_a_walk_through_the_files_is_brought_up(seen: Day, expected: list[Pattern]):
    assert patterns(seen) == expected


def test_whoever_opens_many_every_day_is_measured_by_their_own_days():
    usual = [day(20, on=on) for on in range(1, 10)]
    assert patterns(*usual, day(40, on=10)) == []
    assert patterns(*usual, day(60, on=10)) == [Pattern.MANY_CASES]


def open_cases(make: Maker, person, number: int) -> None:
    with db.acting(make.clinic.id, person.id):
        for _each in range(number):
            readings.record("case.read", subject="case_file", case_id=clock.new_id())


@pytest.mark.databases
def test_a_coordinator_asks_about_an_unusual_day(make: Maker, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    open_cases(make, huda, rules.MANY)
    page = browse(nadia, language="en").get("/looks")
    assert "Huda" in page.text
    asked = page.soup.select_one('main a[href*="many_cases"]')["href"]
    assert page.browser.post(asked, {"finding": ""}, status=422)
    done = page.browser.post(asked, {"finding": "She prepared the hand-over."}).follow()
    assert "She prepared the hand-over." in done.text
    assert done.soup.select_one('main a[href*="many_cases"]') is None
    page.browser.get(asked, status=404)


@pytest.mark.databases
def test_nobody_looks_into_their_own_day(make: Maker, browse):
    nadia = make.coordinator("Nadia")
    open_cases(make, nadia, rules.MANY)
    today = clock.today().isoformat()
    browser = browse(nadia, language="en")
    page = browser.get("/looks")
    assert page.soup.select_one('main a[href*="many_cases"]') is None
    answer = browser.post(f"/looks/people/{nadia.id}/{today}/many_cases", {"finding": "nothing"}, status=422)
    assert "another coordinator" in answer.text


@pytest.mark.databases
def test_everybody_sees_their_own_looks_and_nobody_elses(make: Maker, browse):
    huda, karim = make.lawyer("Huda"), make.lawyer("Karim")
    case = make.case(team=[huda])
    browse(huda, language="en").get(f"/cases/{case.id}")
    reference = case.reference
    assert reference in browse(huda, language="en").get("/looks/mine").text
    assert reference not in browse(karim, language="en").get("/looks/mine").text


@pytest.mark.databases
def test_a_look_at_a_case_that_is_not_ones_own_any_more_names_no_case(make: Maker, browse):
    huda, karim = make.lawyer("Huda"), make.lawyer("Karim")
    case = make.case(team=[karim])
    with db.acting(make.clinic.id, huda.id):
        readings.record("case.read", subject="case_file", subject_id=case.id, case_id=case.id)
    reference = case.reference
    page = browse(huda, language="en").get("/looks/mine")
    assert "looked at the case" in page.text
    assert reference not in page.text


@pytest.mark.databases
def test_the_looks_of_a_busy_person_come_page_by_page(make: Maker, browse):
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    open_cases(make, huda, 60)
    browser = browse(nadia, language="en")
    first = browser.get(f"/looks/people/{huda.id}")
    second = browser.get(first.soup.select_one('a[rel="next"]')["href"])
    assert [len(page.soup.select("main li")) for page in (first, second)] == [50, 10]


@pytest.mark.databases
def test_who_asks_for_what_is_not_theirs_is_noted_whether_it_is_there_or_not(make: Maker, browse):
    case, karim = make.case(team=[make.lawyer("Huda")]), make.lawyer("Karim")
    browser = browse(karim, language="en")
    for asked in (case.id, uuid.uuid4()):
        browser.get(f"/cases/{asked}", status=404)
    browser.get("/staff/accounts", status=(403, 404))
    noted = browser.get("/looks/mine").text.count("asked for a page that is not open to them")
    assert noted >= 2
