"""Makers: a clinic, its people, children, cases and steps, as a test needs them. Everybody here is invented.

The cast is always the same: Huda is a lawyer on the case, Karim a lawyer elsewhere, Salma a counsellor, Nadia the
coordinator, Adam the administrator.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import date, timedelta
from typing import Any

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases import actions as cases
from clinic.cases.kinds import Field, Shape, StepKind, kind_of
from clinic.cases.models import CaseFile, Step
from clinic.children import actions as children
from clinic.children.models import Child
from clinic.clock import Moment
from clinic.conflicts import watching
from clinic.staff import actions as staff
from clinic.staff.models import AccountState, Clinic, StaffMember
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer, ChildRole, StepState

PASSWORD = "four words for tests"


@dataclass
class Maker:
    """Makes records in the clinic of a test, and commits them."""

    clinic: Clinic
    password_hash: str
    people: dict[str, StaffMember] = _field(default_factory=dict)
    names: set[str] = _field(default_factory=set)  # of everybody: no title may hold one
    number: int = 0

    def person(self, name: str, *roles: Role, language: str = "en") -> StaffMember:
        """Somebody with an open account; the same name twice is the same person."""
        if name not in self.people:
            _about_to_write()
            member = staff.add_account(username=name.casefold(), name=name, roles=roles, language=language)
            member.password_hash, member.state = self.password_hash, AccountState.OPEN
            db.session.commit()
            self.people[name] = member
            self.names.add(name)
        return self.people[name]

    def lawyer(self, name: str = "Huda", **more: Any) -> StaffMember:
        return self.person(name, Role.LAWYER, **more)

    def counsellor(self, name: str = "Salma", **more: Any) -> StaffMember:
        return self.person(name, Role.COUNSELLOR, **more)

    def coordinator(self, name: str = "Nadia", **more: Any) -> StaffMember:
        return self.person(name, Role.COORDINATOR, **more)

    def administrator(self, name: str = "Adam", **more: Any) -> StaffMember:
        return self.person(name, Role.ADMINISTRATOR, **more)

    def reader(self, member: StaffMember) -> Reader:
        """The reader who this person is."""
        roles = frozenset(Role(role) for role in member.roles)
        return Reader(member.id, member.clinic_id, member.name, roles, member.language)

    def child(self, given_name: str = "كرم", family_name: str = "مثال", **values: Any) -> Child:
        """A child with a name of an invented family."""
        self.number += 1
        _about_to_write()
        changed = children.count_a_change_of_names()
        values = {"reference": f"T-{self.number:05d}", "entered": cases.entry_order(), "names_at": changed, **values}
        child = Child(given_name=given_name, family_name=family_name, **values)
        db.session.add(child)
        self.names.update({child.name, child.short_name, child.name_latin or child.name})
        db.session.commit()
        return child

    def clinic_row(self) -> Clinic:
        """The clinic's row in the session at work."""
        return db.session.get_one(Clinic, self.clinic.id)

    def case(
        self,
        child: Child | None = None,
        *,
        team: Sequence[StaffMember] = (),
        opened_on: date | None = None,
        role: ChildRole = ChildRole.ACCUSED,
        **values: Any,
    ) -> CaseFile:
        """An open case with a team, each member in their first role."""
        by = self.reader(team[0] if team else self.coordinator())
        defaults: dict[str, Any] = {
            "referral_source": "family",
            "offences": ("theft",) if role == ChildRole.ACCUSED else (),
        }
        child = child if child is not None else self.child()
        _about_to_write()
        child = db.session.merge(child)
        case = cases.open_case(
            child=child,
            by=by,
            opened_on=opened_on or clock.today(),
            role=role,
            team=[(member.id, Role(member.roles[0])) for member in team],
            **{**defaults, **values},
        )
        watching.forget(db.session())  # no work in the background but what a test asks for
        db.session.commit()
        return case

    def step(
        self, kind: str, case: CaseFile, *, by: StaffMember, state: StepState = StepState.DONE, **values: Any
    ) -> Step:
        """A step of a kind in a case, recorded by somebody. What the kind requires and nobody said is filled in."""
        _about_to_write()
        case, described, step_id = db.session.merge(case), kind_of(kind), values.pop("id", None)
        values = completed(described, values, state)
        step = cases.record(described, case, values, by=self.reader(by), state=state, step_id=step_id)
        db.session.commit()
        return step

    def fresh(self, model: type[Any], row_id: uuid.UUID) -> Any:
        """A row as it stands in the database now."""
        db.session.expire_all()
        return db.session.get(model, row_id)


def _about_to_write() -> None:
    """Takes the writer's place first: beside a server at work, who reads and then writes would be refused (SQLite)."""
    if not db.session().in_transaction():
        db.begin_writing()


def completed(kind: StepKind, values: Mapping[str, Any], state: StepState) -> dict[str, Any]:
    """The values of a step with what its kind requires besides."""
    asked = [field for field in kind.fields if state != StepState.PLANNED or field.planned]
    needed = {field.name: field for field in asked if field.required} | {kind.when: kind.by_name[kind.when]}
    return {**{name: _some_answer(field, state) for name, field in needed.items()}, **values}


def _some_answer(field: Field, state: StepState) -> Any:
    """Hours ago and today or, planned, in three days; the first code of a list."""
    ahead = timedelta(days=3) if state == StepState.PLANNED else timedelta()
    if field.shape is Shape.MOMENT:
        return Moment((clock.now() + (ahead or timedelta(hours=-6))).replace(second=0, microsecond=0))
    if field.shape is Shape.DATE:
        return clock.today() + ahead
    if field.shape in (Shape.CODE, Shape.CODES):
        first = lists.lists()[str(field.list)].offered[0].code
        return first if field.shape is Shape.CODE else (first,)
    return {Shape.ANSWER: Answer.YES, Shape.NUMBER: field.least or 1}.get(field.shape, "Told in the test.")
