"""The form with which a note is shown to somebody of the team who does not read its lane."""

from __future__ import annotations

import uuid

from wtforms import SelectField

from clinic import clock
from clinic.access.permissions import Role
from clinic.cases.lane_shares import USUALLY
from clinic.languages import _l
from clinic.web.fields import DayField, TextField, required
from clinic.web.forms import RecordForm


class ShareForm(RecordForm):
    """To whom, why, until when."""

    lane = SelectField(_l("Which note"))
    to = SelectField(_l("To whom"), [required(_l("Choose to whom."))])
    because = TextField(
        _l("Why"),
        [required(_l("Say why, in a few words."))],
        description=_l("The team reads this; write nothing of the note itself."),
    )
    until = DayField(
        _l("Until (the last day)"),
        [required(_l("Say until which day."))],
        default=lambda: clock.today() + USUALLY,
        description=_l("Two weeks if you leave it so; 90 days at most."),
    )

    def whom(self) -> Role | uuid.UUID:
        """The role or the person that was chosen."""
        chosen = str(self.to.data)
        return Role(chosen) if chosen in (Role.LAWYER, Role.COUNSELLOR) else uuid.UUID(chosen)
