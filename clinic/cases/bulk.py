"""Many steps at once, through Core inserts: the same rows as `actions.record` makes one by one, as a test shows."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, func, select, update

from clinic import clock, versions
from clinic.access.permissions import Lane
from clinic.cases import line, rules
from clinic.cases.kinds import Shape, StepKind
from clinic.cases.models import CaseFile, Step
from clinic.cases.rules import StageFact
from clinic.clock import Moment
from clinic.db import current_actor, current_clinic, session
from clinic.rows import batches, insert_rows
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import ChildRole, StepState

BATCH = 2_000
CASES = cast("Table", CaseFile.__table__)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be recorded. `values` holds fields of the kind by name, as `actions.record` takes them."""

    case_id: uuid.UUID
    child_id: uuid.UUID
    child_role: ChildRole
    values: Mapping[str, Any]
    entered: int
    state: StepState = StepState.DONE
    step_id: uuid.UUID | None = None
    worker_id: uuid.UUID | None = None
    recorded_by: uuid.UUID | None = None
    source: str = "import"
    reference: str | None = None
    row_digest: bytes | None = None
    known_from: datetime | None = None
    not_done_reason: str | None = None
    follows_id: uuid.UUID | None = None
    not_known: tuple[str, ...] | None = None
    extra: Mapping[str, Any] | None = None  # further columns of the kind's table, by name


def record_many(kind: StepKind, steps: Iterable[NewStep], *, moment: datetime | None = None) -> int:
    """Records steps of one kind and gives their number. `moment` is when they become known (now, unless a step says).

    Checks nothing that `kind.check` checks: whoever calls has checked every row before the first is written. What is
    derived for the cases is brought up to date by `rederive_many` afterwards.
    """
    moment = moment or versions.moment_of(session())
    row_of = _Rows(kind, moment)
    count = 0
    for batch in batches(steps):
        base, details = zip(*(row_of(step) for step in batch), strict=True)
        insert_rows(cast(Table, Step.__table__), base)
        insert_rows(cast(Table, kind.model.__table__), details)
        count += len(batch)
    return count


