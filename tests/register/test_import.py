"""Importing a register into a clinic, again, corrected, in part; the same on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from clinic import clock, db
from clinic.audit.models import AuditEntry
from clinic.cases.models import CaseFile, CasePeriod, Consent, Project, Step, TeamMember
from clinic.children.models import Child, Guardian
from clinic.clock import Moment
from clinic.counselling.models import CounsellingSession
from clinic.court.models import Decision, Hearing
from clinic.custody.models import CustodyPeriod
from clinic.police.models import PoliceAttendance
from clinic.register import actions
from clinic.register.actions import Choices, NotEmpty
from clinic.register.sources import source_at
from clinic.staff.models import AccountState, StaffMember
from clinic.vocabularies.fixed import CaseStatus, ChildRole, StepState
from tests.register.comparing import everything
from tests.register.registers import csv_files, row, whole, with_rows

DATA = Path(__file__).parents[1] / "data"

pytestmark = pytest.mark.databases


def bring(source, **choices):
    """Imports a register as the command does: commits what was written."""
    source = csv_files(source) if isinstance(source, dict) else source
    outcome = actions.import_register(source, Choices(**choices))
    if outcome.written:
        db.session.commit()
    else:
        db.session.rollback()
    db.session.expire_all()
    return outcome


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def only(model):
    return db.session.scalars(select(model)).one()


def counts(outcome):
    return {name: (found.new, found.changed, found.same) for name, found in outcome.counts.items()}


# --- whole, and again


def test_the_clinics_own_workbook_goes_in_whole_and_again_without_change(clinic):
    first = bring(source_at(DATA / "register.xlsx"))
    assert first.errors == []
    assert (count(Child), count(CaseFile), count(Step)) == (110, 120, 1183)
    before = everything()
    again = bring(source_at(DATA / "register.xlsx"))
    assert counts(again) == {name: (0, 0, new) for name, (new, _changed, _same) in counts(first).items()}
    assert everything() == before


def test_every_row_of_the_edges_goes_in_and_is_written_out_the_same(clinic):
    outcome = bring(source_at(DATA / "edge"))
    assert outcome.errors == []
    assert sum(found.new for found in outcome.counts.values()) == 59
    about = db.session.scalars(select(PoliceAttendance).order_by(PoliceAttendance.arrested_at.desc())).all()
    assert {one.arrested.precision.value for one in about} == {"minute", "day"}


def test_a_row_becomes_the_records_that_the_application_would_make(clinic):
    bring(whole())
    child, case = only(Child), only(CaseFile)
    assert (child.reference, child.given_name, child.birth_date) == ("C-1", "يوسف", date(2001, 5, 5))
    assert (case.child_id, case.offences, case.age_at_opening) == (child.id, ("theft",), 14)
    assert only(CasePeriod).opened_on == case.opened_on
    consent = only(Consent)
    assert (consent.given_on, consent.given_by_guardian, consent.given_by_child) == (date(2016, 1, 11), True, True)
    attendance = only(PoliceAttendance)
    assert attendance.arrested == Moment(datetime(2016, 1, 9, 20, tzinfo=UTC))
    assert (attendance.on_date, attendance.child_id, attendance.source) == (date(2016, 1, 9), child.id, "import")
    assert case.proceeding_status.value == "court"
    assert case.last_step_on == date(2016, 2, 1)


def test_what_is_not_known_is_kept_as_not_known(clinic):
    cells = {"given_name": "unknown", "sex": "unknown", "date_of_birth": ""}
    case = row("cases", referral_source="unknown", alleged_offence="unknown")
    bring({"children": [row("children", **cells)], "cases": [case], "hearings": [row("hearings", court="unknown")]})
    assert (only(Child).given_name, only(Child).sex.value, only(Child).birth_precision) == (None, "unknown", None)
    assert (only(CaseFile).referral_source, only(CaseFile).offences) == (None, ())
    assert only(Hearing).court is None


def test_a_blank_role_is_accused_and_a_blank_answer_is_left_open(clinic):
    bring(with_rows(hearings=[row("hearings", lawyer_attended="", child_attended="unknown")]))
    assert only(CaseFile).role == ChildRole.ACCUSED
    assert (only(Hearing).lawyer_attended, only(Hearing).child_attended.value) == (None, "unknown")


def test_the_guardian_of_a_childs_row_is_the_childs_first(clinic):
    guardian = {"guardian_name": "أم يوسف", "guardian_relationship": "mother", "guardian_phone": "٠٥٩٩١٢٣٤٥٦"}
    bring({"children": [row("children", **guardian)]})
    kept = only(Guardian)
    assert (kept.name, kept.relationship.value, kept.phone, kept.position) == ("أم يوسف", "mother", "0599123456", 0)
    assert kept.phone_hash is not None


def test_a_decided_case_has_its_decision_on_the_line(clinic):
    decided = {"disposition": "diverted", "disposition_on": "2016-03-25"}
    bring({"children": [row("children")], "cases": [row("cases", **decided)]})
    assert (only(Decision).disposition, only(Decision).decided_on) == ("diverted", date(2016, 3, 25))
    assert (only(CaseFile).disposition, only(CaseFile).proceeding_status.value) == ("diverted", "ended")


def test_a_closed_case_is_closed(clinic):
    closed = {"closed_on": "2016-04-30", "closure_reason": "goals_met"}
    bring({"children": [row("children")], "cases": [row("cases", **closed)]})
    assert only(CaseFile).status == CaseStatus.CLOSED
    assert (only(CasePeriod).closed_on, only(CasePeriod).closure_reason) == (date(2016, 4, 30), "goals_met")


def test_the_status_of_a_hearing_is_the_state_of_the_step(clinic):
    statuses = ["scheduled", "held", "adjourned", "cancelled"]
    days = [row("hearings", scheduled_at=f"2016-02-0{n} 09:00", status=status) for n, status in enumerate(statuses, 1)]
    bring(with_rows(hearings=days))
    steps = db.session.scalars(select(Hearing).order_by(Hearing.on_date)).all()
    assert [step.state for step in steps] == [StepState.PLANNED, StepState.DONE, StepState.DONE, StepState.NOT_DONE]
    assert steps[3].not_done_reason == "cancelled"


def test_a_username_that_nobody_has_becomes_an_account_that_cannot_sign_in(clinic):
    sheets = with_rows(counselling_sessions=[row("counselling_sessions", counsellor="counsellor.lina")])
    sheets["cases"] = [row("cases", lawyer="Lawyer.Rana")]
    outcome = bring(sheets)
    assert outcome.accounts == ["counsellor.lina", "lawyer.rana"]
    people = {one.username: one for one in db.session.scalars(select(StaffMember))}
    assert {one.state for one in people.values()} == {AccountState.WAITING}
    assert {name: one.roles for name, one in people.items()} == {
        "counsellor.lina": ("counsellor",),
        "lawyer.rana": ("lawyer",),
    }
    assert only(CaseFile).lawyer_id == people["lawyer.rana"].id
    assert only(CounsellingSession).worker_id == people["counsellor.lina"].id
    member = only(TeamMember)
    assert (member.staff_id, member.role, member.since) == (people["lawyer.rana"].id, "lawyer", date(2016, 1, 10))
    assert bring(sheets).accounts == []


def test_a_project_that_nobody_knows_becomes_one(clinic):
    sheets = {"children": [row("children")], "cases": [row("cases", projects="core;new_donor")]}
    assert bring(sheets).projects == ["core", "new_donor"]
    assert count(Project) == 2
    assert only(CaseFile).projects == ("core", "new_donor")
    assert bring(sheets).projects == []


def test_an_import_is_one_entry_in_the_chain(clinic):
    bring(whole())
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.what == "register.imported")).all()
    assert len(entries) == 1
    assert entries[0].detail.startswith("new=12 changed=0 sha256=")


def test_the_order_of_rows_is_the_order_of_entry(clinic):
    scores = [row("counselling_sessions", wellbeing_score=score) for score in "395"]
    bring(with_rows(counselling_sessions=scores))
    steps = db.session.scalars(select(CounsellingSession).order_by(CounsellingSession.entered)).all()
    assert [step.wellbeing_score for step in steps] == [3, 9, 5]


def test_an_end_of_which_the_day_alone_is_known_goes_in(clinic):
    bring(with_rows(custody_periods=[row("custody_periods", ended_at="2016-01-09")]))
    assert only(CustodyPeriod).ended.precision.value == "day"


# --- nothing half written


def test_one_bad_row_means_that_nothing_is_written(clinic):
    sheets = whole()
    sheets["hearings"].append(row("hearings", scheduled_at="soon"))
    before = everything()
    outcome = bring(sheets)
    assert outcome.is_refused
    assert everything() == before


def test_in_part_the_good_rows_go_in(clinic):
    sheets = whole()
    sheets["children"].append(row("children", child_ref="C-2", sex="what"))
    sheets["cases"].append(row("cases", case_ref="K-2", child_ref="C-2"))
    outcome = bring(sheets, partial=True)
    assert outcome.written
    assert [problem.code.value for problem in outcome.errors] == ["not_a_code", "refused_row"]
    assert (count(Child), count(CaseFile), count(Step)) == (1, 1, 9)


def test_an_error_of_a_whole_sheet_keeps_everything_out_also_in_part(clinic):
    outcome = bring({**whole(), "kittens": [{"name": "x"}]}, partial=True)
    assert not outcome.written
    assert count(Child) == 0


def test_a_trial_says_what_would_happen_and_writes_nothing(clinic):
    outcome = bring(whole(), dry_run=True)
    assert (outcome.written, counts(outcome)["cases"]) == (False, (1, 0, 0))
    assert count(Child) == count(Step) == 0


def test_rows_may_refer_to_what_the_clinic_holds_already(clinic):
    bring({"children": [row("children")], "cases": [row("cases")]})
    outcome = bring({"hearings": [row("hearings")]})
    assert outcome.errors == []
    assert only(Hearing).case_id == only(CaseFile).id


def test_a_case_opened_before_a_child_who_is_there_was_born_is_refused(clinic):
    bring({"children": [row("children", date_of_birth="2016-06-01")]})
    outcome = bring({"cases": [row("cases")]})
    assert [problem.code.value for problem in outcome.errors] == ["born_after"]


# --- known from when


def test_what_an_import_brings_is_known_from_its_moment(clinic):
    before = clock.now()
    bring(whole())
    assert all(step.known_from >= before for step in db.session.scalars(select(Step)))


def test_into_an_empty_clinic_records_may_be_known_from_their_own_dates(clinic):
    bring(whole(), known_from_start=True)
    assert only(CaseFile).known_from == clock.day_begins(date(2016, 1, 10))
    assert only(Child).known_from == clock.day_begins(date(2016, 1, 10))
    assert only(CounsellingSession).known_from == clock.day_begins(date(2016, 1, 20))


def test_only_into_an_empty_clinic(clinic):
    bring(whole())
    with pytest.raises(NotEmpty):
        actions.import_register(csv_files(whole()), Choices(known_from_start=True))
    db.session.rollback()


# --- corrected


def test_a_corrected_row_corrects_its_record_and_keeps_the_past(clinic):
    bring(whole())
    sheets = whole()
    sheets["children"] = [row("children", family_name="مثال آخر", date_of_birth="2002-01-01", guardian_name="أبو يوسف")]
    sheets["cases"] = [row("cases", alleged_offence="brawl;theft", closed_on="2016-06-01", closure_reason="goals_met")]
    sheets["custody_periods"] = [row("custody_periods", ended_at="2016-01-10 12:00", separated_from_adults="no")]
    outcome = bring(sheets)
    changed = {name for name, (_new, changes, _same) in counts(outcome).items() if changes}
    assert changed == {"children", "cases", "custody_periods"}
    assert (only(Child).family_name, only(Child).birth_year, only(Guardian).name) == ("مثال آخر", 2002, "أبو يوسف")
    case = only(CaseFile)
    assert (case.offences, case.status, case.age_at_opening) == (("brawl", "theft"), CaseStatus.CLOSED, 14)
    period = only(CustodyPeriod)
    assert (period.separated_from_adults.value, period.ended.at) == ("no", datetime(2016, 1, 10, 10, tzinfo=UTC))
    past = db.session.execute(select(Child.metadata.tables["child_version"])).all()
    assert len(past) == 1
    assert counts(bring(sheets))["children"] == (0, 0, 1)


def test_every_column_of_a_step_can_be_corrected(clinic):
    bring(whole())
    sheets = whole()
    sheets["cases"].append(row("cases", case_ref="K-2"))
    sheets["hearings"] = [row("hearings", status="cancelled", guardian_present="no", step_ref="")]
    sheets["police_attendances"] = [
        row(
            "police_attendances",
            lawyer_attended="yes",
            lawyer_arrived_at="~2016-01-09 23:00",
            left_police_at="2016-01-10",
        )
    ]
    outcome = bring(sheets)
    assert (counts(outcome)["hearings"], counts(outcome)["police_attendances"]) == ((0, 1, 0), (0, 1, 0))
    assert (only(Hearing).state, only(Hearing).not_done_reason) == (StepState.NOT_DONE, "cancelled")
    attendance = only(PoliceAttendance)
    assert (attendance.lawyer_arrived.precision.value, attendance.left_police.precision.value) == ("about", "day")


def test_a_disposition_that_comes_changes_and_goes_again(clinic):
    child = [row("children")]
    bring({"children": child, "cases": [row("cases")]})
    for disposition, on in (("diverted", "2016-03-25"), ("dismissed", "2016-03-26"), ("", "")):
        bring({"children": child, "cases": [row("cases", disposition=disposition, disposition_on=on)]})
        assert only(CaseFile).disposition == (disposition or None)
    assert [step.is_withdrawn for step in db.session.scalars(select(Decision))] == [True]


def test_another_lawyer_leads_from_then_on(clinic):
    bring({"children": [row("children")], "cases": [row("cases", lawyer="huda")]})
    bring({"children": [row("children")], "cases": [row("cases", lawyer="karim")]})
    team = {member.staff_id: member for member in db.session.scalars(select(TeamMember))}
    names = {one.id: one.username for one in db.session.scalars(select(StaffMember))}
    assert names[only(CaseFile).lawyer_id] == "karim"
    assert {names[staff_id]: member.until is None for staff_id, member in team.items()} == {
        "huda": False,
        "karim": True,
    }


def test_a_case_of_another_child_takes_its_steps_along(clinic):
    sheets = with_rows(hearings=[row("hearings")])
    sheets["children"].append(row("children", child_ref="C-2"))
    bring(sheets)
    sheets["cases"] = [row("cases", child_ref="C-2", child_role="witness")]
    bring(sheets)
    other = db.session.scalars(select(Child).where(Child.reference == "C-2")).one()
    assert (only(Hearing).child_id, only(Hearing).child_role) == (other.id, ChildRole.WITNESS)


def test_a_blank_note_leaves_what_is_there(clinic):
    bring(with_rows(counselling_sessions=[row("counselling_sessions", note="told", wellbeing_score="3")]))
    bring(
        with_rows(
            counselling_sessions=[row("counselling_sessions", note="", wellbeing_score="", duration_minutes="45")]
        )
    )
    session = only(CounsellingSession)
    assert (session.note, session.wellbeing_score, session.duration_minutes) == ("told", 3, 45)


def test_a_column_that_a_file_does_not_have_leaves_what_is_there(clinic):
    bring(with_rows(hearings=[row("hearings", purpose="trial")]))
    bring(with_rows(hearings=[row("hearings", status="adjourned")]))
    assert (only(Hearing).purpose.value, only(Hearing).status.value) == ("trial", "adjourned")
