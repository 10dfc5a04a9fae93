"""Steps that did not take place, or that were taken back: what sheets of what took place do not hold.

What such a step says besides stands in one cell, as an object of texts by the columns of its own sheet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from clinic.cases.kinds import kind_of
from clinic.cases.models import Step
from clinic.clock import Moment
from clinic.db import current_clinic, session, unindexed
from clinic.register.cells import Value, text_of
from clinic.register.format import ALL_LANES, Lane, Sheet
from clinic.register.further import WITHDRAWN, sheet_of_kind, whole_format
from clinic.register.kept import PERSON
from clinic.register.shapes import References, Shape, StoredId, shape_of_steps, table_of
from clinic.vocabularies.fixed import StepState

IN_OTHER_SHEETS = frozenset({"case_ref", "step_ref", "worker", "counsellor", "follows_ref"})
"""Columns of a step that the sheets of planned and withdrawn steps have of their own."""
AT_A_TIME = 2_000


@dataclass(frozen=True, slots=True)
class HeldState:
    """A step in another state than done: what its own sheet would say, and what these sheets say of its state."""

    sheet: Sheet
    own: Sheet
    case: StoredId
    values: tuple[Value, ...]
    state: tuple[Value, ...]

    def row(self, lanes: frozenset[Lane] = ALL_LANES) -> tuple[Value, ...]:
        """The row of the sheet of planned or withdrawn steps, for who has these lanes."""
        made: list[Value] = list(self.state)
        said = dict(zip((column.name for column in self.own.columns), self.values, strict=True))
        when = said[self.own.when]
        for name, value in (
            ("kind", self.own.kind),
            ("case_ref", said["case_ref"]),
            ("at", when if isinstance(when, Moment) else _day(when)),
            ("answers", self._answers(lanes)),
            ("worker", said["counsellor"] if "counsellor" in said else said["worker"]),
            ("follows_ref", said["follows_ref"]),
            ("step_ref", said["step_ref"]),
        ):
            made[self.sheet.at[name]] = value
        return tuple(made)

    def _answers(self, lanes: frozenset[Lane]) -> str | None:
        told = {
            column.name: text_of(value)
            for column, value in zip(self.own.columns, self.values, strict=True)
            if value is not None and column.lane in lanes and column.name not in {*IN_OTHER_SHEETS, self.own.when}
        }
        return json.dumps(told, ensure_ascii=False) if told else None


def _day(when: Value) -> Value:
    return Moment.of_day(when) if isinstance(when, date) else when


def held(
    sheet: Sheet,
    references: References,
    lanes: frozenset[Lane] = ALL_LANES,
    narrowed: Callable[[Select[Any]], Select[Any]] = lambda wanted: wanted,
) -> Iterator[HeldState]:
    """The planned and missed steps of every kind, or the withdrawn ones."""
    kinds = _kinds_of(sheet)
    for own in whole_format():
        if own.kind in kinds:
            yield from _of_kind(sheet, own, Shapes(sheet, own, references, lanes), narrowed)


class Shapes:
    """How a kind's steps in other states are read: by their own sheet, and by the sheet of their state."""

    def __init__(self, sheet: Sheet, own: Sheet, references: References, lanes: frozenset[Lane]) -> None:
        base = table_of(Step)
        self.own = shape_of_steps(own, references, lanes)
        self.state = Shape(sheet, references, lanes)
        self.state.columns = self.own.columns
        for name in ("state", "not_done_reason", "withdrawn_at", "withdrawn_because"):
            self.state.add(name, base.c[name])
        self.state.add("withdrawn_by", base.c.withdrawn_by, PERSON)
        self.case = self.own.place(base.c.case_id)


def _of_kind(
    sheet: Sheet, own: Sheet, shapes: Shapes, narrowed: Callable[[Select[Any]], Select[Any]]
) -> Iterator[HeldState]:
    base, details = table_of(Step), table_of(kind_of(own.kind).model)
    wanted = (
        select(*shapes.own.selected)
        .join_from(base, details, base.c.id == details.c.id)
        .where(base.c.clinic_id == current_clinic.get(), base.c.kind == own.kind, _is_of(sheet, own.kind))
        .order_by(base.c.entered, base.c.id)
    )
    rows = session.connection().execute(narrowed(wanted), execution_options={"yield_per": AT_A_TIME})
    for row in rows:
        yield HeldState(sheet, own, row[shapes.case], shapes.own.values(row), shapes.state.values(row))


def _kinds_of(sheet: Sheet) -> frozenset[str]:
    """The kinds that may have such steps. No index leads to withdrawn ones: one walk tells of which there are some."""
    if sheet is not WITHDRAWN:
        return frozenset(own.kind for own in whole_format() if own.kind)
    base = table_of(Step)
    of_the_clinic = unindexed(base.c.clinic_id) == current_clinic.get()
    return frozenset(session.scalars(select(base.c.kind).where(of_the_clinic, _is_of(sheet, "")).distinct()))


def _is_of(sheet: Sheet, kind: str) -> Any:
    base = table_of(Step)
    if sheet is WITHDRAWN:
        return base.c.withdrawn_at.is_not(None)
    states = () if kind == "hearing" else (StepState.PLANNED, StepState.NOT_DONE)
    return base.c.withdrawn_at.is_(None) & base.c.state.in_(states)


def key_of(sheet: Sheet, values: Sequence[Value]) -> tuple[str, ...]:
    """By what a row without a reference is recognised: kind, case and when."""
    return tuple(text_of(values[sheet.at[name]]) for name in ("kind", "case_ref", "at"))


def says_the_same(
    sheet: Sheet, said: Sequence[Value], held: Sequence[Value] | None, lanes: frozenset[Lane] = ALL_LANES
) -> bool:
    """Whether a row says in these lanes what the step is; an exporter may have been without that of some answers."""
    if held is None:
        return False
    answers, because = sheet.at["answers"], sheet.at["withdrawn_because"]
    told, there = (json.loads(str(row[answers] or "{}")) for row in (said, held))
    own = sheet_of_kind(str(said[sheet.at["kind"]]))
    told = {name: text for name, text in told.items() if own.column(name).lane in lanes}
    others = (place for place in range(len(sheet.columns)) if place not in (answers, because))
    return told.items() <= there.items() and all(text_of(said[place]) == text_of(held[place]) for place in others)
