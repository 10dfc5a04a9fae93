"""A note is written in the lanes that its writer holds, and read in those of its reader."""

from __future__ import annotations

from collections.abc import Callable

from clinic import clock
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]


def test_each_writes_only_where_they_may_read(make: Maker, browse: Browse) -> None:
    huda, salma, nadia = make.lawyer(), make.counsellor(), make.coordinator()
    case = make.case(team=[huda, salma])
    asked = {
        who: {one["name"] for one in browse(person).get(f"/cases/{case.id}/steps/add/note").select("main textarea")}
        for who, person in (("Huda", huda), ("Salma", salma), ("Nadia", nadia))
    }
    assert asked == {
        "Huda": {"legal_text", "team_text"},
        "Salma": {"social_text", "team_text"},
        "Nadia": {"team_text"},
    }


def test_a_text_sent_for_a_lane_that_one_does_not_hold_is_not_kept(make: Maker, browse: Browse) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    said = {"noted_on": clock.today().isoformat(), "team_text": "All read this.", "social_text": "Slipped in."}
    shown = browse(huda).post(f"/cases/{case.id}/steps/add/note", said, status=303).follow()
    assert "All read this." in shown.text
    assert "counsellors of this case read it" not in shown.text


def test_a_note_says_something(make: Maker, browse: Browse) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    said = {"noted_on": clock.today().isoformat()}
    page = browse(huda).post(f"/cases/{case.id}/steps/add/note", said, status=422)
    assert "Write the note under the people who are to read it." in page.text


def test_a_lawyer_sees_that_the_counsellor_wrote_and_not_what(make: Maker, browse: Browse) -> None:
    huda, salma = make.lawyer(), make.counsellor()
    case = make.case(team=[huda, salma])
    step = make.step("note", case, by=salma, social_text="Only for Rana.")
    seen = browse(huda).get(f"/steps/{step.id}").text
    assert "Only for Rana." not in seen
    assert "Salma wrote a note" in " ".join(seen.split()).replace("\u2068", "").replace("\u2069", "")
