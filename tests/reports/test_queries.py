"""The facts that a report reads are what was recorded: visible, done, not withdrawn, as known then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinic import clock, db
from clinic.cases import actions as cases
from clinic.clock import Moment, Precision, from_local
from clinic.db import read_id
from clinic.law import rules
from clinic.law.models import RuleSetConfirmation
from clinic.reports import queries
from clinic.reports.recorded import Recorded
from clinic.reports.report import Question
from clinic.reports.scope import Period
from clinic.vocabularies.fixed import StepState
from tests.makers import Maker
from tests.statements import statements

pytestmark = pytest.mark.databases


def moment(text: str, precision: Precision = Precision.MINUTE) -> Moment:
    return Moment(from_local(datetime.fromisoformat(text)), precision)


def attendance(make: Maker, case: Any, by: Any, **values: Any) -> Any:
    told = {
        "arrested": moment("2016-03-24 06:00"),
        "police_station": "bethlehem_city",
        "lawyer_attended": "yes",
        "lawyer_arrived": moment("2016-03-24 08:00"),
    }
    return make.step("police_attendance", case, by=by, **{**told, **values})


def report(make: Maker, person: Any, *, as_of: datetime | None = None, **asked: Any) -> Any:
    question = Question(Period(date(2016, 1, 1), date(2016, 12, 31)), as_of or clock.now(), **asked)
    return queries.make_report(question, reader=make.reader(person), is_now=as_of is None)


def test_what_was_recorded_is_counted(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(team=[huda], opened_on=date(2016, 3, 24))
    attendance(make, case, huda)
    make.step("school_followup", case, by=huda, visited_on=date(2016, 4, 2), school_status="attending")
    made = report(make, nadia)
    assert made.fields["children_served"] == {"value": 1}
    assert made.fields["services_delivered"]["by"] == {"police": 1, "school": 1}
    assert made.fields["time_to_lawyer"]["value"] == 2
    assert made.fields["in_school_at_latest_followup"]["numerator"] == 1
    (row,) = made.figures["cases_opened"].rows
    assert read_id(row.id) == case.id


def test_a_step_withdrawn_or_planned_is_not_counted_and_was_until_then(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(team=[huda], opened_on=date(2016, 3, 24))
    step = attendance(make, case, huda)
    make.step("hearing", case, by=huda, state=StepState.PLANNED, scheduled=moment("2016-05-01 09:00"))
    before = clock.now()
    cases.withdraw(db.session.merge(step), by=make.reader(huda), because="Recorded in the wrong case.", version=1)
    db.session.commit()
    assert report(make, nadia).fields["services_delivered"]["value"] == 0
    assert report(make, nadia, as_of=before).fields["services_delivered"]["value"] == 1
    assert report(make, nadia, as_of=before - timedelta(days=1)).fields["cases_opened"]["value"] == 0


def test_a_correction_is_seen_from_its_own_moment_on(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(team=[huda], opened_on=date(2016, 3, 24))
    step = attendance(make, case, huda)
    before = clock.now()
    values = {
        "arrested": moment("2016-03-24 06:00"),
        "lawyer_attended": "yes",
        "lawyer_arrived": moment("2016-03-24 11:00"),
    }
    cases.correct(db.session.merge(step), values, version=1, because="The clock was misread.", by=make.reader(huda))
    db.session.commit()
    assert report(make, nadia).fields["time_to_lawyer"]["value"] == 5
    assert report(make, nadia, as_of=before).fields["time_to_lawyer"]["value"] == 2


def test_a_reader_counts_the_cases_that_exist_for_them(make: Maker) -> None:
    huda, karim, nadia = make.lawyer("Huda"), make.lawyer("Karim"), make.coordinator("Nadia")
    attendance(make, make.case(team=[huda], opened_on=date(2016, 3, 24)), huda)
    attendance(make, make.case(team=[karim], opened_on=date(2016, 3, 24)), karim)
    for person, number in ((huda, 1), (karim, 1), (nadia, 2)):
        made = report(make, person)
        assert made.fields["children_served"]["value"] == number
        assert made.fields["cases_opened"]["value"] == number


def test_a_report_is_narrowed_to_a_lawyer_or_a_project(make: Maker) -> None:
    huda, karim, nadia = make.lawyer("Huda"), make.lawyer("Karim"), make.coordinator("Nadia")
    attendance(make, make.case(team=[huda], opened_on=date(2016, 3, 24), projects=("core",)), huda)
    attendance(make, make.case(team=[karim], opened_on=date(2016, 3, 24)), karim)
    assert report(make, nadia, lawyer="huda").fields["children_served"]["value"] == 1
    assert report(make, nadia, project="core").fields["cases_opened"]["value"] == 1
    assert report(make, nadia, project="other").fields["cases_opened"]["value"] == 0


def test_a_moment_known_to_the_day_stays_so(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    case = make.case(team=[huda], opened_on=date(2016, 3, 24))
    attendance(make, case, huda, arrested=Moment.of_day(date(2016, 3, 24)))
    told = report(make, nadia).fields["time_to_lawyer"]
    assert (told["n"], told["unknown"]) == (0, 1)


def test_a_merged_case_and_a_merged_child_count_no_more(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    kept, merged = (make.case(team=[huda], opened_on=date(2016, 3, 24)) for _ in range(2))
    attendance(make, merged, huda)
    db.session.merge(merged).merged_into = kept.id
    db.session.commit()
    told = report(make, nadia).fields
    assert told["cases_opened"]["value"] == 1
    assert told["services_delivered"]["value"] == 0


def test_the_report_reads_each_kind_of_record_once(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    for _ in range(3):
        attendance(make, make.case(team=[huda], opened_on=date(2016, 3, 24)), huda)
    with statements() as seen:
        report(make, nadia).fields  # noqa: B018
    assert len(seen) <= 16  # targets and paragraphs among them


def test_nothing_is_known_before_the_clinic_began(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    attendance(make, make.case(team=[huda], opened_on=date(2016, 3, 24)), huda)
    told = report(make, nadia, as_of=datetime(2016, 1, 1, tzinfo=UTC)).fields
    assert told["children_served"]["value"] == 0


def test_a_step_is_its_workers_where_the_worker_is_a_lawyer_and_else_the_cases(make: Maker) -> None:
    huda, karim, nadia = make.lawyer("Huda"), make.lawyer("Karim"), make.coordinator("Nadia")
    case = make.case(team=[huda], opened_on=date(2016, 3, 24))
    attendance(make, case, karim)
    attendance(make, case, nadia, arrested=moment("2016-05-24 06:00"), lawyer_arrived=moment("2016-05-24 08:00"))
    told = report(make, nadia, keys=("lawyer",)).fields["services_delivered"]["breakdown"]["lawyer"]
    assert {part: fields["value"] for part, fields in told.items()} == {"karim": 1, "huda": 1}


def test_a_rule_set_that_a_lawyer_confirmed_is_confirmed_in_the_report(make: Maker) -> None:
    huda, nadia = make.lawyer("Huda"), make.coordinator("Nadia")
    assert [one.confirmed for one in report(make, nadia).rule_sets] == [False, False]
    new_law = next(one for one in rules.shipped() if one.code == "decree_law_4_2016")
    db.session.add(RuleSetConfirmation(code=new_law.code, digest=new_law.digest, confirmed_by=huda.id))
    db.session.commit()
    assert [one.confirmed for one in report(make, nadia).rule_sets] == [False, True]


def test_a_moment_that_two_rows_tell_is_kept_once(make: Maker) -> None:
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    arrested = moment("2016-03-24 06:00")
    attendance(make, case, huda, arrested=arrested)
    make.step("custody_period", case, by=huda, began=arrested, place="police_station")
    facts = Recorded(reader=make.reader(make.coordinator()))
    assert facts.attendances[0].arrested is facts.custody[0].began
