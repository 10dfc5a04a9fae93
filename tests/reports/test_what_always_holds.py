"""What holds of every report, whatever the clinic did."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.reports.completeness import COLUMNS, completeness
from clinic.reports.custody_picture import longest
from clinic.reports.facts import Population
from clinic.reports.indicator import Figure, Unit
from clinic.reports.indicators import INDICATORS
from clinic.reports.keys import KEYS, OVERLAPPING_KEYS
from clinic.reports.measures import quantile
from clinic.reports.report import Report
from tests.reports.asking import attendance, report
from tests.reports.populations import DAYS, populations
from tests.reports.register_facts import register

QUIET = settings(max_examples=30, deadline=None)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """A report of a random clinic and a random period, broken down by everything."""
    population = draw(populations())
    first = draw(DAYS)
    last = first + timedelta(days=draw(st.integers(0, 400)))
    return report(population, first.isoformat(), last.isoformat(), keys=KEYS)


def assert_parts_make_the_whole(told: Report) -> None:
    for name, fields in told.fields.items():
        parts: Any = fields.get("breakdown", {})
        for key, of_key in parts.items():
            if key in OVERLAPPING_KEYS:
                continue
            for number in ("numerator", "denominator", "unknown", "n", "improved", "unchanged", "worse"):
                if number in fields:
                    whole = sum(part.get(number, 0) for part in of_key.values())
                    assert whole == fields[number], (name, key, number)
            if told.figures[name].indicator.shape == "number":
                assert sum(part["value"] for part in of_key.values()) == fields["value"], (name, key)


@QUIET
@given(reports())
def test_parts_add_up_to_the_whole(told: Report) -> None:
    assert_parts_make_the_whole(told)


def test_parts_add_up_to_the_whole_in_the_invented_register() -> None:
    assert_parts_make_the_whole(report(register("register"), "2015-09-01", "2016-08-31", keys=KEYS))


class Watched:
    """Facts of which it is noted what kinds are looked at."""

    def __init__(self, facts: Population) -> None:
        self._facts = facts
        self.seen: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.seen.add(name)
        return getattr(self._facts, name)


def assert_looks_at_what_it_names(facts: Population, told: Report) -> set[str]:
    """Reads each figure and all that opens behind it for itself alone. Result: those that looked at all they name."""
    looked = set()
    for name, indicator in INDICATORS.items():
        watched: Any = Watched(facts)
        figure = indicator.read(replace(told.scope, population=watched))
        numbers = numbers_of(figure.fields) if indicator.unit is not Unit.PARTICIPANTS else {}
        for number in numbers:
            figure.rows_of(number)
        for key in indicator.keys:
            figure.breakdown(key)
        assert watched.seen <= indicator.reads, name
        looked |= {name} if watched.seen == indicator.reads else set()
    return looked


@QUIET
@given(reports())
def test_a_figure_looks_at_the_kinds_of_fact_that_it_names(told: Report) -> None:
    """By these it is known whether a figure stays as it is when something is saved."""
    assert_looks_at_what_it_names(told.scope.population, told)


@QUIET
@given(reports())
def test_how_much_is_known_and_the_pictures_look_at_the_kinds_of_fact_that_they_name(told: Report) -> None:
    for column in COLUMNS:
        watched: Any = Watched(told.scope.population)
        column.counted(replace(told.scope, population=watched))
        assert watched.seen <= column.reads, column.label
    watched = Watched(told.scope.population)
    longest(replace(told.scope, population=watched), told.scope.period.ends)
    assert watched.seen <= {"custody"}


def test_a_figure_names_no_kind_of_fact_that_it_never_looks_at() -> None:
    told = report(register("register"), "2015-09-01", "2016-08-31")
    assert assert_looks_at_what_it_names(told.scope.population, told) == set(INDICATORS)
    assert set().union(*(indicator.reads for indicator in INDICATORS.values())) == set(vars(Population()))


def numbers_of(fields: dict[str, Any]) -> dict[str, int]:
    """Each count of a figure, under the name by which its rows are asked for."""
    numbers = {name: fields[name] for name in ("n", "improved", "unchanged", "worse") if name in fields}
    if "numerator" in fields:
        numbers |= {name: fields[name] for name in ("numerator", "denominator", "unknown")}
    if not numbers:
        numbers["value"] = fields["value"]
    tables = {name: fields[name] for name in ("by", "by_legal_basis", "by_place") if name in fields}
    return numbers | {f"{name}:{code}": n for name, table in tables.items() for code, n in table.items()}


def assert_lists_have_as_many_rows(figure: Figure) -> None:
    if figure.indicator.unit is Unit.PARTICIPANTS:
        return
    for number, count in numbers_of(figure.fields).items():
        assert len(figure.rows_of(number)) == count, (figure.indicator.id, number)
    for key in figure.indicator.keys:
        for part, fields in figure.breakdown(key).items():
            for number, count in numbers_of(fields).items():
                assert len(figure.rows_of(number, key, part)) == count, (figure.indicator.id, key, part, number)


@QUIET
@given(reports())
def test_each_number_opens_a_list_of_as_many_rows(told: Report) -> None:
    for figure in told.figures.values():
        assert_lists_have_as_many_rows(figure)


@QUIET
@given(reports())
def test_the_flow_of_cases_comes_out_even(told: Report) -> None:
    flow: dict[str, Any] = {name: told.fields[name]["value"] for name in told.fields if name.startswith("cases_")}
    came = flow["cases_carried_in"] + flow["cases_opened"] + flow["cases_reopened"]
    assert came - flow["cases_closed"] == flow["cases_open_at_end"]


@QUIET
@given(populations(), DAYS)
def test_a_year_is_the_sum_of_its_months_where_rows_are_counted(population: Population, first: date) -> None:
    last = first + timedelta(days=300)
    middle = first + timedelta(days=120)
    days = [(first, last), (first, middle), (middle + timedelta(days=1), last)]
    whole, one, other = (report(population, a.isoformat(), b.isoformat()).fields for a, b in days)
    for name in ("services_delivered", "cases_opened", "cases_closed", "hearings_held", "counselling_sessions"):
        assert whole[name]["value"] == one[name]["value"] + other[name]["value"], name  # type: ignore[operator]


@QUIET
@given(populations(), DAYS)
def test_rows_that_say_nothing_change_no_percentage(population: Population, first: date) -> None:
    """An attendance of which nothing is known adds one unknown and nothing else."""
    accused = [case for case in population.cases if case.role == "accused"]
    if not accused:
        return
    last = first + timedelta(days=300)
    period = first.isoformat(), last.isoformat()
    told = report(population, *period).fields
    blank = attendance(f"{first.isoformat()} 12:00", case=accused[0])
    rows = {**vars(population), "attendances": [*population.attendances, blank]}
    more = Population(**{name: rows[name] for name in Population.__dataclass_fields__})
    with_blank = report(more, *period).fields
    for name in ("lawyer_before_questioning", "guardian_at_questioning", "ill_treatment_alleged", "released_by_police"):
        assert with_blank[name] == {**told[name], "unknown": told[name]["unknown"] + 1}, name  # type: ignore[operator]


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=40))
def test_quartiles_are_those_of_linear_interpolation_inclusive(values: list[float]) -> None:
    ordered = sorted(values)
    expected = statistics.quantiles(values, n=4, method="inclusive")
    for share, quartile in zip((0.25, 0.5, 0.75), expected, strict=True):
        assert quantile(ordered, share) == pytest.approx(quartile, abs=1e-9, rel=1e-12)


def test_nothing_has_no_quartiles_and_one_value_is_all_of_them() -> None:
    assert quantile([], 0.5) is None
    assert [quantile([3.0], share) for share in (0.25, 0.5, 0.75)] == [3, 3, 3]


def test_a_clinic_that_did_nothing_reports_nothing() -> None:
    told = report(Population(), "2015-01-01", "2015-12-31", keys=KEYS).fields
    assert len(told) == len(INDICATORS) == 46
    assert told["time_to_lawyer"]["n"] == 0
    assert told["time_to_lawyer"]["value"] is None
    assert told["aftercare"] == {
        "value": None,
        "numerator": 0,
        "denominator": 0,
        "unknown": 0,
        "breakdown": {key: {} for key in told["aftercare"]["breakdown"]},  # type: ignore[attr-defined]
    }


@QUIET
@given(reports())
def test_each_deciding_column_is_known_or_not_known(told: Report) -> None:
    for column in completeness(told.scope):
        rows = column.column.rows(told.scope)
        assert column.known + column.unknown == len(rows)
        assert (column.share is None) == (not rows)