class _Rows:
    """Turns new steps of one kind into rows of the two tables; what is the same for all is looked up once."""

    def __init__(self, kind: StepKind, moment: datetime) -> None:
        clinic_id = current_clinic.get()
        if clinic_id is None:
            raise LookupError("no clinic is at work")
        self.kind, self.moment, self.clinic_id = kind, moment, clinic_id
        self.table = str(kind.model.__tablename__)
        self.empty = {column.name: None for column in kind.model.__table__.columns}
        self.secrets = kind.model.secrets

    def __call__(self, step: NewStep) -> tuple[dict[str, Any], dict[str, Any]]:
        step_id = step.step_id or clock.new_id()
        known_from = step.known_from or self.moment
        details = {**self.empty, "id": step_id, "clinic_id": self.clinic_id, "known_from": known_from}
        details.update(step.extra or {})
        for name, value in step.values.items():
            self._put(details, step_id, name, value)
        return self._base(step, step_id, known_from), details

    def _put(self, details: dict[str, Any], step_id: uuid.UUID, name: str, value: Any) -> None:
        field = self.kind.by_name[name]
        if field.shape is Shape.MOMENT:
            column = self.kind.column(field)
            details[column] = value.at if value else None
            details[f"{column}_precision"] = value.precision if value else None
        elif name in self.secrets:
            details[name] = self.secrets[name].seal(self.clinic_id, step_id, value, self.table)
        else:
            details[name] = value

    def _base(self, step: NewStep, step_id: uuid.UUID, known_from: datetime) -> dict[str, Any]:
        return {
            **_when(step.values[self.kind.when]),
            "id": step_id,
            "clinic_id": self.clinic_id,
            "case_id": step.case_id,
            "kind": self.kind.code,
            "state": step.state,
            "not_done_reason": step.not_done_reason,
            "worker_id": step.worker_id,
            "follows_id": step.follows_id,
            "child_id": step.child_id,
            "child_role": step.child_role,
            "lanes_written": self._written(step.values),
            "not_known": step.not_known,
            "recorded_by": step.recorded_by,
            "recorded_at": known_from,
            "source": step.source,
            "reference": step.reference,
            "row_digest": step.row_digest,
            "form_digest": None,
            "entered": step.entered,
            "version": 1,
            "known_from": known_from,
        }

    def _written(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        lanes = {self.kind.lane(name).value for name, value in values.items() if value not in (None, ())}
        return tuple(sorted(lanes - {Lane.FACTS.value, Lane.IDENTITY.value}))


def _when(when: date | Moment) -> dict[str, Any]:
    """When a step happened, as the base table holds it."""
    if isinstance(when, Moment):
        return {"on_date": when.local_date, "happened_at": when.at, "happened_at_precision": when.precision}
    return {"on_date": when, "happened_at": None, "happened_at_precision": None}


def rederive_many(case_ids: Collection[uuid.UUID], *, made: Collection[uuid.UUID] = frozenset()) -> None:
    """Brings last step and proceeding status of many cases up to date; a changed case keeps its state before.

    `made` are those that this transaction made: of them no state before was known to anybody.
    """
    if not case_ids:
        return
    facts, last = _facts_of_all(), _last_of_all()
    wanted = set(case_ids)
    table = CASES
    columns = (table.c.id, table.c.proceeding_status, table.c.last_step_on, table.c.disposition, table.c.disposition_on)
    changed = []
    for row in session.execute(select(*columns).where(table.c.clinic_id == current_clinic.get())):
        if row.id not in wanted:
            continue
        status = rules.proceeding_status(facts.get(row.id, ()), _group(row.disposition), row.disposition_on)
        if (status, last.get(row.id)) != (row.proceeding_status, row.last_step_on):
            changed.append({"b_row": row.id, "b_status": status, "b_last": last.get(row.id)})
    _save([row for row in changed if row["b_row"] not in made])
    _set([row for row in changed if row["b_row"] in made])


def rederive_all() -> None:
    """Brings what is derived up to date in every case of the clinic at work: an update may have changed the rules.

    An aged case stays as it was: the steps that it was derived from are gone.
    """
    mine = CASES.c.clinic_id == current_clinic.get(), CASES.c.aged_on.is_(None)
    rederive_many(session.scalars(select(CASES.c.id).where(*mine)).all())


def _group(disposition: str | None) -> str | None:
    term = lists.lists()["disposition"].get(disposition)
    return str(term.attributes.get("group")) if term else None


def _save(changed: Sequence[Mapping[str, Any]]) -> None:
    if not changed:
        return
    table, moment = CASES, versions.moment_of(session())
    versions.keep_many(session.connection(), table, [row["b_row"] for row in changed], moment, current_actor.get())
    known_from = case((table.c.known_from < moment, moment), else_=table.c.known_from)
    _set(changed, version=table.c.version + 1, known_from=known_from)


def _set(changed: Sequence[Mapping[str, Any]], **more: Any) -> None:
    if changed:
        derived: dict[str, Any] = {"proceeding_status": bindparam("b_status"), "last_step_on": bindparam("b_last")}
        session.execute(update(CASES).where(CASES.c.id == bindparam("b_row")).values(**derived, **more), list(changed))


def _facts_of_all() -> dict[uuid.UUID, list[StageFact]]:
    facts: dict[uuid.UUID, list[StageFact]] = defaultdict(list)
    for case_id, fact in line.stage_facts_of_all():
        facts[case_id].append(fact)
    return facts


def _last_of_all() -> dict[uuid.UUID, date]:
    rows = session.execute(
        select(Step.case_id, func.max(Step.on_date))
        .where(Step.clinic_id == current_clinic.get(), Step.state == StepState.DONE, Step.withdrawn_at.is_(None))
        .group_by(Step.case_id)
    )
    return {row[0]: row[1] for row in rows}
