"""Writing the new children and cases of a register, with what stands beside them."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from clinic import clock
from clinic.cases import bulk
from clinic.cases.bulk import NewStep
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, CasePeriod, Consent, ConsentForm, ConsentPurpose, TeamMember
from clinic.cases.team import Joined
from clinic.children.models import Child, Guardian, reckoned
from clinic.children.numbers import card_number, phone_digits
from clinic.crypto import current, sealing
from clinic.db import session
from clinic.register import rules
from clinic.register.cells import Value
from clinic.register.format import Sheet
from clinic.register.plan import Plan, digest
from clinic.register.reading import Row
from clinic.register.records import Attributes, Known, Writing, attributes_of, insert_many
from clinic.register.shapes import kept_as
from clinic.staff.models import AccountState, StaffMember
from clinic.vocabularies.fixed import CaseStatus

Cells = Callable[[str], Any]


def cells_of(sheet: Sheet, row: Row) -> Cells:
    """The value of a row's cell by the name of its column."""
    return lambda name: row.values[sheet.at[name]]


def number_hash(purpose: str, number: str) -> bytes | None:
    """The keyed hash by which a number is found; none for none."""
    return sealing.lookup_hash(current.ring(), purpose, number) if number else None


def consent_to_the_service(case_id: uuid.UUID, given_on: date, by: uuid.UUID | None) -> Attributes:
    """The informed consent of guardian and child that a row of the sheet of cases tells."""
    return {
        "case_id": case_id,
        "purpose": ConsentPurpose.SERVICE,
        "given_by_guardian": True,
        "given_by_child": True,
        "form": ConsentForm.WRITTEN,
        "given_on": given_on,
        "recorded_by": by,
    }


def child_with_what_follows(made: Attributes) -> Attributes:
    """A child's attributes with those that follow from them: the hash of the card, the year of birth."""
    born: date | None = made.get("born_on")
    return {
        **made,
        "born_on": born.isoformat() if born else None,
        "birth_year": born.year if born else None,
        "card_hash": number_hash("card", card_number(made.get("unrwa_number") or "")),
    }


def _guardian(child_id: uuid.UUID, cell: Cells) -> Attributes | None:
    """The guardian that a row of the sheet of children tells; None if it tells of none."""
    name, phone, relationship = cell("guardian_name"), cell("guardian_phone"), cell("guardian_relationship")
    if not (name or phone or relationship):
        return None
    return {
        "child_id": child_id,
        "position": 0,
        "name": name,
        "relationship": relationship,
        "phone": phone,
        "phone_hash": number_hash("phone", phone_digits(phone or "")),
    }


class Ages:
    """How old children were on a day: those being imported, and those whom the clinic holds."""

    def __init__(self, plan: Plan, known: Known) -> None:
        self._known = known
        self._rows: dict[Value, Cells] = {}
        if "children" in plan.sheets:
            sheet = plan.sheets["children"].sheet
            self._rows = {row.values[0]: cells_of(sheet, row) for row in plan.new("children")}
        self._held: dict[Value, Child | None] = {}

    def on(self, child: Value, day: date | None) -> int | None:
        """Completed years on a day; None if nothing is known of the age."""
        if day is None:
            return None
        if child in self._rows:
            return self._of_row(self._rows[child], day)
        if child not in self._held:
            self._held[child] = session.get(Child, self._known.children[str(child)])
        held = self._held[child]
        return held.age_on(day) if held is not None else None

    def _of_row(self, cell: Cells, day: date) -> int | None:
        born = reckoned(cell("date_of_birth"), cell("date_of_birth_precision"))
        if born is not None:
            return clock.age_on(born, day)
        if cell("estimated_age") is None or cell("estimated_on") is None:
            return None
        years: int = cell("estimated_age") + (day - cell("estimated_on")).days // 365
        return years


class Written:
    """The list of all that an import wrote, of which the digest alone is kept."""

    def __init__(self) -> None:
        self._said = hashlib.sha256()

    def note(self, name: str, row_id: uuid.UUID) -> None:
        self._said.update(f"{name} {row_id}\n".encode())

    @property
    def digest(self) -> str:
        return self._said.hexdigest()


