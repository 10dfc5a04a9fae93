"""The fields of our forms: each turns what was typed into the value that an action takes, or says what to do."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from wtforms import (
    Field,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import Choice  # type: ignore[attr-defined]  # its stubs are older
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, DateInput, ListWidget, TextInput, TimeInput

from clinic import clock
from clinic.clock import Moment, Precision
from clinic.languages import _, _l
from clinic.typed import Unreadable, latin_digits, parse_date, parse_time, tidy
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer

Label = str
LARGEST = 999_999_999  # what every database keeps as a whole number
_NOT_A_DAY = _l("Write the day as in 2016-04-13 or 13/4/2016.")
_CHOOSE = _l("Choose…")
_NOBODY = _l("Nobody")
_NOT_A_TIME = _l("Write the time as in 23:50.")


def required(message: Label) -> InputRequired:
    """The answer is needed; the message says what to do."""
    return InputRequired(message)


class LineField(StringField):
    """One line of text; None if blank."""

    kind = "text"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = tidy(valuelist[0]) if valuelist else None


class TextField(TextAreaField):
    """Paragraphs; None if blank."""

    kind = "area"

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = tidy(valuelist[0]) if valuelist else None


class DayField(Field):
    """A day. Accepts what people type (ISO, day/month/year, either digits). `today` puts a press for it beside."""

    widget = DateInput()
    kind = "date"

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        latest: Callable[[], date] | None = None,
        today: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(label, validators, **rest)
        self.typed: str | None = None
        self.latest, self.today = latest, today

    def _value(self) -> str:
        return self.typed if self.typed is not None else self.data.isoformat() if self.data else ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        typed = tidy(valuelist[0]) if valuelist else None
        if typed is None:
            return
        self.typed = typed
        try:
            self.data = parse_date(typed)
        except Unreadable as problem:
            raise ValueError(str(_NOT_A_DAY)) from problem
        self.typed = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is not None and self.latest is not None and self.data > self.latest():
            raise ValidationError(_("This day lies in the future."))


class TimeOfDayField(Field):
    """A time of day, as typed or tapped."""

    widget = TimeInput()
    kind = "time"
    typed: str | None = None

    def _value(self) -> str:
        typed: str | None = getattr(self, "typed", None)
        return typed if typed is not None else self.data.strftime("%H:%M") if self.data else ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        typed = tidy(valuelist[0]) if valuelist else None
        if typed is None:
            return
        self.typed = typed
        try:
            self.data = parse_time(typed)
        except Unreadable as problem:
            raise ValueError(str(_NOT_A_TIME)) from problem
        self.typed = None


class WholeNumberField(Field):
    """A whole number; either digits. `least` and `most` are included."""

    widget = TextInput()
    kind = "number"

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int = 0, most: int | None = None, **rest: Any
    ) -> None:
        rest.setdefault("render_kw", {"inputmode": "numeric"})
        super().__init__(label, validators, **rest)
        self.least, self.most = least, most
        self.typed: str | None = None

    def _value(self) -> str:
        return self.typed if self.typed is not None else "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        typed = tidy(valuelist[0]) if valuelist else None
        if typed is None:
            return
        self.typed = typed
        digits = latin_digits(typed)
        if not digits.isdecimal():
            raise ValueError(_("Write a whole number, such as 45."))
        number = int(digits[:20])
        if not self.least <= number <= (LARGEST if self.most is None else self.most):
            raise ValueError(self._bounds())
        self.data, self.typed = number, None

    def _bounds(self) -> str:
        most = LARGEST if self.most is None else self.most
        return _("Write a whole number from %(least)s to %(most)s.", least=self.least, most=most)


class AnswerField(RadioField):
    """Yes, no or not known, side by side. Nothing chosen is None: left open."""

    kind = "choice"

    def __init__(self, label: Any = None, validators: Any = None, **rest: Any) -> None:
        super().__init__(
            label, validators or [Optional()], choices=self._answers, coerce=_answer, validate_choice=False, **rest
        )

    @staticmethod
    def _answers() -> list[tuple[str, str]]:
        return lists.choices("answer")

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, *Answer):
            raise ValidationError(_("Choose one of the answers."))


def _answer(value: Any) -> Answer | None:
    return Answer(value) if value in (*Answer, *(answer.value for answer in Answer)) else None


class CodeField(SelectField):
    """One code of a list; None if nothing is chosen. A short list can be asked side by side (`side_by_side`)."""

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        vocabulary: str,
        blank: Label = _CHOOSE,
        only: Callable[[], Iterable[str]] | None = None,
        unknown: bool = False,
        side_by_side: bool = False,
        **rest: Any,
    ) -> None:
        self.vocabulary, self.blank, self.only, self.unknown = vocabulary, blank, only, unknown
        self.kind = "choice" if side_by_side else "select"
        super().__init__(
            label, validators or [Optional()], choices=self._codes, coerce=_code, validate_choice=False, **rest
        )

    def _codes(self) -> list[tuple[str, str]]:
        chosen = getattr(self, "data", None)
        codes = lists.choices(self.vocabulary, chosen=chosen)
        if self.only is not None:
            allowed = set(self.only())
            codes = [pair for pair in codes if pair[0] in allowed or pair[0] == chosen]
        known = [*codes, ("unknown", _("Not known"))] if self.unknown else codes
        return known if self.kind == "choice" else [("", str(self.blank)), *known]

    def iter_choices(self) -> Any:
        self.choices = self._codes()
        return super().iter_choices()

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data not in dict(self._codes()):
            raise ValidationError(_("Choose one of the list."))


def _code(value: Any) -> str | None:
    return str(value) if value not in (None, "", "None") else None


class CodesField(SelectMultipleField):
    """Several codes of a list, as chips that are pressed; an empty tuple if none."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()
    kind = "chips"

    def __init__(self, label: Any = None, validators: Any = None, *, vocabulary: str, **rest: Any) -> None:
        self.vocabulary = vocabulary
        super().__init__(label, validators, choices=self._offered, coerce=str, validate_choice=False, **rest)

    def _offered(self) -> list[tuple[str, str]]:
        held = set(getattr(self, "data", None) or ())
        return [
            (term.code, term.label) for term in lists.lists()[self.vocabulary] if not term.retired or term.code in held
        ]

    def iter_choices(self) -> Any:
        self.choices = self._offered()
        return super().iter_choices()

    def process_data(self, value: Any) -> None:
        self.data = tuple(value or ())  # type: ignore[assignment]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = tuple(dict.fromkeys(str(value) for value in valuelist if value))  # type: ignore[assignment]

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= {code for code, _label in self._offered()}:
            raise ValidationError(_("Choose from the list."))


