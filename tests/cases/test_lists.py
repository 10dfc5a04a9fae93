"""A list of cases: the latest step first, with the child and the day of the next hearing, read to look at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm.exc import DetachedInstanceError

from clinic import clock
from clinic.cases import lists
from clinic.cases.lists import PAGE, Wanted, find_cases
from clinic.vocabularies.fixed import StepState
from tests.makers import Maker

pytestmark = pytest.mark.databases


def test_the_rows_of_a_list_say_what_the_cases_say(make: Maker) -> None:
    huda, today = make.lawyer("Huda"), clock.today()
    child = make.child("كرم", "الجعفري", name_latin="Karam Jaafari")
    quiet = make.case(make.child("ليث", "حماد"), team=[huda], opened_on=today - timedelta(days=9), offences=("theft",))
    busy = make.case(child, team=[huda], opened_on=today - timedelta(days=20))
    make.step("hearing", busy, by=huda, scheduled=clock.Moment(clock.now(), clock.Precision.DAY), status="held")
    for days in (8, 3):
        ahead = clock.Moment(clock.now() + timedelta(days=days), clock.Precision.DAY)
        make.step("hearing", busy, by=huda, state=StepState.PLANNED, scheduled=ahead)

    found = find_cases(Wanted(), reader=make.reader(huda))

    assert (found.total, [row.case.id for row in found.rows]) == (2, [busy.id, quiet.id])
    assert [row.next_on for row in found.rows] == [today + timedelta(days=3), None]
    first, second = (row.case for row in found.rows)
    assert (first.child.short_name, first.child.name_latin) == ("كرم الجعفري", "Karam Jaafari")
    assert (first.last_step_on, second.last_step_on) == (today, None)
    assert (second.main_offence, second.opened_on, second.status) == ("theft", quiet.opened_on, "open")
    assert first.lawyer_id == second.lawyer_id == huda.id


def test_what_a_list_does_not_say_is_not_read(make: Maker) -> None:
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    (row,) = find_cases(Wanted(), reader=make.reader(huda)).rows
    with pytest.raises(DetachedInstanceError):
        _ = row.case.offence_on
    with pytest.raises(DetachedInstanceError):
        _ = row.case.child.born_on


def test_the_second_page_goes_on_where_the_first_ended(make: Maker) -> None:
    huda, today = make.lawyer("Huda"), clock.today()
    cases = [make.case(team=[huda], opened_on=today - timedelta(days=days)) for days in range(PAGE + 3)]
    first, second = (find_cases(Wanted(), reader=make.reader(huda), after=after) for after in (0, PAGE))
    assert [row.case.id for row in (*first.rows, *second.rows)] == [case.id for case in cases]
    assert (first.first, first.last, second.first, second.last) == (1, PAGE, PAGE + 1, PAGE + 3)


def test_the_first_page_of_open_cases_hangs_on_no_value_but_clinic_and_reader(make: Maker) -> None:
    """PostgreSQL would work out anew how it is done, for each page."""
    reader = make.reader(make.coordinator("Salma"))
    _count, page = lists._statements(Wanted(mine=False), reader, clock.today(), is_first=True)
    assert set(page._wanted.compile().params.values()) <= {reader.clinic_id, reader.staff_id}
