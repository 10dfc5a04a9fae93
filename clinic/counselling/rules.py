"""What holds for a session and an assessment, whoever enters them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.cases import dates
from clinic.cases.models import CaseFile
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import StepState

BEST = 10
LONGEST = 12 * 60


class ScoreOfTen(Refusal):
    """A wellbeing score that is not from 0 to 10."""

    message = _l("The child's own rating is a whole number from 0 to 10.")
    field = "wellbeing_score"


class TooLong(Refusal):
    """Minutes that no session lasts."""

    message = _l("Write how many minutes the session lasted, from 0 to 720.")
    field = "duration_minutes"


def check_session(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    """A session took place by today, its score is of ten and its length that of a session."""
    dates.refuse_a_day_to_come("held_on", values.get("held_on"), state)
    score, minutes = values.get("wellbeing_score"), values.get("duration_minutes")
    if score is not None and not 0 <= score <= BEST:
        raise ScoreOfTen
    if minutes is not None and not 0 <= minutes <= LONGEST:
        raise TooLong


def check_assessment(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    """An assessment was made by today."""
    dates.refuse_a_day_to_come("assessed_on", values.get("assessed_on"), state)
