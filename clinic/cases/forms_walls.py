"""Forms of the walls around a case."""

from __future__ import annotations

from clinic.languages import _l
from clinic.web.fields import PersonField, TextField, required
from clinic.web.forms import ClinicForm


class BuildWallForm(ClinicForm):
    """Keeps somebody from a case."""

    person = PersonField(
        _l("Who is kept from the case"),
        [required(_l("Choose who is kept from the case."))],
        people=tuple,
        blank=_l("Choose…"),
    )
    because = TextField(
        _l("Why"), [required(_l("Say why, in a few words."))], description=_l("Coordinators read this.")
    )


class LiftWallForm(ClinicForm):
    """Lifts a wall."""

    because = TextField(
        _l("Why"), [required(_l("Say why, in a few words."))], description=_l("Coordinators read this.")
    )
