"""Inbound referrals and the ledger of consents."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.cases import consent as ledger
from clinic.cases import sharing
from clinic.cases.models import CaseFile, Consent, Intake, IntakeAnswer, Sharing

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
    page = page.click("Note that it is withdrawn").submit({"because": "the father asked for it"}).follow()
    assert "withdrawn on" in page.text
    assert "the father asked for it" in page.text
    assert not db.session.scalars(select(Consent)).one().stands_on(clock.today())


def test_the_summary_on_paper_says_what_became_of_a_consent(make, browse):
    huda, today = make.lawyer("Huda"), clock.today()
    case = make.case(team=[huda], opened_on=today - timedelta(days=30))
    case, ago = db.session.get(CaseFile, case.id), today - timedelta(days=20)
    by = make.reader(huda)
    withdrawn = ledger.give_consent(case, ledger.ConsentGiven(by_guardian=True, given_on=ago), by=by)
    ledger.withdraw_consent(withdrawn, on=today, because=None)
    ledger.give_consent(case, ledger.ConsentGiven(by_guardian=True, refused=True, purpose="story", given_on=ago), by=by)
    short = ledger.ConsentGiven(by_child=True, purpose="statistics", given_on=ago, until=today - timedelta(days=1))
    ledger.give_consent(case, short, by=by)
    db.session.commit()
    said = browse(huda).get(f"/cases/{case.id}/summary").select_one('[aria-label="Consent"]').text
    assert all(words in said for words in ("withdrawn on", "refused", "run out"))
    assert "none noted" not in said


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


# --- what was shared


@pytest.fixture
def agreed(make, huda, case):
    given = ledger.ConsentGiven(purpose="referral", by_guardian=True, to_whom="مركز الإرشاد")
    consent = ledger.give_consent(case, given, by=make.reader(huda))
    db.session.commit()
    return consent


def test_what_was_shared_under_a_consent_is_noted_and_stands_on_ledger_case_and_paper(browse, huda, case, agreed):
    page = browse(huda).get(f"/cases/{case.id}/consents").click("Note what was shared")
    assert page.select_one("[name=to_whom]")["value"] == "مركز الإرشاد"
    page.submit({"what": "تقرير مختصر عن الجلسات"}).follow()
    for address in ("/consents", "", "/summary"):
        text = browse(huda).get(f"/cases/{case.id}{address}").text
        assert "تقرير مختصر عن الجلسات" in text, address
        assert "مركز الإرشاد" in text
    assert "noted what was shared" in browse(huda).get(f"/cases/{case.id}/history").text


def test_the_same_form_sent_twice_notes_one_sharing_and_one_consent(browse, huda, case, agreed):
    page = browse(huda).get(f"/cases/consents/{agreed.id}/share")
    for _again in range(2):
        page.submit({"what": "رقم الهاتف"})
    page = browse(huda).get(f"/cases/{case.id}/consents")
    for _again in range(2):
        page.submit({"by_child": "y", "purpose": "story"})
    assert len(db.session.scalars(select(Sharing)).all()) == 1
    assert len(db.session.scalars(select(Consent)).all()) == 2


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"what": ""}, "Write what was shared"),
        ({"what": "x", "to_whom": ""}, "Write with whom"),
        ({"what": "x", "to_whom": "جهة أخرى"}, "names somebody else"),
        ({"what": "x", "shared_on": "2020-01-01"}, "not in force on this day"),
    ],
)
def test_nothing_is_shared_beyond_the_consent(browse, huda, agreed, said, answer):
    page = browse(huda).get(f"/cases/consents/{agreed.id}/share").submit(said, status=(200, 422))
    assert answer in page.text
    assert db.session.scalars(select(Sharing)).all() == []


def test_after_a_withdrawal_nothing_more_is_shared_and_what_was_shared_stays(make, huda, agreed):
    by = make.reader(huda)
    day = clock.today()
    agreed.given_on = day - timedelta(days=9)
    said = {"what": "رسالة", "to_whom": "مركز الإرشاد", "by": by}
    sharing.note_shared(agreed, shared_on=day - timedelta(days=5), sharing_id=clock.new_id(), **said)
    ledger.withdraw_consent(agreed, on=day - timedelta(days=2), because=None)
    with pytest.raises(sharing.NoConsentThen):
        sharing.note_shared(agreed, shared_on=day, sharing_id=clock.new_id(), **said)
    assert [one.what for one in sharing.everything_shared(agreed.case_id, [agreed])] == ["رسالة"]


def test_what_a_referral_told_stands_in_the_ledger_without_being_noted_again(browse, make, huda, case, agreed):
    step = make.step(
        "referral", case, by=huda, referred_on=clock.today(), agency="مركز الإرشاد", service="mental_health",
        status="sent", shared="يحتاج الطفل إلى دعم نفسي",
    )  # fmt: skip
    db.session.commit()
    page = browse(huda).get(f"/cases/{case.id}/consents")
    assert "يحتاج الطفل إلى دعم نفسي" in page.text
    assert page.select_one(f'main a[href="/steps/{step.id}"]') is not None


def test_nothing_is_told_under_a_consent_to_figures(browse, huda, case):
    browse(huda).post(f"/cases/{case.id}/consents", {"by_child": "y", "purpose": "statistics"}).follow()
    assert "Note what was shared" not in browse(huda).get(f"/cases/{case.id}/consents").text


# --- a child whom the clinic knows


def test_a_referral_shows_who_is_called_so_and_opens_the_case_for_that_child(browse, make, nadia, huda):
    known = make.child("ليث", "حماد", sex="male")
    make.case(known, team=[huda])
    page = browse(nadia).post("/cases/intakes/add", TOLD).follow()
    assert known.name in page.text
    page = page.click("It is this child")
    assert page.select_one("[name=referral_source] option[selected]")["value"] == "social_development"
    page.submit({"role": "accused", "offences": "theft", "lawyer": str(huda.id)}).follow()
    intake = db.session.scalars(select(Intake)).one()
    assert intake.answer == IntakeAnswer.ACCEPTED
    assert db.session.get(CaseFile, intake.case_id).child_id == known.id


def test_a_search_from_a_referral_leads_back_to_it(browse, make, nadia, huda):
    known = make.child("كرم", "الجعفري")
    make.case(known, team=[huda])
    address = browse(nadia).post("/cases/intakes/add", TOLD).location
    intake_id = address.rsplit("/", 1)[-1]
    page = browse(nadia).post(f"/children/search?intake={intake_id}", {"q": "كرم"}, status=200)
    assert page.select_one(f'a[href="/cases/open/{known.id}?intake={intake_id}"]') is not None


def test_a_known_child_of_the_same_event_is_linked(browse, make, nadia, huda, case):
    known = make.child("كرم", "الجعفري")
    make.case(known, team=[huda])
    page = browse(nadia).get(f"/cases/open/{known.id}?beside={case.id}")
    page.submit({"role": "accused", "offences": "theft", "lawyer": str(huda.id)}).follow()
    event = make.fresh(CaseFile, case.id).event_id
    assert event is not None
    assert {one.child_id for one in db.session.scalars(select(CaseFile).where(CaseFile.event_id == event))} == {
        case.child_id,
        known.id,
    }
