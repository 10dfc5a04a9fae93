"""The run: two persons agree, files whose time is over become rows of facts, and nothing else is left of them."""

from __future__ import annotations

import os
import signal
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from clinic import clock, db, embedded, languages
from clinic.access.reader import Reader
from clinic.audit import verifying
from clinic.audit.models import AuditEntry
from clinic.cases.kinds import all_kinds
from clinic.cases.models import CaseFile, Step, Task
from clinic.children import queries as children
from clinic.children.models import Child, Guardian
from clinic.clock import Moment
from clinic.jobs import actions as jobs
from clinic.jobs import running, spool
from clinic.jobs.models import Job
from clinic.register import exporting, writing
from clinic.register.actions import Choices, import_register
from clinic.register.sources import source_at
from clinic.retention import actions, ageing, kept, queries, work
from clinic.retention.models import AgeingRun
from clinic.staff.models import StaffNotice
from clinic.vocabularies.fixed import CaseStatus, DatePrecision
from tests.site.world import texts

# --- what is left, and what is gone


GROWN = {"born_on": "1994-05-04", "birth_precision": DatePrecision.DAY, "birth_year": 1994}
BEGAN = Moment(datetime(2010, 3, 4, 19, 47, tzinfo=UTC))
ENDED = Moment(datetime(2010, 3, 9, 6, 13, tzinfo=UTC))
ARRESTED = Moment(datetime(2010, 3, 4, 16, 21, tzinfo=UTC))
LAWYER = Moment(datetime(2010, 3, 4, 17, 58, tzinfo=UTC))


@pytest.fixture
def nadia(make):
    return make.coordinator("Nadia")


@pytest.fixture
def rana(make):
    return make.coordinator("Rana")


@pytest.fixture
def over(app, make):
    """Makes a child whose only case was closed long ago, with one step of every kind and texts in all of them."""

    def make_one(name="ياسمين", closed_on=date(2010, 6, 1)):
        huda = make.lawyer("Huda")
        child = make.child(name, "مثالية", name_latin=f"Yasmin {name}", unrwa_number="12345678", **GROWN)
        case = make.case(child=child, team=[huda], opened_on=date(2010, 3, 4))
        db.session.add(Guardian(child_id=child.id, name="أم المثال", phone="0599123456"))
        db.session.add(Task(case_id=case.id, assigned_to=huda.id, what="الاتصال بالأم"))
        db.session.commit()
        for kind in all_kinds():
            make.step(kind.code, case, by=huda, **{**texts(kind), **MOMENTS.get(kind.code, {})})
        case = db.session.merge(case)
        case.summary, case.status = "ملخص", CaseStatus.CLOSED
        case.periods[-1].closed_on, case.periods[-1].closure_reason = closed_on, "goals_met"
        db.session.commit()
        return case

    return make_one


MOMENTS = {
    "police_attendance": {"arrested": ARRESTED, "lawyer_attended": "yes", "lawyer_arrived": LAWYER},
    "custody_period": {"began": BEGAN, "ended": ENDED, "legal_basis": "police"},
}


def values_before(case):
    """Sealed texts, hashes and moments of a file, as the database holds them, from all tables and past states."""
    told = set()
    owners = {"child": [case.child_id], "case_file": [case.id], "step": ageing._ids("step", "case_id", [case.id])}
    for table in db.Model.metadata.tables.values():
        name = table.name.removesuffix("_version")
        if table.schema or name == "audit_entry":
            continue
        own = {"child": "child", "case_file": "case_file", "step": "step"}.get(name)
        columns = [("id", owners[own])] if own else []
        columns += [(c, ids) for owner, ids in owners.items() for c in kept.columns_of(owner, kept.table_named(name))]
        for column, ids in columns:
            for row in db.session.execute(select(table).where(table.c[column].in_(ids))):
                told |= _told(table, row._mapping)
    return told


