"""Steps and cases read for a page: the same as the ORM reads, in the reader's lanes alone, and of no session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm.exc import DetachedInstanceError

from clinic import clock, db
from clinic.access.models import Wall
from clinic.access.permissions import Lane
from clinic.access.policy import LANES, Role
from clinic.cases import queries
from clinic.cases.models import CaseFile, Step
from clinic.cases.shown import complete, shown_to
from clinic.children.models import Guardian
from clinic.clock import Moment, Precision
from clinic.db import Model
from clinic.vocabularies.fixed import Answer, StepState
from tests.makers import Maker

pytestmark = pytest.mark.databases


def _line(make: Maker) -> CaseFile:
    huda, salma = make.lawyer(), make.counsellor()
    case, today = make.case(team=[huda, salma]), clock.today()
    arrested = Moment(clock.now() - timedelta(hours=3), Precision.ABOUT)
    told = {"ill_treatment_kinds": ("threats", "beating"), "lawyer_attended": "no", "note": "for the defence"}
    make.step("police_attendance", case, by=huda, arrested=arrested, **told)
    make.step("custody_period", case, by=huda, began=arrested, place="police_station")
    talk = {"held_on": today, "session_kind": "individual", "wellbeing_score": 4, "note": "what she said"}
    make.step("counselling_session", case, by=salma, **talk)
    later = today + timedelta(days=3)
    make.step("counselling_session", case, by=salma, state=StepState.PLANNED, held_on=later, session_kind="individual")
    make.step(
        "school_followup", case, by=salma, visited_on=today, school_status="attending", action="spoke to the head"
    )
    return case


def _everything(step: Step) -> dict[str, Any]:
    """What a step says, moments and opened secrets included."""
    mapper = inspect(type(step))
    names = [*mapper.column_attrs.keys(), *mapper.composites.keys(), *type(step).secrets]
    return {name: getattr(step, name) for name in names}


def _read(case: CaseFile, held: frozenset[Lane]) -> list[Step]:
    shown = shown_to(held)
    return shown.read(shown.wanted.where(Step.case_id == case.id).order_by(Step.on_date, Step.entered))


def test_they_say_what_the_steps_say_that_may_be_changed(make: Maker) -> None:
    case = _line(make)
    told = {step.id: _everything(step) for step in _read(case, queries.ALL_LANES)}
    db.session.expunge_all()
    whole = db.session.scalars(select(queries.LINE).where(queries.LINE.case_id == case.id)).all()
    assert told == {step.id: _everything(step) for step in whole}
    assert len({step["kind"] for step in told.values()}) == 4


def test_what_is_outside_the_lanes_was_not_read_and_raises(make: Maker) -> None:
    case = _line(make)
    (talk, *_others) = [one for one in _read(case, LANES[Role.LAWYER]) if one.kind == "counselling_session"]
    assert "note_sealed" not in vars(talk)
    with pytest.raises(DetachedInstanceError):
        _ = talk.note  # type: ignore[attr-defined]


def test_nothing_that_is_done_to_them_is_written(make: Maker) -> None:
    case = _line(make)
    (first, *_others) = _read(case, queries.ALL_LANES)
    first.source = "changed"
    db.session.flush()
    assert first not in db.session
    assert "changed" not in db.session.scalars(select(Step.source)).all()


def test_a_lane_that_is_shown_too_is_added_and_nothing_else(make: Maker) -> None:
    case = _line(make)
    facts = frozenset({Lane.FACTS})
    (talk, *_others) = [one for one in _read(case, facts) if one.kind == "counselling_session"]
    (further,) = [one for one in _read(case, facts | {Lane.SOCIAL}) if one.id == talk.id]
    complete(talk, further)
    assert talk.note == "what she said"  # type: ignore[attr-defined]
    with pytest.raises(DetachedInstanceError):
        _ = talk.withdrawn_because


def _case_with_family(make: Maker) -> CaseFile:
    case = make.case(team=[make.lawyer(), make.counsellor()], offences=("theft", "damage"))
    case.summary = "what the lawyer wrote"
    for place, name in ((2, "an uncle"), (1, "his mother")):
        db.session.add(Guardian(child_id=case.child_id, position=place, name=name, safe_to_call=Answer.YES))
    db.session.commit()
    return case


def _told(record: Model) -> dict[str, Any]:
    return {name: getattr(record, name) for name in (*inspect(type(record)).column_attrs.keys(), *type(record).secrets)}


def _with_all_that_hangs_on_it(case: CaseFile) -> list[list[dict[str, Any]]]:
    together: list[Sequence[Model]] = [[case], [case.child], case.child.guardians, case.periods, case.team]
    return [[_told(one) for one in some] for some in together]


def test_a_case_to_show_says_what_the_case_says_that_may_be_changed(make: Maker) -> None:
    case, reader = _case_with_family(make), make.reader(make.coordinator())
    db.session.expunge_all()
    shown = queries.find_case_to_show(case.id, reader=reader)
    whole = queries.find_case_with_family(case.id, reader=reader)
    assert shown is not None
    assert whole is not None
    assert _with_all_that_hangs_on_it(shown) == _with_all_that_hangs_on_it(whole)
    assert [one.name for one in shown.child.guardians] == ["his mother", "an uncle"]
    assert len(shown.team) == 2
    assert all(one.case is shown for one in shown.team)


def test_a_case_to_show_is_of_no_session(make: Maker) -> None:
    case, reader = _case_with_family(make), make.reader(make.coordinator())
    shown = queries.find_case_to_show(case.id, reader=reader)
    assert shown is not None
    assert shown is not case
    assert shown not in db.session
    shown.reference = "changed"
    db.session.flush()
    assert "changed" not in db.session.scalars(select(CaseFile.reference)).all()
    with pytest.raises(DetachedInstanceError):
        _ = shown.child.cases  # not read


def test_a_case_without_team_or_family_has_none(make: Maker) -> None:
    case, coordinator = make.case(), make.coordinator()
    shown = queries.find_case_to_show(case.id, reader=make.reader(coordinator))
    assert shown is not None
    assert (shown.child.guardians, len(shown.periods)) == ([], 1)


def test_a_case_behind_a_wall_is_not_shown(make: Maker) -> None:
    case, coordinator = make.case(), make.coordinator()
    db.session.add(Wall(case_id=case.id, staff_id=coordinator.id, built_by=coordinator.id, because="kin"))
    db.session.commit()
    assert queries.find_case_to_show(case.id, reader=make.reader(coordinator)) is None
