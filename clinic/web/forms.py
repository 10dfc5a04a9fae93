"""The base of every form."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Self

from flask import g, request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from clinic.languages import _
from clinic.refusals import Refusal
from clinic.web import drafts, forgery, tokens
from clinic.web.models import Draft
from clinic.web.tokens import FormToken


class ClinicForm(FlaskForm):  # type: ignore[misc]
    """A form of ours. What is typed is trimmed by the fields; a refusal of the domain becomes a sentence on it."""

    Meta = forgery.Meta
    lacks = ""
    """What the file lacks, so that the domain refused."""

    def refuse(self, refusal: Refusal) -> None:
        """Shows why the domain will not, at the field that it is about if the form has it."""
        self.lacks = refusal.lacks
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.sentence)
        elif hasattr(field, "form"):  # a moment: its sentence stands over its parts
            field.form.form_errors.append(refusal.sentence)
        else:
            field.errors = [*field.errors, refusal.sentence]

    def takes(self, deed: Callable[[], object]) -> bool:
        """Does what the form asks for; a refusal of the domain is shown on the form. Gives whether it was done."""
        try:
            deed()
        except Refusal as refusal:
            self.refuse(refusal)
            return False
        self.saved()
        return True

    def saved(self) -> None:
        """What the form asked for is done; it keeps nothing."""

    def values(self, *names: str) -> dict[str, Any]:
        """What the named fields say."""
        return {name: self._fields[name].data for name in names}


class RecordForm(ClinicForm):
    """A form that makes or changes one record: it carries the record's id in a signed token; a draft can be kept of it.

    `version` is that of the record which the form was made from.
    """

    form_token = HiddenField()
    version = HiddenField()
    draft: Draft | None = None

    @classmethod
    def begun(
        cls,
        purpose: str,
        *,
        subject_id: uuid.UUID | None = None,
        case_id: uuid.UUID | None = None,
        lane: str = "identity",
        version: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Self:
        """The form as it is shown: as sent; else as this person's draft at this address has it; else with `data`."""
        if request.method != "GET":
            return cls()
        draft = drafts.offered(request.path, staff_id=g.reader.staff_id)
        form = cls(formdata=drafts.typed_in(draft)) if draft else cls(formdata=None, data=data)
        form.draft = draft
        form.form_token.data = tokens.make(
            purpose,
            staff_id=g.reader.staff_id,
            subject_id=subject_id,
            case_id=case_id,
            lane=lane,
            record_id=draft.id if draft else None,
        )
        if version is not None and not form.version.data:
            form.version.data = str(version)
        return form

    def sent(self, purpose: str, *, subject_id: uuid.UUID | None = None) -> FormToken | None:
        """The token of a form sent well filled in, by whom and for what it was made; else the form says why."""
        return self.accepted(purpose, subject_id=subject_id) if self.validate_on_submit() else None

    def accepted(self, purpose: str, *, subject_id: uuid.UUID | None = None) -> FormToken | None:
        """The token of a form that was sent, if it is this person's for this purpose and subject; else says so."""
        token = tokens.accept(self.form_token.data or "", purpose, staff_id=g.reader.staff_id, subject_id=subject_id)
        if token is None:
            self.form_errors.append(
                _("This form is no longer good. Open the page again; what you typed is still here to copy.")
            )
        return token

    @property
    def made_from(self) -> int:
        """The version of the record that the form was made from; 0 if none."""
        text = self.version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def saved(self) -> None:
        """Removes the draft of a form that was saved."""
        token = tokens.read(self.form_token.data or "")
        if token is not None:
            drafts.remove(token.record_id)