def _told(table, row):
    sealed = {value for name, value in row.items() if isinstance(value, bytes) and len(value) > 8}
    dated = {"happened_at", "arrested_at", "lawyer_arrived_at", "began_at", "ended_at", "appeared_at", "scheduled_at"}
    moments = {row[name].strftime("%Y-%m-%d %H:%M").encode() for name in dated & row.keys() if row[name] is not None}
    return sealed | moments


def bytes_of(database):
    """What the files of an SQLite database hold, with its log."""
    path = embedded.path_of(database.url)
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))


def run_now(make, *people):
    """Proposed by the first, agreed to by the second, carried out."""
    first, second = (make.reader(db.session.merge(person)) for person in people)
    run = actions.propose(by=first)
    db.session.commit()
    actions.agree(run, by=second)
    db.session.commit()
    told = work.carry_out(run.id, goes_on=lambda: True)
    return run, told, [person.id for person in people]  # read anew after so many transactions


def run_all(settings):
    """Runs what waits, as the worker does."""
    while claimed := jobs.claim():
        running.run(*claimed, settings)


def test_nothing_of_the_file_is_left_in_the_files_of_the_database(make, nadia, rana, over):
    case = over()
    sought = values_before(case)
    assert len(sought) > 40
    assert all(value in bytes_of(db.database()) for value in sought)
    run_now(make, nadia, rana)
    db.session.remove()
    left = bytes_of(db.database())
    assert [value for value in sought if value in left] == []


@pytest.mark.databases
def test_every_column_that_no_figure_reads_is_empty(make, nadia, rana, over):
    case = over()
    case_id, child_id = case.id, case.child_id
    steps = ageing._ids("step", "case_id", [case_id])
    assert run_now(make, nadia, rana)[1] == {"aged": 1, "kept": 0}
    by = {"child": ("id", [child_id]), "case_file": ("id", [case_id]), "step": ("id", steps)}
    columns = {"child": kept.CHILD, "case_file": kept.CASE, "case_period": kept.PERIOD, "step": kept.STEP, **kept.KINDS}
    for name, names in columns.items():
        column, ids = by.get(name, ("case_id", [case_id]) if name == "case_period" else ("id", steps))
        for table in kept.with_twin(name):
            for row in db.session.execute(select(table).where(table.c[column].in_(ids))):
                filled = {key for key, value in row._mapping.items() if value not in (None, ())}
                assert filled <= names, (name, filled - names)
    assert {row.kind for row in db.session.execute(select(Step.kind).where(Step.case_id == case_id))} <= set(kept.KINDS)
    for name in ageing._tables_that_go():
        for owner, ids in (("child", [child_id]), ("case_file", [case_id]), ("step", steps)):
            for column in kept.columns_of(owner, kept.table_named(name)):
                table = kept.table_named(name)
                assert db.session.scalar(select(func.count()).where(table.c[column].in_(ids))) == 0, name
    assert list(verifying.faults()) == []
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.what.like("retention.%"))).all()
    assert sorted(entry.what for entry in told) == [
        "retention.aged",
        "retention.agreed",
        "retention.ended",
        "retention.proposed",
    ]
    assert {entry.case_id for entry in told} == {None}


def test_a_file_that_was_joined_to_another_goes_with_it(make, nadia, rana, over):
    case = over()
    twice = make.child("ياسمين", "مثالية", merged_into=case.child_id, **GROWN)
    run_now(make, nadia, rana)
    joined = db.session.get(Child, twice.id, populate_existing=True)
    assert (joined.given_name, joined.born_on, joined.birth_year) == (None, None, None)
    assert joined.merged_into == case.child_id


def test_what_waits_for_somebody_and_the_index_of_names_forget_the_child(make, nadia, rana, over):
    case = over()
    reader = make.reader(db.session.merge(nadia))
    assert [hit.child.id for hit in children.search("ياسمين", reader=reader)] == [case.child_id]
    spool.keep(b"somebody's export", staff_id=nadia.id)
    job_id = jobs.enqueue("handover", by=nadia.id, case=case.id).id
    db.session.commit()
    run_now(make, nadia, rana)
    assert children.search("ياسمين", reader=reader) == []
    assert children.search("12345678", reader=reader) == []
    assert not spool.list_ids(staff_id=nadia.id)
    assert db.session.get(Job, job_id) is None


