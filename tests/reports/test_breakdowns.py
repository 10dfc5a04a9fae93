"""By what figures are broken down: the rules of indicators.md, one by one."""

from __future__ import annotations

import pytest

from clinic.reports.facts import (
    Activity,
    CommunityVisit,
    Population,
    Session,
)
from clinic.reports.keys import age_band, quarter_of
from tests.reports.asking import CASE, custody, day, figure, report
from tests.reports.register_facts import register


@pytest.mark.parametrize(
    ("age", "band"),
    [(None, "unknown"), (11, "under_12"), (12, "12_13"), (13, "12_13"), (15, "14_15"), (17, "16_17"), (18, "18_over")],
)
def test_ages_fall_into_their_bands(age: int | None, band: str) -> None:
    assert age_band(age) == band


def test_quarters_are_those_of_the_calendar() -> None:
    assert [quarter_of(day(f"2015-{month:02d}-01")) for month in (1, 3, 4, 12)] == [
        "2015-Q1",
        "2015-Q1",
        "2015-Q2",
        "2015-Q4",
    ]


def test_a_child_is_counted_in_the_month_and_the_case_of_the_first_service() -> None:
    later = CASE._replace(id="K-2", offence="theft", lawyer="huda")
    first = CASE._replace(offence="brawl", lawyer="karim")
    population = Population(
        [first, later],
        sessions=[Session(later, day("2015-04-02")), Session(first, day("2015-03-02"))],
        community_visits=[CommunityVisit(later, day("2015-03-02"))],
    )
    told = figure("children_served", population, keys=["month", "offence", "lawyer"])
    assert told["breakdown"] == {
        "month": {"2015-03": {"value": 1}},
        "offence": {"brawl": {"value": 1}},
        "lawyer": {"karim": {"value": 1}},
    }


def test_a_session_is_its_own_counsellors_and_a_child_the_cases() -> None:
    case = CASE._replace(counsellor="salma")
    population = Population([case], sessions=[Session(case, day("2015-04-02"), counsellor="lina")])
    told = report(population, "2015-01-01", "2015-12-31", keys=["counsellor"]).fields
    assert list(told["counselling_sessions"]["breakdown"]["counsellor"]) == ["lina"]  # type: ignore[call-overload,index]
    assert list(told["children_counselled"]["breakdown"]["counsellor"]) == ["salma"]  # type: ignore[call-overload,index]
    assert list(told["services_delivered"]["breakdown"]["counsellor"]) == ["lina"]  # type: ignore[call-overload,index]


def test_custody_from_before_the_period_is_of_its_first_day() -> None:
    rows = [custody("2014-11-01 10:00", separated="no"), custody("2015-03-01 10:00", separated="yes")]
    told = figure("not_separated_from_adults", Population([CASE], custody=rows), keys=["month"])
    assert list(told["breakdown"]["month"]) == ["2015-01", "2015-03"]


def test_a_key_that_does_not_apply_is_absent() -> None:
    population = Population([CASE], activities=[Activity(day("2015-03-01"), "training")])
    told = report(population, "2015-01-01", "2015-12-31", keys=["sex", "month", "court"]).fields
    assert list(told["activities_held"]["breakdown"]) == ["month"]  # type: ignore[call-overload]
    assert list(told["cases_carried_in"]["breakdown"]) == ["sex"]  # type: ignore[call-overload]
    assert list(told["hearings_held"]["breakdown"]) == ["sex", "month", "court"]  # type: ignore[call-overload]


def test_a_case_of_two_projects_counts_in_both() -> None:
    both = CASE._replace(projects=("core", "justice"))
    told = figure("cases_opened", Population([both, CASE._replace(id="K-2")]), keys=["project"])
    assert {part: of["value"] for part, of in told["breakdown"]["project"].items()} == {
        "core": 1,
        "justice": 1,
        "unknown": 1,
    }


def test_what_was_looked_up_on_the_way_is_worked_out_again() -> None:
    """A report that was told holds no more than its rows; a figure that is opened then says what it would have said."""
    told, other = (report(register("register"), "2014-09-01", "2015-08-31") for _ in range(2))
    assert told.fields == other.fields
    before = set(vars(told.scope)) | set(told.scope._worked_out)
    told.scope.let_go_of_the_way()
    gone = before - set(vars(told.scope)) - set(told.scope._worked_out)
    assert {"_served", "sessions_until_end", "cared_for_after"} < gone
    for name, one in told.figures.items():
        for key in one.indicator.keys:
            assert one.breakdown(key) == other.figures[name].breakdown(key)
    assert told.scope.children_served == other.scope.children_served
