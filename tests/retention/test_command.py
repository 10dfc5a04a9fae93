"""`clinic retention`: what is due, told to whom may know it, and a run agreed to at the clinic's computer."""

from __future__ import annotations

from contextvars import copy_context
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from clinic import db
from clinic.cases.models import CaseFile
from clinic.cli import main
from clinic.operations import keys
from clinic.retention import actions, command
from clinic.vocabularies.fixed import CaseStatus, DatePrecision
from tests.makers import PASSWORD


@pytest.fixture
def over(app, make):
    """A closed case whose time is over."""
    child = make.child(born_on="1994-05-04", birth_precision=DatePrecision.DAY, birth_year=1994)
    case = make.case(child=child, team=[make.lawyer("Huda")], opened_on=date(2010, 3, 4))
    case.status = CaseStatus.CLOSED
    case.periods[-1].closed_on, case.periods[-1].closure_reason = case.opened_on + timedelta(days=60), "goals_met"
    db.session.commit()
    return case.reference


@pytest.fixture
def said(clinic, settings, monkeypatch):
    """Runs a command on the clinic of the test; what is asked for is answered with a password."""
    monkeypatch.setattr(command, "open_or_fail", lambda: settings)

    def run(*arguments, password=PASSWORD):
        monkeypatch.setattr(keys, "ask", lambda _question: password)
        return copy_context().run(CliRunner().invoke, main, ["retention", *arguments])

    return run


def proposed(make, by):
    run = actions.propose(by=make.reader(db.session.merge(by)))
    db.session.commit()
    return run


def how_many_aged():
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(CaseFile.aged_on.is_not(None)))


def test_the_list_is_for_a_coordinator_or_the_key(make, over, said):
    make.coordinator("Nadia")
    assert over in said("list", "--as", "nadia").stdout
    assert over in said("list", "--all-lanes").stdout
    assert said("list").exit_code == 2
    assert said("list", "--as", "huda").exit_code == 1
    assert said("list", "--as", "nobody").exit_code == 1


def test_the_second_person_carries_a_run_out_at_the_computer(make, over, said):
    nadia, rana = make.coordinator("Nadia"), make.coordinator("Rana")
    proposed(make, nadia)
    assert said("run", "--as", "nadia").exit_code == 1
    assert said("run", "--as", "rana", password="wrong").exit_code == 1
    assert how_many_aged() == 0
    done = said("run", "--as", rana.username)
    assert done.exit_code == 0, done.output
    assert "Emptied: 1. Kept: 0." in done.stdout
    assert how_many_aged() == 1


def test_nothing_is_carried_out_that_nobody_proposed(make, over, said):
    make.coordinator("Rana")
    refused = said("run", "--as", "rana")
    assert refused.exit_code == 1
    assert "Propose it again" in refused.stderr
