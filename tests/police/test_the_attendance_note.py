"""The attendance on paper: what the lawyer keeps of a night, with the lanes of who prints it."""

from __future__ import annotations

import pytest

from clinic.clock import Moment
from clinic.vocabularies.fixed import Answer


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_lawyer_prints_the_night_with_its_account_and_breaches(make, browse, language):
    huda = make.lawyer(language=language)
    step = make.step(
        "police_attendance", make.case(team=[huda]), by=huda, told_of_rights=Answer.NO, account="He was slapped twice."
    )
    page = browse(huda).get(f"/police/{step.id}/note")
    assert "He was slapped twice." in page.text
    assert page.select_one("html")["lang"] == language
    if language == "en":
        assert "Not told of rights" in page.text


def test_the_counsellor_prints_no_account(make, browse):
    huda, salma = make.lawyer(), make.counsellor()
    step = make.step("police_attendance", make.case(team=[huda, salma]), by=huda, account="He was slapped twice.")
    page = browse(salma).get(f"/police/{step.id}/note")
    assert "slapped" not in page.html
    assert "Only the lawyers of this case read it." in page.text


def test_only_an_attendance_has_this_paper_and_only_for_its_team(make, browse):
    huda = make.lawyer()
    case = make.case(team=[huda])
    hearing = make.step("hearing", case, by=huda)
    step = make.step("police_attendance", case, by=huda)
    browse(huda).get(f"/police/{hearing.id}/note", status=404)
    browse(make.lawyer("Karim")).get(f"/police/{step.id}/note", status=404)


def test_the_page_of_the_step_leads_to_it(make, browse):
    huda = make.lawyer()
    step = make.step("police_attendance", make.case(team=[huda]), by=huda)
    page = browse(huda).get(f"/steps/{step.id}")
    assert page.has(f"a[href='/police/{step.id}/note']")


def test_a_day_that_only_is_known_is_printed_as_a_day(make, browse):
    from datetime import date

    huda = make.lawyer()
    step = make.step(
        "police_attendance", make.case(team=[huda]), by=huda, arrested=Moment.of_day(date(2016, 4, 13)),
    )  # fmt: skip
    assert "13 April 2016" in browse(huda).get(f"/police/{step.id}/note").text
