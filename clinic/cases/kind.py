"""The kind of step of the room of cases itself: a note, written in the lane of whoever is to read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.cases import dates
from clinic.cases.kinds import Field, Shape, Side, StepKind
from clinic.cases.models import CaseFile, Note
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import StepState


class NothingWritten(Refusal):
    """A note without a text."""

    message = _l("Write the note under the people who are to read it.")
    field = "team_text"


def _check(values: Mapping[str, Any], _case: CaseFile | None, state: StepState) -> None:
    dates.refuse_a_day_to_come("noted_on", values.get("noted_on"), state)
    if not any(values.get(text) for text in ("team_text", "legal_text", "social_text")):
        raise NothingWritten


NOTE = StepKind(
    code="note",
    room="cases",
    model=Note,
    label=_l("Note"),
    plural=_l("Notes"),
    add=_l("Write a note"),
    icon="note",
    side=Side.TEAM,
    when="noted_on",
    check=_check,
    read_by=_l("Who reads it stands above each field."),
    fields=(
        Field("noted_on", _l("Day"), Shape.DATE, required=True),
        Field("legal_text", _l("For the lawyers"), Shape.TEXT),
        Field(
            "social_text",
            _l("For the counsellors"),
            Shape.TEXT,
            hint=_l("Only the counsellors of this case read this."),
        ),
        Field("team_text", _l("For the whole team"), Shape.TEXT, hint=_l("The team and the coordinator read this.")),
    ),
)
