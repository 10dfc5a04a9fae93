"""A child's own file is handed over: what is in it, to whom it went, and what stays with the clinic."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.models import Wall
from clinic.access.permissions import Lane
from clinic.audit.models import AuditEntry, reading
from clinic.cases.kinds import all_kinds
from clinic.cases.models import Consent, ConsentForm, ConsentPurpose, Sharing
from clinic.handover import rules
from clinic.handover.files import as_json, as_pdf
from clinic.handover.queries import own_file
from clinic.jobs import actions, running
from clinic.languages import LANGUAGES, using
from clinic.staff.models import Clinic
from tests.site.world import texts

WORDS = {"account": "ضربوني في السيارة", "note": "خطة الدفاع السرية"}


@pytest.fixture
def huda(make):
    return make.lawyer("Huda")


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.fixture
def carried_out(settings):
    """Runs the job that waits, as the worker does."""

    def run():
        running.run(*actions.claim(), settings)

    return run


@pytest.fixture
def case(make, huda):
    case = make.case(child=make.child("ليث", "مثال"), team=[huda])
    make.step("police_attendance", case, by=huda, **WORDS)
    make.step("hearing", case, by=huda, judge="القاضي فلان", court_number="77/2016")
    return case


@pytest.fixture
def consent(case, huda):
    given = Consent(
        case_id=case.id,
        purpose=ConsentPurpose.SERVICE,
        given_by_guardian=True,
        given_by_child=True,
        form=ConsentForm.WRITTEN,
        given_on=clock.today(),
        recorded_by=huda.id,
    )
    db.session.add(given)
    db.session.commit()
    return given


def told(make, member, case, write=as_json):
    reader = make.reader(db.session.merge(member))
    case = db.session.merge(case)
    return write(own_file(case, reader=reader), db.session.get_one(Clinic, make.clinic.id))


def asked(browse, person, case, **said):
    return browse(person).get(f"/handover/{case.id}").submit({"to_whom": "أم ليث", **said}, status=(200, 303, 422))


def test_every_text_of_every_kind_is_decided_on(app):
    typed = {(kind.code, field.name) for kind in all_kinds() for field in kind.fields if field.shape in rules.TYPED}
    known = {(kind.code, field.name) for kind in all_kinds() for field in kind.fields}
    assert typed - rules.OWN - rules.KEPT.keys() == set()
    assert (rules.OWN | rules.KEPT.keys()) - known == set()
    assert rules.OWN & rules.KEPT.keys() == set()


def test_no_text_that_stays_with_the_clinic_is_in_it(make, huda, nadia):
    case = make.case(team=[huda])
    for kind in all_kinds():
        make.step(kind.code, case, by=huda, **{name: f"<{kind.code}.{name}>" for name in texts(kind)})
    for person, held in ((huda, {Lane.FACTS, Lane.IDENTITY, Lane.LEGAL, Lane.ILL_TREATMENT}), (nadia, None)):
        found = json.loads(told(make, person, case))
        found.pop("shared")  # what was told to others is said there, once
        found = json.dumps(found, ensure_ascii=False)
        held = held or {Lane.FACTS, Lane.IDENTITY}
        for kind in all_kinds():
            for name in texts(kind):
                is_in = (kind.code, name) in rules.OWN and kind.lane(name) in held
                assert (f"<{kind.code}.{name}>" in found) == is_in, (kind.code, name)


def test_the_coordinator_hands_over_facts_and_the_lawyer_the_childs_own_words(make, huda, nadia, case):
    assert WORDS["account"] in told(make, huda, case).decode()
    of_the_coordinator = told(make, nadia, case).decode()
    assert WORDS["account"] not in of_the_coordinator
    assert "the lawyer of the case hands that over" in of_the_coordinator
    assert "77/2016" in of_the_coordinator
    for found in (told(make, huda, case).decode(), of_the_coordinator):
        assert WORDS["note"] not in found
        assert "القاضي فلان" not in found


def test_the_file_for_programs_says_codes_and_words(make, huda, case):
    found = json.loads(told(make, huda, case))
    assert found["format"] == "sanad-own-file-1"
    assert found["child"]["given_name"] == "ليث"
    step = next(one for one in found["steps"] if one["kind"] == "police_attendance")
    assert step["at"]["known_to"] == "minute"
    answers = {one["name"]: one for one in step["answers"]}
    assert answers["account"]["value"] == WORDS["account"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_paper_can_be_read_in_both_languages(make, huda, case, language, tmp_path: Path):
    with using(LANGUAGES[language]):
        made = told(make, huda, case, as_pdf)
    assert made.startswith(b"%PDF-")
    assert "ليث".encode() not in made[:400]
    (tmp_path / "own.pdf").write_bytes(made)
    read = subprocess.run(["pdftotext", str(tmp_path / "own.pdf"), "-"], capture_output=True, check=True)  # noqa: S603, S607
    assert "77/2016" in read.stdout.decode()


def test_it_is_made_in_the_background_and_noted_under_the_consent(browse, nadia, case, consent, carried_out):
    page = asked(browse, nadia, case, consent=str(consent.id), form="json", language="ar")
    assert page.status == 303
    carried_out()
    sharing = db.session.scalars(select(Sharing)).one()
    assert (sharing.consent_id, sharing.to_whom, sharing.recorded_by) == (consent.id, "أم ليث", nadia.id)
    done = db.session.scalars(select(AuditEntry.what)).all()
    assert {"child.file_asked_for", "child.handed_over", "consent.shared"} <= set(done)
    with db.database().readings.connect() as connection:
        assert "child.file_made" in connection.scalars(select(reading.c.what)).all()
    assert "أم ليث" in browse(nadia).get(f"/cases/{case.id}/consents").text


def test_files_of_several_children_are_told_apart_and_a_wall_still_stands(
    make, browse, nadia, case, consent, carried_out
):
    asked(browse, nadia, case, consent=str(consent.id), form="json", language="ar")
    carried_out()
    page = browse(nadia).get("/jobs")
    assert [each.get_text() for each in page.select("main .card .code")] == [case.reference]
    db.session.add(Wall(case_id=case.id, staff_id=nadia.id, built_by=nadia.id))
    db.session.commit()
    assert case.reference not in browse(nadia).get("/jobs").html


def test_it_asks_again_who_it_is(browse, nadia, case, consent, monkeypatch):
    browser = browse(nadia)
    browser.get("/account")
    page = browser.get(f"/handover/{case.id}")
    real = clock.told
    monkeypatch.setattr(clock, "told", lambda: real() + timedelta(minutes=6))
    page = page.submit({"to_whom": "أم ليث", "consent": str(consent.id)}, status=200)
    assert page.heading == "Is it still you?"


def test_without_a_consent_in_force_nothing_is_handed_over(browse, nadia, case):
    page = browse(nadia).get(f"/handover/{case.id}")
    assert "No consent is in force" in page.text
    assert not page.has("[name=to_whom]")


def test_a_consent_withdrawn_meanwhile_stops_the_file(browse, nadia, case, consent, carried_out):
    asked(browse, nadia, case, consent=str(consent.id))
    db.session.get_one(Consent, consent.id).withdrawn_on = clock.today()
    db.session.commit()
    carried_out()
    assert db.session.scalars(select(Sharing)).all() == []


def test_a_referral_names_to_whom_and_so_only_they_get_the_file(browse, nadia, case, consent):
    consent = db.session.merge(consent)
    consent.purpose, consent.to_whom = ConsentPurpose.REFERRAL, "وزارة التنمية"
    db.session.commit()
    page = asked(browse, nadia, case, consent=str(consent.id))
    assert "names somebody else" in page.text


def test_withdrawing_says_what_stops_and_who_knows_already(browse, huda, case, consent):
    sent = {"what": "تقرير المدرسة", "to_whom": "مدرسة المخيم", "shared_on": clock.today().isoformat()}
    browse(huda).post(f"/cases/consents/{consent.id}/share", sent)
    page = browse(huda).get(f"/cases/consents/{consent.id}/withdraw")
    assert "The team does nothing more for the child" in page.text
    assert "مدرسة المخيم" in page.text
