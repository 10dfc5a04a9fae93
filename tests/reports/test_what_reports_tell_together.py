"""Public reports of periods one after the other, laid side by side by who knows how their figures hang together."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.reports.editions import EQUATIONS, FLOW, Edition, _tighten, public
from tests.reports.asking import report
from tests.reports.register_facts import register

Told = dict[str, dict[str, Any]]
NAMES = [cell[0] for _, cell in FLOW]


def months(year: int, length: int) -> list[tuple[str, str]]:
    """The days of two years in spans of so many months."""
    begins = [(year + (month // 12), month % 12 + 1) for month in range(0, 24, length)]
    ends = [(of, month + length - 1) for of, month in begins]
    return [
        (f"{of}-{month:02}-01", f"{year_}-{last:02}-{monthrange(year_, last)[1]}")
        for (of, month), (year_, last) in zip(begins, ends, strict=True)
    ]


def range_of(told: Told, cell: tuple[str, str]) -> tuple[float, float]:
    """Between what a count lies for who reads one report."""
    said = told.get(cell[0], {}).get(cell[1])
    if isinstance(said, str):
        return 1, 4
    return (0, float("inf")) if said is None else (said, said)


def worked_out(reports: Sequence[Told]) -> set[tuple[Any, ...]]:
    """The hidden counts that follow from all of the reports together."""
    equations: list[Any] = [
        tuple((factor, (number, cell)) for factor, cell in equation)
        for number in range(len(reports))
        for equation in EQUATIONS
    ]
    for number in range(1, len(reports)):
        before, now = (number - 1, ("cases_open_at_end", "value")), (number, ("cases_carried_in", "value"))
        equations.append(((1, before), (-1, now)))
    bounds = {at: range_of(reports[at[0]], at[1]) for equation in equations for _, at in equation}
    hidden = {at for at, (low, high) in bounds.items() if low < high and at[1][1] in reports[at[0]].get(at[1][0], {})}
    while sum(_tighten(equation, bounds) for equation in equations):
        pass
    return {(*at, bounds[at][0]) for at in hidden if bounds[at][0] == bounds[at][1]}


@pytest.mark.parametrize("length", [1, 3, 6])
@pytest.mark.parametrize(("name", "year"), [("register", 2014), ("register", 2015), ("edge", 2015)])
def test_no_hidden_number_follows_from_the_reports_before_and_after(name: str, year: int, length: int) -> None:
    told = [report(register(name), *days, edition=Edition.PUBLIC).fields for days in months(year, length)]
    assert worked_out(told) == set()


STEP = st.tuples(st.integers(0, 14), st.integers(0, 2), st.integers(0, 14))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 12), st.lists(STEP, min_size=2, max_size=6))
def test_no_hidden_number_of_a_random_flow_follows_from_the_reports_of_its_neighbours(
    open_cases: int, steps: list[tuple[int, int, int]]
) -> None:
    told = []
    for opened, reopened, closed in steps:
        before, gone = open_cases, min(closed, open_cases + opened + reopened)
        open_cases += opened + reopened - gone
        numbers = (before, opened, reopened, gone, open_cases)
        told.append(public({name: {"value": number} for name, number in zip(NAMES, numbers, strict=True)}))
    assert worked_out(told) == set()


def test_what_is_carried_from_one_report_to_the_next_is_never_what_hides_another_number() -> None:
    told = public({name: {"value": number} for name, number in zip(NAMES, (17, 5, 0, 1, 21), strict=True)})
    assert (told["cases_carried_in"]["value"], told["cases_open_at_end"]["value"]) == (17, 21)
    assert (told["cases_opened"]["value"], told["cases_closed"]["value"]) == (None, "<5")


def test_where_few_cases_are_open_nothing_is_told_of_what_came_and_went() -> None:
    told = public({name: {"value": number} for name, number in zip(NAMES, (2, 6, 0, 6, 2), strict=True)})
    assert [fields["value"] for fields in told.values()] == ["<5", None, None, None, "<5"]
