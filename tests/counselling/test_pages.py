"""A session and who reads it, how a child is over the months, a group entered once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases.models import CaseFile
from clinic.counselling.models import CounsellingSession
from clinic.vocabularies.fixed import StepState
from tests.browser import Browser, Page
from tests.makers import Maker

Browse = Callable[..., Browser]
SAID = "The child fears the night."
IN_A_WEEK = (clock.today() + timedelta(days=7)).isoformat()


def sessions_of(case: CaseFile, state: StepState = StepState.DONE) -> list[CounsellingSession]:
    db.session.expire_all()
    wanted = select(CounsellingSession).where(CounsellingSession.case_id == case.id, CounsellingSession.state == state)
    return list(db.session.scalars(wanted.where(CounsellingSession.withdrawn_at.is_(None))))


def test_a_session_with_its_themes_and_next_appointment_is_one_form(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    browse(salma).post(
        f"/cases/{case.id}/steps/add/counselling_session",
        {
            "held_on": clock.today().isoformat(),
            "session_kind": "individual",
            "wellbeing_score": "٤",
            "themes": ["court_fear", "family"],
            "note": SAID,
            "agreed": "To walk to school with a friend.",
            "next_on": IN_A_WEEK,
        },
        status=303,
    )
    (session,) = sessions_of(case)
    assert (session.wellbeing_score, session.themes, session.note) == (4, ("court_fear", "family"), SAID)
    (planned,) = sessions_of(case, StepState.PLANNED)
    assert (planned.held_on, planned.follows_id) == (clock.today() + timedelta(days=7), session.id)


def test_a_lawyer_of_the_case_never_sees_what_the_counsellor_wrote(make: Maker, browse: Browse) -> None:
    huda, salma = make.lawyer(), make.counsellor()
    case = make.case(team=[huda, salma])
    step = make.step(
        "counselling_session", case, by=salma, note=SAID, agreed="A secret plan.", wellbeing_score=3, themes=("anger",)
    )
    seen = browse(huda).get(f"/steps/{step.id}").text + browse(huda).get(f"/cases/{case.id}").html
    for hidden in (SAID, "A secret plan.", "Anger", "How the child is"):
        assert hidden not in seen
    assert "Only the counsellors of this case read it." in seen
    assert SAID in browse(salma).get(f"/steps/{step.id}").text


def test_a_lawyer_may_not_record_a_session(make: Maker, browse: Browse) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    browse(huda).get(f"/cases/{case.id}/steps/add/counselling_session", status=403)
    browse(huda).get("/counselling/group", status=403)


def test_a_coordinator_reads_that_a_session_was_held_and_no_more(make: Maker, browse: Browse) -> None:
    salma, nadia = make.counsellor(), make.coordinator()
    step = make.step("counselling_session", make.case(team=[salma]), by=salma, note=SAID, wellbeing_score=3)
    text = browse(nadia).get(f"/steps/{step.id}").text
    assert SAID not in text
    assert "How the child is" not in text


def test_how_a_child_is_over_the_months_is_shown_to_its_counsellors(make: Maker, browse: Browse) -> None:
    huda, salma, nadia = make.lawyer(), make.counsellor(), make.coordinator()
    case = make.case(team=[salma, huda])
    for days, score in ((40, 2), (20, 5), (1, 7)):
        held_on = clock.today() - timedelta(days=days)
        make.step("counselling_session", case, by=salma, held_on=held_on, wellbeing_score=score)
    assert browse(salma).get(f"/cases/{case.id}").has("figure[aria-label='How the child is']")
    for other in (huda, nadia):
        assert not browse(other).get(f"/cases/{case.id}").has("figure[aria-label='How the child is']")


def group_of(page: Page, *cases: tuple[CaseFile, str, str]) -> dict[str, str]:
    """What the form says of these children: attended, score."""
    said = {}
    for case, attended, score in cases:
        said |= {f"attended_{case.id.hex}": attended, f"score_{case.id.hex}": score}
    return said


def test_how_the_child_is_is_pressed_and_can_be_taken_back(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    browser = browse(salma)
    page = browser.get(f"/cases/{case.id}/steps/add/counselling_session")
    for value in (*map(str, range(11)), ""):
        assert page.has(f'.scale input[type=radio][name=wellbeing_score][value="{value}"]')
    assert not page.has(".scale input[checked]")
    step = make.step("counselling_session", case, by=salma, wellbeing_score=0)
    correcting = browser.get(f"/steps/{step.id}/correct")
    assert correcting.has('.scale input[value="0"][checked]')
    told = {"held_on": clock.today().isoformat(), "session_kind": "individual", "version": "1", "because": "none given"}
    refused = browser.post(f"/steps/{step.id}/correct", {**told, "wellbeing_score": "11"}, status=422)
    assert "from 0 to 10" in refused.text
    browser.post(f"/steps/{step.id}/correct", {**told, "wellbeing_score": ""}, status=303)
    assert [session.wellbeing_score for session in sessions_of(case)] == [None]


def three(make: Maker) -> list[CaseFile]:
    salma = make.counsellor()
    return [make.case(make.child(name), team=[salma]) for name in ("كرم", "نور", "سامر")]


@pytest.mark.databases
def test_a_group_session_is_entered_once_and_is_a_step_in_each_case(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    karam, nour, samer = three(make)
    browser = browse(salma)
    page = browser.get("/counselling/group")
    said = group_of(page, (karam, "came", "6"), (nour, "absent", ""))
    shown = browser.post("/counselling/group", {**said, "note": SAID, "next_on": IN_A_WEEK}, status=303).follow()
    assert shown.heading == "Group session"
    (done,) = sessions_of(karam)
    (missed,) = sessions_of(nour, StepState.NOT_DONE)
    assert done.group_id == missed.group_id is not None
    assert (done.wellbeing_score, done.note, done.version) == (6, SAID, 1)
    assert (missed.note, missed.not_done_reason) == (None, "child_absent")
    assert sessions_of(samer) == []
    assert [len(sessions_of(case, StepState.PLANNED)) for case in (karam, nour, samer)] == [1, 1, 0]


def test_the_next_group_completes_what_was_planned_for_its_day(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    karam, *_others = three(make)
    today = clock.today()
    make.step("counselling_session", karam, by=salma, held_on=today, session_kind="group", state=StepState.PLANNED)
    browser = browse(salma)
    page = browser.get("/counselling/group")
    browser.post("/counselling/group", group_of(page, (karam, "came", "")), status=303)
    assert len(sessions_of(karam)) == 1
    assert sessions_of(karam, StepState.PLANNED) == []


def test_the_same_group_form_sent_twice_is_saved_once(make: Maker, browse: Browse) -> None:
    karam, nour, _samer = three(make)
    browser = browse(make.counsellor())
    page = browser.get("/counselling/group")
    form = {
        name: page.select_one(f"main form [name={name}]")["value"] for name in ("csrf_token", "form_token", "held_on")
    }
    said = {**form, **group_of(page, (karam, "came", ""))}
    browser.send("/counselling/group", said, status=303)
    browser.send("/counselling/group", said, status=303)
    assert len(sessions_of(karam)) == 1
    browser.send("/counselling/group", {**said, **group_of(page, (nour, "came", ""))}, status=409)
    assert sessions_of(nour) == []


def test_correcting_one_child_of_a_group_leaves_the_others(make: Maker, browse: Browse) -> None:
    karam, nour, _samer = three(make)
    browser = browse(make.counsellor())
    page = browser.get("/counselling/group")
    said = group_of(page, (karam, "came", "6"), (nour, "came", "4"))
    browser.post("/counselling/group", {**said, "note": SAID}, status=303)
    (step,) = sessions_of(karam)
    browser.post(f"/steps/{step.id}/correct", {"note": "Otherwise.", "because": "a slip"}, status=303)
    assert (sessions_of(karam)[0].note, sessions_of(nour)[0].note) == ("Otherwise.", SAID)


def test_a_group_without_children_is_refused_with_a_sentence(make: Maker, browse: Browse) -> None:
    three(make)
    page = browse(make.counsellor()).post("/counselling/group", {"note": SAID}, status=422)
    assert "Choose the children of the group" in page.text
    assert SAID in page.html


def test_a_group_shows_each_counsellor_her_own_children_alone(make: Maker, browse: Browse) -> None:
    salma, rana = make.counsellor(), make.counsellor("Rana")
    karam, nour, _samer = three(make)
    browser = browse(salma)
    page = browser.get("/counselling/group")
    browser.post("/counselling/group", group_of(page, (karam, "came", ""), (nour, "came", "")), status=303)
    group_id = sessions_of(karam)[0].group_id
    browse(rana).get(f"/counselling/groups/{group_id}", status=404)
    assert "Rana" not in browse(rana).get("/counselling/group").text
    assert not browse(rana).get("/counselling/group").has("main form")


def test_the_group_form_begins_with_the_children_of_an_earlier_one(make: Maker, browse: Browse) -> None:
    karam, nour, _samer = three(make)
    browser = browse(make.counsellor())
    page = browser.get("/counselling/group")
    browser.post("/counselling/group", group_of(page, (karam, "came", "")), status=303)
    group_id = sessions_of(karam)[0].group_id
    again = browser.get(f"/counselling/group?like={group_id}")
    assert again.has(f"input[name=attended_{karam.id.hex}][value=came][checked]")
    assert not again.has(f"input[name=attended_{nour.id.hex}][value=came][checked]")


def test_the_group_form_stands_in_arabic(make: Maker, browse: Browse) -> None:
    salma = make.counsellor(language="ar")
    three(make)
    page = browse(salma, "ar").get("/counselling/group")
    assert page.heading == "جلسة جماعية"
