"""A follow-up in school: what the team reads, what stays with the counsellors."""

from __future__ import annotations

from collections.abc import Callable

from clinic.vocabularies.fixed import Answer
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]


def test_the_team_reads_how_the_child_stands_and_not_the_note(make: Maker, browse: Browse) -> None:
    huda, salma = make.lawyer(), make.counsellor()
    case = make.case(team=[huda, salma])
    step = make.step(
        "school_followup", case, by=salma, school_status="re_enrolled", note="He is afraid.", action="Met the head."
    )
    seen = browse(huda).get(f"/steps/{step.id}").text
    assert "Met the head." in seen
    assert "Back in school" in seen
    assert "He is afraid." not in seen


def test_the_form_says_how_to_keep_the_case_from_the_school(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    page = browse(salma).get(f"/cases/{make.case(team=[salma]).id}/steps/add/school_followup")
    assert "The school need not know why you ask" in page.text
    assert "As what you present the visit" in page.text


def test_a_school_that_learnt_of_the_case_is_marked(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    step = make.step("school_followup", case, by=salma, case_not_revealed=Answer.NO)
    assert "The school knows of the case" in browse(salma).get(f"/steps/{step.id}").text
