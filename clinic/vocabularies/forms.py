"""Forms of the lists: a code with its labels, and what it stands for in figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from clinic.languages import _l
from clinic.vocabularies import lists, rules
from clinic.vocabularies.labels import attribute_label, value_label
from clinic.vocabularies.lists import Attribute
from clinic.web.fields import LineField
from clinic.web.forms import ClinicForm


class TermForm(ClinicForm):
    """The labels of a code, and its attributes where they may still change."""

    en = LineField(_l("In English"))
    ar = LineField(_l("In Arabic"))
    attributes: tuple[str, ...] = ()

    def chosen(self) -> dict[str, Attribute]:
        """What the form says of the attributes; one that says nothing is left out."""
        said = {name: self[f"attribute_{name}"].data for name in self.attributes}
        return {name: value for name, value in said.items() if value}


def form_for(name: str, *, attributes: bool) -> type[TermForm]:
    """The form of a code of a list."""
    known = rules.attributes_of(lists.shipped(), name) if attributes else {}
    body: dict[str, Any] = {f"attribute_{each}": _field(each, values) for each, values in known.items()}
    return type("TermFormOfList", (TermForm,), {**body, "attributes": tuple(known)})


def _field(attribute: str, values: Sequence[Attribute]) -> Any:
    if all(isinstance(value, bool) for value in values):
        return BooleanField(attribute_label(attribute))
    choices = [("", value_label(None)), *((str(value), value_label(value)) for value in values)]
    return SelectField(attribute_label(attribute), [Optional()], choices=lambda: choices, coerce=_text)


def _text(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


def as_data(attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
    """The attributes of a code as the form takes them."""
    return {f"attribute_{name}": value for name, value in attributes.items()}
