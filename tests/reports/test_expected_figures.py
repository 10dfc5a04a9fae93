"""The figures of the invented registers, computed independently, come out the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reports.asking import report
from tests.reports.register_facts import DATA, register

EXPECTED = sorted((DATA / "expected").glob("*.json"))


def same(one: object, other: object) -> bool:
    """Whole numbers equal, others to 1e-9, tables key by key."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) or isinstance(other, float):
        return one is not None and other is not None and one == pytest.approx(other, abs=1e-9, rel=1e-12)
    return one == other


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.stem)
def test_every_figure_is_what_it_should_be(path: Path) -> None:
    name, first, last = path.stem.split("_")
    expected = json.loads(path.read_text(encoding="utf-8"))
    told = report(register(name), first, last).as_object()
    assert told["period"] == expected["period"]
    assert list(told["indicators"]) == list(expected["indicators"])
    for indicator, fields in expected["indicators"].items():
        assert same(told["indicators"][indicator], fields), indicator
        assert list(told["indicators"][indicator]) == list(fields), indicator


def test_the_form_holds_its_parts_in_order() -> None:
    told = report(register("edge"), "2016-01-01", "2016-12-31").as_object()
    assert list(told) == ["period", "as_of", "edition", "rule_sets", "indicators"]
    assert len(told["indicators"]) == 46
    assert [rules["code"] for rules in told["rule_sets"]] == ["old_law", "decree_law_4_2016"]
    assert json.loads(report(register("edge"), "2016-01-01", "2016-12-31").as_json()) == told
