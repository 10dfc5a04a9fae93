"""Inbound referrals and the ledger of consents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases import consent as ledger
from clinic.cases.models import CaseFile, Consent, Intake, IntakeAnswer

TOLD = {"child_name": "ليث سامر علي حماد", "referral_source": "social_development", "wish": "a lawyer for the hearing"}


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def case(make, huda):
    return make.case(team=[huda])


def test_a_referral_is_noted_as_told_and_waits(browse, nadia):
    browse(nadia).post("/cases/intakes/add", {**TOLD, "urgent": "y"}).follow()
    page = browse(nadia).get("/cases/intakes")
    assert "ليث سامر علي حماد" in page.text
    assert "urgent" in page.text


def test_an_accepted_referral_opens_a_case_already_filled_in(browse, nadia, huda):
    page = browse(nadia).post("/cases/intakes/add", TOLD).follow().click("Accept: open a case")
    assert page.select_one("[name=given_name]")["value"] == "ليث"
    assert page.select_one("[name=family_name]")["value"] == "حماد"
    page.submit({"offences": "theft", "lawyer": str(huda.id)}).follow()
    intake, case = db.session.scalars(select(Intake)).one(), db.session.scalars(select(CaseFile)).one()
    assert (intake.answer, intake.case_id) == (IntakeAnswer.ACCEPTED, case.id)
    assert case.referral_source == "social_development"
    assert case.lawyer_id == huda.id


def test_a_referral_is_declined_with_a_reason(browse, nadia):
    page = browse(nadia).post("/cases/intakes/add", TOLD).follow()
    page = page.submit({"answer_note": ""}, status=(200, 422))
    assert "Say why" in page.text
    page.submit({"answer_note": "another clinic has the child already"}).follow()
    assert db.session.scalars(select(Intake)).one().answer == IntakeAnswer.DECLINED
    assert "ليث" in browse(nadia).get("/cases/intakes?answered=1").text


def test_only_who_answers_referrals_reads_them(browse, nadia, huda):
    page = browse(nadia).post("/cases/intakes/add", TOLD)
    browse(huda).get("/cases/intakes", status=403)
    browse(huda).get(page.location, status=403)


def test_consent_for_now_is_confirmed_later(browse, huda, case):
    day = (clock.today() + timedelta(days=3)).isoformat()
    said = {"purpose": "service", "by_guardian": "y", "form": "provisional", "confirm_by": day}
    page = browse(huda).post(f"/cases/{case.id}/consents", said).follow()
    assert "to be confirmed by" in page.text
    assert "Have the consent confirmed" in browse(huda).get(f"/cases/{case.id}").text
    page.click("Confirm").submit().follow()
    assert db.session.scalars(select(Consent)).one().confirmed_on == clock.today()


def test_consent_is_withdrawn_and_stays_in_the_ledger(browse, huda, case):
    page = browse(huda).post(f"/cases/{case.id}/consents", {"by_child": "y", "purpose": "statistics"}).follow()
    page = page.click("It is withdrawn").submit({"because": "the father asked for it"}).follow()
    assert "withdrawn on" in page.text
    assert "the father asked for it" in page.text
    assert not db.session.scalars(select(Consent)).one().stands_on(clock.today())


@pytest.mark.parametrize(
    ("given", "refused_with"),
    [
        (ledger.ConsentGiven(), ledger.NobodyConsents),
        (ledger.ConsentGiven(by_child=True, form="provisional"), ledger.NeedsADayToConfirm),
        (ledger.ConsentGiven(by_child=True, purpose="referral"), ledger.NeedsARecipient),
    ],
)
def test_a_line_of_the_ledger_says_who_and_what(make, huda, case, given, refused_with):
    with pytest.raises(refused_with):
        ledger.give_consent(db.session.get(CaseFile, case.id), given, by=make.reader(huda))


def test_nobody_else_reaches_a_consent(browse, make, huda, case):
    browse(huda).post(f"/cases/{case.id}/consents", {"by_child": "y"}).follow()
    consent = db.session.scalars(select(Consent)).one()
    browse(make.lawyer("Karim")).get(f"/cases/consents/{consent.id}/withdraw", status=404)