def test_an_aged_case_is_no_case_of_anybody(browse, make, nadia, rana, over):
    case = over()
    address, reference = f"/cases/{case.id}", case.reference
    run_now(make, nadia, rana)
    assert reference not in browse(nadia).get("/cases/all?state=closed").text
    page = browse(nadia).get(address, status=410)
    assert "only facts are left" in page.text
    assert reference in page.text
    browse(make.lawyer("Karim")).get(address, status=404)
    browse(nadia).get(f"{address}/history", status=404)
    page = browse(nadia).get("/reports/figures/cases_opened?period=2010")
    assert reference in page.text
    assert "facts alone" in page.text
    assert not page.has(f"a[href='{address}']")


def test_the_register_leaves_aged_cases_out_and_does_not_bring_them_back(make, nadia, rana, over, tmp_path):
    case = over()
    everything = Reader(case.clinic_id, case.clinic_id, "", frozenset(), holds_key=True)
    other = make.case(child=make.child("كرم"), team=[make.lawyer("Huda")])

    def written():
        tables = exporting.tables(exporting.Scope(everything), languages.language_of("en"))
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        writing.write(tables, folder, writing.FileFormat.CSV, languages.language_of("en"))
        db.session.rollback()
        return folder

    before = written()
    reference = case.reference
    assert reference in (before / "cases.csv").read_text(encoding="utf-8")
    run_now(make, nadia, rana)
    after = written()
    for path in after.iterdir():
        assert reference not in path.read_text(encoding="utf-8"), path.name
    assert other.reference in (after / "cases.csv").read_text(encoding="utf-8")
    outcome = import_register(source_at(before), Choices(file_wins=True))
    db.session.commit()
    assert {problem.code for problem in outcome.conflicts} == {"aged"}
    assert db.session.get(CaseFile, case.id, populate_existing=True).summary is None
    assert db.session.scalar(select(func.count()).select_from(CaseFile)) == 2


# --- two persons


@pytest.mark.databases
def test_one_proposes_and_another_agrees(browse, make, nadia, rana, over, settings):
    case = over()
    page = browse(nadia).get("/retention").submit(form="form[action$='/retention/runs']").follow()
    assert "Ask another coordinator" in page.text
    assert case.reference in page.text
    run = db.session.scalars(select(AgeingRun)).one()
    browse(nadia).post(f"/retention/runs/{run.id}/agree", status=303)
    assert db.session.get(AgeingRun, run.id, populate_existing=True).agreed_at is None
    page = browse(rana).get("/retention/runs").submit(form="form[action$='/agree']").follow()
    assert "under way" in page.text
    run_all(settings)
    assert db.session.get(CaseFile, case.id, populate_existing=True).aged_on == clock.today()
    page = browse(rana).get("/retention/runs")
    assert "Runs carried out" in page.text
    assert case.reference not in page.text


def test_an_administrator_may_be_the_second_and_sees_no_case(browse, make, nadia, over):
    case = over()
    adam = make.administrator().id
    browse(nadia).post("/retention/runs", status=303)
    told = db.session.scalars(select(StaffNotice.staff_id).where(StaffNotice.what == "run_waiting")).all()
    assert told == [adam]
    page = browse(make.administrator()).get("/retention/runs")
    assert case.reference not in page.text
    page.submit(form="form[action$='/agree']").follow()
    assert db.session.scalars(select(AgeingRun)).one().agreed_by is not None


def test_a_lawyer_neither_proposes_nor_agrees(browse, make, nadia, over):
    over()
    browse(nadia).post("/retention/runs", status=303)
    run = db.session.scalars(select(AgeingRun)).one()
    huda = browse(make.lawyer("Huda"))
    huda.get("/retention/runs", status=403)
    huda.post("/retention/runs", status=403)
    huda.post(f"/retention/runs/{run.id}/agree", status=403)


