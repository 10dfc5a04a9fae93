"""Which rights of the first hours were missed, and which answers cannot both be true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from clinic.clock import Moment, Precision
from clinic.police import rules
from clinic.police.rules import Breach
from clinic.vocabularies.fixed import Answer

TAKEN = Moment(datetime(2026, 3, 4, 21, 50, tzinfo=UTC))
NAMES = [
    "arrested",
    "lawyer_attended",
    "lawyer_arrived",
    "told_of_rights",
    "questioned_before_lawyer",
    "questioned",
    "guardian_sent_out",
    "holding_body",
    "left_police",
    "ill_treatment_alleged",
    "injuries_seen",
]


def after(hours: float, precision: Precision = Precision.MINUTE) -> Moment:
    return Moment(TAKEN.at + timedelta(hours=hours), precision)


def missed(**told: object) -> list[Breach]:
    hours = SimpleNamespace(**{**dict.fromkeys(NAMES), "arrested": TAKEN, **told})
    return list(rules.breaches(hours, limit_hours=24, authorised={"police", "juvenile_police"}))


def test_where_nothing_is_known_nothing_is_said_to_be_missed():
    assert missed() == []
    assert missed(told_of_rights=Answer.UNKNOWN, guardian_sent_out=Answer.UNKNOWN) == []


def test_each_answer_names_its_breach():
    assert missed(told_of_rights=Answer.NO) == [Breach.NOT_TOLD_OF_RIGHTS]
    assert missed(guardian_sent_out=Answer.YES) == [Breach.GUARDIAN_SENT_OUT]
    assert missed(holding_body="criminal_investigation") == [Breach.BODY_NOT_AUTHORISED]
    assert missed(holding_body="police") == []
    assert missed(lawyer_attended=Answer.NO) == [Breach.WITHOUT_LAWYER]


def test_questioned_before_the_lawyer_is_said_or_follows_from_the_times():
    assert missed(questioned_before_lawyer=Answer.YES) == [Breach.QUESTIONED_BEFORE_LAWYER]
    assert missed(questioned=after(1), lawyer_arrived=after(3)) == [Breach.QUESTIONED_BEFORE_LAWYER]
    assert missed(questioned=after(3), lawyer_arrived=after(1)) == []
    assert missed(questioned=after(1, Precision.ABOUT), lawyer_arrived=after(2)) == [], "the hour is not sure"


def test_a_child_is_held_over_the_limit_only_where_both_minutes_are_known():
    assert missed(left_police=after(25)) == [Breach.HELD_OVER_THE_LIMIT]
    assert missed(left_police=after(24)) == []
    assert missed(left_police=after(40, Precision.DAY)) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"lawyer_attended": Answer.YES}, "lawyer_arrived"),
        ({"arrested": TAKEN, "left_police": after(-1)}, "left_police"),
        ({"guardian_present": Answer.YES, "guardian_sent_out": Answer.YES}, "guardian_sent_out"),
    ],
)
def test_answers_that_cannot_both_be_true_are_refused_at_their_field(values, field):
    with pytest.raises(rules.Refusal) as refusal:
        rules.check(values)
    assert refusal.value.field == field


def test_the_same_day_known_as_a_day_alone_is_no_contradiction():
    rules.check({"arrested": TAKEN, "left_police": Moment.of_day(date(2026, 3, 4))})
