"""The form of a coordinator who seals the clinic alone."""

from __future__ import annotations

from clinic.languages import _l
from clinic.web.fields import LineField, required
from clinic.web.forms import ClinicForm


class SealAloneForm(ClinicForm):
    """Why nobody else can be waited for."""

    reason = LineField(_l("Why at once, and alone?"), [required(_l("Say why, in a few words."))])
