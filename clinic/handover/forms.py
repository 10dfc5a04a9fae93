"""The form by which a child's own file is handed over."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField

from clinic import formats
from clinic.cases.labels import FORMS, PURPOSES
from clinic.cases.models import Consent
from clinic.languages import LANGUAGES, _, _l
from clinic.web.fields import LineField, required
from clinic.web.forms import RecordForm


class HandOverForm(RecordForm):
    """To whom, under which consent, and in which form."""

    to_whom = LineField(
        _l("To whom you hand it"),
        [required(_l("Write to whom you hand the file."))],
        description=_l("The child, or a guardian by name. You have seen who they are."),
    )
    consent = RadioField(_l("Under which consent"), [required(_l("Choose the consent."))])
    form = RadioField(
        _l("In which form"),
        choices=lambda: [("pdf", _("To read and print (PDF)")), ("json", _("For another program (JSON)"))],
        default="pdf",
    )
    language = RadioField(
        _l("In which language"), choices=lambda: [(code, each.name) for code, each in LANGUAGES.items()]
    )

    def offer(self, consents: Iterable[Consent]) -> None:
        """Offers the consents that are in force."""
        self.consent.choices = [(str(one.id), _said(one)) for one in consents]


def _said(one: Consent) -> str:
    whom = f" {formats.isolate(one.to_whom)}" if one.to_whom else ""
    return f"{PURPOSES[one.purpose]}{whom} · {FORMS[one.form]} · {formats.day(one.given_on)}"
