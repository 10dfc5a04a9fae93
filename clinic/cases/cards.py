"""A step as it is shown: on the line of its case, on its own page, on paper."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from clinic import formats
from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, Shape, StepKind, Tag, kind_of
from clinic.cases.models import Step
from clinic.clock import Moment, Precision
from clinic.languages import _, _l
from clinic.vocabularies import lists

CLOSED_NOTES = {
    Lane.LEGAL.value: _l("%(who)s wrote a note. Only the lawyers of this case read it."),
    Lane.SOCIAL.value: _l("%(who)s wrote a note. Only the counsellors of this case read it."),
    Lane.ILL_TREATMENT.value: _l("%(who)s wrote how the child was treated. Only the lawyers of this case read it."),
}


class Fact(NamedTuple):
    """One answer as a pair of label and words; None was left open."""

    name: str
    label: str
    words: str | None


@dataclass(frozen=True)
class Card:
    """What is shown of a step to a reader with certain lanes."""

    step: Step
    kind: StepKind
    title: str
    when: str
    state: str  # planned, done, not_done, withdrawn
    tags: tuple[Tag, ...]
    facts: tuple[Fact, ...]
    notes: tuple[Fact, ...]
    closed: tuple[str, ...]
    recorded: str
    shared: tuple[str, ...] = ()  # with whom a note of it is shared across lanes, and until when

    @property
    def lane(self) -> str:
        """The side that colours the card."""
        return self.kind.side.value


def card_of(
    step: Step,
    held: frozenset[Lane],
    names: Mapping[uuid.UUID, str],
    *,
    whole: bool = False,
    shared: tuple[str, ...] = (),
) -> Card:
    """The card of a step; `names` are the people of the clinic by id.

    `whole` also gives what stands only on its own page and what was left open.
    """
    kind = kind_of(step)
    fields = kind.fields_of_card(held, planned=step.is_planned)
    short = (field for field in fields if field.shape is not Shape.TEXT and (whole or not field.quiet))
    facts = [fact_of(step, field) for field in short if _is_told(step, field) or (whole and not field.seldom)]
    notes = [fact_of(step, field) for field in fields if field.shape is Shape.TEXT and _is_told(step, field)]
    return Card(
        step=step,
        kind=kind,
        title=kind.title(step) if kind.title else str(kind.label),
        when=_when(step),
        state="withdrawn" if step.is_withdrawn else step.state.value,
        tags=() if step.is_withdrawn else kind.tags(step, held),
        facts=tuple(facts),
        notes=tuple(note for note in notes if note.words),
        closed=tuple(
            str(CLOSED_NOTES[lane]) % {"who": _who(step, names)}
            for lane in step.lanes_written
            if Lane(lane) not in held
        ),
        recorded=_recorded(step, names),
        shared=shared,
    )


def _is_told(step: Step, field: Field) -> bool:
    """Whether a field was answered."""
    return getattr(step, field.name) not in (None, ())


def _when(step: Step) -> str:
    return formats.short_day_and_time(step.happened) if step.happened else formats.short_day(step.on_date)


def _who(step: Step, names: Mapping[uuid.UUID, str]) -> str:
    person = step.worker_id or step.recorded_by
    return formats.isolate(names[person]) if person is not None and person in names else _("Somebody")


def _recorded(step: Step, names: Mapping[uuid.UUID, str]) -> str:
    if step.source == "import":  # a register knows the day alone
        return _("Imported, %(when)s", when=formats.short_day(step.recorded_at))
    when = formats.short_day_and_time(step.recorded_at)
    name = formats.isolate(names.get(step.recorded_by, _("Somebody"))) if step.recorded_by else _("Somebody")
    corrected = step.version > 1 and not step.is_planned
    if corrected:
        return _("Recorded by %(name)s, %(when)s · corrected", name=name, when=when)
    return _("Recorded by %(name)s, %(when)s", name=name, when=when)


def fact_of(step: Step, field: Field) -> Fact:
    """A field's answer in words, in the reader's language; a moment of the step's own day by its time alone."""
    value = getattr(step, field.name)
    if isinstance(value, Moment) and value.precision != Precision.DAY and value.local_date == step.on_date:
        return Fact(field.name, str(field.label), formats.time_of_day(value))
    return Fact(field.name, str(field.label), words_of(value, field))


def words_of(value: Any, field: Field) -> str | None:
    """A value in words; None if there is none."""
    if value is None or value == ():
        return None
    if isinstance(value, Moment):
        return formats.moment(value)
    if field.shape is Shape.DATE:
        return formats.day(value)
    if field.shape is Shape.ANSWER:
        return lists.label("answer", value)
    if field.shape is Shape.CODE:
        return lists.label(field.list or "", value)
    if field.shape is Shape.CODES:
        return _(", ").join(lists.label(field.list or "", code) for code in value)
    return formats.number(value) if field.shape is Shape.NUMBER else str(value)
