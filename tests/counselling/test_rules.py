"""What holds for a session, without a database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock
from clinic.cases.dates import NotYet
from clinic.counselling.rules import ScoreOfTen, TooLong, check_session
from clinic.vocabularies.fixed import StepState


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_is_of_ten(score: int) -> None:
    with pytest.raises(ScoreOfTen):
        check_session({"held_on": clock.today(), "wellbeing_score": score}, None, StepState.DONE)


@pytest.mark.parametrize("score", [None, 0, 10])
def test_a_child_may_rate_from_nothing_to_ten_or_not_at_all(score: int | None) -> None:
    check_session({"held_on": clock.today(), "wellbeing_score": score}, None, StepState.DONE)


def test_no_session_lasts_longer_than_a_day_of_work() -> None:
    with pytest.raises(TooLong):
        check_session({"held_on": clock.today(), "duration_minutes": 1000}, None, StepState.DONE)


def test_a_session_of_tomorrow_is_planned_and_not_recorded() -> None:
    tomorrow = {"held_on": clock.today() + timedelta(days=1)}
    check_session(tomorrow, None, StepState.PLANNED)
    with pytest.raises(NotYet):
        check_session(tomorrow, None, StepState.DONE)
