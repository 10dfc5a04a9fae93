"""The form by which a case is held."""

from __future__ import annotations

from clinic.languages import _l
from clinic.web.fields import TextField, required
from clinic.web.forms import ClinicForm


class HoldForm(ClinicForm):
    """Why a file must stay."""

    reason = TextField(
        _l("Why the file must stay"),
        [required(_l("Write why the file must stay."))],
        description=_l("For example: a complaint is not answered yet, or a court asked for it."),
    )
