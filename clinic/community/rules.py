"""What holds for a follow-up at home and in the community."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.cases import dates
from clinic.cases.models import CaseFile
from clinic.vocabularies.fixed import StepState


def check(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    """The visit or meeting took place by today."""
    dates.refuse_a_day_to_come("held_on", values.get("held_on"), state)
