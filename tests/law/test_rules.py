"""The dated rule sets."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from clinic.languages import using
from clinic.law.rules import BadRuleSet, LimitCode, load_rule_sets, police_limit_hours, rule_set_on, shipped


def test_the_old_law_holds_until_the_day_before_the_decree_law():
    old, new = rule_set_on(date(2016, 3, 27)), rule_set_on(date(2016, 3, 28))
    assert old is not None
    assert new is not None
    assert (old.code, new.code) == ("old_law", "decree_law_4_2016")
    assert rule_set_on(date(1960, 1, 1)) == old
    assert rule_set_on(date(2090, 1, 1)) == new


@pytest.mark.parametrize("rules", shipped().sets, ids=lambda rules: rules.code)
def test_each_shipped_law_has_every_limit_and_nobody_confirmed_it(rules):
    assert {limit.code for limit in rules.limits} == set(LimitCode)
    assert not rules.confirmed
    assert [(limit.hours, limit.months) for limit in rules.limits] == [
        (24, None), (48, None), (15 * 24, None), (45 * 24, None), (None, 6)
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(2014, 9, 1), date(2016, 3, 27), date(2016, 3, 28), date(2026, 11, 22)])
def test_the_police_limit_is_24_hours_in_both_laws(day: date):
    assert police_limit_hours(day) == 24


def test_a_limit_is_named_in_the_language_of_its_reader():
    limit = shipped().sets[0].limit(LimitCode.POLICE)
    assert limit is not None
    assert str(limit.name) == "الشرطة: 24 ساعة"
    with using("en"):
        assert str(limit.name) == "Police: 24 hours"


def test_months_end_on_the_same_local_day_or_the_last_of_the_month():
    ceiling = shipped().sets[0].limit(LimitCode.TOTAL)
    assert ceiling is not None
    assert ceiling.after(datetime(2015, 1, 10, 20, 0, tzinfo=UTC)) == datetime(2015, 7, 10, 19, 0, tzinfo=UTC)
    assert ceiling.after(datetime(2015, 8, 31, 9, 0, tzinfo=UTC)).date() == date(2016, 2, 29)


def test_a_confirmation_holds_for_the_text_that_was_read():
    rules = shipped().sets[1]
    read = shipped().confirmed({(rules.code, rules.digest): ("Lawyer", date(2026, 1, 5))})
    assert read.sets[1].confirmed
    assert (read.sets[1].confirmed_by, read.sets[1].confirmed_on) == ("Lawyer", date(2026, 1, 5))
    assert not read.sets[0].confirmed
    assert not shipped().confirmed({(rules.code, "another text"): ("Lawyer", date(2026, 1, 5))}).sets[1].confirmed


SET = """
code = "{code}"
name = {{ en = "x", ar = "س" }}
{dates}
[limit.police]
{length}
near = 6
name = {{ en = "x", ar = "س" }}
basis = {{ en = "x", ar = "س" }}
"""


def test_two_laws_on_one_day_are_refused(tmp_path: Path):
    (tmp_path / "a.toml").write_text(SET.format(code="a", dates="in_force_to = 2016-03-28", length="hours = 24"))
    (tmp_path / "b.toml").write_text(SET.format(code="b", dates="in_force_from = 2016-03-28", length="hours = 24"))
    with pytest.raises(BadRuleSet, match="a and b"):
        load_rule_sets(tmp_path)


@pytest.mark.parametrize("length", ["", "hours = 24\nmonths = 1", "hours = 0"])
def test_a_limit_without_one_length_is_refused_by_its_file(tmp_path: Path, length: str):
    (tmp_path / "a.toml").write_text(SET.format(code="a", dates="", length=length))
    with pytest.raises(BadRuleSet, match=r"a\.toml"):
        load_rule_sets(tmp_path)


def test_a_day_before_any_law_has_none(tmp_path: Path):
    (tmp_path / "a.toml").write_text(SET.format(code="a", dates="in_force_from = 2016-03-28", length="hours = 12"))
    sets = load_rule_sets(tmp_path)
    assert sets.on(date(2016, 3, 27)) is None
    assert sets.police_limit_hours(date(2016, 3, 27)) is None
    assert sets.police_limit_hours(date(2016, 3, 28)) == 12
