"""Reading targets and paragraphs: by plan for who edits them, by period and project for the report."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, func, select

from clinic import versions
from clinic.access.reader import Reader
from clinic.crypto import current, sealing
from clinic.db import session
from clinic.targets.catalogue import Section, aim_of
from clinic.targets.models import Narrative, Target, TargetPlan
from clinic.targets.rules import Goal, Words


@dataclass(frozen=True)
class Asked:
    """The report that targets are asked for: its days, its project (none: the whole clinic) and what was known when
    (none: now)."""

    first: date
    last: date
    project: str | None = None
    as_of: datetime | None = None


def goals_of(asked: Asked, *, reader: Reader) -> dict[str, Goal]:
    """The targets of a report by indicator: those set for its very days and its project, as they stood then."""
    target = versions.as_known(_table(Target), asked.as_of, "plan_id", "indicator", "value", "set_by", "set_at").c
    wanted = select(target.indicator, target.value, target.set_by, target.set_at)
    rows = session.execute(_of_plan(wanted, target.plan_id, asked, reader).where(target.value.is_not(None)))
    return {row.indicator: Goal(row.indicator, row.value, aim_of(row.indicator).is_at_most, *row[2:]) for row in rows}


def words_of(asked: Asked, *, reader: Reader) -> dict[str, Words]:
    """The paragraphs of a report by section, as they stood then."""
    told = versions.as_known(_table(Narrative), asked.as_of, "id", "clinic_id", "plan_id", "section", "ar", "en").c
    wanted = select(told.id, told.clinic_id, told.section, told.ar, told.en)
    rows = session.execute(_of_plan(wanted, told.plan_id, asked, reader))
    return {row.section: Words(ar=_opened(row, "ar"), en=_opened(row, "en")) for row in rows}


def _table(model: type[Target | Narrative]) -> Table:
    return cast("Table", model.__table__)


def _of_plan(wanted: Select[Any], plan_id: ColumnElement[uuid.UUID], asked: Asked, reader: Reader) -> Select[Any]:
    return wanted.join(TargetPlan, TargetPlan.id == plan_id).where(
        _is_plan(asked.first, asked.last, asked.project, reader)
    )


def _is_plan(first: date, last: date, project: str | None, reader: Reader) -> ColumnElement[bool]:
    return and_(
        TargetPlan.clinic_id == reader.clinic_id,
        TargetPlan.first == first,
        TargetPlan.last == last,
        TargetPlan.project == (project or ""),
    )


def _opened(row: Any, name: str) -> str | None:
    sealed = getattr(row, name)
    place = sealing.place(row.clinic_id, Narrative.__tablename__, name, row.id)
    return None if sealed is None else sealing.open_(current.ring(), place, bytes(sealed))


def find_plan(plan_id: uuid.UUID, *, reader: Reader) -> TargetPlan | None:
    """A plan of the reader's clinic."""
    return session.scalar(select(TargetPlan).where(TargetPlan.id == plan_id, TargetPlan.clinic_id == reader.clinic_id))


def plan_of(first: date, last: date, project: str | None, *, reader: Reader) -> TargetPlan | None:
    """The plan of these days and this project, or of the whole clinic."""
    return session.scalar(select(TargetPlan).where(_is_plan(first, last, project, reader)))


def list_plans(*, reader: Reader) -> Sequence[tuple[TargetPlan, int, int]]:
    """Every plan with the number of its targets and of its paragraphs, the latest period first."""
    targets = select(func.count()).where(Target.plan_id == TargetPlan.id, Target.value.is_not(None))
    words = select(func.count()).where(
        Narrative.plan_id == TargetPlan.id,
        Narrative.ar_sealed.is_not(None) | Narrative.en_sealed.is_not(None),  # type: ignore[attr-defined]
    )
    rows = session.execute(
        select(TargetPlan, targets.scalar_subquery(), words.scalar_subquery())
        .where(TargetPlan.clinic_id == reader.clinic_id)
        .order_by(TargetPlan.last.desc(), TargetPlan.first.desc(), TargetPlan.project)
    )
    return [(plan, aimed, told) for plan, aimed, told in rows]


@dataclass(frozen=True)
class Kept:
    """What a plan holds for one section."""

    targets: Mapping[str, Target] = field(default_factory=dict)
    narrative: Narrative | None = None

    @property
    def version(self) -> int:
        """Grows with every save of the section: rows are never removed, and each counts its own changes."""
        own = self.narrative.version if self.narrative else 0
        return own + sum(target.version for target in self.targets.values())

    @property
    def goals(self) -> list[Target]:
        """The targets that stand."""
        return [target for target in self.targets.values() if target.value is not None]

    @property
    def last_change(self) -> tuple[uuid.UUID, datetime] | None:
        """Who saved the section last, and when."""
        saved = [(target.set_by, target.set_at) for target in self.targets.values()]
        if self.narrative is not None:
            saved.append((self.narrative.written_by, self.narrative.written_at))
        return max(saved, key=lambda one: one[1], default=None)


def kept_of(plan: TargetPlan, sections: Sequence[Section]) -> dict[str, Kept]:
    """What a plan holds, by section."""
    targets = session.scalars(select(Target).where(Target.plan_id == plan.id)).all()
    words = {row.section: row for row in session.scalars(select(Narrative).where(Narrative.plan_id == plan.id))}
    by_indicator = {target.indicator: target for target in targets}
    return {
        section.code: Kept(
            {aim.indicator: by_indicator[aim.indicator] for aim in section.aims if aim.indicator in by_indicator},
            words.get(section.code),
        )
        for section in sections
    }
