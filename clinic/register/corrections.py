"""Rows that say something else than before: the record is corrected through its model, so that the past is kept."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from clinic import clock
from clinic.access.permissions import Lane
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, Consent, ConsentPurpose, Step, TeamMember
from clinic.cases.team import Joined
from clinic.children.actions import names_changed, reckon_ages
from clinic.children.models import Child, Guardian
from clinic.children.numbers import card_number, phone_digits
from clinic.clock import Moment
from clinic.conflicts.models import OtherPerson
from clinic.court import queries as court
from clinic.db import Model, session
from clinic.register import rules
from clinic.register.cells import Value
from clinic.register.format import Column, Kind, Sheet
from clinic.register.further import NOT_KNOWN, field_name
from clinic.register.kept import PERSON
from clinic.register.plan import Change, digest
from clinic.register.records import Writing, as_id
from clinic.register.shapes import kept_as
from clinic.register.step_writers import StepWriter
from clinic.register.writers import cells_of, consent_to_the_service, number_hash
from clinic.vocabularies.fixed import CaseStatus, StepState

NAMES = frozenset(
    {"given_name", "father_name", "grandfather_name", "family_name", "name_latin", "date_of_birth", "locality"}
)


class Corrector:
    """Corrects the records whose rows changed."""

    def __init__(self, steps: StepWriter) -> None:
        self.writer = steps.writer
        self.writing: Writing = steps.writing
        self.known = steps.known
        self._steps = steps

    def correct(self, sheet: Sheet, changes: Sequence[Change]) -> None:
        """Corrects the records of the changed rows of a sheet."""
        correct = self._way_of(sheet)
        for change in changes:
            correct(sheet, change)
            self.writer.written.note(sheet.name, change.id)
        session.flush()

    def _way_of(self, sheet: Sheet) -> Callable[[Sheet, Change], None]:
        if sheet.kind:
            return self._correct_step
        return {"children": self._correct_child, "cases": self._correct_case}.get(sheet.name, self._correct_other)

    def _stored(self, sheet: Sheet, column: Column, value: Value) -> Any:
        refers = kept_as(sheet).refers.get(column.name)
        return self.known.id_of(refers, value) if refers else self.writing.stored(column, value)

    def _set(self, sheet: Sheet, record: Model, cells: Sequence[tuple[Column, Value]]) -> None:
        """Puts on a record what its own columns say."""
        held = kept_as(sheet)
        own = {column.name for column in held.own}
        for column, value in cells:
            if column.name in own:
                stored = self._stored(sheet, column, value)
                if column.kind in (Kind.CODES,) and stored is None and column.name != "reasons":
                    stored = ()
                name = held.attribute(column.name)
                setattr(record, name, json.loads(stored or "{}") if name == "attributes" else stored)
        if hasattr(record, "row_digest"):
            record.row_digest = None

    # --- children

    def _correct_child(self, sheet: Sheet, change: Change) -> None:
        child = session.get_one(Child, change.id)
        said = {column.name: value for column, value in change.cells}
        born = said.pop("date_of_birth", None) if "date_of_birth" in said else child.birth_date
        self._set(sheet, child, [cell for cell in change.cells if cell[0].name != "date_of_birth"])
        child.born_on, child.birth_year = (born.isoformat(), born.year) if isinstance(born, date) else (None, None)
        child.card_hash = number_hash("card", card_number(child.unrwa_number or ""))
        child.row_digest = rules.content_mark(sheet, change.row.values, digest)
        self._correct_guardian(child, {name: value for name, value in said.items() if name.startswith("guardian_")})
        session.flush()
        for case in child.cases:
            reckon_ages(case, child)
        if NAMES & {column.name for column, _value in change.cells}:
            names_changed([child.id])

    def _correct_guardian(self, child: Child, said: dict[str, Value]) -> None:
        """The guardian of a child's row is the child's first."""
        if not said:
            return
        guardian = child.guardians[0] if child.guardians else None
        if guardian is None:
            guardian = Guardian(child_id=child.id, position=0)
            child.guardians.append(guardian)
        for name, value in said.items():
            setattr(guardian, name.removeprefix("guardian_"), value)
        guardian.phone_hash = number_hash("phone", phone_digits(guardian.phone or ""))

    # --- cases

    def _correct_case(self, sheet: Sheet, change: Change) -> None:
        case = session.get_one(CaseFile, change.id)
        said = {column.name: value for column, value in change.cells}
        leaders = {name: said[name] for name in ("lawyer", "counsellor") if name in said}
        decided = {"disposition", "disposition_on"} & said.keys()
        own = [cell for cell in change.cells if cell[0].name not in {*leaders, "disposition", "disposition_on"}]
        self._set(sheet, case, own)
        for role, username in leaders.items():
            self._lead(case, role, self.known.id_of(PERSON, username))
        if isinstance(said.get("consent_given_on"), date):
            self._consent(case, said["consent_given_on"])
        self._open_and_close(case, said)
        cell = cells_of(sheet, change.row)
        if decided:
            self._decide(case, cell("disposition"), cell("disposition_on"))
        if {"child_ref", "child_role"} & said.keys():
            self._carry_to_steps(case)
        case.row_digest = rules.content_mark(sheet, change.row.values, digest)
        session.flush()
        reckon_ages(case, session.get_one(Child, case.child_id))
        self.writer.touched.add(case.id)

    def _lead(self, case: CaseFile, role: str, staff_id: uuid.UUID | None) -> None:
        """Another lawyer or counsellor leads from today; who led before leaves the team yesterday."""
        attribute, today = f"{role}_id", clock.today()
        before = getattr(case, attribute)
        setattr(case, attribute, staff_id)
        for member in case.team:
            if member.staff_id == before and member.role == role and member.until is None:
                member.until = max(member.since, today.fromordinal(today.toordinal() - 1))
        if staff_id is None:
            return
        self.writer.joined.add(Joined(case.id, staff_id, role))
        if not any(m.staff_id == staff_id and m.role == role and m.until is None for m in case.team):
            since = today if before is not None else case.opened_on
            case.team.append(
                TeamMember(case_id=case.id, staff_id=staff_id, role=role, since=since, assigned_by=self.writing.by)
            )

    def _consent(self, case: CaseFile, given_on: Value) -> None:
        """The first consent to the service was given on this day."""
        first = session.scalars(
            select(Consent)
            .where(Consent.case_id == case.id, Consent.purpose == ConsentPurpose.SERVICE, Consent.refused.is_(False))
            .order_by(Consent.given_on)
            .limit(1)
        ).first()
        if not isinstance(given_on, date):
            return
        if first is None:
            session.add(Consent(**consent_to_the_service(case.id, given_on, self.writing.by)))
        else:
            first.given_on = given_on

    def _open_and_close(self, case: CaseFile, said: dict[str, Value]) -> None:
        """The first period begins, and the last ends, on the days that the row says."""
        if isinstance(opened := said.get("opened_on"), date):
            case.periods[0].opened_on = opened
        for name in ("closed_on", "closure_reason"):
            if name in said:
                setattr(case.periods[-1], name, said[name])
        if "closed_on" in said:
            case.status = CaseStatus.CLOSED if said["closed_on"] else CaseStatus.OPEN

    def _decide(self, case: CaseFile, disposition: Value, decided_on: Value) -> None:
        """The decision that stands says what the row says; without one it is taken back."""
        standing = court.last_decision(case.id)
        if standing is not None and disposition is None:
            standing.withdrawn_at, standing.withdrawn_by = clock.now(), self.writing.by or case.id
        elif standing is not None:
            standing.disposition, standing.decided_on = disposition, decided_on  # type: ignore[assignment]
            standing.on_date = decided_on  # type: ignore[assignment]
        elif disposition is not None:
            self._steps.decide(case, disposition, decided_on)
        session.flush()
        derive = kind_of("decision").derive
        if derive is not None:
            derive(case)

    def _carry_to_steps(self, case: CaseFile) -> None:
        """A case of another child, or in which the child has another role, takes its steps along."""
        for step in session.scalars(select(Step).where(Step.case_id == case.id)):
            step.child_id, step.child_role = case.child_id, case.role

    # --- steps and the rest

    def _correct_step(self, sheet: Sheet, change: Change) -> None:
        step, kind = session.get_one(Step, change.id), kind_of(sheet.kind)
        fields = {kind.column(field): field.name for field in kind.fields}
        for column, value in change.cells:
            name = field_name(sheet, column.name)
            if name in fields:
                setattr(step, fields[name], self.writing.stored(column, value))
            elif column.kind == Kind.USERNAME:
                step.worker_id = self.known.id_of(PERSON, value)
            elif column.name == "case_ref":
                self._move(step, str(value))
            elif column.name == NOT_KNOWN:
                setattr(step, NOT_KNOWN, value)
            elif column.name in ("group_ref", "consent_ref"):
                setattr(step, column.name.replace("_ref", "_id"), as_id(str(value)) if value else None)
        self._follow(step, sheet)
        step.row_digest = rules.marks(sheet, change.row.values, digest, self.writing.lanes).kept
        self.writer.touched.add(step.case_id)

    def _move(self, step: Step, reference: str) -> None:
        """The step belongs to another case."""
        self.writer.touched.add(step.case_id)
        case = session.get_one(CaseFile, self.known.cases[reference])
        step.case_id, step.child_id, step.child_role = case.id, case.child_id, case.role

    def _follow(self, step: Step, sheet: Sheet) -> None:
        """What follows from the answers: the day, the state, the lanes in which something is written."""
        kind = kind_of(sheet.kind)
        when = getattr(step, kind.when)
        if isinstance(when, Moment):
            step.on_date, step.happened_at, step.happened_at_precision = when.local_date, when.at, when.precision
        else:
            step.on_date = when
        if kind.state_of is not None:
            step.state = kind.state_of({"status": getattr(step, "status", None), kind.when: when})
            step.not_done_reason = (step.not_done_reason or "cancelled") if step.state == StepState.NOT_DONE else None
        written = {kind.lane(field.name) for field in kind.fields if getattr(step, field.name) not in (None, ())}
        step.lanes_written = tuple(sorted(lane.value for lane in written - {Lane.FACTS, Lane.IDENTITY}))

    def _correct_other(self, sheet: Sheet, change: Change) -> None:
        record = session.get_one(kept_as(sheet).model, change.id)
        self._set(sheet, record, change.cells)
        if isinstance(record, TeamMember):
            self.writer.joined.add(Joined(record.case_id, record.staff_id, record.role))
        if sheet.name == "activities":
            record.row_digest = rules.content_mark(sheet, change.row.values, digest)  # type: ignore[attr-defined]
        if isinstance(record, Guardian | OtherPerson):
            record.phone_hash = number_hash("phone", phone_digits(record.phone or ""))
