"""Forms of activities, and what a list of them is narrowed by."""

from __future__ import annotations

from typing import Any

from clinic import clock
from clinic.activities.actions import FIELDS
from clinic.cases.forms import ProjectsField
from clinic.languages import _l
from clinic.web.fields import CodeField, DayField, LineField, TextField, WholeNumberField, required
from clinic.web.forms import ClinicForm, RecordForm


class ActivityForm(RecordForm):
    """What the clinic held, for whom, and how many took part."""

    held_on = DayField(_l("Day"), [required(_l("Say when it was."))], latest=clock.today)
    kind = CodeField(
        _l("What it was"), [required(_l("Choose what it was."))], vocabulary="activity_kind", side_by_side=True
    )
    title = LineField(_l("Title"), description=_l("Whom it was with and what about. Name no child."))
    audience = CodeField(_l("For whom"), vocabulary="audience")
    place = LineField(_l("Place"))
    participants_female = WholeNumberField(_l("Women and girls"))
    participants_male = WholeNumberField(_l("Men and boys"))
    projects = ProjectsField(_l("Funded by"))
    note = TextField(_l("Note"), description=_l("Everybody of the clinic who reads activities reads this."))

    def said(self) -> dict[str, Any]:
        """What the form says."""
        return self.values(*FIELDS)


class CorrectionForm(ActivityForm):
    """A correction says why."""

    because = LineField(_l("Why is it corrected?"), [required(_l("Say why, in a few words."))])


class WithdrawForm(RecordForm):
    """Why an activity is taken back."""

    because = LineField(_l("Why is it taken back?"), [required(_l("Say why, in a few words."))])


class PeriodForm(ClinicForm):
    """The days that a list covers, and the kind; all in the address, because nothing of it is typed about anybody."""

    class Meta:
        csrf = False

    since = DayField(_l("From"))
    until = DayField(_l("Until"))
    kind = CodeField(_l("What it was"), vocabulary="activity_kind")
