"""The form of somebody who needs a child's file now, and of the coordinator who looks into it."""

from __future__ import annotations

from flask import g
from wtforms import SelectField

from clinic.access.permissions import Role
from clinic.languages import _, _l
from clinic.web.fields import LineField, TextField, WholeNumberField, required
from clinic.web.forms import RecordForm

TEAM = (Role.LAWYER, Role.COUNSELLOR)


class EmergencyForm(RecordForm):
    """Which child, and why now."""

    looked = LineField(
        _l("Number of the case, or the child's whole name"),
        [required(_l("Write the number of the case, or the child's whole name."))],
        description=_l("The whole name as the clinic has it: given name, father's and family's at least."),
    )
    birth_year = WholeNumberField(
        _l("Year of birth"), least=1990, most=2100, description=_l("Needed with a name, not with a number.")
    )
    role = SelectField(
        _l("As"), choices=lambda: [("lawyer", _("Lawyer")), ("counsellor", _("Counsellor"))], default="lawyer"
    )
    because = TextField(
        _l("Why you need the file now"),
        [required(_l("Say in a few words why you need the file now."))],
        description=_l("Coordinators and the team of the case read this at once."),
    )

    def as_role(self) -> Role:
        """The role in which the file is opened: what was chosen by who holds both, else the one that is held."""
        held = [role for role in TEAM if g.reader.has(role)]
        return Role(self.role.data) if self.role.data in held else held[0]


class FindingForm(RecordForm):
    """What came of asking about an emergency access."""

    finding = TextField(
        _l("What did you find?"),
        [required(_l("Say in a few words what you found."))],
        description=_l("Ask the person first. Coordinators alone read this."),
    )
