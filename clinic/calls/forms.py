"""The form of a station call: ten questions, each of which may stay open but the name and when the child was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any

from wtforms import BooleanField, RadioField
from wtforms.validators import Optional

from clinic import clock
from clinic.calls import rules
from clinic.calls.rules import Guardian, Treatment
from clinic.children.rules import ChildTold
from clinic.languages import _, _l
from clinic.vocabularies.fixed import Answer
from clinic.web.fields import AnswerField, CodeField, CodesField, LineField, MomentField, required
from clinic.web.forms import RecordForm


class WordsField(RadioField):
    """One of a few answers that are words of the call alone; None was left open."""

    def __init__(self, label: str, words: Mapping[Any, str], **rest: Any) -> None:
        choices: Callable[[], list[tuple[str, str]]] = lambda: [(code.value, str(word)) for code, word in words.items()]  # noqa: E731
        self.codes = {code.value for code in words}
        self.kind = "choice"
        super().__init__(
            label, [Optional()], choices=choices, coerce=self._known, validate_choice=False, default=None, **rest
        )

    def _known(self, value: Any) -> str | None:
        code = value.value if isinstance(value, StrEnum) else value
        return str(code) if code in self.codes else None


class NightMomentField(MomentField):
    """A moment of this night: a time alone means the last time that the clock showed it."""

    kind = "night"

    def _join(self, day: date, at: time | None) -> bool:
        if self.form.day.data is None and at is not None:
            day = rules.night_day(at, clock.now())
        return bool(super()._join(day, at))


GUARDIAN = {
    Guardian.PRESENT: _l("Was there"),
    Guardian.SENT_OUT: _l("Came, was sent out"),
    Guardian.NOT_THERE: _l("Not there"),
    Guardian.UNKNOWN: _l("Not known"),
}
TREATMENT = {
    Treatment.INJURY: _l("An injury is seen"),
    Treatment.ALLEGED: _l("The child tells of ill-treatment"),
    Treatment.BOTH: _l("Both"),
    Treatment.NEITHER: _l("Neither"),
    Treatment.UNKNOWN: _l("Not known"),
}


class CallForm(RecordForm):
    """What is asked on the phone at one in the morning."""

    name = LineField(
        _l("The child's name"),
        [required(_l("Write at least one name: how the child is called."))],
        description=_l("As far as it is known, the family name last."),
    )
    sex = CodeField(_l("Girl or boy"), vocabulary="sex", side_by_side=True)
    whom = LineField(_l("Is it one of these?"))
    looked = LineField(_l("Looked for"))
    ask = BooleanField(_l("Ask the coordinator whether the clinic knows the child"))
    because = LineField(_l("Why you need the file tonight"))
    police_station = CodeField(_l("Station"), vocabulary="police_station")
    apprehension = CodeField(_l("How was the child brought?"), vocabulary="apprehension", side_by_side=True)
    arrested = NightMomentField(
        _l("When was the child taken?"),
        needed=_l("Say when the child was taken. About is enough: the hours count from it."),
    )
    lawyer_notified = NightMomentField(_l("When were you told?"))
    lawyer_arrived = NightMomentField(_l("When did you arrive?"))
    told_of_rights = AnswerField(_l("Was the child told of the rights?"))
    questioned_before_lawyer = AnswerField(_l("Questioned before you came?"))
    guardian = WordsField(_l("The guardian"), GUARDIAN)
    treatment = WordsField(_l("Injury or ill-treatment?"), TREATMENT)
    guardian_agrees = BooleanField(_l("The guardian agrees that the clinic helps"))
    child_agrees = BooleanField(_l("The child agrees that the clinic helps"))

    def attendance(self) -> dict[str, Any]:
        """The answers as fields of the police attendance. Who arrived attended; who is on the way is asked again."""
        plain = (
            "police_station", "apprehension", "arrested", "lawyer_notified", "lawyer_arrived", "told_of_rights",
            "questioned_before_lawyer",
        )  # fmt: skip
        return {
            **self.values(*plain),
            **rules.guardian_answers(self.guardian.data),
            **rules.treatment_answers(self.treatment.data),
            "lawyer_attended": Answer.YES if self.lawyer_arrived.data is not None else None,
        }

    def child(self) -> ChildTold:
        """Who the child is, as far as the name tells."""
        name = self.name.data or ""
        given, father, grandfather, family = rules.name_parts(name)
        return ChildTold(
            given_name=given,
            father_name=father,
            grandfather_name=grandfather,
            family_name=family,
            name_latin=name if rules.is_latin(name) else None,
            sex=self.sex.data or "unknown",
        )

    def needs_a_reason(self) -> bool:
        """Says that opening a file for the night needs its reason; whether it is missing."""
        if self.because.data:
            return False
        self.because.errors = [_("Say in a few words why you need the file tonight.")]
        return True


class CaseQuestionForm(RecordForm):
    """What is asked next day about the case itself, one at a time."""

    offences = CodesField(
        _l("Accused of"), [required(_l("Choose what the child is accused of."))], vocabulary="offence"
    )
    referral_source = CodeField(
        _l("Who called the clinic?"), [required(_l("Choose who called."))], vocabulary="referral_source"
    )
