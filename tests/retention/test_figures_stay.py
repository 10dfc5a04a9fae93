"""Whatever files age, no figure moves: of no period, by no key, and not as it was known before."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.children.models import Child
from clinic.clock import Moment
from clinic.custody.models import CustodyPeriod
from clinic.police.models import PoliceAttendance
from clinic.register.actions import Choices, import_register
from clinic.register.sources import source_at
from clinic.reports import queries as reports
from clinic.reports.keys import KEYS
from clinic.reports.report import Question, Report
from clinic.reports.scope import Period
from clinic.retention import ageing
from tests.reports.register_facts import DATA
from tests.reports.test_expected_figures import EXPECTED

FILES = {"edge": DATA / "edge", "register": DATA / "register.xlsx"}
KNOWN = (None, datetime(2015, 9, 1, tzinfo=UTC), datetime(2016, 6, 15, 12, tzinfo=UTC))


def figures(clinic, name, now):
    """Every expected period of a register, by every key, as it is known now and as it was known before.

    As known now also the first days of every month: where a period ends decides what custody is told.
    """
    expected = [
        tuple(map(date.fromisoformat, path.stem.split("_")[1:])) for path in EXPECTED if path.stem.startswith(name)
    ]
    asked = {as_of: [Question(Period(*days), as_of or now, KEYS) for days in expected] for as_of in KNOWN}
    months = [(year, month) for year in (2014, 2015, 2016) for month in range(1, 13)]
    asked[None] += [Question(Period(date(*month, 1), date(*month, 7)), now) for month in months]
    reader = Reader(clinic.id, clinic.id, "", frozenset({Role.COORDINATOR}))
    return {
        (as_of, report.question.period): json.dumps(report.fields, sort_keys=True, default=str)
        for as_of, questions in asked.items()
        for report in made(questions, reader, is_now=as_of is None)
    }


def made(questions, reader, *, is_now):
    """The reports of questions that differ in their days, of facts that are read once for all of them."""
    first = reports.make_report(questions[0], reader=reader, is_now=is_now)
    yield first
    yield from (Report(each, replace(first.scope, period=each.period)) for each in questions[1:])


def correct_some():
    """Moments that were corrected: what was known before is kept beside, and ages with them."""
    attendances = db.session.scalars(select(PoliceAttendance).order_by(PoliceAttendance.entered)).all()
    for step in attendances[::3]:
        step.arrested = Moment(step.arrested_at - timedelta(minutes=97))
    for held in db.session.scalars(select(CustodyPeriod).order_by(CustodyPeriod.entered)).all()[::4]:
        held.began = Moment(held.began_at - timedelta(hours=5, minutes=11))
    db.session.commit()


@pytest.mark.slow
@pytest.mark.dialects
@pytest.mark.parametrize("name", FILES)
def test_no_figure_moves_when_files_age(clinic, name):
    import_register(source_at(FILES[name]), Choices(known_from_start=True))
    db.session.commit()
    correct_some()
    now = clock.now()
    before = figures(clinic, name, now)
    assert len(before) > len(KNOWN)
    for child_id in db.session.scalars(select(Child.id)).all():  # also those whose cases are open: more is tried
        ageing.age(child_id, clock.today())
    db.session.commit()
    after = figures(clinic, name, now)
    assert {key for key in before if before[key] != after[key]} == set()
