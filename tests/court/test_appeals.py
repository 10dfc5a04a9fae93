"""Which court is one of appeal is said by the clinic's list as it is now."""

from __future__ import annotations

from clinic.cases import line
from clinic.vocabularies import lists
from clinic.vocabularies.lists import Edit


def test_a_court_that_the_clinic_made_one_of_appeal_counts_as_such(make):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    make.step("hearing", case, by=huda, court="higher_bench", purpose="trial", status="held")
    assert [fact.is_appeal for fact in line.line_facts(case.id)] == [False]
    added = Edit("court", "higher_bench", "Higher bench", "هيئة أعلى", 90, attributes={"level": "appeal"})
    with lists.using(lists.lists().overlaid([added])):
        assert [fact.is_appeal for fact in line.line_facts(case.id)] == [True]
