"""Forms: who else a case is about, and what the coordinator decides of a possible conflict."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, ValidationError

from clinic.conflicts import labels
from clinic.conflicts.models import ConflictState, Consequence, OtherPerson
from clinic.conflicts.rules import PersonTold
from clinic.languages import _, _l
from clinic.web.fields import CodeField, LineField, TextField, required
from clinic.web.forms import RecordForm


class PersonForm(RecordForm):
    """Somebody on another side of a case."""

    role = CodeField(
        _l("In this case"),
        [required(_l("Choose what this person is in the case."))],
        vocabulary="other_person_role",
    )
    name = LineField(_l("Name"), description=_l("As far as it is known, the family name last."))
    phone = LineField(_l("Phone"))
    about = LineField(_l("Who this is"), description=_l("A neighbour, the owner of the shop, a guard of the prison."))
    withdrawn = BooleanField(_l("Has nothing to do with this case"))

    @staticmethod
    def known(person: OtherPerson) -> dict[str, Any]:
        """What is known now, by field."""
        told = {name: getattr(person, name) for name in ("role", "name", "phone", "about")}
        return {**told, "withdrawn": person.withdrawn_at is not None}

    def told(self) -> PersonTold:
        """What was typed."""
        return PersonTold(**self.values("role", "name", "phone", "about"))


class DecideForm(RecordForm):
    """What the coordinator decides."""

    decision = RadioField(
        _l("What do you find?"),
        choices=lambda: list(labels.states(ConflictState.NONE, ConflictState.SAME_PERSON, ConflictState.CONFLICT)),
        validate_choice=False,
    )
    finding = TextField(
        _l("Why"),
        [required(_l("Say why, in a few words."))],
        description=_l("Whom you asked, and what you found. Coordinators alone read this; it is kept."),
    )
    consequence = RadioField(
        _l("If it is a conflict: what follows?"),
        choices=lambda: [(one.value, str(words)) for one, words in labels.CONSEQUENCES.items()],
        validate_choice=False,
    )

    def validate_decision(self, field: Any) -> None:
        """One of the three."""
        if field.data not in (ConflictState.NONE, ConflictState.SAME_PERSON, ConflictState.CONFLICT):
            raise ValidationError(_("Choose one of the three."))

    @property
    def follows(self) -> Consequence | None:
        """What follows from a conflict, if it was chosen."""
        return Consequence(self.consequence.data) if self.consequence.data in list(Consequence) else None
