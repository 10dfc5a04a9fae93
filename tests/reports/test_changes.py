"""What entries of the chain say of the facts; that every form's entries say enough is held by `tests.chained`."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from clinic import db
from clinic.activities import actions as activities
from clinic.cases.models import CaseFile, Step
from clinic.reports import changes
from tests.chained import Escaped

CASE, CHILD = uuid.uuid4(), uuid.uuid4()


def entry(what: str, subject: str | None = None, *, subject_id: Any = None, case_id: Any = None) -> Any:
    return SimpleNamespace(what=what, subject=subject, subject_id=subject_id, case_id=case_id)


STEP = entry("hearing.recorded", "hearing", subject_id=uuid.uuid4(), case_id=CASE)


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ([], changes.Changed()),
        ([STEP, STEP], changes.Changed(cases={CASE})),
        ([entry("child.corrected", "child", subject_id=CHILD)], changes.Changed(children={CHILD})),
        ([entry("activity.recorded", "activity")], changes.Changed(activities=True)),
        ([entry("account.signed_in", "staff_member")], changes.Changed(names=True)),
        ([entry("task.done", "task"), STEP], changes.Changed(cases={CASE})),
    ],
)
def test_entries_name_what_is_read_again(said: list[Any], changed: changes.Changed) -> None:
    assert changes.changed_by(said) == changed


@pytest.mark.parametrize(
    "sweeping",
    [
        entry("register.imported"),
        entry("retention.aged"),
        entry("list.added"),
        entry("law.confirmed", "rule_set_confirmation"),
        entry("child.joined", "child", subject_id=CHILD),
        entry("project.changed", "project"),
        entry("keys.data_changed"),
        entry("whatever.comes", "something_new"),
    ],
    ids=lambda said: said.what,
)
def test_what_names_neither_a_case_nor_a_child_may_have_changed_anything(sweeping: Any) -> None:
    assert changes.changed_by([STEP, sweeping, STEP]) is None


def test_many_cases_are_found_faster_by_reading_all() -> None:
    many = [entry("note.recorded", "note", case_id=uuid.uuid4()) for _ in range(changes.MOST_CASES + 1)]
    assert changes.changed_by(many[1:]) is not None
    assert changes.changed_by(many) is None


def test_as_many_entries_as_are_looked_at_and_no_more(clinic: Any) -> None:
    since = changes.Mark(4, b"then")
    assert changes.between(since, since, clinic.id) == changes.Changed()
    assert changes.between(since, changes.Mark(5 + changes.MOST, b"now"), clinic.id) is None
    assert changes.between(since, changes.Mark(3, b"before"), clinic.id) is None


@pytest.mark.parametrize("way", ["nothing said", "another case said", "in bulk", "said"])
def test_a_change_that_no_entry_names_fails_its_test(app: Any, make: Any, way: str) -> None:
    """What `tests.chained` holds of every form of every test: here one that forgets to say what it does."""
    huda = make.lawyer("Huda")
    step = make.step("school_followup", make.case(team=[huda]), by=huda)
    other = make.case(team=[huda])
    with app.test_request_context("/"), db.acting(make.clinic.id, huda.id):
        db.begin_writing()
        if way == "in bulk":
            db.session.execute(update(CaseFile).values(referral_source="police"))
        else:
            db.session.get_one(Step, step.id).school_status = "dropped_out"
        if way != "nothing said":
            activities.chain.record("step.changed", case_id=step.case_id if way == "said" else other.id)
        if way == "said":
            db.session.commit()
        else:
            with pytest.raises(Escaped):
                db.session.commit()
