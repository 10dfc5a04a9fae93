"""The form of somebody who looks into an unusual pattern."""

from __future__ import annotations

from clinic.languages import _l
from clinic.web.fields import TextField, required
from clinic.web.forms import RecordForm


class ReviewForm(RecordForm):
    """What came of asking."""

    finding = TextField(
        _l("What did you find?"),
        [required(_l("Say in a few words what you found."))],
        description=_l("Ask the person first. Coordinators alone read this."),
    )
