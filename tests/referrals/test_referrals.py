"""A referral needs a consent or a reason; its letter holds what is shared and nothing else; late answers come up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from clinic import clock, db
from clinic.cases.dates import EndBeforeBeginning
from clinic.cases.models import CaseFile, Consent, ConsentForm, ConsentPurpose
from clinic.desk.queries import Part, answers_overdue
from clinic.referrals import queries, rules
from clinic.referrals.models import Referral
from clinic.vocabularies.fixed import StepState
from tests.browser import Browser
from tests.makers import Maker

Browse = Callable[..., Browser]
TOLD = "He needs a tutor for Arabic."
A_DAY = timedelta(days=1)


def agreed(case: CaseFile, to_whom: str | None = None, given_on: date | None = None) -> Consent:
    """The guardian's written consent to a referral."""
    consent = Consent(
        case_id=case.id,
        purpose=ConsentPurpose.REFERRAL,
        given_by_guardian=True,
        given_by_child=False,
        form=ConsentForm.WRITTEN,
        given_on=given_on or clock.today() - A_DAY,
        to_whom=to_whom,
    )
    db.session.add(consent)
    db.session.commit()
    return consent


def said(**more: object) -> dict[str, object]:
    return {
        "referred_on": clock.today().isoformat(),
        "agency": "Learning house",
        "service": "education",
        "status": "sent",
        "shared": TOLD,
        **more,
    }


def test_a_referral_without_consent_is_refused_and_says_what_to_do(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    page = browse(salma).post(f"/cases/{case.id}/steps/add/referral", said(), status=422)
    assert "No consent to this referral stands in the file" in page.text
    assert TOLD in page.html


def test_the_refusal_leads_to_where_consent_is_noted(make: Maker, browse: Browse) -> None:
    huda = make.lawyer()
    case = make.case(team=[huda])
    browser = browse(huda)
    way = f"main a[href^='/cases/{case.id}/consents']"
    address = f"/cases/{case.id}/steps/add/referral"
    assert not browser.get(address).has(way)
    told = {"referred_on": clock.today().isoformat(), "agency": "A centre", "service": "health", "status": "sent"}
    assert browser.post(address, told, status=422).has(f"main a[href='/cases/{case.id}/consents?purpose=referral']")
    assert browser.get(f"/cases/{case.id}/consents?purpose=referral").has(
        "input[name=purpose][value=referral][checked]"
    )
    assert browser.get(f"/cases/{case.id}/consents?purpose=none").has("input[name=purpose][value=service][checked]")


def test_a_reason_stands_in_for_the_consent_and_is_kept(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    because = {"without_consent": "He sleeps in the street tonight."}
    browse(salma).post(f"/cases/{case.id}/steps/add/referral", said(**because), status=303)
    referral = db.session.query(Referral).one()
    assert (referral.consent_id, referral.without_consent) == (None, because["without_consent"])
    assert "Without consent" in browse(salma).get(f"/steps/{referral.id}").text


def test_the_letter_holds_what_is_shared_and_cites_the_consent(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    case = make.case(team=[salma])
    consent = agreed(case)
    more = {"note": "His uncle beats him.", "answer_due_on": (clock.today() + 9 * A_DAY).isoformat()}
    browse(salma).post(f"/cases/{case.id}/steps/add/referral", said(**more), status=303)
    referral = db.session.query(Referral).one()
    assert referral.consent_id == consent.id
    letter = browse(salma).get(f"/steps/{referral.id}/letter?in=en")
    assert TOLD in letter.text
    assert "The guardian agreed on" in letter.text
    assert "His uncle" not in letter.html
    assert "theft" not in letter.html.casefold()
    arabic = browse(salma).get(f"/steps/{referral.id}/letter?in=ar")
    assert arabic.select_one("html")["dir"] == "rtl"
    assert "وافق وليّ الأمر" in arabic.text


def test_a_consent_to_another_organisation_is_no_consent_to_this_one(make: Maker) -> None:
    case = make.case(team=[make.counsellor()])
    agreed(case, to_whom="The health centre")
    assert queries.consent_to(case.id, "Learning house", clock.today()) is None
    same = agreed(case, to_whom="LEARNING  HOUSE, Dheisheh")
    found = queries.consent_to(case.id, "Learning house", clock.today())
    assert found is not None
    assert found.id == same.id


def test_a_consent_given_after_the_referral_does_not_cover_it(make: Maker) -> None:
    case = make.case(team=[make.counsellor()])
    agreed(case, given_on=clock.today())
    assert queries.consent_to(case.id, "Learning house", clock.today() - A_DAY) is None


def test_an_imported_referral_without_consent_has_no_letter(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    referral = make.step("referral", make.case(team=[salma]), by=salma, without_consent="x")
    referral.without_consent = None
    db.session.commit()
    page = browse(salma).get(f"/steps/{referral.id}/letter", status=409)
    assert page.heading == "No letter without consent"


def test_a_letter_of_somebody_elses_case_does_not_exist(make: Maker, browse: Browse) -> None:
    salma = make.counsellor()
    referral = make.step("referral", make.case(team=[salma]), by=salma, without_consent="x")
    session = make.step("note", make.case(team=[salma]), by=salma, team_text="x")
    browse(make.lawyer("Karim")).get(f"/steps/{referral.id}/letter", status=404)
    browse(salma).get(f"/steps/{session.id}/letter", status=404)


def test_overdue_answers_come_up_for_those_who_see_the_case(make: Maker) -> None:
    salma, karim, nadia = make.counsellor(), make.lawyer("Karim"), make.coordinator()
    case = make.case(team=[salma])
    past = clock.today() - 20 * A_DAY
    for status in ("sent", "accepted"):
        more = {"status": status, "answer_due_on": past + 10 * A_DAY, "without_consent": "x"}
        make.step("referral", case, by=salma, referred_on=past, **more)
    found = [
        answers_overdue(Part(), reader=make.reader(who), today=clock.today()).rows for who in (salma, nadia, karim)
    ]
    assert [[one.status for one in rows] for rows in found] == [["sent"], ["sent"], []]


def test_a_referral_is_not_completed_before_it_was_made() -> None:
    today = clock.today()
    with pytest.raises(EndBeforeBeginning):
        rules.check({"referred_on": today, "completed_on": today - A_DAY}, None, StepState.DONE)
    with pytest.raises(rules.CompletedNeedsItsDay):
        rules.check({"referred_on": today, "completed_on": today, "status": "sent"}, None, StepState.DONE)
