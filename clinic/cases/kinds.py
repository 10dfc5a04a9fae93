"""The kinds of step: each room describes its kinds once, and page, form, history, import and report read it here.

`create_app` hands the rooms' kinds over with `register`; nothing here knows a room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import inspect

from clinic.access.lanes import lane_of
from clinic.access.permissions import Lane, Permission
from clinic.cases.models import CaseFile, Step
from clinic.vocabularies.fixed import StepState


class Shape(Enum):
    """What sort of answer a field takes, and the Python value that stands for it."""

    MOMENT = "moment"  # clock.Moment
    DATE = "date"  # datetime.date
    ANSWER = "answer"  # Answer: yes, no, unknown; None was left open
    CODE = "code"  # a code of a list, str
    CODES = "codes"  # several, tuple[str, ...]
    NUMBER = "number"  # int
    LINE = "line"  # str, one line
    TEXT = "text"  # str, paragraphs


class Stage(StrEnum):
    """The stages of the journey."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    COURT = "court"
    MEASURE = "measure"
    COUNSELLING = "counselling"
    SCHOOL = "school"
    COMMUNITY = "community"


class Side(StrEnum):
    """Whose work a step is, which colours its card and says who may record it."""

    LEGAL = "legal"
    SOCIAL = "social"
    TEAM = "team"


@dataclass(frozen=True)
class Field:
    """One thing that a kind knows: how it is asked, shown, stored and exported. `name` is the model's attribute."""

    name: str
    label: str
    shape: Shape
    list: str | None = None  # the vocabulary of a CODE or CODES
    required: bool = False
    section: str | None = None  # begins a folding section of the form
    hint: str | None = None
    question: str | None = None  # asked again, one at a time, while it was left open
    least: int | None = None
    most: int | None = None
    planned: bool = False  # asked already when the step is planned
    quiet: bool = False  # not on the card, only on the step's own page
    seldom: bool = False  # answered only where it applies: never said to be left open


@dataclass(frozen=True)
class Tag:
    """A word on a card: a right that is missed (alarm), one that runs out (warn), something good."""

    text: str
    tone: str = ""  # '', good, warn, alarm


@dataclass(frozen=True)
class OwnPage:
    """A page that a room has about a step, besides the one that every step has: a letter, the whole group."""

    label: str
    icon: str
    endpoint: str
    values: Mapping[str, Any]


Values = Mapping[str, Any]


def _no_check(_values: Values, _case: CaseFile, _state: StepState) -> None:
    return None


def _no_pages(_step: Any) -> tuple[OwnPage, ...]:
    return ()


def _no_tags(_step: Any, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    return ()


@dataclass(frozen=True)
class StepKind:
    """A kind of step.

    `check` raises a Refusal naming the field; `tags` gives the words on the card, reading only held lanes; `derive` is
    run on the case after a step of the kind changed; `title` may say more than the label (e.g. the kind of session).
    """

    code: str
    room: str
    model: type[Step]
    label: str
    plural: str
    add: str  # the words on the button that adds one
    icon: str
    side: Side
    when: str  # the field that says when it happened or is to happen
    fields: tuple[Field, ...]
    stage: Stage | None = None
    plannable: bool = False
    for_roles: frozenset[str] = frozenset({"accused", "complainant", "witness", "advice_only"})  # of the child
    check: Callable[[Values, CaseFile, StepState], None] = _no_check
    tags: Callable[[Any, frozenset[Lane]], tuple[Tag, ...]] = _no_tags
    derive: Callable[[CaseFile], None] | None = None
    state_of: Callable[[Values], StepState] | None = None  # where a status of the kind's own decides (hearings)
    title: Callable[[Any], str] | None = None
    runs: Any = None  # SQL: whether the interval still runs (custody, measure)
    is_appeal: Callable[[], Any] | None = None  # SQL: whether the step belongs to an appeal, by the lists as they are
    next_when: str | None = None  # the field with the day of the next time, of which saving makes a planned step
    next_with: tuple[tuple[str, Any], ...] = ()  # what that planned step says beside its planned fields
    next_from: tuple[tuple[str, str], ...] = ()  # its fields that this step answers under another name
    also: Callable[[Values, CaseFile], Values] | None = None  # further attributes that follow from what was said
    pages: Callable[[Any], tuple[OwnPage, ...]] = _no_pages  # pages of the room's own about a step
    paper: str | None = None  # the page of the room that puts one on paper, where it has its own
    read_by: str | None = None  # who will read what is typed, said on the form

    @property
    def permission(self) -> Permission:
        """What recording one needs."""
        return {
            Side.LEGAL: Permission.STEP_RECORD_LEGAL,
            Side.SOCIAL: Permission.STEP_RECORD_SOCIAL,
            Side.TEAM: Permission.STEP_RECORD,
        }[self.side]

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {field.name: field for field in self.fields}

    @cached_property
    def _lanes(self) -> Mapping[str, Lane]:
        table = str(self.model.__tablename__)
        return {field.name: lane_of(table, self.column(field)) for field in self.fields}

    def column(self, field: Field) -> str:
        """The column that holds a field; of a moment, the one with the time."""
        if field.shape is Shape.MOMENT:
            return str(inspect(self.model).composites[field.name].props[0].columns[0].name)
        return field.name

    def lane(self, name: str) -> Lane:
        """The lane of a field."""
        return self._lanes[name]

    @cached_property
    def _for_cards(self) -> dict[tuple[frozenset[Lane], bool], tuple[Field, ...]]:
        return {}

    def fields_of_card(self, held: frozenset[Lane], *, planned: bool) -> tuple[Field, ...]:
        """The fields of the held lanes that a card may say beside when it was; worked out once for the same lanes.

        What became of a planned step lies ahead: of it only what is asked then, and texts.
        """
        if (held, planned) not in self._for_cards:
            own = (field for field in self.fields if self.lane(field.name) in held and field.name != self.when)
            asked = tuple(one for one in own if one.planned or one.shape is Shape.TEXT or not planned)
            self._for_cards[held, planned] = asked
        return self._for_cards[held, planned]

    def fields_for(self, held: frozenset[Lane], state: StepState | None = None) -> tuple[Field, ...]:
        """The fields of the held lanes; of a planned step only those asked then."""
        planned = state == StepState.PLANNED
        return tuple(
            f for f in self.fields if self.lane(f.name) in held and (not planned or f.planned or f.name == self.when)
        )


_kinds: dict[str, StepKind] = {}


def register(kinds: Iterable[StepKind]) -> None:
    """Makes these the kinds of the house; done once, where the house is wired."""
    _kinds.clear()
    _kinds.update({kind.code: kind for kind in kinds})


def all_kinds() -> tuple[StepKind, ...]:
    """Every kind, in the order of the journey."""
    return tuple(_kinds.values())


def kind_of(step: Step | str) -> StepKind:
    """The kind of a step or of a code. Raises KeyError for a code that no room has."""
    return _kinds[step if isinstance(step, str) else step.kind]


def is_kind(code: str) -> bool:
    """Whether a room has this kind."""
    return code in _kinds
