"""Writing the new steps of a register, and the rows of its further sheets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from clinic import clock
from clinic.activities.models import Activity
from clinic.cases import bulk
from clinic.cases.bulk import NewStep
from clinic.cases.kinds import StepKind, kind_of
from clinic.cases.models import CaseFile, Step
from clinic.cases.team import Joined
from clinic.children.models import Child
from clinic.children.numbers import phone_digits
from clinic.clock import Moment
from clinic.court.models import CANCELLED
from clinic.db import session
from clinic.register import beside, queries, rules
from clinic.register.aim_writers import Plans
from clinic.register.aims import NARRATIVES, TARGETS
from clinic.register.cells import Value, parser_of
from clinic.register.format import Column, Kind, Sheet
from clinic.register.further import NOT_KNOWN, field_name, sheet_of_kind
from clinic.register.kept import PLAN_PARTS, Kept
from clinic.register.plan import Plan, digest
from clinic.register.reading import Row
from clinic.register.records import Attributes, Writing, as_id, attributes_of, insert_many
from clinic.register.shapes import References, kept_as, table_of, the_clinic
from clinic.register.sides import OTHER_PEOPLE, SIDES
from clinic.register.writers import Cells, Writer, cells_of, number_hash
from clinic.rows import set_in_rows, with_those_inserted
from clinic.vocabularies.fixed import ChildRole, StepState


class Answers:
    """What the rows of a sheet of steps say, by the names of the fields of their kind."""

    def __init__(self, sheet: Sheet, kind: StepKind, writing: Writing) -> None:
        fields = {kind.column(field): field.name for field in kind.fields}
        self._stored = writing.stored
        self._taken = [
            (place, fields[name], column, column.kind in (Kind.TEXT, Kind.CODE, Kind.CODES))
            for place, column in enumerate(sheet.columns)
            if (name := field_name(sheet, column.name)) in fields
        ]

    def of(self, values: Sequence[Value]) -> dict[str, Any]:
        """What one row says; what it leaves open is not named."""
        said = {}
        for place, name, column, may_be_unknown in self._taken:
            value = values[place]
            if may_be_unknown:
                value = self._stored(column, value)
            if value is not None:
                said[name] = value
        return said


class StepWriter:
    """Writes the new steps of a plan."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.plan: Plan = writer.plan
        self.writing: Writing = writer.writing
        self.known = writer.writing.known
        self._follows: list[tuple[uuid.UUID, str]] = []

    @cached_property
    def _of_case(self) -> dict[uuid.UUID, tuple[uuid.UUID, ChildRole]]:
        """Of each case its child and the child's role."""
        table = table_of(CaseFile)
        wanted = select(table.c.id, table.c.child_id, table.c.role).where(table.c.clinic_id == the_clinic())
        return {row.id: (row.child_id, row.role) for row in with_those_inserted(wanted)}

    @cached_property
    def _taken(self) -> set[uuid.UUID]:
        """The ids of all steps that there are, of whichever clinic."""
        return set(session.scalars(select(table_of(Step).c.id)))

    def steps(self) -> None:
        """The new rows of every sheet of steps, then those that did not take place."""
        for found in self.plan.sheets.values():
            if found.sheet.kind and found.new:
                self._sheet_of_steps(found.sheet, found.new)
                found.new.clear()
        for name in ("planned", "withdrawn"):
            self._in_other_states(name)
        self._let_follow()

    def _sheet_of_steps(self, sheet: Sheet, rows: list[Row]) -> None:
        kind = kind_of(sheet.kind)
        answers = Answers(sheet, kind, self.writing)
        bulk.record_many(kind, (self._step(sheet, kind, answers, row) for row in rows), moment=self.writing.moment)

    def _step(self, sheet: Sheet, kind: StepKind, answers: Answers, row: Row) -> NewStep:
        cell = cells_of(sheet, row)
        values = answers.of(row.values)
        state = kind.state_of({"status": None, **values}) if kind.state_of else StepState.DONE
        worker = cell("counsellor") if "counsellor" in sheet.at else cell("worker") if "worker" in sheet.at else None
        made = self._new(cell, kind, values, state, cell(sheet.when))
        reason = CANCELLED if state == StepState.NOT_DONE else None
        return replace(
            made,
            worker_id=self.known.people.get(worker or ""),
            row_digest=rules.marks(sheet, row.values, digest).kept,
            not_done_reason=reason,
            not_known=cell(NOT_KNOWN),
            extra=self._extra(sheet, cell),
        )

    def _extra(self, sheet: Sheet, cell: Cells) -> dict[str, Any] | None:
        """What a kind holds beside its fields: the group of a session, the consent to a referral."""
        for name in ("group_ref", "consent_ref"):
            if name in sheet.at and cell(name):
                return {name.replace("_ref", "_id"): self.known.row(cell(name))}
        return None

    def _new(self, cell: Cells, kind: StepKind, values: Mapping[str, Any], state: StepState, when: Value) -> NewStep:
        case_id = self.known.cases[cell("case_ref")]
        child_id, role = self._of_case[case_id]
        step_id, reference = self._named(cell("step_ref"))
        if cell("follows_ref"):
            self._follows.append((step_id, cell("follows_ref")))
        self.writer.touched.add(case_id)
        self.writer.written.note(kind.code, step_id)
        return NewStep(
            case_id=case_id,
            child_id=child_id,
            child_role=role,
            values=values,
            entered=next(self.writing.entered),
            state=state,
            step_id=step_id,
            recorded_by=self.writing.by,
            reference=reference,
            known_from=self.writing.known_from(_day(when)),
        )

    @cached_property
    def _borne(self) -> set[str]:
        """The references that steps bear, those of cases that who brings this in does not see included."""
        return set(References().steps.values())

    def _named(self, reference: str | None) -> tuple[uuid.UUID, str | None]:
        """The id of a new step, and its reference: a reference that is an id of ours becomes the id.

        One that a step bears which is kept from who brings this in is left out, and nobody is told.
        """
        own = as_id(reference) if reference else None
        if own is not None and own not in self._taken:
            return own, None
        row_id = clock.new_id()
        if own is not None:
            self.known.renamed[own] = row_id
        return row_id, reference if reference and reference not in self._borne else None

    def decide(self, case: CaseFile, disposition: Value, decided_on: Value) -> None:
        """A decision that a changed row of the sheet of cases tells, and that no step told before."""
        step = NewStep(
            case_id=case.id,
            child_id=case.child_id,
            child_role=case.role,
            values={"decided_on": decided_on, "disposition": disposition},
            entered=next(self.writing.entered),
            recorded_by=self.writing.by,
        )
        bulk.record_many(kind_of("decision"), [step], moment=self.writing.moment)

    # --- steps that did not take place, or were taken back

    def _in_other_states(self, name: str) -> None:
        if not self.plan.new(name):
            return
        sheet = self.writer.sheet(name)
        for kind_code in sorted({str(cells_of(sheet, row)("kind")) for row in self.plan.new(name)}):
            kind = kind_of(kind_code)
            rows = [row for row in self.plan.new(name) if cells_of(sheet, row)("kind") == kind_code]
            steps = [self._in_other_state(sheet, kind, row) for row in rows]
            bulk.record_many(kind, steps, moment=self.writing.moment)
            self._withdraw([(step.step_id, cells_of(sheet, row)) for step, row in zip(steps, rows, strict=True)])

    def _in_other_state(self, sheet: Sheet, kind: StepKind, row: Row) -> NewStep:
        cell = cells_of(sheet, row)
        own = sheet_of_kind(kind.code)
        said = self._answers(own, cell("answers"))
        when = _when(own.column(own.when), cell("at"))
        values = {**Answers(own, kind, self.writing).of(said.values), kind.when: when}
        made = self._new(cell, kind, values, StepState(cell("state")), cell("at"))
        return replace(
            made,
            worker_id=self.known.people.get(cell("worker") or ""),
            not_done_reason=cell("not_done_reason"),
            not_known=cells_of(own, said)(NOT_KNOWN),
            extra=self._extra(own, cells_of(own, said)),
        )

    def _answers(self, own: Sheet, text: str | None) -> Row:
        """What else is said of a planned or withdrawn step: an object of texts by the columns of its own sheet."""
        said: list[Value] = [None] * len(own.columns)
        for name, cell in json.loads(text or "{}").items():
            said[own.at[name]] = parser_of(own.column(name), self.writing.lists)(cell)
        return Row(0, tuple(said))

    def _withdraw(self, steps: list[tuple[uuid.UUID | None, Cells]]) -> None:
        table, clinic_id = table_of(Step), the_clinic()
        because = Step.secrets["withdrawn_because"]
        set_in_rows(
            table,
            [
                {
                    "id": step_id,
                    "withdrawn_at": cell("withdrawn_at"),
                    "withdrawn_by": self.known.people.get(cell("withdrawn_by") or ""),
                    "withdrawn_because": because.seal(clinic_id, step_id, cell("withdrawn_because"), "step"),
                }
                for step_id, cell in steps
                if step_id is not None and cell("withdrawn_at")
            ],
        )

    def _let_follow(self) -> None:
        """Steps that were made from another step of their case are tied to it once all are there."""
        if not self._follows:
            return
        table = table_of(Step)
        wanted = select(table.c.id, table.c.reference, table.c.case_id).where(table.c.clinic_id == the_clinic())
        rows = list(with_those_inserted(wanted))
        by_reference = {row.reference: row.id for row in rows if row.reference}
        case_of: dict[uuid.UUID | None, uuid.UUID] = {row.id: row.case_id for row in rows}
        pairs = ((step_id, by_reference.get(text) or self.known.row(text)) for step_id, text in self._follows)
        same = [(step, before) for step, before in pairs if before in case_of and case_of[before] == case_of[step]]
        set_in_rows(table, [{"id": step_id, "follows_id": follows} for step_id, follows in same])

    # --- what is no step

    def activities(self) -> None:
        """The new activities."""
        rows = self.plan.new("activities")
        if rows:
            held = kept_as(self.writer.sheet("activities"))
            insert_many(Activity, (self._activity(attributes_of(held, row, self.writing), row) for row in rows))

    def _activity(self, made: Attributes, row: Row) -> Attributes:
        sheet, row_id = self.writer.sheet("activities"), clock.new_id()
        self.writer.written.note("activities", row_id)
        recorded = self.writer.recorded(row, sheet, made["held_on"])
        return {**made, **recorded, "id": row_id, "projects": made["projects"] or (), "source": "import"}

    def beside(self, *, before_cases: bool) -> None:
        """The further sheets; lists and projects come before the cases that name them."""
        first = (beside.LISTS, beside.PROJECTS)
        for held in beside.BESIDE:
            if (held in first) != before_cases or held is beside.PEOPLE or held.sheet.name not in self.plan.sheets:
                continue
            rows = self.plan.new(held.sheet.name)
            if rows:
                self._rename_taken(held, rows)
                insert_many(held.model, (self._beside(held, row) for row in rows))

    def _rename_taken(self, held: Kept, rows: Sequence[Row]) -> None:
        """New rows whose ids are taken, by what who brings them does not see or by another clinic, get others."""
        own = next((name for name in held.refers if held.attribute(name) == "id"), None)
        if own is None:
            return
        at = held.sheet.at[own]
        ids = [row_id for row in rows if row.values[at] and (row_id := as_id(str(row.values[at])))]
        for row_id in queries.taken_ids(table_of(held.model), ids):
            self.known.renamed[row_id] = clock.new_id()

    def _beside(self, held: Kept, row: Row) -> Attributes:
        made = attributes_of(held, row, self.writing)
        made["id"] = made.get("id") or clock.new_id()
        if held is beside.TEAM and made["case_id"] not in self.writer.made:
            self.writer.joined.add(Joined(made["case_id"], made["staff_id"], made["role"]))
        if held in (beside.GUARDIANS, OTHER_PEOPLE):
            made["phone_hash"] = number_hash("phone", phone_digits(made["phone"] or ""))
        if held is beside.PERIODS:
            made |= {"entered": next(self.writing.entered), "known_from": self.writing.known_from(made["opened_on"])}
        if held in SIDES:
            noted: datetime = made["recorded_at"] if held is OTHER_PEOPLE else made["found_at"]
            made["known_from"] = self.writing.known_from(clock.local_date(noted))
        if held in (TARGETS, NARRATIVES):
            made |= self._aim(held, row, made)
        self.writer.written.note(held.sheet.name, made["id"])
        return made

    @cached_property
    def _plans(self) -> Plans:
        return Plans()

    def _aim(self, held: Kept, row: Row, made: Attributes) -> Attributes:
        """The period of a target or paragraph, and since when it is known."""
        parts = tuple(map(cells_of(held.sheet, row), PLAN_PARTS))
        at: datetime = made["set_at"] if held is TARGETS else made["written_at"]
        return {
            "plan_id": self._plans.id_of(parts, made),
            "known_from": self.writing.known_from(clock.local_date(at)),
        }

    def merged(self) -> None:
        """Children and cases that were merged into another point to it once all are there."""
        for name, model, known in (("children", Child, self.known.children), ("cases", CaseFile, self.known.cases)):
            table, sheet = table_of(model), self.writer.sheet(name) if name in self.plan.sheets else None
            cells = [cells_of(sheet, row) for row in self.plan.new(name)] if sheet else []
            reference = sheet.reference if sheet else ""
            told = [cell for cell in cells if cell("merged_into_ref")]
            set_in_rows(
                table,
                [{"id": known[cell(reference)], "merged_into": known.get(cell("merged_into_ref"))} for cell in told],
            )


def _when(column: Column, at: Moment) -> Moment | date:
    """When a planned step is to be: a moment, or a day for a kind that knows days alone."""
    return at if column.kind == Kind.MOMENT else at.local_date


def _day(value: Value) -> date | None:
    if isinstance(value, Moment):
        return value.local_date
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
