"""Decisions about a day: the greeting, what clashes, the weeks of a month, whether it is safe to call now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic import clock
from clinic.clock import Moment, Precision
from clinic.desk.coordination import quarter_of
from clinic.desk.rules import PartOfDay, clashing, month_of, part_of_day, safe_now, week_begins_on

FRIDAY_AND_SATURDAY = (4, 5)


def at(hour, minute=0, day=14):
    return clock.from_local(datetime(2016, 4, day, hour, minute))


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (2, PartOfDay.NIGHT),
        (5, PartOfDay.MORNING),
        (11, PartOfDay.MORNING),
        (12, PartOfDay.AFTERNOON),
        (18, PartOfDay.EVENING),
        (23, PartOfDay.NIGHT),
    ],
)
def test_the_greeting_follows_the_clinics_clock(hour, part):
    assert part_of_day(at(hour)) == part


@dataclass
class Planned:
    """A planned step, as far as a clash goes."""

    id: str
    happened: Moment | None
    court: str | None = None


def test_two_hearings_within_an_hour_and_a_half_clash():
    steps = [Planned("remand", Moment(at(10))), Planned("plea", Moment(at(11))), Planned("visit", Moment(at(13)))]
    assert clashing(steps) == {"remand", "plea"}


def test_hearings_of_one_court_clash_only_when_they_begin_together():
    hearings = [Planned(str(minute), Moment(at(9, minute)), "bethlehem_magistrate") for minute in (0, 10, 40)]
    assert clashing(hearings) == {"0", "10"}
    elsewhere = Planned("elsewhere", Moment(at(9, 40)), "court_of_appeal")
    assert clashing([*hearings[:2], elsewhere]) == {"0", "10", "elsewhere"}


def test_what_has_no_minute_clashes_with_nothing():
    whole_day = Planned("day", Moment(at(10), Precision.DAY))
    assert clashing([Planned("remand", Moment(at(10))), whole_day, Planned("school", None)]) == frozenset()


def test_a_week_begins_after_the_weekend():
    assert week_begins_on(FRIDAY_AND_SATURDAY) == 6
    assert week_begins_on((5, 6)) == 0
    assert week_begins_on((4,)) == 5


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.sampled_from([FRIDAY_AND_SATURDAY, (5, 6), (4,)]))
def test_a_month_is_drawn_in_whole_weeks_that_hold_each_of_its_days_once(chosen, weekend):
    month = month_of(chosen, weekend)
    days = [day for week in month.weeks for day in week]
    assert {len(week) for week in month.weeks} == {7}
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert {week[0].weekday() for week in month.weeks} == {week_begins_on(weekend)}
    inside = [day for day in days if (day.year, day.month) == (chosen.year, chosen.month)]
    assert inside[0].day == 1
    assert (inside[-1] + timedelta(days=1)).month != chosen.month
    assert month.previous < month.chosen.replace(day=1) < month.next
    assert month.week_after - month.week_before == timedelta(days=14)


@pytest.mark.parametrize(
    ("words", "hour", "safe"),
    [
        ("16:00-19:00", 17, True),
        ("16:00-19:00", 20, False),
        ("من 16 إلى 19، الأم فقط", 15, False),
        ("١٦:٠٠ – ١٩:٠٠", 16, True),
        ("22:00 to 2:00", 1, True),
        ("22:00 to 2:00", 12, False),
        ("4 to 7, the mother alone", 16, None),
        ("after school, ask for the mother", 17, None),
        ("059-9123456", 17, None),
        (None, 17, None),
        ("بعد السادسة مساءً", 17, False),
        ("بعد السادسة مساءً", 19, True),
        ("بعد الرابعة عصرًا", 15, False),
        ("صباحًا فقط، لا يرد الوالد", 19, False),
        ("صباحًا فقط، لا يرد الوالد", 9, True),
        ("في أي وقت", 15, True),
        ("في أي وقت", 2, False),
        ("mornings or evenings", 9, None),
        ("when the father is away", 2, False),
    ],
)
def test_hours_that_were_written_down_decide_whether_to_call(words, hour, safe):
    assert safe_now(words, at(hour)) is safe


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_every_day_lies_in_its_quarter(day):
    first, last = quarter_of(day)
    assert first <= day <= last
    assert (first.day, first.month % 3) == (1, 1)
    assert (last + timedelta(days=1)).day == 1
    assert 89 <= (last - first).days <= 91
