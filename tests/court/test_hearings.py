"""A hearing on the line: its status and its state, the next one made from it, what its papers wait for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases import actions as cases
from clinic.cases.cards import card_of
from clinic.cases.queries import ALL_LANES
from clinic.clock import Moment
from clinic.court.models import Hearing
from clinic.vocabularies.fixed import HearingPurpose, HearingStatus, ProceedingStatus, StepState

pytestmark = pytest.mark.databases


def days(number: float) -> Moment:
    return Moment((clock.now() + timedelta(days=number)).replace(second=0, microsecond=0))


def test_a_hearing_that_sets_the_next_one_plans_it(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    first = make.step(
        "hearing", case, by=huda, scheduled=days(-1), court="bethlehem_magistrate", purpose=HearingPurpose.REMAND,
        status=HearingStatus.HELD, days_extended=7, following=days(6), next_purpose=HearingPurpose.TRIAL,
    )  # fmt: skip
    planned = db.session.scalars(select(Hearing).where(Hearing.state == StepState.PLANNED)).one()
    assert (planned.court, planned.purpose, planned.status) == ("bethlehem_magistrate", "trial", "scheduled")
    assert planned.follows_id == first.id
    assert planned.scheduled == days(6)


def test_a_planned_hearing_is_completed_and_not_entered_again(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    planned = make.step("hearing", case, by=huda, state=StepState.PLANNED, scheduled=days(1))
    assert planned.status == HearingStatus.SCHEDULED
    held = {"scheduled": days(-0.1), "court": "bethlehem_magistrate", "status": HearingStatus.HELD}
    cases.correct(planned, held, version=planned.version, because=None, by=make.reader(huda), state=StepState.DONE)
    db.session.commit()
    (only,) = db.session.scalars(select(Hearing)).all()
    assert (only.state, only.status) == (StepState.DONE, HearingStatus.HELD)


def test_a_cancelled_hearing_was_not_done_and_the_other_way_round(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    cancelled = make.step("hearing", case, by=huda, scheduled=days(-1), status=HearingStatus.CANCELLED)
    assert (cancelled.state, cancelled.not_done_reason) == (StepState.NOT_DONE, "cancelled")
    planned = make.step("hearing", case, by=huda, state=StepState.PLANNED, scheduled=days(1))
    cases.mark_not_done(planned, version=planned.version, because="child_held", by=make.reader(huda))
    db.session.commit()
    assert (planned.status, planned.not_done_reason) == (HearingStatus.CANCELLED, "child_held")


def test_a_cancelled_hearing_leaves_the_child_where_it_was(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, arrested=days(-1))
    planned = make.step("hearing", case, by=huda, state=StepState.PLANNED, scheduled=days(3))
    assert make.fresh(type(case), case.id).proceeding_status == ProceedingStatus.COURT
    cases.mark_not_done(planned, version=planned.version, because="child_held", by=make.reader(huda))
    assert make.fresh(type(case), case.id).proceeding_status == ProceedingStatus.POLICE


def test_a_hearing_whose_status_nobody_knows_stands_by_its_day(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    assert make.step("hearing", case, by=huda, scheduled=days(-3), status=None).state == StepState.DONE
    assert make.step("hearing", case, by=huda, scheduled=days(3), status=None).state == StepState.PLANNED


def test_the_disposition_of_a_case_follows_its_decisions(make):
    huda = make.lawyer()
    case = make.case(team=[huda], opened_on=clock.today() - timedelta(days=90))
    make.step("decision", case, by=huda, decided_on=clock.today() - timedelta(days=9), disposition="community_service")
    case = make.fresh(type(case), case.id)
    assert (case.disposition, case.proceeding_status) == ("community_service", ProceedingStatus.DECIDED)
    make.step("hearing", case, by=huda, scheduled=days(-5), purpose=HearingPurpose.APPEAL, status=HearingStatus.HELD)
    assert make.fresh(type(case), case.id).proceeding_status == ProceedingStatus.APPEALED
    second = make.step("decision", case, by=huda, decided_on=clock.today(), disposition="acquitted")
    case = make.fresh(type(case), case.id)
    assert (case.disposition, case.proceeding_status) == ("acquitted", ProceedingStatus.ENDED)
    cases.withdraw(second, version=second.version, because="Of another case", by=make.reader(huda))
    db.session.commit()
    assert make.fresh(type(case), case.id).disposition == "community_service"


def test_a_measure_runs_until_it_ends(make):
    huda = make.lawyer()
    case = make.case(team=[huda], opened_on=clock.today() - timedelta(days=90))
    make.step("decision", case, by=huda, decided_on=clock.today() - timedelta(days=9), disposition="supervision")
    measure = make.step("measure", case, by=huda, began_on=clock.today() - timedelta(days=9), measure="supervision")
    assert make.fresh(type(case), case.id).proceeding_status == ProceedingStatus.MEASURE_RUNNING
    measure = make.fresh(type(measure), measure.id)
    cases.correct(
        measure, {"ended_on": clock.today()}, version=measure.version, because="It ended", by=make.reader(huda)
    )
    db.session.commit()
    assert make.fresh(type(case), case.id).proceeding_status == ProceedingStatus.ENDED


def test_the_social_inquiry_report_counts_the_days_that_it_is_waited_for(make):
    huda = make.lawyer()
    case = make.case(team=[huda])
    asked = make.step(
        "filing", case, by=huda, what="social_inquiry_report", filed_on=clock.today() - timedelta(days=12)
    )
    assert [tag.text for tag in card_of(asked, ALL_LANES, {}).tags] == ["Waiting for 12 days"]
    asked.answered_on = clock.today() - timedelta(days=2)
    assert [tag.text for tag in card_of(asked, ALL_LANES, {}).tags] == ["Answered after 10 days"]
    attorney = make.step("filing", case, by=huda, what="power_of_attorney", filed_on=clock.today())
    assert card_of(attorney, ALL_LANES, {}).tags == ()


def test_a_planned_hearing_says_nothing_of_what_became_of_it(make):
    huda = make.lawyer()
    planned = make.step("hearing", make.case(team=[huda]), by=huda, state=StepState.PLANNED, scheduled=days(2))
    for whole in (False, True):
        named = {fact.name for fact in card_of(planned, ALL_LANES, {}, whole=whole).facts}
        assert "court" in named
        assert not named & {"status", "lawyer_attended", "child_attended"}


def test_what_became_of_a_planned_hearing_is_asked_and_not_filled_in_beforehand(make, browse):
    huda = make.lawyer()
    planned = make.step("hearing", make.case(team=[huda]), by=huda, state=StepState.PLANNED, scheduled=days(1))
    page = browse(huda).get(f"/steps/{planned.id}/complete")
    assert page.select_one("h1").get_text(strip=True) == "What came of it: Hearing"
    assert page.select("input[name=status][checked], select[name=status] option[selected]:not([value=''])") == []
    page = page.submit(form="form[data-guard]", status=422)
    assert "What became of it: This is needed" in page.text
