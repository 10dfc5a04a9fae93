"""Forms of a child: who it is, who answers for the child, search, and likely pairs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, RadioField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from clinic import clock
from clinic.children.models import Child, Guardian
from clinic.children.rules import Born, ChildTold, GuardianTold
from clinic.children.sameness import Person, person_of
from clinic.languages import _, _l
from clinic.refusals import Refusal
from clinic.typed import Unreadable, parse_date, plain, tidy
from clinic.vocabularies.fixed import DatePrecision
from clinic.web.fields import AnswerField, CodeField, LineField, WholeNumberField, required
from clinic.web.forms import ClinicForm, RecordForm

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{4})|(\d{4})\s*[/.-]\s*(\d{1,2})")
_NOT_BORN = _l("Write the birth date as in 13/4/2002; 4/2002 if only the month is known, 2002 if only the year.")


class BornField(Field):
    """A birth date to the day, month or year, in one line as people say it."""

    widget = TextInput()
    kind = "text"
    data: Born | None
    typed: str | None = None

    def _value(self) -> str:
        return self.typed if self.typed is not None else self.in_words(self.data)

    def in_words(self, born: Born | None) -> str:
        """A birth date as the field shows it."""
        return written(born)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data, self.typed = None, tidy(valuelist[0]) if valuelist else None
        if self.typed is not None:
            self.data = _born(plain(self.typed))
            self.typed = None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and not date(1980, 1, 1) <= self.data.day <= clock.today():
            raise ValidationError(_("Check the year of birth."))


def _born(typed: str) -> Born:
    try:
        if _YEAR.fullmatch(typed):
            return Born(date(int(typed), 1, 1), DatePrecision.YEAR)
        if match := _MONTH.fullmatch(typed):
            year, month = (match[2], match[1]) if match[1] else (match[3], match[4])
            return Born(date(int(year), int(month), 1), DatePrecision.MONTH)
        return Born(parse_date(typed))
    except (Unreadable, ValueError) as problem:
        raise ValueError(str(_NOT_BORN)) from problem


def written(born: Born | None) -> str:
    """A birth date as it is typed, as well as it is known."""
    if born is None:
        return ""
    if born.precision == DatePrecision.YEAR:
        return str(born.day.year)
    return f"{born.day:%m/%Y}" if born.precision == DatePrecision.MONTH else f"{born.day:%d/%m/%Y}"


_TELEPHONE = {"inputmode": "tel", "dir": "ltr", "autocomplete": "off"}


class ChildFields(ClinicForm):
    """Who the child is: with what is known; the rest is asked another day."""

    given_name = LineField(_l("Given name"))
    father_name = LineField(_l("Father's name"))
    grandfather_name = LineField(_l("Grandfather's name"))
    family_name = LineField(_l("Family name"))
    name_latin = LineField(_l("Name in Latin letters"), description=_l("As on a card or passport."))
    sex = CodeField(_l("Girl or boy"), vocabulary="sex", side_by_side=True)
    born = BornField(_l("Born"), description=_l("13/4/2002; or 4/2002, or only the year."))
    estimated_age = WholeNumberField(_l("Or about how old"), most=25)
    age_basis = CodeField(_l("The age is taken from"), vocabulary="age_basis")
    locality = CodeField(_l("Lives in"), vocabulary="locality")
    refugee_status = CodeField(_l("Refugee status"), vocabulary="refugee_status")
    unrwa_number = LineField(_l("Card number"), render_kw={"dir": "ltr"})
    disability = AnswerField(_l("Lives with a disability"))
    education_at_intake = CodeField(_l("School or work now"), vocabulary="education")
    school_type = CodeField(_l("Kind of school"), vocabulary="school_type")
    school_name = LineField(_l("Name of the school"))

    def told(self) -> ChildTold:
        """What the form says of the child."""
        return ChildTold(**{each.name: self[each.name].data for each in fields(ChildTold)})

    def person(self) -> Person:
        """The child of the form as the index of names compares them."""
        told = self.told()
        born = told.born
        return person_of(
            told.parts,
            told.name_latin,
            born.day.isoformat() if born else None,
            born.precision if born else None,
            told.locality,
        )

    def name_fields(self) -> list[Any]:
        """The parts of the name, as they are said."""
        return [self.given_name, self.father_name, self.grandfather_name, self.family_name]

    def more_fields(self) -> list[Any]:
        """What can wait."""
        return [
            self.name_latin,
            self.refugee_status,
            self.unrwa_number,
            self.disability,
            self.education_at_intake,
            self.school_type,
            self.school_name,
        ]


class GuardianFields(ClinicForm):
    """Somebody who answers for the child."""

    guardian_name = LineField(_l("Name of the guardian"))
    guardian_relationship = CodeField(_l("What they are to the child"), vocabulary="relationship")
    guardian_phone = LineField(_l("Phone"), render_kw=_TELEPHONE)
    guardian_safe_to_call = AnswerField(_l("Is it safe to call?"))
    guardian_safe_when = LineField(
        _l("When and how it is safe"), description=_l("After 4 p.m.; only the mother answers.")
    )
    guardian_may_say = LineField(_l("What may be said, and as whom"))

    def guardian_told(self) -> GuardianTold:
        """What the form says of the guardian."""
        return GuardianTold(
            name=self.guardian_name.data,
            relationship=self.guardian_relationship.data,
            phone=self.guardian_phone.data,
            safe_to_call=self.guardian_safe_to_call.data,
            safe_when=self.guardian_safe_when.data,
            may_say=self.guardian_may_say.data,
        )

    def guardian_fields(self) -> list[Any]:
        """The fields of the guardian."""
        return [
            self.guardian_name,
            self.guardian_relationship,
            self.guardian_phone,
            self.guardian_safe_to_call,
            self.guardian_safe_when,
            self.guardian_may_say,
        ]


class NewChildForm(ChildFields, GuardianFields, RecordForm):
    """A new child. `sure` is sent from the page that showed who may be the same."""

    sure = StringField()  # a button's, so never written into the page as hidden: the browser would send that one first


class CorrectChildForm(ChildFields, RecordForm):
    """Corrects who the child is."""

    @staticmethod
    def known(child: Child) -> dict[str, Any]:
        """What is known now, by field."""
        told = told_of(child)
        return {each.name: getattr(told, each.name) for each in fields(ChildTold)}


def told_of(child: Child) -> ChildTold:
    """What is known of a child, as it would be told."""
    day = child.birth_date
    born = Born(day, child.birth_precision or DatePrecision.DAY) if day else None
    names = [each.name for each in fields(ChildTold) if each.name != "born"]
    return ChildTold(born=born, **{name: getattr(child, name) for name in names})


class GuardianForm(GuardianFields, RecordForm):
    """Adds or corrects a guardian."""

    ended = BooleanField(_l("Answers for the child no longer"))

    def refuse(self, refusal: Refusal) -> None:
        """Shows why the domain will not, at the field, which has a longer name here than there."""
        refusal.field = f"guardian_{refusal.field}"
        super().refuse(refusal)

    @staticmethod
    def known(guardian: Guardian) -> dict[str, Any]:
        """What is known now, by field."""
        told = {f"guardian_{each.name}": getattr(guardian, each.name) for each in fields(GuardianTold)}
        return {**told, "ended": guardian.ended_on is not None}

    def typed(self) -> dict[str, Any]:
        """What was typed, by field."""
        told = {f"guardian_{name}": value for name, value in vars(self.guardian_told()).items()}
        return {**told, "ended": self.ended.data}


class SearchForm(ClinicForm):
    """Search. Sent by POST, so that no name stands in an address."""

    q = LineField(_l("Name, file number, phone or card number"), [required(_l("Write a name or a number."))])


class PairForm(ClinicForm):
    """Are two files of one child?"""

    decision = RadioField(_l("What do you find?"), validate_choice=False)

    def __init__(self, first: Child, second: Child, **rest: Any) -> None:
        super().__init__(**rest)
        self.decision.choices = [
            (str(first.id), _("One child: keep %(reference)s", reference=first.reference)),
            (str(second.id), _("One child: keep %(reference)s", reference=second.reference)),
            ("different", _("Two children")),
        ]

    def validate_decision(self, field: Any) -> None:
        """One of the three."""
        if field.data not in dict(field.choices):
            raise ValidationError(_("Choose one of the three."))

    @property
    def kept(self) -> uuid.UUID | None:
        """The file that is kept; None for two children."""
        return None if self.decision.data == "different" else uuid.UUID(self.decision.data)
