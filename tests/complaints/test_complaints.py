"""A complaint: how the child was treated stays with the lawyers of the case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from clinic import clock
from clinic.cases.dates import EndBeforeBeginning
from clinic.complaints import rules
from clinic.desk.queries import Part, answers_overdue
from clinic.vocabularies.fixed import StepState
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]
TOLD = "They hit me with a pipe."


def test_what_the_child_tells_is_read_by_the_lawyers_of_the_case_alone(make: Maker, browse: Browse) -> None:
    huda, salma, nadia = make.lawyer(), make.counsellor(), make.coordinator()
    case = make.case(team=[huda, salma])
    step = make.step("complaint", case, by=huda, account=TOLD, about=("beating",), against="Sergeant X", told="Mother")
    for other in (salma, nadia):
        text = browse(other).get(f"/steps/{step.id}").text
        assert "Mother" in text
        for hidden in (TOLD, "Beating", "Sergeant X"):
            assert hidden not in text
    assert TOLD in browse(huda).get(f"/steps/{step.id}").text


def test_a_counsellor_does_not_record_a_complaint(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    browse(salma).get(f"/cases/{make.case(team=[salma]).id}/steps/add/complaint", status=403)


def test_an_answer_that_should_have_come_is_overdue(make: Maker) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    filed = clock.today() - timedelta(days=40)
    due = {"filed_on": filed, "answer_due_on": filed + timedelta(days=30)}
    make.step("complaint", case, by=huda, status="filed", **due)
    make.step("complaint", case, by=huda, status="answered", answered_on=filed + timedelta(days=3), **due)
    assert answers_overdue(Part(), reader=make.reader(huda), today=clock.today()).total == 1
    assert not answers_overdue(Part(), reader=make.reader(make.lawyer("Karim")), today=clock.today()).rows


def test_no_answer_comes_before_the_complaint() -> None:
    today = clock.today()
    with pytest.raises(EndBeforeBeginning):
        rules.check({"filed_on": today, "answered_on": today - timedelta(days=1)}, None, StepState.DONE)
