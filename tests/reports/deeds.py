"""What people do by chance in a clinic, for tests that ask what stands afterwards."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from clinic import clock, db
from clinic.activities import actions as activities
from clinic.activities.models import Activity
from clinic.cases import actions as cases
from clinic.cases import closing, opening
from clinic.cases.models import CaseFile, Step
from clinic.children import actions as children
from clinic.children.models import Child
from clinic.refusals import Refusal
from clinic.staff.models import StaffMember
from clinic.vocabularies.fixed import ChildRole, StepState
from tests.makers import Maker

KINDS = (
    *("police_attendance", "prosecution_appearance", "custody_period", "hearing", "decision", "counselling_session"),
    *("school_followup", "community_followup", "referral", "complaint", "note"),
)


@dataclass
class People:
    """Who works here, and what is done by chance."""

    make: Maker
    chance: random.Random
    huda: StaffMember
    karim: StaffMember
    salma: StaffMember
    nadia: StaffMember

    def any_of(self, model: Any, *conditions: Any) -> Any:
        rows = db.session.scalars(select(model).where(*conditions).order_by(model.id)).all()
        return self.chance.choice(rows) if rows else None

    def day(self) -> date:
        return date(2024, 1, 1) + timedelta(days=self.chance.randrange(700))


def opens_a_case(people: People) -> None:
    child = people.any_of(Child, Child.merged_into.is_(None)) if people.chance.random() < 0.4 else None
    role = people.chance.choice([ChildRole.ACCUSED, ChildRole.ACCUSED, ChildRole.ADVICE_ONLY, ChildRole.WITNESS])
    team = people.chance.sample([people.huda, people.karim, people.salma], people.chance.randint(1, 3))
    people.make.case(child, team=team, opened_on=people.day(), role=role)


def records_a_step(people: People) -> None:
    case = people.any_of(CaseFile)
    state = people.chance.choice([StepState.DONE, StepState.DONE, StepState.PLANNED])
    kind = people.chance.choice(KINDS if state == StepState.DONE else ("hearing", "counselling_session"))
    by = people.chance.choice([people.huda, people.salma, people.nadia])
    people.make.step(kind, case, by=by, state=state, **_SAID.get(kind, {}))


def takes_a_step_back(people: People) -> None:
    step = people.any_of(Step, Step.withdrawn_at.is_(None))
    if step is not None:
        cases.withdraw(step, version=step.version, because="Elsewhere.", by=people.make.reader(people.huda))


def says_that_a_step_was_not_done(people: People) -> None:
    step = people.any_of(Step, Step.withdrawn_at.is_(None), Step.state == StepState.PLANNED)
    if step is not None:
        cases.mark_not_done(step, version=step.version, because="Nobody came.", by=people.make.reader(people.huda))


def corrects_a_case(people: People) -> None:
    case = people.any_of(CaseFile)
    said = {"opened_on": case.opened_on, "role": case.role, "offences": ("assault",), "referral_source": "police"}
    opening.correct_case(case, said, version=case.version)


def corrects_a_child(people: People) -> None:
    child = people.any_of(Child, Child.merged_into.is_(None))
    child.sex, child.locality = people.chance.choice(["male", "female"]), people.chance.choice(["dheisheh", "aida"])
    db.session.flush()
    children.chain.record("child.corrected", subject=child)


def closes_or_reopens_a_case(people: People) -> None:
    case, nadia = people.any_of(CaseFile), people.make.reader(people.nadia)
    if case.is_closed:
        closing.reopen(case, opened_on=clock.today(), by=nadia)
    else:
        closing.propose_closing(case, reason="goals_met", closed_on=clock.today(), by=people.make.reader(people.huda))
        closing.approve_closing(case, by=nadia)


def holds_an_activity(people: People) -> None:
    there = people.any_of(Activity, Activity.withdrawn_at.is_(None))
    if there is not None and people.chance.random() < 0.5:
        activities.withdraw(there, version=there.version, because="Never.", by=people.make.reader(people.nadia))
    else:
        said: dict[str, Any] = {"kind": "training", "held_on": people.day(), "projects": ()}
        activities.record(said, by=people.make.reader(people.nadia))


_SAID: dict[str, dict[str, Any]] = {
    "note": {"team_text": "A word for the team."},
    "referral": {"without_consent": "The child asked for it at night."},
}


def done(deed: Callable[[People], None], people: People) -> bool:
    """Whether a deed was done; what the rules refuse is not."""
    try:
        deed(people)
        db.session.commit()
    except Refusal:
        db.session.rollback()
        return False
    return True


NAMED = (
    *(opens_a_case, records_a_step, records_a_step, records_a_step, takes_a_step_back, says_that_a_step_was_not_done),
    *(corrects_a_case, corrects_a_child, closes_or_reopens_a_case, holds_an_activity),
)
"""Deeds whose entries name what they change."""