class PersonField(SelectField):
    """A person of the clinic, by id; `people` gives id and name."""

    kind = "select"

    def __init__(
        self,
        label: Any = None,
        validators: Any = None,
        *,
        people: Callable[[], Iterable[tuple[uuid.UUID, str]]],
        blank: Label = _NOBODY,
        **rest: Any,
    ) -> None:
        self.people, self.blank = people, blank
        super().__init__(
            label, validators or [Optional()], choices=self._people, coerce=_id, validate_choice=False, **rest
        )

    def _people(self) -> list[tuple[Any, str]]:
        return [("", str(self.blank)), *((str(person), name) for person, name in self.people())]

    def iter_choices(self) -> Any:
        for value, label in self._people():
            yield Choice(value, label, value == str(self.data or ""), {})

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and str(self.data) not in dict(self._people()):
            raise ValidationError(_("Choose one of the list."))


def _id(value: Any) -> uuid.UUID | None:
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None


def _precisions() -> list[tuple[str, str]]:
    return [(Precision.MINUTE.value, _("Exactly")), (Precision.ABOUT.value, _("About"))]


class _MomentParts(Form):
    day = DayField(_l("Day"))
    time = TimeOfDayField(_l("Time"))
    precision = RadioField(
        _l("How well is it known?"), choices=_precisions, default=Precision.MINUTE.value, validate_choice=False
    )


if TYPE_CHECKING:
    _Parts = FormField[_MomentParts]
else:
    _Parts = FormField


class MomentField(_Parts):
    """A moment: day, time and how well it is known. Without a time only the day is known; without a day it is today.

    `.data` is a Moment or None.
    """

    kind = "moment"

    def __init__(self, label: Any = None, validators: Any = None, *, needed: Label | None = None, **rest: Any) -> None:
        self.needed = needed
        self.moment: Moment | None = None
        super().__init__(_MomentParts, label, None, separator="-", **rest)
        self.flags.required = needed is not None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        moment = data if isinstance(data, Moment) else self.object_data_default(data)
        super().process(formdata, _parts(moment), extra_filters)
        self.moment = moment
        self.sent = bool(formdata) and any(name.startswith(f"{self.name}-") for name in formdata)

    def object_data_default(self, _data: Any) -> Moment | None:
        """The default of the field, if it is a moment."""
        default = self.default() if callable(self.default) else self.default
        return default if isinstance(default, Moment) else None

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        if not self.form.validate():
            return False
        self.moment = None
        day, at = self.form.day.data, self.form.time.data
        if day is None and at is None:
            if self.needed is not None:
                self.form.form_errors.append(str(self.needed))
                return False
            return True
        return self._join(day or clock.today(), at)

    def _join(self, day: date, at: time | None) -> bool:
        if at is None:
            self.moment = Moment.of_day(day)
            return True
        try:
            moment = clock.from_local(datetime.combine(day, at))
        except clock.NoSuchLocalTime:
            self.form.time.errors = [
                _("The clocks changed that night: this time did not occur. Write the one after it.")
            ]
            return False
        about = self.form.precision.data == Precision.ABOUT.value
        self.moment = Moment(moment, Precision.ABOUT if about else Precision.MINUTE)
        return True

    @property
    def data(self) -> Moment | None:  # type: ignore[override]
        return self.moment

    @property
    def day(self) -> Any:
        return self.form.day

    @property
    def time(self) -> Any:
        return self.form.time

    @property
    def precision(self) -> Any:
        return self.form.precision


def _parts(moment: Moment | None) -> dict[str, Any]:
    if moment is None:
        return {}
    wall = clock.local(moment.at)
    at = None if moment.precision == Precision.DAY else wall.time()
    precision = Precision.MINUTE if moment.precision == Precision.DAY else moment.precision
    return {"day": wall.date(), "time": at, "precision": precision.value}
