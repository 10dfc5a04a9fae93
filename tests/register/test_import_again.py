"""Rows whose records were corrected in the application meanwhile, and rows that are told apart."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from clinic import db
from clinic.children.models import Child
from clinic.clock import Moment
from clinic.counselling.models import CounsellingSession
from clinic.court.models import Hearing
from clinic.custody.models import CustodyPeriod
from tests.register.registers import row, whole, with_rows
from tests.register.test_import import bring, count, counts, only

pytestmark = pytest.mark.databases


def correct(model, **values):
    record = only(model)
    for name, value in values.items():
        setattr(record, name, value)
    db.session.commit()


def test_the_same_row_again_changes_nothing_though_its_record_was_corrected(clinic):
    bring(whole())
    correct(CustodyPeriod, place="dar_al_amal", began=Moment(datetime(2016, 1, 9, 10, tzinfo=UTC)))
    correct(Child, family_name="مصحّح")
    outcome = bring(whole())
    assert counts(outcome)["custody_periods"] == counts(outcome)["children"] == (0, 0, 1)
    assert (only(CustodyPeriod).place, only(Child).family_name) == ("dar_al_amal", "مصحّح")


def test_a_changed_row_whose_record_was_changed_here_is_a_conflict(clinic):
    bring(whole())
    correct(CustodyPeriod, place="dar_al_amal")
    changed = {**whole(), "custody_periods": [row("custody_periods", ended_at="2016-01-11 09:00")]}
    outcome = bring(changed)
    assert [(problem.sheet, problem.row) for problem in outcome.conflicts] == [("custody_periods", 2)]
    assert set(outcome.conflicts[0].expected.split()) == {"place", "ended_at"}
    assert only(CustodyPeriod).place == "dar_al_amal"
    outcome = bring(changed, file_wins=True)
    assert (outcome.conflicts, only(CustodyPeriod).place) == ([], "police_cell")


def test_a_row_that_says_what_the_record_was_corrected_to_changes_nothing(clinic):
    bring(whole())
    correct(CustodyPeriod, place="dar_al_amal")
    outcome = bring({**whole(), "custody_periods": [row("custody_periods", place="dar_al_amal")]})
    assert (counts(outcome)["custody_periods"], outcome.conflicts) == ((0, 0, 1), [])


def test_a_row_whose_starred_date_was_corrected_here_is_not_doubled(clinic):
    bring(whole())
    correct(CounsellingSession, held_on=date(2016, 1, 21), on_date=date(2016, 1, 21))
    bring({**whole(), "counselling_sessions": [row("counselling_sessions", duration_minutes="30")]})
    assert count(CounsellingSession) == 1


def test_rows_alike_are_told_apart_by_their_order(clinic):
    def scores(*values):
        return with_rows(counselling_sessions=[row("counselling_sessions", wellbeing_score=value) for value in values])

    bring(scores("3", "5"))
    outcome = bring(scores("3", "6"))
    assert counts(outcome)["counselling_sessions"] == (0, 1, 1)
    outcome = bring(scores("6"))
    assert counts(outcome)["counselling_sessions"] == (0, 0, 1)
    outcome = bring(scores("3", "6", "9"))
    assert counts(outcome)["counselling_sessions"] == (1, 0, 2)
    assert sorted(one.wellbeing_score for one in db.session.scalars(select(CounsellingSession))) == [3, 6, 9]


def test_a_row_with_a_reference_is_recognised_by_it_whatever_it_says(clinic):
    bring(with_rows(hearings=[row("hearings", step_ref="S-1"), row("hearings", step_ref="S-2", purpose="plea")]))
    moved = row("hearings", step_ref="S-2", court="court_of_appeal", scheduled_at="2016-05-05 10:00")
    outcome = bring(with_rows(hearings=[moved]))
    assert counts(outcome)["hearings"] == (0, 1, 0)
    step = db.session.scalars(select(Hearing).where(Hearing.reference == "S-2")).one()
    assert (step.court, step.on_date) == ("court_of_appeal", date(2016, 5, 5))


def test_a_step_recorded_here_is_recognised_by_what_it_is(clinic, make):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    make.step(
        "hearing", case, by=huda, scheduled=Moment(datetime(2016, 2, 1, 7, tzinfo=UTC)), court="bethlehem_magistrate"
    )
    hearing = row("hearings", case_ref=case.reference, purpose="trial")
    outcome = bring({"hearings": [hearing]})
    assert (count(Hearing), len(outcome.conflicts)) == (1, 1)
    bring({"hearings": [hearing]}, file_wins=True)
    assert only(Hearing).purpose.value == "trial"
