"""A step that names the next time makes the planned step of that day; hearings, sessions and visits do it alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases import actions, queries
from clinic.cases.dates import NextNotLater, NotYet
from clinic.cases.models import CaseFile, Step
from clinic.staff.models import StaffMember
from clinic.vocabularies.fixed import SessionKind, StepState
from tests.browser import Browser
from tests.makers import Maker

A_DAY = timedelta(days=1)


def ahead(case: CaseFile) -> list[Step]:
    """The planned steps of a case."""
    wanted = select(Step).where(Step.case_id == case.id, Step.state == StepState.PLANNED, Step.withdrawn_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Step.on_date)))


def in_days(number: int) -> date:
    return clock.today() + number * A_DAY


@pytest.mark.databases
def test_a_session_with_a_next_appointment_plans_it(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    session = make.step(
        "counselling_session", case, by=salma, session_kind="family", setting="home", note="x", next_on=in_days(7)
    )
    (planned,) = ahead(case)
    assert (planned.on_date, planned.follows_id, planned.worker_id) == (in_days(7), session.id, salma.id)
    assert (planned.session_kind, planned.setting, planned.note) == (SessionKind.FAMILY, "home", None)  # type: ignore[attr-defined]


def test_the_same_form_sent_twice_plans_once(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    twice = clock.new_id()
    for _time in range(2):
        make.step("counselling_session", case, by=salma, id=twice, held_on=clock.today(), next_on=in_days(7))
    assert len(ahead(case)) == 1


def test_a_day_that_has_such_a_step_already_gets_no_second(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    make.step("school_followup", case, by=salma, state=StepState.PLANNED, visited_on=in_days(9))
    make.step("school_followup", case, by=salma, next_on=in_days(9))
    assert [step.on_date for step in ahead(case)] == [in_days(9)]


def test_completing_the_planned_one_plans_the_one_after(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    make.step("community_followup", case, by=salma, held_on=in_days(-8), next_on=in_days(-1))
    (planned,) = ahead(case)
    said = {"held_on": in_days(-1), "community_kind": "home_visit", "next_on": in_days(6)}
    actions.correct(planned, said, version=planned.version, because=None, by=make.reader(salma), state=StepState.DONE)
    assert [(step.on_date, step.follows_id) for step in ahead(case)] == [(in_days(6), planned.id)]


def test_correcting_the_next_time_moves_it_and_leaving_it_open_takes_it_back(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    session = make.step("counselling_session", case, by=salma, next_on=in_days(7))
    said = {"session_kind": "individual", "held_on": session.on_date}
    by = make.reader(salma)
    session = queries.find_step(session.id, reader=by)
    assert session is not None
    actions.correct(session, {**said, "next_on": in_days(5)}, version=session.version, because="a slip", by=by)
    assert [step.on_date for step in ahead(case)] == [in_days(5)]
    actions.correct(session, {**said, "next_on": None}, version=session.version, because="a slip", by=by)
    assert ahead(case) == []


def test_withdrawing_a_step_takes_back_the_planned_one(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    session = make.step("counselling_session", case, by=salma, next_on=in_days(7))
    actions.withdraw(session, version=session.version, because="the wrong child", by=make.reader(salma))
    assert ahead(case) == []


def test_a_correction_that_leaves_the_next_time_alone_plans_nothing_new(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    by = make.reader(salma)
    session = make.step("counselling_session", case, by=salma, next_on=in_days(7))
    (planned,) = ahead(case)
    actions.mark_not_done(planned, version=planned.version, because="child_absent", by=by)
    said = {"held_on": session.on_date, "session_kind": "family", "next_on": in_days(7)}
    actions.correct(session, said, version=session.version, because="a slip", by=by)
    assert ahead(case) == []


def test_the_next_time_is_later_than_this_one(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    with pytest.raises(NextNotLater) as refused:
        make.step("school_followup", case, by=salma, visited_on=clock.today(), next_on=clock.today())
    assert refused.value.field == "next_on"


def test_what_took_place_lies_behind_us(make: Maker) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    with pytest.raises(NotYet):
        make.step("counselling_session", case, by=salma, held_on=in_days(1))
    make.step("counselling_session", case, by=salma, held_on=in_days(1), state=StepState.PLANNED)


def test_what_is_planned_is_not_asked_for_now(make: Maker, browse: Callable[[StaffMember], Browser]) -> None:
    rana = make.lawyer()
    case = make.case(team=[rana])
    browser = browse(rana)
    page = browser.get(f"/cases/{case.id}/steps/plan/hearing")
    assert not page.has("[data-now]")
    assert browser.get(f"/cases/{case.id}/steps/add/hearing").has("[data-now]")
    refused = browser.post(f"/cases/{case.id}/steps/plan/hearing", {}, status=422)
    assert "Say when. The day is enough." in refused.text