def test_a_proposal_waits_for_a_day_and_can_be_taken_back(make, nadia, rana, over, monkeypatch):
    over()
    first, second = make.reader(nadia), make.reader(rana)
    run = actions.propose(by=first)
    with pytest.raises(actions.ProposedAlready):
        actions.propose(by=second)
    actions.withdraw(run, by=second)
    with pytest.raises(actions.NotProposed):
        actions.agree(run, by=second)
    run = actions.propose(by=first)
    db.session.commit()
    later = clock.now() + queries.OPEN_FOR
    monkeypatch.setattr(clock, "told", lambda: later)
    with pytest.raises(actions.NotProposed):
        actions.agree(run, by=second)


def test_nothing_is_proposed_where_nothing_is_due(make, nadia, over):
    over(closed_on=clock.today())
    with pytest.raises(actions.NothingDue):
        actions.propose(by=make.reader(nadia))


# --- what happens in between


@pytest.mark.databases
def test_what_is_held_or_opened_after_the_proposal_stays(make, nadia, rana, over):
    held, opened, due = over("سميرة"), over("هديل"), over("ليان")
    first, second = make.reader(nadia), make.reader(rana)
    run = actions.propose(by=first)
    db.session.commit()
    actions.hold(db.session.merge(held), reason="شكوى", by=first)
    db.session.commit()
    make.case(child=db.session.merge(opened).child, team=[make.lawyer("Huda")])
    actions.agree(db.session.merge(run), by=second)
    db.session.commit()
    assert work.carry_out(run.id, goes_on=lambda: True) == {"aged": 1, "kept": 2}
    aged = set(db.session.scalars(select(CaseFile.id).where(CaseFile.aged_on.is_not(None))))
    assert aged == {due.id}
    assert db.session.get(CaseFile, held.id, populate_existing=True).child.given_name == "سميرة"


@pytest.mark.databases
def test_a_run_that_is_killed_goes_on_where_it_was(make, nadia, rana, over):
    for name in ("سميرة", "هديل", "ليان"):
        over(name)
    first, second = make.reader(nadia), make.reader(rana)
    run = actions.propose(by=first)
    actions.agree(run, by=second)
    db.session.commit()
    run_id = run.id
    assert _killed_at(2, run_id) == signal.SIGKILL
    assert _how_many_aged() == 1
    assert db.session.get(AgeingRun, run_id, populate_existing=True).ended_at is None
    assert work.carry_out(run_id, goes_on=lambda: True) == {"aged": 3, "kept": 0}
    assert _how_many_aged() == 3
    assert db.session.get(AgeingRun, run_id, populate_existing=True).ended_at is not None


def _how_many_aged():
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(CaseFile.aged_on.is_not(None)))


def _killed_at(turn, run_id):
    """Carries a run out in a process of its own, which is killed in the middle of a turn; gives by what it ended."""
    db.session.remove()
    db.database().dispose()
    child = os.fork()
    if not child:
        turns, age = iter(range(1, 100)), ageing.age

        def aged_and_killed(child_id, on):
            age(child_id, on)
            if next(turns) == turn:
                os.kill(os.getpid(), signal.SIGKILL)

        ageing.age = aged_and_killed
        work.carry_out(run_id, goes_on=lambda: True)
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def test_a_run_that_was_stopped_is_taken_up_again(browse, make, nadia, rana, over, settings):
    over()
    browse(nadia).post("/retention/runs", status=303)
    run = db.session.scalars(select(AgeingRun)).one()
    browse(rana).post(f"/retention/runs/{run.id}/agree", status=303)
    jobs.drop(db.session.scalars(select(Job).where(Job.kind == work.CODE)).one())
    db.session.commit()
    page = browse(nadia).get("/retention/runs").submit(form="form[action$='/resume']").follow()
    assert "under way" in page.text
    run_all(settings)
    assert _how_many_aged() == 1
