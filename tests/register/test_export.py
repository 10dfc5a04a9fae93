"""What export writes goes into an empty clinic as the same data; and who may take what along."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from clinic import clock, db, rooms
from clinic.access.models import Wall
from clinic.access.reader import Reader
from clinic.cases import actions as cases
from clinic.cases import closing, intake
from clinic.cases.kinds import kind_of
from clinic.cases.models import CaseFile, Consent, ConsentForm, ConsentPurpose, Project, Sharing, Task
from clinic.children.models import Guardian, LikelyPair
from clinic.conflicts import actions as conflicts
from clinic.conflicts.models import ConflictState, Consequence, PossibleConflict
from clinic.conflicts.rules import PersonTold
from clinic.counselling.models import CounsellingSession
from clinic.crypto import current
from clinic.crypto.keyring import MasterKey
from clinic.languages import ARABIC, ENGLISH
from clinic.law.models import RuleSetConfirmation
from clinic.register import actions, exporting, writing
from clinic.register.actions import Choices
from clinic.register.exporting import Scope
from clinic.register.sources import source_at
from clinic.register.writing import FileFormat
from clinic.retention import actions as retention
from clinic.staff import clinics
from clinic.targets import actions as targets
from clinic.targets import catalogue
from clinic.targets.models import Target, TargetPlan
from clinic.targets.queries import kept_of
from clinic.targets.rules import Words
from clinic.vocabularies.fixed import Answer, ChildRole
from clinic.vocabularies.models import VocabularyTerm
from tests.databases import connect
from tests.register.comparing import everything
from tests.register.filled import fill

DATA = Path(__file__).parents[1] / "data"
"""Everybody in these tests is invented."""


def key_holder() -> Reader:
    clinic_id = db.current_clinic.get()
    assert clinic_id is not None
    return Reader(clinic_id, clinic_id, "", frozenset(), "en", holds_key=True)


def written(tmp_path: Path, reader: Reader, file_format: FileFormat = FileFormat.CSV, language: Any = ENGLISH) -> Path:
    out = tmp_path / f"out.{file_format.value}"
    writing.write(exporting.tables(Scope(reader), language), out, file_format, language)
    db.session.rollback()
    return out


def sheet(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def full(clinic, make):
    """A clinic in which everything that can be held is held."""
    actions.import_register(source_at(DATA / "edge"), Choices())
    db.session.commit()
    huda, salma, nadia = make.lawyer("Huda"), make.counsellor("Salma"), make.coordinator("Nadia")
    child = make.child("=ليلى", "مثال", estimated_age=14, estimated_on=date(2024, 5, 1), age_basis="doctor")
    opened = clock.today() - timedelta(days=60)
    case = make.case(child, team=[huda, salma], opened_on=opened, projects=("core",), event_id=clock.new_id())
    other = make.case(
        make.child("نور", "مثال"), team=[salma], opened_on=opened, role=ChildRole.WITNESS, event_id=case.event_id
    )
    case.summary, case.court_number = "ملخص القضية", "12/2026"
    fill(case, huda)
    fill(other, salma)
    beside(make, case, other, (huda, salma, nadia))
    for one in (case, other):
        cases.rederive(one, kind_of("decision"))
    db.session.commit()
    return case


def beside(make, case, other, people) -> None:
    huda, salma, nadia = people
    for position, name in enumerate(("أم ليلى", "خالة ليلى")):
        guardian = Guardian(child_id=case.child_id, position=position, relationship="mother")
        guardian.name, guardian.phone, guardian.may_say = name, f"059000000{position}", "أنا من المدرسة"
        guardian.safe_to_call = Answer.NO
        db.session.add(guardian)
    db.session.add(Project(code="core", name="Core funding", name_ar="المشروع الأساسي", ended_on=clock.today()))
    given = Consent(
        case_id=case.id,
        purpose=ConsentPurpose.REFERRAL,
        given_by_guardian=True,
        given_by_child=False,
        form=ConsentForm.VERBAL,
        given_on=clock.today(),
    )
    given.to_whom = "مركز الإرشاد"
    db.session.add(given)
    told = Sharing(case_id=case.id, consent_id=given.id, shared_on=clock.today())
    told.what, told.to_whom = "تقرير مختصر", "مركز الإرشاد"
    db.session.add(told)
    db.session.add(Task(case_id=case.id, assigned_to=huda.id, made_by=nadia.id, due_on=clock.today()))
    task = Task(assigned_to=salma.id, done_at=clock.now(), done_by=salma.id)
    task.what = "اتصال بالمدرسة"
    db.session.add(task)
    first, second = sorted((case.child_id, other.child_id), key=lambda one: one.bytes)
    db.session.add(LikelyPair(first_id=first, second_id=second, score=88, reasons=("name", "locality"), asked=True))
    for lifted_at in (None, clock.now()):
        wall = Wall(case_id=other.id, staff_id=huda.id, built_by=nadia.id, lifted_at=lifted_at)
        wall.because = "قرابة"
        if lifted_at:
            wall.lifted_by, wall.lifted_because = nadia.id, "انتهت"
        db.session.add(wall)
    retention.lift(retention.hold(other, reason="دعوى", by=make.reader(nadia)), by=make.reader(nadia))
    retention.hold(other, reason="استئناف", by=make.reader(nadia))
    stand_on_other_sides(case, other, huda, make.reader(nadia))
    db.session.add(RuleSetConfirmation(code="police", digest="ab" * 32, confirmed_by=huda.id))
    db.session.add(
        VocabularyTerm(
            list_name="locality",
            code="new_camp",
            en="New camp",
            ar="مخيم جديد",
            position=3,
            added=True,
            attributes={"kind": "camp"},
        )
    )
    clinic = make.clinic_row()
    clinic.lists_changed += 1
    db.session.flush()
    case.child.locality = "new_camp"
    noted = {"received_on": clock.today(), "referral_source": "social_development", "child_name": "طفل", "wish": "محامٍ"}
    intake.note_intake(noted, by=make.reader(nadia))
    make.case(team=[huda], opened_on=clock.today() - timedelta(days=9))
    close_and_reopen(make, huda, nadia)
    aim(make.reader(nadia))
    sessions = db.session.scalars(select(CounsellingSession).where(CounsellingSession.case_id == other.id)).all()
    group = clock.new_id()
    for one in sessions:
        one.group_id = group
    sessions[0].follows_id = sessions[1].id
    sessions[2].withdrawn_at, sessions[2].withdrawn_by = clock.now(), salma.id
    sessions[2].withdrawn_because = "سُجّلت مرتين"


def stand_on_other_sides(case, other, huda, nadia: Reader) -> None:
    """Somebody named in a case, somebody taken out of it, and two possible conflicts, one of them decided."""
    for out in (False, True):
        told = PersonTold(role="complainant", name="نور مثال", phone=f"059900000{out:d}", about="جارة")
        person = conflicts.add_person(other, told, by=nadia)
        conflicts.correct_person(person, told, version=1, withdrawn=out, by=nadia)
    found = PossibleConflict(named_case_id=other.id, other_child_id=case.child_id, other_case_id=case.id)
    db.session.add_all([found, PossibleConflict(named_case_id=other.id, colleague_id=huda.id, tells_team=False)])
    db.session.flush()
    decided = {"finding": "هي نفسها", "consequence": Consequence.WALL, "version": 1}
    conflicts.decide(found, ConflictState.CONFLICT, **decided, by=nadia)


def close_and_reopen(make, huda, nadia) -> None:
    """A case that was closed and opened again, and one whose closing somebody proposed."""
    days = clock.today() - timedelta(days=40)
    again, proposed = (make.case(team=[huda], opened_on=days) for _ in range(2))
    by, coordinator = make.reader(huda), make.reader(nadia)
    closing.propose_closing(again, closed_on=days + timedelta(days=10), reason="goals_met", note="تم", by=by)
    closing.approve_closing(again, by=coordinator)
    closing.reopen(again, opened_on=days + timedelta(days=20), by=coordinator)
    closing.propose_closing(proposed, closed_on=clock.today(), reason="moved_away", note=None, by=by)


def aim(nadia: Reader) -> None:
    """Targets and paragraphs of two periods, one of them taken back, and a period for which nothing is set yet."""
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    of_project = targets.begin("core", first, last, by=nadia)
    of_clinic = targets.begin(None, first, last, by=nadia)
    targets.begin(None, date(2027, 1, 1), date(2027, 12, 31), by=nadia)
    words = Words(ar='=ما تحقق، "هكذا"\nوسطر آخر', en="What was done")
    for plan, share in ((of_project, 62.5), (of_clinic, 60.0)):
        for section in catalogue.sections():
            wanted = {one.indicator: 45.0 if one.is_whole else -2.5 if one.least else share for one in section.aims}
            targets.save(plan, section, targets=wanted, words=words, version=0, by=nadia)
    section = next(one for one in catalogue.sections() if one.aims)
    there = kept_of(of_clinic, [section])[section.code]
    targets.save(of_clinic, section, targets={}, words=Words(en="Nothing yet"), version=there.version, by=nadia)


@pytest.fixture
def another_clinic(databases, dialect) -> Callable[[], None]:
    """Leaves the clinic of the test for an empty one in another database, with another key."""
    urls: list[str] = []

    def move() -> None:
        urls.append(databases.fresh(dialect))
        db.session.remove()
        connect(urls[0])
        rooms.wire()
        db.current_clinic.set(None)
        made = clinics.make_clinic(
            name="Other", prefix="DH", language="en", key=MasterKey.generate(), is_demonstration=False
        )
        db.session.commit()
        db.current_clinic.set(made.id)

    return move


@pytest.mark.databases
@pytest.mark.parametrize(
    ("file_format", "language"),
    [(FileFormat.CSV, ENGLISH), (FileFormat.XLSX, ARABIC)],
    ids=["csv", "xlsx"],
)
def test_what_is_written_out_goes_into_an_empty_clinic_as_the_same_data(
    full, tmp_path, another_clinic, file_format, language
):
    before = everything()
    assert [table for table, rows in before.items() if not rows] == []
    out = written(tmp_path, key_holder(), file_format, language)
    another_clinic()
    outcome = actions.import_register(source_at(out), Choices())
    assert [problem.sentence for problem in outcome.errors] == []
    db.session.commit()
    after = everything()
    assert before.keys() == after.keys()
    for table, rows in before.items():
        differing = [(was, now) for was, now in zip(rows, after[table], strict=True) if was != now]
        assert [(table, key, was[key], now[key]) for was, now in differing for key in was if was[key] != now[key]] == []
    again = actions.import_register(source_at(out), Choices())
    assert all(found.new == found.changed == 0 for found in again.counts.values())
    assert again.conflicts == []
    current.forget()


def test_what_is_written_out_changes_nothing_where_it_came_from(full, tmp_path):
    out = written(tmp_path, key_holder())
    outcome = actions.import_register(source_at(out), Choices())
    assert outcome.errors == outcome.conflicts == []
    assert all(found.new == found.changed == 0 for found in outcome.counts.values())


def test_the_sheets_of_steps_hold_what_took_place(full, tmp_path):
    out = written(tmp_path, key_holder())
    held = {row["step_ref"] for row in sheet(out, "counselling_sessions")}
    planned = {row["step_ref"]: row["state"] for row in sheet(out, "planned")}
    withdrawn = [row["step_ref"] for row in sheet(out, "withdrawn")]
    assert not held & planned.keys()
    assert set(planned.values()) == {"planned", "not_done"}
    assert len(withdrawn) == 1
    assert withdrawn[0] not in held


def test_the_offset_stands_in_the_doubled_hour_alone(full, tmp_path):
    out = written(tmp_path, key_holder())
    for row in sheet(out, "hearings"):
        wall = datetime.fromisoformat(row["scheduled_at"].lstrip("~")[:16]).replace(tzinfo=clock.ZONE)
        is_twice = wall.utcoffset() != wall.replace(fold=1).utcoffset()
        assert ("+0" in row["scheduled_at"]) == is_twice


def test_a_lawyer_takes_their_own_cases_without_the_counsellors_notes(full, make, tmp_path):
    huda = make.reader(make.lawyer("Huda"))
    out = written(tmp_path, huda)
    cases = {row["case_ref"] for row in sheet(out, "cases")}
    assert full.reference in cases
    assert not any(reference.startswith("K-") for reference in cases)
    sessions = sheet(out, "counselling_sessions")
    assert {row["case_ref"] for row in sessions} == {full.reference}
    assert {row["note"] + row["wellbeing_score"] + row["agreed"] for row in sessions} == {""}
    assert any(row["note"] for row in sheet(out, "police_attendances"))
    assert any(row["account"] for row in sheet(out, "complaints"))
    assert not any(
        (out / f"{name}.csv").exists() for name in ("walls", "holds", "intakes", "target_periods", "targets")
    )


def test_a_wall_hides_a_case_from_an_export(full, make, tmp_path):
    huda = make.lawyer("Huda")
    hidden = make.case(team=[huda])
    db.session.add(Wall(case_id=hidden.id, staff_id=huda.id, built_by=huda.id))
    db.session.commit()
    out = written(tmp_path, make.reader(huda))
    for file in out.iterdir():
        assert hidden.reference not in file.read_text(encoding="utf-8")


def test_a_counsellor_takes_their_notes_and_neither_the_defences_nor_the_ill_treatment(full, make, tmp_path):
    out = written(tmp_path, make.reader(make.counsellor("Salma")))
    assert any(row["note"] for row in sheet(out, "counselling_sessions"))
    attendances = sheet(out, "police_attendances")
    assert attendances
    assert {row["note"] + row["confession"] + row["ill_treatment_kinds"] for row in attendances} == {""}
    assert {row["about"] for row in sheet(out, "complaints")} == {"unknown"}


def test_a_coordinator_takes_all_cases_without_anybodys_notes(full, make, tmp_path):
    out = written(tmp_path, make.reader(make.coordinator("Nadia")))
    assert len(sheet(out, "cases")) == len(db.session.scalars(select(CaseFile)).all())
    assert {row["note"] for row in sheet(out, "counselling_sessions")} == {""}
    assert {row["note"] for row in sheet(out, "hearings")} == {""}
    assert (out / "intakes.csv").exists()
    assert {row["ar"] for row in sheet(out, "narratives")} > {""}
    assert any(row["not_known"] for row in sheet(out, "hearings"))


def test_a_target_can_be_brought_in_corrected_and_keeps_what_stood_before(full, tmp_path):
    out = written(tmp_path, key_holder())
    (out / "target_periods.csv").unlink()
    rows = sheet(out, "targets")
    row = next(row for row in rows if row["value"] == "62.5")
    text = (out / "targets.csv").read_text(encoding="utf-8-sig")
    kept = {**row, "value": "70", "first": "2025-01-01", "last": "2025-12-31"}
    changed = text.replace(",".join(row.values()), ",".join({**row, "value": "٦٥٫٥"}.values()))
    (out / "targets.csv").write_text(changed + ",".join(kept.values()) + "\r\n", encoding="utf-8")
    outcome = actions.import_register(source_at(out), Choices(file_wins=True))
    assert (outcome.errors, outcome.counts["targets"].new, outcome.counts["targets"].changed) == ([], 1, 1)
    db.session.commit()
    plan = db.session.scalars(select(TargetPlan).where(TargetPlan.first == date(2025, 1, 1))).one()
    assert db.session.scalars(select(Target.value).where(Target.plan_id == plan.id)).one() == 70
    assert 65.5 in db.session.scalars(select(Target.value)).all()
    assert db.session.scalar(select(func.max(Target.version))) == 2


def test_what_somebody_takes_out_and_brings_back_takes_nothing_away(full, make, tmp_path):
    before = everything()
    out = written(tmp_path, make.reader(make.coordinator("Nadia")))
    outcome = actions.import_register(source_at(out), Choices(file_wins=True))
    db.session.commit()
    assert outcome.errors == outcome.conflicts == []
    assert everything() == before


def test_an_administrator_takes_no_child(full, make, tmp_path):
    out = written(tmp_path, make.reader(make.administrator("Adam")))
    assert sheet(out, "children") == sheet(out, "cases") == sheet(out, "hearings") == []
