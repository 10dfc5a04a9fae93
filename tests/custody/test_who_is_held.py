"""Which children are held now, and the facts that the clock counts from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases import actions as cases
from clinic.clock import Moment
from clinic.custody import queries
from clinic.law.rules import LimitCode, shipped
from clinic.police.models import PoliceAttendance
from clinic.vocabularies.fixed import Apprehension, HearingPurpose, HearingStatus, LegalBasis, ProsecutionDecision
from tests.makers import Maker
from tests.statements import statements

pytestmark = pytest.mark.databases


def ago(**span: float) -> Moment:
    return Moment((clock.now() - timedelta(**span)).replace(second=0, microsecond=0))


@pytest.fixture
def who_is_held(make: Maker) -> Callable[..., list[queries.Held]]:
    def ask(person=None) -> list[queries.Held]:
        db.session.expire_all()
        return queries.held(reader=make.reader(person or make.lawyer()))

    return ask


def test_a_child_in_an_open_custody_period_is_held(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("custody_period", case, by=huda, began=ago(days=90), place="dar_al_amal", legal_basis="court_remand")
    (one,) = who_is_held()
    assert (one.case.id, one.place, one.legal_basis) == (case.id, "dar_al_amal", LegalBasis.COURT_REMAND)
    assert one.case.child.id == case.child_id


def test_a_child_whose_custody_ended_is_free(make, who_is_held):
    huda = make.lawyer()
    make.step("custody_period", make.case(team=[huda]), by=huda, began=ago(days=3), ended=ago(days=1))
    assert who_is_held() == []


def test_a_withdrawn_period_holds_nobody(make, who_is_held):
    huda = make.lawyer()
    step = make.step("custody_period", make.case(team=[huda]), by=huda, began=ago(days=3))
    cases.withdraw(step, version=step.version, because="Entered for another child", by=make.reader(huda))
    db.session.commit()
    assert who_is_held() == []


def test_an_arrest_that_nobody_ended_is_a_child_held(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    step = make.step(
        "police_attendance", case, by=huda, arrested=ago(hours=5), apprehension=Apprehension.ARREST,
        police_station="beit_jala_st", holding_body="police",
    )  # fmt: skip
    (one,) = who_is_held()
    assert (one.step_id, one.legal_basis, one.police_station) == (step.id, LegalBasis.POLICE, "beit_jala_st")
    running = one.clock(shipped(), clock.now()).running
    assert running.limit.code == LimitCode.POLICE
    assert 18.9 < running.hours_left <= 19


@pytest.mark.parametrize(
    "values",
    [
        {"apprehension": Apprehension.SUMMONS},
        {"apprehension": None},
        {"apprehension": Apprehension.ARREST, "left_police": ago(hours=1)},
    ],
)
def test_a_summons_or_a_child_who_left_is_not_held(make, who_is_held, values):
    huda = make.lawyer()
    make.step("police_attendance", make.case(team=[huda]), by=huda, arrested=ago(hours=5), **values)
    assert who_is_held() == []


def test_a_later_step_says_that_the_child_left_the_police(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, arrested=ago(days=4), apprehension=Apprehension.ARREST)
    assert len(who_is_held()) == 1
    make.step("hearing", case, by=huda, scheduled=Moment(clock.now() + timedelta(days=2)), status="scheduled")
    assert len(who_is_held()) == 1, "a hearing that lies ahead says nothing"
    make.step("prosecution_appearance", case, by=huda, appeared=ago(days=3))
    assert who_is_held() == []


def test_a_custody_period_of_its_own_speaks_for_the_arrest(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, arrested=ago(hours=9), apprehension=Apprehension.ARREST)
    make.step("custody_period", case, by=huda, began=ago(hours=9), ended=ago(hours=1))
    assert who_is_held() == []


def test_an_arrest_older_than_30_days_is_a_gap_and_nobody_held(make, who_is_held):
    huda = make.lawyer()
    old, young = (make.case(team=[huda]) for _ in range(2))
    step = make.step("police_attendance", old, by=huda, arrested=ago(days=31), apprehension=Apprehension.ARREST)
    make.step("police_attendance", young, by=huda, arrested=ago(days=29), apprehension=Apprehension.ARREST)
    assert [one.case.id for one in who_is_held()] == [young.id]
    gaps = db.session.scalars(select(PoliceAttendance.id).where(queries.is_arrest_without_end()))
    assert list(gaps) == [step.id]


def test_a_lawyer_elsewhere_sees_nobody_and_the_coordinator_everybody(make, who_is_held):
    huda = make.lawyer()
    make.step("custody_period", make.case(team=[huda]), by=huda, began=ago(days=1))
    assert who_is_held(make.lawyer("Karim")) == []
    assert len(who_is_held(make.coordinator())) == 1


def test_a_case_says_by_itself_whether_its_child_is_held(make):
    huda = make.lawyer()
    case, free = make.case(team=[huda]), make.case(team=[huda])
    make.step("custody_period", case, by=huda, began=ago(days=1))
    held = queries.held_in_case(case.id)
    assert held is not None
    assert held.case.id == case.id
    assert queries.held_in_case(free.id) is None


def test_asking_who_is_held_costs_the_same_for_three_and_for_one(make, who_is_held):
    huda = make.lawyer()
    counts = []
    for _ in range(3):
        case = make.case(team=[huda])
        make.step("custody_period", case, by=huda, began=ago(days=1))
        with statements() as seen:
            who_is_held()
        counts.append(len(seen))
    assert counts[0] == counts[-1] <= 3


def test_the_clock_counts_from_arrest_holds_and_orders(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step(
        "police_attendance", case, by=huda, arrested=ago(days=20), left_police=ago(days=19), apprehension="arrest"
    )
    make.step("custody_period", case, by=huda, began=ago(days=19), legal_basis="court_remand")
    make.step(
        "hearing", case, by=huda, scheduled=ago(days=10), purpose=HearingPurpose.REMAND, status=HearingStatus.HELD,
        days_extended=12, court="bethlehem_magistrate",
    )  # fmt: skip
    (one,) = who_is_held()
    running = one.clock(shipped(), clock.now()).running
    assert running.limit.code == LimitCode.COURT_EXTENSION
    assert round(running.hours_left) == 48, "twelve days, as the judge said, of which ten are gone"


def test_an_order_of_the_prosecution_ends_its_hold_sooner(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("custody_period", case, by=huda, began=ago(hours=10), legal_basis="prosecution")
    make.step(
        "prosecution_appearance", case, by=huda, appeared=ago(hours=10), decision=ProsecutionDecision.DETAIN,
        days_ordered=1,
    )  # fmt: skip
    (one,) = who_is_held()
    assert round(one.clock(shipped(), clock.now()).running.hours_left) == 14


def test_once_before_the_court_no_limit_runs(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("custody_period", case, by=huda, began=ago(days=100), legal_basis="court_remand")
    make.step("prosecution_appearance", case, by=huda, appeared=ago(days=90), decision="refer_to_court")
    (one,) = who_is_held()
    assert one.clock(shipped(), clock.now()).clocks == ()


def test_the_end_may_be_known_to_the_day_alone(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    day = clock.today() - timedelta(days=2)
    began = Moment(clock.from_local(datetime.combine(day, datetime.min.time()).replace(hour=14)))
    step = make.step("custody_period", case, by=huda, began=began, ended=Moment.of_day(day))
    assert make.fresh(type(step), step.id).ended.local_date == day


def test_a_day_long_past_is_no_trouble(make, who_is_held):
    huda = make.lawyer()
    case = make.case(team=[huda], opened_on=date(2015, 3, 1))
    make.step("custody_period", case, by=huda, began=Moment.of_day(date(2015, 3, 1)), legal_basis="sentence")
    (one,) = who_is_held()
    assert one.clock(shipped(), clock.now()).clocks == ()
