"""The form of a group session: what is common to all, and one line for each child of the reader's cases."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import RadioField
from wtforms.validators import Optional

from clinic import clock
from clinic.cases.models import CaseFile
from clinic.counselling import rules
from clinic.counselling.actions import InGroup
from clinic.languages import _, _l
from clinic.web.fields import CodeField, CodesField, DayField, TextField, WholeNumberField, required
from clinic.web.forms import RecordForm

CAME, ABSENT = "came", "absent"
COMMON = ("held_on", "setting", "duration_minutes", "themes", "note", "agreed", "next_on")


class GroupForm(RecordForm):
    """What is common to all children of the group."""

    held_on = DayField(_l("Day of the session"), [required(_l("Say when it was."))], latest=clock.today, today=True)
    setting = CodeField(_l("Where"), vocabulary="session_setting")
    duration_minutes = WholeNumberField(_l("Minutes"), most=rules.LONGEST)
    themes = CodesField(_l("What it was about"), vocabulary="session_theme", description=_l("Press all that apply."))
    note = TextField(_l("Note"), description=_l("It stands in the file of each child: name no other child in it."))
    agreed = TextField(_l("Agreed until next time"))
    next_on = DayField(_l("Next appointment"), description=_l("It is put on the line of each case and on your desk."))

    def common(self) -> dict[str, Any]:
        """What holds for all."""
        return self.values(*COMMON)


@dataclass(frozen=True)
class Line:
    """A child on the form: the case, and the two fields that ask about the child."""

    case: CaseFile
    attended: Any
    score: Any


def _attended() -> list[tuple[str, str]]:
    return [("", _("Not in the group")), (CAME, _("Came")), (ABSENT, _("Did not come"))]


def form_for(offered: Sequence[CaseFile]) -> type[GroupForm]:
    """The form with two fields for each child."""
    body: dict[str, Any] = {}
    for case in offered:
        attended, score = _names(case.id)
        body[attended] = RadioField(
            case.child.short_name, [Optional()], choices=_attended, default="", validate_choice=False
        )
        body[score] = WholeNumberField(_l("The child's own rating, 0 to 10"), most=rules.BEST)
    return type("GroupFormOfTheDay", (GroupForm,), body)


def _names(case_id: uuid.UUID) -> tuple[str, str]:
    return f"attended_{case_id.hex}", f"score_{case_id.hex}"


def lines_of(form: GroupForm, offered: Sequence[CaseFile]) -> list[Line]:
    """The children on the form, those of the group first."""
    lines = [Line(case, *(form[name] for name in _names(case.id))) for case in offered]
    return sorted(lines, key=lambda line: line.attended.data not in (CAME, ABSENT))


def children_of(form: GroupForm, offered: Sequence[CaseFile]) -> list[InGroup]:
    """The children whom the form puts in the group."""
    lines = lines_of(form, offered)
    return [
        InGroup(line.case, line.attended.data == CAME, line.score.data if line.attended.data == CAME else None)
        for line in lines
        if line.attended.data in (CAME, ABSENT)
    ]


def like(case_ids: Sequence[uuid.UUID]) -> Mapping[str, str]:
    """The answers of a form that begins with the children of an earlier group."""
    return {_names(case_id)[0]: CAME for case_id in case_ids}
