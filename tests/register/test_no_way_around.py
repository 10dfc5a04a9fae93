"""What a coordinator could do with a register and not with a page: pass a wall, take a power, join a team unseen."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from clinic import clock, db
from clinic.access.models import Wall
from clinic.access.permissions import Role
from clinic.audit.models import AuditEntry
from clinic.cases.models import CaseFile, Consent, ConsentForm, ConsentPurpose, Intake, IntakeAnswer, Step, Task
from clinic.register import actions
from clinic.register.actions import Choices
from clinic.staff.models import StaffMember, StaffNotice
from tests.register.comparing import everything
from tests.register.registers import csv_files, row, with_rows
from tests.register.test_import import bring, counts

pytestmark = pytest.mark.databases


@pytest.fixture
def nadia(make):
    """The coordinator who tries, and who is a lawyer besides."""
    return make.reader(make.person("Nadia", Role.COORDINATOR, Role.LAWYER))


def tried(reader, sheets, **choices):
    """An import as it is done from the page."""
    outcome = actions.import_register(csv_files(sheets), Choices(**choices), by=reader)
    assert outcome.errors == []
    db.session.commit()
    db.session.expire_all()
    return outcome


@pytest.fixture
def behind_a_wall(clinic, make, nadia):
    """A case with one of everything that nobody shows Nadia, and one that she sees."""
    bring(with_rows(hearings=[row("hearings", step_ref="S-1"), row("hearings", court="court_of_appeal")]))
    bring({"children": [row("children", child_ref="C-2")], "cases": [row("cases", case_ref="K-2", child_ref="C-2")]})
    case = db.session.scalars(select(CaseFile).where(CaseFile.reference == "K-1")).one()
    by, day = make.coordinator("Maha").id, date(2016, 3, 1)
    task = Task(case_id=case.id, due_on=day, assigned_to=by, made_by=by, what="اتصال")
    agreed = {"given_by_guardian": True, "given_by_child": True, "form": ConsentForm.WRITTEN, "given_on": day}
    consent = Consent(case_id=case.id, purpose=ConsentPurpose.REFERRAL, **agreed)
    came = {"received_on": day, "referral_source": "police", "child_name": "طفل مخفي"}
    intake = Intake(case_id=case.id, answer=IntakeAnswer.ACCEPTED, answered_by=by, answered_at=clock.now(), **came)
    db.session.add_all([task, consent, intake, Wall(case_id=case.id, staff_id=nadia.staff_id, built_by=by)])
    db.session.commit()
    step = db.session.scalars(select(Step).where(Step.reference.is_(None), Step.kind == "hearing")).one()
    return {"step": str(step.id), "task": str(task.id), "consent": str(consent.id), "intake": str(intake.id)}


def rows_about(found):
    """Rows that name what stands behind the wall, and the same about what nobody knows."""
    other = {name: str(clock.new_id()) for name in found}
    for day, ids, reference, child in ((3, found, "S-1", "طفل مخفي"), (4, other, "S-9", "طفل آخر")):
        hearings = [row("hearings", case_ref="K-2", step_ref=ref) for ref in (reference, ids["step"])]
        filing = {"case_ref": "K-2", "what": "other_paper", "filed_on": f"2016-02-0{day}", "follows_ref": ids["step"]}
        task = {"task_ref": ids["task"], "what": "اتصال", "due_on": "2016-03-01", "assigned_to": "maha"}
        came = {"received_on": "2016-03-01", "referral_source": "police"}
        agreed = {"case_ref": "K-2", "purpose": "referral", "form": "written", "given_on": "2016-03-01"}
        agreed |= {"given_by_guardian": "yes", "given_by_child": "yes", "refused": "no"}
        yield {
            "hearings": hearings,
            "filings": [filing],
            "tasks": [task],
            "intakes": [came | {"child_name": child}, came | {"intake_ref": ids["intake"], "child_name": "سواه"}],
            "consents": [agreed | {"consent_ref": ids["consent"]}],
            "sharings": [{"case_ref": "K-2", "consent_ref": ids["consent"], "shared_on": "2016-03-02", "what": "ورقة"}],
        }


def test_what_stands_behind_a_wall_is_for_a_register_as_if_it_were_not_there(nadia, behind_a_wall):
    of_the_case = {name: rows for name, rows in everything().items() if name in ("step", "hearing", "consent", "task")}
    about, about_nobody = rows_about(behind_a_wall)
    for dry_run in (True, False):
        told = [tried(nadia, rows, dry_run=dry_run, file_wins=True) for rows in (about_nobody, about)]
        assert counts(told[0]) == counts(told[1])
        assert {found.new for found in told[1].counts.values()} == {1, 2}
        assert told[0].conflicts == told[1].conflicts == []
    after = everything()
    for name, rows in of_the_case.items():
        assert all(one in after[name] for one in rows), name  # nothing of the walled case was touched
    sharing = [one for one in after["sharing"] if one["what"] == "ورقة"]
    consents = {one["id"]: one["case_id"] for one in after["consent"]}
    assert {consents[one["consent_id"]] for one in sharing} == {"K-2"}
    case_of = {one["id"]: one["case_id"] for one in after["step"]}
    assert [case_of[one["follows_id"]] for one in after["step"] if one["follows_id"]] == ["K-2", "K-2"]


def test_a_consent_behind_a_wall_is_nothing_to_refer_to(nadia, behind_a_wall):
    shared = {"case_ref": "K-2", "shared_on": "2016-03-02", "what": "ورقة"}
    told = [
        actions.import_register(
            csv_files({"sharings": [shared | {"consent_ref": consent}]}), Choices(dry_run=True), by=nadia
        ).errors
        for consent in (behind_a_wall["consent"], str(clock.new_id()))
    ]
    assert [[problem.code.value for problem in errors] for errors in told] == [["no_such_row"], ["no_such_row"]]


def test_nobody_raises_their_rights_with_a_register(clinic, make, nadia):
    make.person("Adam", Role.ADMINISTRATOR)
    before = {one.username: (one.roles, one.email) for one in db.session.scalars(select(StaffMember))}
    people = [
        {"username": "nadia", "name": "Nadia", "roles": "coordinator; lawyer; counsellor"},
        {"username": "adam", "name": "Adam", "roles": "administrator; lawyer", "email": "elsewhere@example.org"},
    ]
    outcome = tried(nadia, {"people": people}, file_wins=True)
    assert [problem.code.value for problem in outcome.conflicts] == ["account"] * 2
    assert {one.username: (one.roles, one.email) for one in db.session.scalars(select(StaffMember))} == before


def test_who_is_kept_out_confirms_or_decided_is_no_table_of_a_coordinator(clinic, make, nadia):
    bring(with_rows())
    make.lawyer("Huda")
    built = {"case_ref": "K-1", "username": "huda", "built_by": "nadia", "built_at": "2016-03-01T10:00:00+00:00"}
    confirmed = {"code": "law", "digest": "x", "confirmed_by": "huda", "confirmed_at": "2016-03-01T10:00:00+00:00"}
    outcome = tried(nadia, {"walls": [built], "confirmations": [confirmed]}, file_wins=True)
    assert {(one.sheet, one.code.value) for one in outcome.conflicts} == {
        ("confirmations", "for_the_key"),
        ("walls", "for_the_key"),
    }
    assert db.session.scalars(select(Wall)).all() == []
    assert everything()["rule_set_confirmation"] == []


@pytest.mark.parametrize("way", ["team", "cases"])
def test_nobody_joins_a_team_unseen_by_a_register(clinic, make, nadia, way):
    huda, maha = make.lawyer("Huda"), make.coordinator("Maha")
    bring(with_rows(team=[{"case_ref": "K-1", "username": "huda", "role": "lawyer", "since": "2016-01-10"}]))
    joining = {"case_ref": "K-1", "username": "nadia", "role": "lawyer", "since": "2016-02-01"}
    rows = [joining] if way == "team" else [row("cases", lawyer="nadia")]
    tried(nadia, {way: rows}, file_wins=True)
    told = {(one.staff_id, one.what) for one in db.session.scalars(select(StaffNotice))}
    assert told == {(huda.id, "team_joined_oneself"), (maha.id, "team_joined_oneself")}
    assert "team.joined_oneself" in set(db.session.scalars(select(AuditEntry.what)))
    tried(nadia, {way: rows}, file_wins=True)  # the same again joins nobody
    assert len(db.session.scalars(select(StaffNotice)).all()) == 2
