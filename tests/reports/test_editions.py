"""What leaves the clinic names nobody: small numbers are hidden, and none can be worked out."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.languages import using
from clinic.reports.editions import COUNTS, EQUATIONS, LEAST, Edition, PublicHasTotalsAlone, public
from clinic.reports.report import EndsBeforeItBegins, NoSuchKey
from tests.reports.asking import report
from tests.reports.register_facts import register
from tests.reports.test_what_always_holds import reports

FLOW = ("cases_carried_in", "cases_opened", "cases_reopened", "cases_closed", "cases_open_at_end")


def flow(*numbers: int) -> dict[str, dict[str, Any]]:
    return {name: {"value": number} for name, number in zip(FLOW, numbers, strict=True)}


def test_a_small_count_is_shown_as_less_than_five_and_none_as_none() -> None:
    told = public({"hearings_held": {"value": 4}, "referrals_made": {"value": 0}, "complaints_filed": {"value": 5}})
    assert [fields["value"] for fields in told.values()] == ["<5", 0, 5]


def test_the_flow_of_cases_does_not_give_a_small_count_away() -> None:
    told = public(flow(47, 61, 2, 41, 69))
    assert told["cases_reopened"]["value"] == "<5"
    assert [fields["value"] for fields in told.values()].count(None) == 1


@pytest.mark.parametrize(
    ("counted", "known", "told"),
    [(5, 10, 50.0), (4, 9, None), (4, 20, None), (17, 20, None), (0, 10, 0.0), (10, 10, 100.0)],
)
def test_a_percentage_of_few_is_withheld(counted: int, known: int, told: float | None) -> None:
    fields = {"value": 100 * counted / known, "numerator": counted, "denominator": known, "unknown": 0}
    shown = public({"complaints_answered": fields})["complaints_answered"]
    assert shown["value"] == told
    if told is None:
        assert shown["numerator"] is None


def test_a_spread_is_told_from_ten_on_without_its_ends() -> None:
    def spread(n: int) -> dict[str, Any]:
        return {"value": 2.0, "n": n, "median": 2.0, "q1": 1.0, "q3": 3.0, "min": 0.0, "max": 9.0, "unknown": 0}

    told = public({"time_to_lawyer": spread(10)})["time_to_lawyer"]
    assert (told["median"], told["min"], told["max"], told["n"]) == (2.0, None, None, 10)
    told = public({"time_to_lawyer": spread(9)})["time_to_lawyer"]
    assert (told["value"], told["median"], told["q1"], told["n"]) == (None, None, None, 9)


def test_nothing_but_totals_is_published() -> None:
    told = report(register("register"), "2014-09-01", "2015-08-31", edition=Edition.PUBLIC).as_object()
    assert told["edition"] == "public"
    for fields in told["indicators"].values():
        assert not {"by", "by_legal_basis", "by_place", "breakdown"} & set(fields)


def hidden_and_known(internal: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether any hidden count of an equation of few unknowns has one solution alone."""
    for equation in EQUATIONS:
        hidden = [(factor, cell) for factor, cell in equation if not is_shown(told, cell)]
        if not hidden or any(cell[0] not in internal for _, cell in hidden):
            continue
        rest = sum(factor * internal[cell[0]][cell[1]] for factor, cell in equation if is_shown(told, cell))
        ranges = [range(1, 5) if told[cell[0]][cell[1]] == "<5" else range(400) for _, cell in hidden]
        if len(ranges) > 2:
            continue
        solutions = [
            numbers
            for numbers in product(*ranges)
            if rest + sum(factor * number for (factor, _), number in zip(hidden, numbers, strict=True)) == 0
        ]
        if len({numbers[0] for numbers in solutions}) == 1:
            return True
    return False


def is_shown(told: dict[str, Any], cell: tuple[str, str]) -> bool:
    return cell[0] in told and isinstance(told[cell[0]].get(cell[1]), int)


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 8), st.integers(0, 12)).filter(
        lambda n: n[0] + n[1] + n[2] >= n[3]
    )
)
def test_no_hidden_number_of_the_flow_follows_from_the_others(numbers: tuple[int, int, int, int]) -> None:
    carried, opened, reopened, closed = numbers
    internal = flow(carried, opened, reopened, closed, carried + opened + reopened - closed)
    assert not hidden_and_known(internal, public(internal))


@pytest.mark.parametrize(
    ("first", "last"), [("2014-09-01", "2015-08-31"), ("2015-10-01", "2015-12-31"), ("2015-10-01", "2015-10-31")]
)
def test_no_hidden_number_of_the_register_follows_from_the_others(first: str, last: str) -> None:
    internal = report(register("register"), first, last).fields
    told = report(register("register"), first, last, edition=Edition.PUBLIC).fields
    assert not hidden_and_known(internal, told)


@settings(max_examples=20, deadline=None)
@given(reports())
def test_no_small_count_is_ever_published(asked: Any) -> None:
    internal = {name: figure.fields for name, figure in asked.figures.items()}
    told = public(internal)
    for name, fields in told.items():
        counts = [fields[key] for key in COUNTS if key in fields and (key != "value" or len(fields) == 1)]
        assert not any(isinstance(count, int) and 0 < count < 5 for count in counts), name
        if "numerator" in fields and fields["value"] is not None:
            assert internal[name]["denominator"] >= LEAST


def test_a_breakdown_for_the_public_is_refused_in_words() -> None:
    with pytest.raises(PublicHasTotalsAlone) as refused:
        report(register("edge"), "2016-01-01", "2016-12-31", keys=["sex"], edition=Edition.PUBLIC)
    with using("en"):
        assert "totals alone" in refused.value.sentence


def test_a_small_unknown_that_would_follow_hides_its_own_percentage_and_no_other() -> None:
    def share(counted: int, known: int, unknown: int) -> dict[str, Any]:
        return {"value": 100 * counted / known, "numerator": counted, "denominator": known, "unknown": unknown}

    told = public(
        {
            "lawyer_before_questioning": share(18, 39, 10),
            "guardian_at_questioning": share(15, 40, 9),
            "released_by_police": share(18, 47, 2),
        }
    )
    assert told["released_by_police"]["unknown"] is None
    assert told["lawyer_before_questioning"]["numerator"] == 18


def test_a_period_that_ends_before_it_begins_and_an_unknown_key_are_refused() -> None:
    with pytest.raises(EndsBeforeItBegins):
        report(register("edge"), "2016-12-31", "2016-01-01")
    with pytest.raises(NoSuchKey):
        report(register("edge"), "2016-01-01", "2016-12-31", keys=["shoe_size"])
