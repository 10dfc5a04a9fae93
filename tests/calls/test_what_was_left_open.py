"""What was left open at night is asked next day: one question a page, one answer a press."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic import clock, db
from clinic.calls import actions, queries
from clinic.clock import Moment
from clinic.custody.models import CustodyPeriod
from clinic.police.models import PoliceAttendance
from clinic.vocabularies.fixed import Answer
from tests.statements import statements


def ago(**span: float) -> Moment:
    return Moment((clock.now() - timedelta(**span)).replace(second=0, microsecond=0))


@pytest.fixture
def night(make):
    """A case as a call leaves it, with most left open."""
    huda = make.lawyer()
    case = make.case(team=[huda], offences=("theft",), referral_source="police")
    step = make.step(
        "police_attendance", case, by=huda, arrested=ago(hours=9), apprehension="arrest", lawyer_notified=ago(hours=7),
        told_of_rights=Answer.NO, guardian_present=Answer.YES, guardian_sent_out=Answer.NO,
    )  # fmt: skip
    return case, step


def names(make, person) -> list[str]:
    db.session.expire_all()
    return [one.name for one in queries.open_questions(reader=make.reader(person))]


@pytest.mark.databases
def test_only_what_is_open_and_makes_sense_is_asked(make, night):
    asked = names(make, make.lawyer())
    assert asked[:2] == ["holding_body", "ordered_by"]
    assert "told_of_rights" not in asked, "it was answered"
    assert "guardian_sent_out" not in asked, "the guardian was there"
    assert "statement_language" not in asked, "nobody knows yet whether a statement was signed"
    assert "confession" in asked


def test_nobody_else_is_asked(make, night):
    assert names(make, make.lawyer("Karim")) == []
    assert names(make, make.coordinator()) == []


def test_after_thirty_days_it_is_a_gap_and_no_question(make, night, monkeypatch):
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "told", lambda: later)
    assert names(make, make.lawyer()) == []


def test_what_was_imported_is_not_asked(make):
    huda = make.lawyer()
    step = make.step("police_attendance", make.case(team=[huda]), by=huda)
    step.source = "import"
    db.session.commit()
    assert names(make, huda) == []


def test_an_answer_leads_to_the_next_question(make, browse, night):
    case, step = night
    browser = browse(make.lawyer())
    page = browser.get(f"/calls/questions/{step.id}/holding_body").submit({"holding_body": "criminal_investigation"})
    page = page.follow()
    assert page.address.endswith("/ordered_by")
    assert make.fresh(PoliceAttendance, step.id).holding_body == "criminal_investigation"
    assert page.click("Ask me later").address.endswith("/lawyer_attended")


def test_who_attended_also_says_when(make, browse, night):
    _case, step = night
    page = browse(make.lawyer()).get(f"/calls/questions/{step.id}/lawyer_attended")
    refused = page.submit({"lawyer_attended": "yes"}, status=422)
    assert refused.has("#lawyer_arrived .problem")
    arrived = clock.local(ago(hours=6).at)
    page.submit(
        {
            "lawyer_attended": "yes",
            "lawyer_arrived-day": arrived.date().isoformat(),
            "lawyer_arrived-time": arrived.strftime("%H:%M"),
        }
    )
    assert make.fresh(PoliceAttendance, step.id).lawyer_arrived == ago(hours=6)


def test_not_known_is_an_answer_and_is_not_asked_again(make, browse, night):
    _case, step = night
    browse(make.lawyer()).get(f"/calls/questions/{step.id}/told_of_charge").submit({"told_of_charge": "unknown"})
    assert "told_of_charge" not in names(make, make.lawyer())


def test_a_colleague_who_was_quicker_is_not_overwritten(make, browse, night):
    _case, step = night
    browser = browse(make.lawyer())
    first, second = (browser.get(f"/calls/questions/{step.id}/confession") for _ in range(2))
    first.submit({"confession": "no"})
    again = second.submit({"confession": "yes"}, status=422)
    assert "A colleague has answered this already." in again.text
    assert make.fresh(PoliceAttendance, step.id).confession == Answer.NO


def test_who_left_the_police_is_no_longer_in_the_cell_of_that_night(make, browse, night):
    case, step = night
    period = make.step(
        "custody_period", case, by=make.lawyer(), began=ago(hours=9), place="police_cell", legal_basis="police"
    )
    period.follows_id = step.id
    db.session.commit()
    left = clock.local(ago(hours=1).at)
    browse(make.lawyer()).get(f"/calls/questions/{step.id}/left_police").submit(
        {"left_police-day": left.date().isoformat(), "left_police-time": left.strftime("%H:%M")}
    )
    assert make.fresh(CustodyPeriod, period.id).ended == ago(hours=1)


def test_what_the_child_is_accused_of_is_asked_of_the_case(make, browse, night):
    case, _step = night
    case = db.session.merge(case)
    case.offences, case.referral_source = (), None
    db.session.commit()
    assert names(make, make.lawyer())[:2] == ["offences", "referral_source"]
    browser = browse(make.lawyer())
    page = browser.get(f"/calls/cases/{case.id}/questions/offences")
    page.submit({}, status=422)
    page = page.submit({"offences": ["theft", "damage"]}).follow()
    assert page.address.endswith("/questions/referral_source")
    assert make.fresh(type(case), case.id).offences == ("theft", "damage")


def test_the_case_shows_what_was_left_open_and_the_clock(make, browse, night):
    case, _step = night
    page = browse(make.lawyer()).get(f"/cases/{case.id}")
    assert page.has("a[href*='/calls/questions/']")
    assert page.has(".clock")
    assert "No lawyer of the clinic has confirmed this limit yet." in page.text


def test_a_question_of_others_does_not_exist_and_a_counsellor_may_not_answer(make, browse, night):
    case, step = night
    browse(make.lawyer("Karim")).get(f"/calls/questions/{step.id}/told_of_charge", status=404)
    salma = make.counsellor()
    second = make.case(team=[salma])
    huda_step = make.step("police_attendance", second, by=make.lawyer())
    browse(salma).get(f"/calls/questions/{huda_step.id}/told_of_charge", status=403)
    browse(make.lawyer()).get(f"/calls/questions/{step.id}/note", status=404)


def test_asking_costs_the_same_for_one_case_and_for_three(make, night):
    huda = make.lawyer()
    reader = make.reader(huda)
    counts = []
    for _ in range(3):
        make.step("police_attendance", make.case(team=[huda]), by=huda)
        db.session.expire_all()
        with statements() as seen:
            queries.open_questions(reader=reader)
        counts.append(len(seen))
    assert counts[0] == counts[-1] == 1


def test_what_nobody_knows_is_not_asked_again_and_stays_without_an_answer(make, browse):
    huda = make.lawyer("Huda")
    case = make.case(team=[huda])
    step = make.step("police_attendance", case, by=huda, lawyer_notified=None)
    her = browse(huda)
    address = f"/calls/questions/{step.id}/lawyer_notified"
    her.get(address).submit({"nobody": "knows"})
    assert address not in her.get(f"/cases/{case.id}").html
    kept = make.fresh(PoliceAttendance, step.id)
    assert (kept.lawyer_notified, kept.not_known) == (None, ("lawyer_notified",))
    told = Moment(clock.now().replace(second=0, microsecond=0))
    with pytest.raises(actions.AnsweredMeanwhile):
        actions.nobody_knows(make.fresh(PoliceAttendance, step.id), "arrested")
    actions.answer_about_step(kept, {"lawyer_notified": told}, by=make.reader(huda))
    assert kept.lawyer_notified == told


def test_a_question_of_yes_and_no_needs_no_further_press(make, browse):
    huda = make.lawyer("Huda")
    step = make.step("police_attendance", make.case(team=[huda]), by=huda)
    page = browse(huda).get(f"/calls/questions/{step.id}/told_of_rights")
    assert "Nobody knows" not in page.text
