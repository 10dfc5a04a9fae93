"""Recording, correcting and withdrawing steps, one by one and many at once."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError

from clinic import clock, db, versions
from clinic.cases import actions, bulk, queries
from clinic.cases.bulk import NewStep
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, Step
from clinic.clock import Moment, Precision
from clinic.counselling.models import CounsellingSession
from clinic.refusals import AlreadyThere, ChangedMeanwhile
from clinic.vocabularies.fixed import ProceedingStatus, StepState
from tests.makers import Maker

pytestmark = pytest.mark.databases


def arrest() -> dict[str, Any]:
    return {"arrested": Moment(clock.now() - timedelta(hours=3)), "lawyer_attended": "no", "note": "for the defence"}


def test_a_step_dates_itself_and_says_which_lanes_were_written(make: Maker) -> None:
    huda = make.lawyer()
    step = make.step("police_attendance", make.case(team=[huda]), by=huda, **arrest())
    assert step.on_date == clock.local_date(step.happened_at)
    assert step.lanes_written == ("legal",)


def test_a_recorded_step_moves_the_proceeding(make: Maker) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, **arrest())
    kept = make.fresh(CaseFile, case.id)
    assert kept.proceeding_status == ProceedingStatus.POLICE
    assert kept.last_step_on in (clock.today(), clock.today() - timedelta(days=1))


def test_the_same_form_sent_twice_makes_one_step(make: Maker) -> None:
    huda = make.lawyer()
    case, step_id, said = make.case(team=[huda]), clock.new_id(), arrest()
    first = make.step("police_attendance", case, by=huda, id=step_id, **said)
    again = make.step("police_attendance", case, by=huda, id=step_id, **said)
    assert first.id == again.id
    assert len(db.session.scalars(select(Step)).all()) == 1


def test_the_same_form_with_other_answers_is_refused(make: Maker) -> None:
    huda = make.lawyer()
    case, step_id, said = make.case(team=[huda]), clock.new_id(), arrest()
    make.step("police_attendance", case, by=huda, id=step_id, **said)
    with pytest.raises(AlreadyThere):
        make.step("police_attendance", case, by=huda, id=step_id, **{**said, "note": "something else"})


def test_a_correction_keeps_what_stood_before(make: Maker) -> None:
    huda = make.lawyer()
    step = make.step("police_attendance", make.case(team=[huda]), by=huda, **arrest())
    before = clock.now()
    found = queries.find_step(step.id, reader=make.reader(huda))
    assert found is not None
    actions.correct(
        found, {"lawyer_attended": "unknown"}, version=found.version, because="told later", by=make.reader(huda)
    )
    db.session.commit()
    table = type(step).__table__
    now = db.session.execute(select(versions.as_known(table, None, "lawyer_attended"))).scalar_one()
    then = db.session.execute(select(versions.as_known(table, before, "id", "lawyer_attended"))).one()
    assert (now, then.lawyer_attended) == ("unknown", "no")


def test_who_saves_over_a_newer_state_is_told(make: Maker) -> None:
    huda = make.lawyer()
    step = make.step("police_attendance", make.case(team=[huda]), by=huda, **arrest())
    reader = make.reader(huda)
    actions.correct(step, {"told_of_rights": "no"}, version=step.version, because="asked", by=reader)
    with pytest.raises(ChangedMeanwhile):
        actions.correct(step, {"told_of_rights": "yes"}, version=1, because="asked", by=reader)


def test_a_withdrawn_step_counts_for_nothing(make: Maker) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    step = make.step("police_attendance", case, by=huda, **arrest())
    actions.withdraw(step, version=step.version, because="wrong case", by=make.reader(huda))
    db.session.commit()
    assert make.fresh(CaseFile, case.id).proceeding_status == ProceedingStatus.NONE


def test_a_colleague_of_another_lane_cannot_even_load_the_note(make: Maker) -> None:
    huda, salma = make.lawyer(), make.counsellor()
    case = make.case(team=[huda, salma])
    step = make.step("counselling_session", case, by=salma, held_on=clock.today(), session_kind="individual", note="x")
    db.session.expunge_all()
    seen = queries.find_step(step.id, reader=make.reader(huda))
    assert isinstance(seen, CounsellingSession)
    assert seen.lanes_written == ("social",)
    with pytest.raises(InvalidRequestError):
        _ = seen.note


def test_an_outsider_finds_neither_case_nor_step(make: Maker) -> None:
    huda, karim = make.lawyer(), make.lawyer("Karim")
    case = make.case(team=[huda])
    step = make.step("police_attendance", case, by=huda, **arrest())
    assert queries.find_case(case.id, reader=make.reader(karim)) is None
    assert queries.find_step(step.id, reader=make.reader(karim)) is None


KINDS: list[tuple[str, dict[str, Any]]] = [
    (
        "police_attendance",
        {
            "arrested": Moment(datetime(2026, 3, 1, 21, 40, tzinfo=UTC), Precision.ABOUT),
            "police_station": "bethlehem_city",
            "lawyer_attended": "unknown",
            "ill_treatment_kinds": ("threats",),
            "note": "اعتراف",
        },
    ),
    ("counselling_session", {"held_on": date(2026, 3, 2), "session_kind": "family", "note": "n", "wellbeing_score": 4}),
    ("school_followup", {"visited_on": date(2026, 3, 9), "school_status": "attending", "action": "spoke to the head"}),
]


@pytest.mark.parametrize(("code", "values"), KINDS, ids=[code for code, _ in KINDS])
def test_many_at_once_are_the_same_rows_as_one_by_one(make: Maker, code: str, values: dict[str, Any]) -> None:
    huda, salma = make.lawyer(), make.counsellor()
    case = make.case(team=[huda, salma])
    by = huda if code == "police_attendance" else salma
    kind = kind_of(code)
    one = actions.record(kind, db.session.merge(case), values, by=make.reader(by))
    db.session.commit()
    many_id = clock.new_id()
    new = NewStep(case.id, case.child_id, case.role, values, one.entered, step_id=many_id, worker_id=by.id)
    bulk.record_many(kind, [new])
    bulk.rederive_many([case.id])
    db.session.commit()
    assert _rows(code, one.id) == _rows(code, many_id)


_OWN = {"id", "known_from", "recorded_at", "recorded_by", "source", "form_digest", "row_digest"}


def _rows(code: str, step_id: uuid.UUID) -> dict[str, Any]:
    """What stands in the tables of a step, secrets opened."""
    db.session.expunge_all()
    model = kind_of(code).model
    row = db.session.get_one(model, step_id)
    columns = {column.name for table in (Step.__table__, model.__table__) for column in table.columns}
    return {name: getattr(row, name) for name in columns - _OWN}


def test_planned_steps_stand_apart(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    later = clock.today() + timedelta(days=3)
    make.step("counselling_session", case, by=salma, state=StepState.PLANNED, held_on=later, session_kind="individual")
    held = queries.seat_in(case.id, make.reader(salma)).lanes
    ahead, past = queries.page_of_line(case.id, held)
    assert [step.on_date for step in ahead] == [later]
    assert past == []
