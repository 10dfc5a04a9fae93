"""Forms of targets: for which days and project, and what is aimed at and said in one section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field, SelectField
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from clinic import formats
from clinic.languages import _, _l
from clinic.targets.catalogue import Aim, Section
from clinic.targets.queries import Kept
from clinic.targets.rules import Words
from clinic.typed import plain, tidy
from clinic.web.fields import DayField, TextField, required
from clinic.web.forms import ClinicForm, RecordForm


class PlanForm(ClinicForm):
    """The days, and the project or the whole clinic."""

    project = SelectField(_l("Project"), [Optional()])
    first = DayField(_l("From"), [required(_l("Say on which day the period begins."))])
    last = DayField(_l("To"), [required(_l("Say on which day the period ends."))])

    @classmethod
    def of(cls, projects: Mapping[str, str], data: Mapping[str, Any]) -> PlanForm:
        """The form with the projects that can be chosen."""
        form = cls(data=data)
        form.project.choices = [("", _("All projects")), *projects.items()]
        return form


class TargetField(Field):
    """A target as people write it: 45, 62.5, 60%, either digits; None if blank, for no target."""

    widget = TextInput()
    kind = "number"

    def __init__(self, label: Any = None, validators: Any = None, **rest: Any) -> None:
        super().__init__(label, validators, render_kw={"inputmode": "decimal"}, **rest)
        self.typed: str | None = None

    def _value(self) -> str:
        return self.typed if self.typed is not None else "" if self.data is None else f"{self.data:g}"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        typed = tidy(valuelist[0]) if valuelist else None
        if typed is None:
            return
        self.typed = typed
        text = plain(typed).rstrip("%٪ ").replace("٬", "").replace("−", "-")
        try:
            self.data = float(text)
        except ValueError as problem:
            raise ValueError(_("Write a number, such as 45 or 62.5. Leave it empty for no target.")) from problem
        self.typed = None


class SectionForm(RecordForm):
    """The targets of one section and its paragraph."""

    ar = TextField(_l("In Arabic"))
    en = TextField(_l("In English"))
    section: Section

    @property
    def targets(self) -> dict[str, float | None]:
        """What is aimed at, by indicator."""
        return {aim.indicator: self[aim.indicator].data for aim in self.section.aims}

    @property
    def words(self) -> Words:
        """The paragraph."""
        return Words(ar=self.ar.data, en=self.en.data)


def form_for(section: Section) -> type[SectionForm]:
    """The form of a section: a number for each indicator, and the paragraph."""
    body: dict[str, Any] = {aim.indicator: _field(aim) for aim in section.aims}
    return type("FormOfSection", (SectionForm,), {**body, "section": section})


def _field(aim: Aim) -> TargetField:
    unit = formats.isolate(aim.unit)
    hint = _("At most, in %(unit)s", unit=unit) if aim.is_at_most else _("At least, in %(unit)s", unit=unit)
    return TargetField(str(aim.title), description=hint)


def as_data(kept: Kept) -> dict[str, Any]:
    """What is kept of a section, as the form takes it."""
    words = {"ar": kept.narrative.ar, "en": kept.narrative.en} if kept.narrative else {}
    return {**{name: target.value for name, target in kept.targets.items()}, **words}
