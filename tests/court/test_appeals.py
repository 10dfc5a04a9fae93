"""Which court is one of appeal is said by the clinic's list as it is now."""

from __future__ import annotations

from clinic.cases import queries
from clinic.vocabularies import lists


def test_a_court_that_the_clinic_made_one_of_appeal_counts_as_such(make, monkeypatch):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    make.step("hearing", case, by=huda, court="bethlehem_magistrate", purpose="trial", status="held")
    assert [fact.is_appeal for fact in queries.line_facts(case.id)] == [False]
    edited = lists.lists()["court"]
    monkeypatch.setattr(type(edited), "codes_with", lambda _list, _name, _value=None: {"bethlehem_magistrate"})
    assert [fact.is_appeal for fact in queries.line_facts(case.id)] == [True]
