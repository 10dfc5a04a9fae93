"""What holds for a follow-up in school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.cases import dates
from clinic.cases.models import CaseFile
from clinic.vocabularies.fixed import StepState


def check(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    """The visit took place by today."""
    dates.refuse_a_day_to_come("visited_on", values.get("visited_on"), state)
