"""The form of a kind of step, made from its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wtforms import Field as FormField

from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, Shape, StepKind
from clinic.languages import _l
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import StepState
from clinic.web.fields import (
    AnswerField,
    CodeField,
    CodesField,
    DayField,
    LineField,
    MomentField,
    TextField,
    WholeNumberField,
    required,
)
from clinic.web.forms import RecordForm
from clinic.web.scale import ScaleField

_NEEDED = _l("This is needed. If nobody knows, choose “Not known”.")
_WHEN_NEEDED = _l("Say when. The day is enough.")
_WORDS_NEEDED = _l("Write it, in a few words.")
_SAY = {Shape.CODE: _NEEDED, Shape.CODES: _NEEDED, Shape.DATE: _WHEN_NEEDED}
_MOST_PRESSED = 10  # a number up to this is pressed, not typed
_FEW = 4  # so many choices stand side by side; more make a list


def _asked(field: Field) -> dict[str, Any]:
    needs = field.required and field.shape not in (Shape.MOMENT, Shape.ANSWER)
    return {
        "label": field.label,
        "description": field.hint or "",
        "validators": [required(_SAY.get(field.shape, _WORDS_NEEDED))] if needs else [],
    }


def _moment(field: Field) -> FormField:
    asked = _asked(field)
    return MomentField(
        asked["label"], description=asked["description"], needed=_WHEN_NEEDED if field.required else None
    )


def _code(field: Field) -> FormField:
    few = len(lists.shipped()[field.list or ""].terms) <= _FEW
    return CodeField(**_asked(field), vocabulary=field.list or "", side_by_side=few, unknown=field.required)


def _number(field: Field) -> FormField:
    asks = ScaleField if field.most is not None and field.most <= _MOST_PRESSED else WholeNumberField
    return asks(**_asked(field), least=field.least or 0, most=field.most)


_MAKE: Mapping[Shape, Callable[[Field], FormField]] = {
    Shape.MOMENT: _moment,
    Shape.DATE: lambda field: DayField(**_asked(field), today=field.required),
    Shape.ANSWER: lambda field: AnswerField(**_asked(field)),
    Shape.CODE: _code,
    Shape.CODES: lambda field: CodesField(**_asked(field), vocabulary=field.list or ""),
    Shape.NUMBER: _number,
    Shape.LINE: lambda field: LineField(**_asked(field)),
    Shape.TEXT: lambda field: TextField(**_asked(field)),
}


class StepForm(RecordForm):
    """The form of a step. `names` are the fields of the kind that it asks."""

    names: tuple[str, ...] = ()

    def said(self) -> dict[str, Any]:
        """What the form says, by field of the kind; a starred code that is not known is None."""
        return {name: self._said(name) for name in self.names}

    def _said(self, name: str) -> Any:
        value = self._fields[name].data
        return None if value == "unknown" and self._is_code(name) else value

    def _is_code(self, name: str) -> bool:
        return isinstance(self._fields[name], CodeField)


class CorrectionForm(StepForm):
    """A correction says why."""

    because = LineField(
        _l("Why is it corrected?"),
        [required(_l("Say why, in a few words."))],
        description=_l("Kept with the earlier answers."),
    )


class WithdrawForm(RecordForm):
    """Why a step is taken back."""

    because = LineField(_l("Why is it taken back?"), [required(_l("Say why, in a few words."))])


class NotDoneForm(RecordForm):
    """Why a planned step did not take place."""

    because = CodeField(
        _l("Why did it not take place?"), [required(_l("Choose the reason."))], vocabulary="not_done_reason"
    )


@lru_cache(maxsize=256)
def form_of(
    kind: StepKind, held: frozenset[Lane], state: StepState | None = None, *, correcting: bool = False
) -> type[StepForm]:
    """The form class of a kind for a reader who holds these lanes; of a planned step, only what is asked then."""
    fields = kind.fields_for(held, state)
    names = tuple(field.name for field in fields)
    base = CorrectionForm if correcting else StepForm
    body = {field.name: _MAKE[field.shape](field) for field in fields}
    return type(f"{kind.code.title().replace('_', '')}Form", (base,), {**body, "names": names})


@dataclass(frozen=True)
class Section:
    """A folding part of the form with its fields."""

    title: str | None
    fields: Sequence[Any]
    lane: Lane | None


def sections_of(kind: StepKind, form: StepForm) -> list[Section]:
    """The fields of a form in the sections that the kind describes."""
    parts: list[tuple[str | None, list[Any], set[Lane]]] = []
    title: str | None = None
    for field in kind.fields:
        title = field.section or title
        if field.name not in form.names:
            continue
        if not parts or parts[-1][0] is not title:
            parts.append((title, [], set()))
        parts[-1][1].append(form[field.name])
        parts[-1][2].add(kind.lane(field.name))
    return [Section(title, fields, _closest(lanes)) for title, fields, lanes in parts]


def _closest(lanes: set[Lane]) -> Lane | None:
    """The one confidential lane of a section, if it has one alone."""
    own = lanes - {Lane.FACTS, Lane.IDENTITY}
    return own.pop() if len(own) == 1 and len(lanes) == 1 else None


def draft_lane(kind: StepKind, held: frozenset[Lane]) -> str:
    """The lane in which a draft of the form is sealed: the most confidential that it asks."""
    asked = {kind.lane(field.name) for field in kind.fields_for(held)}
    for lane in (Lane.ILL_TREATMENT, Lane.SOCIAL, Lane.LEGAL):
        if lane in asked:
            return lane.value
    return Lane.IDENTITY.value