class Writer:
    """Writes the new rows of a plan, in the order in which they refer to each other."""

    def __init__(self, plan: Plan, writing: Writing) -> None:
        self.plan = plan
        self.writing = writing
        self.written = Written()
        self.touched: set[uuid.UUID] = set()
        """The cases whose line of steps changed."""
        self.made: set[uuid.UUID] = set()
        """The cases that are new."""
        self.joined: set[Joined] = set()
        """Who was put on the team of a case that was there."""

    def sheet(self, name: str) -> Sheet:
        return self.plan.sheets[name].sheet

    def _told(self, sheet: str, column: str) -> set[Value]:
        """The references that a further sheet of the register tells of; for these the main sheet says nothing more."""
        if sheet not in self.plan.sheets:
            return set()
        at = self.sheet(sheet).at[column]
        return {row.values[at] for row in self.plan.new(sheet)}

    # --- people and projects

    def people(self) -> None:
        """Accounts for usernames that nobody has: they cannot sign in until the administrator opens them."""
        made: list[Attributes] = [
            {"id": clock.new_id(), "username": username, "name": username, "roles": tuple(sorted(roles))}
            for username, roles in self.plan.accounts.items()
        ]
        if "people" in self.plan.sheets:
            made += [self._person(row) for row in self.plan.new("people")]
        for person in made:
            self.writing.known.people[person["username"]] = person["id"]
            self.written.note("people", person["id"])
        blank = {"language": "ar", "phone": None, "email": None, "closed_at": None, "state": AccountState.WAITING}
        insert_many(StaffMember, ({**blank, **person} for person in made))

    def _person(self, row: Row) -> Attributes:
        made = attributes_of(kept_as(self.sheet("people")), row, self.writing)
        state = AccountState.CLOSED if made["closed_at"] else AccountState.WAITING
        return {
            **made,
            "id": clock.new_id(),
            "roles": made["roles"] or (),
            "language": made["language"] or "ar",
            "state": state,
        }

    # --- children

    def children(self) -> None:
        """Children, each with the guardian of its row unless the sheet of guardians tells of the child's."""
        rows = self.plan.new("children")
        if not rows:
            return
        sheet, told = self.sheet("children"), self._told("guardians", "child_ref")
        first_known = self._first_days() if self.writing.from_start else {}
        ids = {row.values[0]: clock.new_id() for row in rows}
        self.writing.known.children.update({str(reference): row_id for reference, row_id in ids.items()})
        held = kept_as(sheet)
        made = (
            {
                **child_with_what_follows(attributes_of(held, row, self.writing)),
                **self.recorded(row, sheet, first_known.get(row.values[0])),
                "id": ids[row.values[0]],
                "names_at": 0,  # until all is written: the count is a row of the clinic's, for which others wait
            }
            for row in rows
        )
        insert_many(Child, made)
        untold = (row for row in rows if row.values[0] not in told)
        guardians = (_guardian(ids[row.values[0]], cells_of(sheet, row)) for row in untold)
        insert_many(Guardian, (guardian for guardian in guardians if guardian))
        for row_id in ids.values():
            self.written.note("children", row_id)

    def recorded(self, row: Row, sheet: Sheet, day: date | None) -> Attributes:
        known_from = self.writing.known_from(day)
        made: Attributes = {
            "recorded_by": self.writing.by,
            "recorded_at": known_from,
            "known_from": known_from,
            "entered": next(self.writing.entered),
            "row_digest": rules.content_mark(sheet, row.values, digest),
        }
        return made

    def _first_days(self) -> dict[Value, date]:
        """The day on which each new child's first case was opened."""
        sheet = self.sheet("cases")
        days: dict[Value, date] = {}
        for row in self.plan.new("cases"):
            cell = cells_of(sheet, row)
            days[cell("child_ref")] = min(cell("opened_on"), days.get(cell("child_ref"), cell("opened_on")))
        return days

    # --- cases

    def cases(self) -> None:
        """Cases, each with its period, team and consent, unless further sheets tell of the case's."""
        rows = self.plan.new("cases")
        if not rows:
            return
        sheet = self.sheet("cases")
        ids = {row.values[0]: clock.new_id() for row in rows}
        self.writing.known.cases.update({str(reference): row_id for reference, row_id in ids.items()})
        ages, waiting = Ages(self.plan, self.writing.known), self._waiting_closings()
        insert_many(CaseFile, (self._case(row, sheet, ids[row.values[0]], ages, waiting) for row in rows))
        self._beside(rows, sheet, ids)
        for row_id in ids.values():
            self.written.note("cases", row_id)
        self.made |= set(ids.values())
        self.touched |= self.made

    def _case(self, row: Row, sheet: Sheet, row_id: uuid.UUID, ages: Ages, waiting: set[Value]) -> Attributes:
        made = attributes_of(kept_as(sheet), row, self.writing)
        cell = cells_of(sheet, row)
        closed = CaseStatus.CLOSED if cell("closed_on") else None
        return {
            **made,
            **self.recorded(row, sheet, cell("opened_on")),
            "id": row_id,
            "offences": made["offences"] or (),
            "projects": made["projects"] or (),
            "status": closed or (CaseStatus.CLOSING_PROPOSED if row.values[0] in waiting else CaseStatus.OPEN),
            "age_at_opening": ages.on(cell("child_ref"), cell("opened_on")),
            "age_at_offence": ages.on(cell("child_ref"), cell("offence_on")),
            "source": "import",
        }

    def _waiting_closings(self) -> set[Value]:
        """The cases of which somebody proposed a closing that nobody answered."""
        if "closings" not in self.plan.sheets:
            return set()
        sheet = self.sheet("closings")
        cells = (cells_of(sheet, row) for row in self.plan.new("closings"))
        return {cell("case_ref") for cell in cells if cell("answer") is None}

    def _beside(self, rows: list[Row], sheet: Sheet, ids: dict[Value, uuid.UUID]) -> None:
        made: dict[type[Any], list[Attributes]] = defaultdict(list)
        told = {name: self._told(name, "case_ref") for name in ("periods", "team", "consents", "decisions")}
        for row in rows:
            cell, reference = cells_of(sheet, row), row.values[0]
            if reference not in told["periods"]:
                made[CasePeriod].append(self._period(ids[reference], cell))
            if reference not in told["team"]:
                made[TeamMember] += self._team(ids[reference], cell)
            if reference not in told["consents"] and cell("consent_given_on"):
                made[Consent].append(consent_to_the_service(ids[reference], cell("consent_given_on"), self.writing.by))
        for model, records in made.items():
            insert_many(model, records)
        decided = [row for row in rows if row.values[0] not in told["decisions"]]
        self._decisions(decided, sheet, ids)

    def _period(self, case_id: uuid.UUID, cell: Cells) -> Attributes:
        return {
            "case_id": case_id,
            "opened_on": cell("opened_on"),
            "closed_on": cell("closed_on"),
            "closure_reason": cell("closure_reason"),
            "entered": next(self.writing.entered),
            "known_from": self.writing.known_from(cell("opened_on")),
        }

    def _team(self, case_id: uuid.UUID, cell: Cells) -> Iterator[Attributes]:
        for role in ("lawyer", "counsellor"):
            staff_id = self.writing.known.people.get(cell(role) or "")
            if staff_id is not None:
                yield {
                    "case_id": case_id,
                    "staff_id": staff_id,
                    "role": role,
                    "since": cell("opened_on"),
                    "assigned_by": self.writing.by,
                }

    def _decisions(self, rows: list[Row], sheet: Sheet, ids: dict[Value, uuid.UUID]) -> None:
        """The decision of a case that its row tells is a step like any other."""
        kind = kind_of("decision")
        bulk.record_many(
            kind,
            (self.decision(ids[row.values[0]], cell) for row in rows if (cell := cells_of(sheet, row))("disposition")),
            moment=self.writing.moment,
        )

    def decision(self, case_id: uuid.UUID, cell: Cells) -> NewStep:
        """The decision that a row of the sheet of cases tells."""
        return NewStep(
            case_id=case_id,
            child_id=self.writing.known.children[cell("child_ref")],
            child_role=cell("child_role"),
            values={"decided_on": cell("disposition_on"), "disposition": cell("disposition")},
            entered=next(self.writing.entered),
            recorded_by=self.writing.by,
            known_from=self.writing.known_from(cell("disposition_on")),
        )
