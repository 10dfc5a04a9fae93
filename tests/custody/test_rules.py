"""Which rights of a child in custody were missed, and which answers cannot both be true."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from clinic.clock import Moment
from clinic.custody import rules
from clinic.custody.rules import Breach
from clinic.vocabularies.fixed import Answer

DAY = date(2026, 3, 4)
NAMES = [
    "place",
    "holding_body",
    "began",
    "ended",
    "order_ends_on",
    "separated_from_adults",
    "family_visit",
    "education_access",
    "lawyer_visit",
]


def missed(today: date = DAY, **told: object) -> list[Breach]:
    period = SimpleNamespace(**{**dict.fromkeys(NAMES), "began": Moment.of_day(DAY), **told})
    return list(rules.breaches(period, today=today, authorised={"juvenile_police"}))


def test_an_order_covers_its_last_day_and_no_more():
    assert missed(order_ends_on=DAY) == []
    assert missed(today=DAY + timedelta(days=1), order_ends_on=DAY) == [Breach.ORDER_OVER]
    released = Moment.of_day(DAY)
    assert missed(today=DAY + timedelta(days=9), order_ends_on=DAY, ended=released) == []


def test_what_was_answered_no_is_missed_and_what_is_unknown_is_not():
    assert missed(separated_from_adults=Answer.NO, family_visit=Answer.UNKNOWN) == [Breach.WITH_ADULTS]
    assert missed(holding_body="general_intelligence") == [Breach.BODY_NOT_AUTHORISED]


def test_an_end_before_the_beginning_and_a_reason_without_an_end_are_refused():
    with pytest.raises(rules.EndsBeforeItBegan):
        rules.check({"began": Moment.of_day(DAY), "ended": Moment.of_day(DAY - timedelta(days=1))})
    with pytest.raises(rules.ReasonWithoutEnd):
        rules.check({"began": Moment.of_day(DAY), "ended": None, "release_reason": "released"})
