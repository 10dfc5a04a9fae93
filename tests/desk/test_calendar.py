"""The calendar: one's own days, and nobody else's children."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from clinic import clock
from clinic.clock import Moment
from clinic.vocabularies.fixed import StepState

NOON = Moment(clock.from_local(datetime(2031, 4, 14, 12, 30)))


def planned(make, name, *team, when=NOON):
    case = make.case(make.child(name), team=team)
    return make.step("hearing", case, by=team[0], state=StepState.PLANNED, scheduled=when)


def day_of(page, day):
    return page.select_one(f"time[datetime='{day}']").find_parent("li").get_text(" ")


def test_a_hearing_stands_on_its_day_at_its_hour(make, browse):
    huda = make.lawyer("Huda")
    planned(make, "ليث", huda)
    words = day_of(browse(huda).get("/calendar?day=2031-04-01"), "2031-04-14")
    assert "12:30" in words
    assert "ليث" in words


def test_nobody_sees_the_appointments_of_a_case_that_they_do_not_see(make, browse):
    planned(make, "ليث", make.lawyer("Karim"))
    page = browse(make.lawyer("Huda")).get("/calendar?day=2031-04-01&whose=all")
    assert "ليث" not in page.html


def test_a_counsellor_has_no_hearings_of_the_case_in_her_calendar(make, browse):
    huda, salma = make.lawyer("Huda"), make.counsellor("Salma")
    planned(make, "ليث", huda, salma)
    assert "ليث" not in browse(salma).get("/calendar?day=2031-04-01").html


def test_the_coordinator_may_look_at_the_whole_clinic(make, browse):
    planned(make, "ليث", make.lawyer("Huda"))
    browser = browse(make.coordinator("Nadia"))
    page = browser.get("/calendar?day=2031-04-01")
    assert "ليث" not in page.html
    assert "ليث" in page.click("The whole clinic").html


def test_today_is_marked_and_the_week_of_the_chosen_day_is_chosen(make, browse):
    page = browse(make.lawyer("Huda")).get("/calendar")
    today = page.select_one("[aria-current=date]")
    assert today.time["datetime"] == clock.today().isoformat()
    assert today.find_parent("ol")["class"] == ["week", "chosen"]


def test_a_week_begins_on_sunday_and_ends_with_the_weekend(make, browse):
    days = browse(make.lawyer("Huda")).get("/calendar?day=2031-04-14").select(".week.chosen .day")
    assert date.fromisoformat(days[0].time["datetime"]).weekday() == 6
    assert ["free" in day["class"] for day in days] == [False] * 5 + [True, True]


def test_one_goes_a_week_or_a_month_back_and_forward(make, browse):
    page = browse(make.lawyer("Huda")).get("/calendar?day=2031-04-14")
    ways = [link["href"] for link in page.select(".pages a[rel]")]
    assert [way.partition("day=")[2] for way in ways] == ["2031-04-07", "2031-04-21", "2031-03-01", "2031-05-01"]


@pytest.mark.parametrize("day", ["yesterday", "2031-02-30", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_cannot_be_is_today(make, browse, day):
    page = browse(make.lawyer("Huda")).get(f"/calendar?day={day}")
    assert page.has("[aria-current=date]")


def test_a_task_stands_on_the_day_that_it_is_due(make, browse):
    browser = browse(make.lawyer("Huda"))
    due = clock.today() + timedelta(days=1)
    browser.post("/tasks/add", {"what": "Call the school", "due_on": due.isoformat()})
    assert "Call the school" in day_of(browser.get(f"/calendar?day={due}"), due)


def test_the_administrator_has_no_calendar(make, browse):
    browse(make.administrator("Adam")).get("/calendar", status=403)
