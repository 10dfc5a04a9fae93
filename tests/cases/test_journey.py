"""Which stages are lit on the journey of a case: where the child is, and where it was heard last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from clinic import clock, db
from clinic.cases import bulk
from clinic.cases.kinds import Stage
from clinic.cases.models import CaseFile
from clinic.cases.rules import StageFact, journey
from clinic.clock import Moment
from clinic.vocabularies.fixed import CaseStatus, LegalBasis, ProceedingStatus, StepState

TODAY = date(2026, 3, 10)
DONE, PLANNED = StepState.DONE, StepState.PLANNED


def lit(facts, status, held_at=None, case_status=CaseStatus.OPEN):
    told = [StageFact(stage, state, TODAY + timedelta(days=ago)) for stage, state, ago in facts]
    return {place.stage for place in journey(told, status, case_status, TODAY, held_at) if place.mark == "now"}


ARREST, HEARING_AHEAD = (Stage.POLICE, DONE, -1), (Stage.COURT, PLANNED, 3)


def test_the_police_stay_lit_until_the_next_appearance_though_a_hearing_is_fixed():
    assert lit([ARREST, HEARING_AHEAD], ProceedingStatus.COURT) == {"police", "court"}


def test_the_police_go_out_when_the_child_comes_before_the_prosecution():
    appeared = (Stage.PROSECUTION, DONE, 0)
    assert lit([ARREST, appeared], ProceedingStatus.PROSECUTION) == {"prosecution"}
    assert lit([ARREST, appeared, HEARING_AHEAD], ProceedingStatus.COURT) == {"prosecution", "court"}


def test_on_one_day_the_further_of_two_appearances_counts():
    assert lit([(Stage.PROSECUTION, DONE, -1), ARREST], ProceedingStatus.PROSECUTION) == {"prosecution"}


def test_a_child_held_at_the_station_lights_it_after_the_hearing_too():
    heard = (Stage.COURT, DONE, 0)
    assert lit([ARREST, heard], ProceedingStatus.COURT) == {"court"}
    assert lit([ARREST, heard], ProceedingStatus.COURT, held_at=Stage.POLICE) == {"police", "court"}


def test_after_the_decision_no_appearance_is_lit():
    heard = [ARREST, (Stage.COURT, DONE, -5)]
    assert lit(heard, ProceedingStatus.ENDED) == set()
    assert lit(heard, ProceedingStatus.MEASURE_RUNNING) == {"measure"}


def test_a_closed_case_lights_its_end_alone():
    assert lit([ARREST], ProceedingStatus.POLICE, Stage.POLICE, CaseStatus.CLOSED) == {"closed"}


BASES = [
    (LegalBasis.POLICE, "Police"),
    (LegalBasis.PROSECUTION, "Prosecution"),
    (LegalBasis.COURT_REMAND, "Court"),
    (LegalBasis.SENTENCE, "Measure"),
]


@pytest.mark.parametrize(("basis", "stage"), BASES)
def test_the_page_lights_the_stage_on_whose_word_the_child_is_held(make, browse, basis, stage):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    began = Moment(clock.now() - timedelta(hours=5))
    make.step("custody_period", case, by=huda, began=began, legal_basis=basis, place="police_cell")
    make.step("hearing", case, by=huda, state=PLANNED)
    assert stage in _now(browse(huda).get(f"/cases/{case.id}"))


def test_what_an_older_version_derived_follows_when_the_server_starts(make):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, arrested=Moment(clock.now() - timedelta(days=1)))
    stale = db.session.get_one(CaseFile, case.id)
    stale.proceeding_status = ProceedingStatus.COURT
    db.session.commit()
    bulk.rederive_all()
    db.session.commit()
    assert make.fresh(CaseFile, case.id).proceeding_status == ProceedingStatus.POLICE


def test_a_hearing_called_off_gives_the_stage_back_at_once(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    make.step("police_attendance", case, by=huda, arrested=Moment(clock.now() - timedelta(days=1)))
    hearing = make.step("hearing", case, by=huda, state=PLANNED)
    her = browse(huda)
    assert "Court" in _now(her.get(f"/cases/{case.id}"))
    her.get(f"/steps/{hearing.id}/not-done").submit({"because": "cancelled"})
    assert _now(her.get(f"/cases/{case.id}")) == ["Police"]


def _now(page):
    return [place.get_text(" ").split()[0] for place in page.select(".journey li.now")]
