"""What a hearing's status says of the step, and which answers of the court's steps cannot both be true."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic import clock
from clinic.clock import Moment
from clinic.court import rules
from clinic.vocabularies.fixed import HearingPurpose, HearingStatus, StepState

DAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (HearingStatus.SCHEDULED, StepState.PLANNED),
        (HearingStatus.HELD, StepState.DONE),
        (HearingStatus.ADJOURNED, StepState.DONE),
        (HearingStatus.CANCELLED, StepState.NOT_DONE),
    ],
)
def test_a_status_maps_onto_a_state(status, state):
    assert rules.state_of_hearing({"status": status, "scheduled": Moment.of_day(DAY)}) == state


def test_a_hearing_without_a_status_is_planned_if_nobody_was_asked_or_it_lies_ahead():
    ahead = Moment.of_day(clock.today() + timedelta(days=3))
    assert rules.state_of_hearing({"scheduled": Moment.of_day(DAY)}) == StepState.PLANNED
    assert rules.state_of_hearing({"scheduled": ahead, "status": None}) == StepState.PLANNED
    assert rules.state_of_hearing({"scheduled": Moment.of_day(DAY), "status": None}) == StepState.DONE


def test_answers_that_cannot_both_be_true_are_refused():
    with pytest.raises(rules.ReasonWithoutAdjournment):
        rules.check_hearing({"status": HearingStatus.HELD, "adjournment_reason": "judge_absent"})
    with pytest.raises(rules.ExtensionWithoutRemand):
        rules.check_hearing({"status": HearingStatus.HELD, "purpose": HearingPurpose.TRIAL, "days_extended": 7})
    with pytest.raises(rules.AnsweredBeforeFiled):
        rules.check_filing({"filed_on": DAY, "answered_on": DAY - timedelta(days=1)})
    with pytest.raises(rules.DecidedBeforeOpened):
        rules.check_decision({"decided_on": DAY}, DAY + timedelta(days=1))
    with pytest.raises(rules.AppealBeforeDecision):
        rules.check_decision({"decided_on": DAY, "appealed_on": DAY - timedelta(days=1)}, DAY)
    with pytest.raises(rules.EndsBeforeItBegan):
        rules.check_measure({"began_on": DAY, "ended_on": DAY - timedelta(days=1)})


def test_a_paper_waits_from_the_day_it_was_asked_for():
    assert rules.days_waiting(DAY, None, DAY + timedelta(days=12)) == 12
    assert rules.days_waiting(DAY, DAY + timedelta(days=5), DAY + timedelta(days=12)) == 5
    assert rules.days_waiting(None, None, DAY) is None
