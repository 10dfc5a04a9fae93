"""The line of a case in few words: what its journey, its counts and what stands beside it are made of."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, or_, select

from clinic.cases.kinds import all_kinds, kind_of
from clinic.cases.models import Step
from clinic.cases.queries import LINE
from clinic.cases.rules import StageFact
from clinic.db import Id, current_clinic, session
from clinic.prepared import send
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import StepState
from clinic.vocabularies.lists import Lists


@dataclass(frozen=True, slots=True)
class LineFact:
    """What one step says of the line: its kind, state and day, whether it was withdrawn, runs, or is of an appeal."""

    kind: str
    state: StepState
    on_date: date
    withdrawn: bool
    runs: bool
    is_appeal: bool

    @property
    def stage_fact(self) -> StageFact | None:
        """What it says of the proceeding; nothing if it was withdrawn or its kind has no stage."""
        stage = kind_of(self.kind).stage
        if stage is None or self.withdrawn:
            return None
        return StageFact(stage, self.state, self.on_date, self.runs, self.is_appeal)


def line_facts(case_id: uuid.UUID) -> list[LineFact]:
    """Every step of a case in few words: what journey, counts and what is due are made of. One statement."""
    return [
        LineFact(kind, state, on_date, withdrawn is not None, bool(still), bool(appeal))
        for kind, state, on_date, withdrawn, still, appeal in send(
            _facts_of_a_line(lists.lists()), {"of_case": case_id}
        )
    ]


@lru_cache(maxsize=8)
def _facts_of_a_line(_lists: Lists) -> Select[*tuple[Any, ...]]:
    """Put together once for the lists as they are, by which a step belongs to an appeal."""
    runs = [kind.runs for kind in all_kinds() if kind.runs is not None]
    appeals = [kind.is_appeal() for kind in all_kinds() if kind.is_appeal is not None]
    columns = (LINE.kind, LINE.state, LINE.on_date, LINE.withdrawn_at, or_(false(), *runs), or_(false(), *appeals))
    return select(*columns).where(LINE.case_id == bindparam("of_case", type_=Id))


def stage_facts_of_all() -> Iterator[tuple[uuid.UUID, StageFact]]:
    """What the steps of every case of the clinic at work say of their proceedings, with the case's id."""
    return _stage_facts(Step.clinic_id == current_clinic.get())


def _stage_facts(of: ColumnElement[bool]) -> Iterator[tuple[uuid.UUID, StageFact]]:
    staged = {kind.code: kind for kind in all_kinds() if kind.stage}
    telling = [kind for kind in staged.values() if kind.runs is not None or kind.is_appeal is not None]
    runs = or_(false(), *(kind.runs for kind in telling if kind.runs is not None))
    appeals = or_(false(), *(kind.is_appeal() for kind in telling if kind.is_appeal is not None))
    wanted = select(Step.case_id, Step.kind, Step.state, Step.on_date, runs, appeals).select_from(Step)
    for kind in telling:
        details = kind.model.__table__
        wanted = wanted.outerjoin(details, details.c.id == Step.id)
    for case_id, code, state, on_date, still, appeal in session.execute(
        wanted.where(of, Step.withdrawn_at.is_(None), Step.kind.in_(staged))
    ):
        stage = staged[code].stage
        if stage is not None:
            yield case_id, StageFact(stage, state, on_date, bool(still), bool(appeal))
