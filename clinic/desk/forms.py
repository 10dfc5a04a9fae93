"""The form of a task, and of one open question."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from clinic.languages import _l
from clinic.web.fields import DayField, LineField, PersonField, required
from clinic.web.forms import RecordForm


class TaskForm(RecordForm):
    """What is to be done, by whom, by when."""

    what = LineField(_l("What is to be done"), [required(_l("Say what is to be done."))])
    due_on = DayField(_l("By"), description=_l("May stay open."))
    assigned_to = PersonField(
        _l("Who does it"), [required(_l("Choose who does it."))], people=tuple, blank=_l("Choose…")
    )

    def offer(self, people: Sequence[tuple[uuid.UUID, str]]) -> None:
        """Sets who may be chosen."""
        self.assigned_to.people = lambda: people
