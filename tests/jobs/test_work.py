"""Work in the background: asked for, claimed once, tried again, and finished after a computer went dark."""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from clinic import clock, db
from clinic.access.permissions import Permission
from clinic.jobs import actions, kinds, progress, queries, running, spool
from clinic.jobs.kinds import Every, JobKind, Ready, TryAgain
from clinic.jobs.models import Job, JobState
from clinic.jobs.worker import Worker
from clinic.refusals import Refusal
from clinic.staff.models import AccountState, StaffMember
from tests.waiting import wait_for

pytestmark = pytest.mark.databases


class NotToday(Refusal):
    message = "Not today."


@pytest.fixture(autouse=True)
def place(settings):
    """Where results lie."""
    spool.lie_in(settings.home / "spool")


@pytest.fixture
def kind():
    """Makes a kind of work known for one test."""
    before = dict(kinds._kinds)

    def make_known(run, code="test", **more):
        kinds.register([JobKind(code=code, label="Work", run=run, **more)])

    yield make_known
    kinds._kinds.clear()
    kinds._kinds.update(before)


def ask(member=None, code="test", **parameters):
    """Asks for work and commits."""
    job = actions.enqueue(code, by=member.id if member else None, **parameters)
    db.session.commit()
    return job


def run_next(settings):
    """Claims a job and runs it here."""
    claimed = actions.claim()
    assert claimed is not None
    running.run(*claimed, settings)
    return db.session.get_one(Job, claimed[0])


def as_now(job):
    """The job as the database has it."""
    db.session.rollback()
    return db.session.get_one(Job, job.id, populate_existing=True)


def test_what_was_asked_for_is_done_in_the_name_of_who_asked_and_waits_sealed(make, kind, settings):
    huda = make.lawyer("Huda")
    kind(lambda work: Ready(work.person.name.encode(), "name.txt", "text/plain", {"rows": 3}))
    job = run_next_of = ask(huda)
    run_next(settings)
    job = as_now(run_next_of)
    assert (job.state, job.answer, job.file_name) == (JobState.DONE, {"rows": 3}, "name.txt")
    assert spool.find(job.id, staff_id=huda.id).content == b"Huda"
    assert spool.find(job.id, staff_id=make.lawyer("Karim").id) is None
    (file,) = spool.folder().iterdir()
    assert b"Huda" not in file.read_bytes()
    assert db.session.get(StaffMember, huda.id).results_waiting == 1


def test_a_job_is_claimed_once(make, kind):
    kind(lambda work: Ready())
    job = ask(make.lawyer())
    assert actions.claim() == (job.id, 1)
    assert actions.claim() is None


def test_nobody_begins_what_was_not_committed(make, kind):
    kind(lambda work: Ready())
    actions.enqueue("test", by=make.lawyer().id)
    db.session.rollback()
    assert actions.claim() is None


def test_a_closed_account_has_nothing_done(make, kind, settings):
    huda, ran = make.lawyer("Huda"), []
    kind(lambda work: ran.append(work) or Ready(), needs=Permission.REPORT_READ)
    job = ask(huda)
    huda.state = AccountState.CLOSED
    db.session.commit()
    run_next(settings)
    assert (as_now(job).state, as_now(job).problem, ran) == (JobState.REFUSED, "NoLongerAllowed", [])


def test_a_right_that_was_lost_meanwhile_is_not_used(make, kind, settings):
    huda = make.lawyer("Huda")
    kind(lambda work: Ready(), needs=Permission.REPORT_READ)
    job = ask(huda)
    huda.roles = ("administrator",)
    db.session.commit()
    run_next(settings)
    assert as_now(job).state == JobState.REFUSED


def test_a_refusal_is_kept_by_its_name_and_what_was_written_is_not(make, kind, settings):
    huda = make.lawyer("Huda")

    def refuses(work):
        kinds.begin_writing()
        db.session.get(StaffMember, work.person.staff_id).name = "Somebody else"
        db.session.flush()
        raise NotToday

    kind(refuses)
    job = ask(huda)
    run_next(settings)
    assert (as_now(job).state, as_now(job).problem) == (JobState.REFUSED, "NotToday")
    assert db.session.get(StaffMember, huda.id, populate_existing=True).name == "Huda"


def test_what_breaks_off_is_tried_again_later_and_fails_at_last(make, kind, settings):
    def breaks(work):
        raise ZeroDivisionError("a name that nobody should read")

    kind(breaks, attempts=2)
    job = ask(make.lawyer())
    broke = running.run(*actions.claim(), settings)
    assert "ZeroDivisionError in test_work.py" in broke
    assert "name" not in broke
    assert as_now(job).state == JobState.WAITING
    assert actions.claim() is None, "it waits a while first"
    db.session.execute(update(Job).values(not_before=clock.now()))
    db.session.commit()
    run_next(settings)
    assert as_now(job).state == JobState.FAILED
    assert as_now(job).ended_at is not None


def test_what_is_outside_and_silent_is_asked_again_without_a_word_in_the_log(make, kind, settings):
    def silent(work):
        raise TryAgain

    kind(silent)
    job = ask(make.lawyer())
    assert running.run(*actions.claim(), settings) is None
    assert as_now(job).state == JobState.WAITING


def test_who_lost_hold_of_a_job_leaves_nothing(make, kind, settings):
    """A worker that slept for so long that another took its job over."""
    huda = make.lawyer("Huda")
    kind(lambda work: Ready(b"x", "x.txt", "text/plain"))
    job = ask(huda)
    claimed = actions.claim()
    db.session.execute(update(Job).values(lease_until=clock.now() - timedelta(seconds=1)))
    db.session.commit()
    again = actions.claim()
    assert again == (job.id, 2)
    running.run(*claimed, settings)
    assert as_now(job).state == JobState.RUNNING
    assert not spool.find(job.id, staff_id=huda.id)
    running.run(*again, settings)
    assert as_now(job).state == JobState.DONE


def test_progress_is_told_while_the_job_writes(make, kind, settings):
    seen = []

    def tells(work):
        kinds.begin_writing()
        db.session.get(StaffMember, work.person.staff_id).name = "Huda the second"
        db.session.flush()
        for _number in progress.counted("writing", range(3)):
            seen.append(progress.of_jobs([work.job.id])[work.job.id])
        return Ready()

    kind(tells)
    run_next_of = ask(make.lawyer())
    run_next(settings)
    assert seen[0] == ("writing", 0, 3)
    assert progress.of_jobs([run_next_of.id]) == {}


def test_regular_work_is_begun_once_however_many_look(clinic, kind, settings):
    ran = []
    kind(lambda work: ran.append(1) or Ready(), code="regular", regularly=Every(span=timedelta(hours=1)))
    only = {"regular": kinds.kind_of("regular")}
    kinds._kinds.clear()
    kinds._kinds.update(only)
    actions.begin_regular_work()
    actions.begin_regular_work()
    run_next(settings)
    assert actions.claim() is None
    assert ran == [1]
    assert set(queries.last_regular_runs()) == {"regular"}


def test_results_nobody_came_for_are_thrown_away(make, kind, settings):
    huda = make.lawyer("Huda")
    kind(lambda work: Ready(b"x", "x.txt", "text/plain"))
    job = ask(huda)
    run_next(settings)
    db.session.execute(update(Job).values(ended_at=clock.now() - timedelta(hours=25)))
    db.session.commit()
    actions.age_out()
    db.session.commit()
    assert as_now(job).state == JobState.DROPPED
    assert list(spool.folder().iterdir()) == []
    assert db.session.get(StaffMember, huda.id, populate_existing=True).results_waiting == 0


# Processes of their own, which are killed.


@pytest.fixture
def start(settings, clinic):
    """Starts a worker in a process of its own."""
    begun = []

    def begin():
        db.session.remove()
        db.database().dispose()
        child = os.fork()
        if not child:
            worker = Worker(settings)
            signal.signal(signal.SIGTERM, worker.stop)
            try:
                worker.work()
            finally:
                os._exit(0)
        begun.append(child)
        return child

    yield begin
    for child in begun:
        end(child, signal.SIGKILL)


def end(child, by):
    """Ends a process that may have ended."""
    try:
        os.kill(child, by)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass


def slow_work(folder, *, writes=True):
    """Work that says which of its attempts began, and waits in the middle as long as a file is there."""

    def run(work):
        said = folder / f"of-attempt-{work.job.attempts}"
        said.write_text(str(os.getpid()))
        said.rename(folder / f"attempt-{work.job.attempts}")  # whoever finds it finds it whole
        if writes:
            kinds.begin_writing()
            db.session.get(StaffMember, work.person.staff_id).name = f"After {work.job.attempts}"
            db.session.flush()
        while (folder / "wait").exists():
            time.sleep(0.02)
        return Ready(b"made", "made.txt", "text/plain")

    return run


def test_a_worker_killed_in_the_middle_leaves_a_job_that_the_next_one_finishes(make, kind, start, tmp_path):
    huda = make.lawyer("Huda")
    kind(slow_work(tmp_path), needs=Permission.REPORT_READ)
    (tmp_path / "wait").touch()
    job = ask(huda)
    worker = start()
    wait_for((tmp_path / "attempt-1").exists)
    end(worker, signal.SIGKILL)
    wait_for(lambda: not is_alive(int((tmp_path / "attempt-1").read_text())))
    assert as_now(job).state == JobState.RUNNING, "nobody could tell"
    assert db.session.get(StaffMember, huda.id, populate_existing=True).name == "Huda"
    (tmp_path / "wait").unlink()
    db.session.execute(update(Job).values(lease_until=clock.now()))  # a minute later
    db.session.commit()
    start()
    wait_for(lambda: as_now(job).state == JobState.DONE)
    assert as_now(job).attempts == 2
    assert spool.find(job.id, staff_id=huda.id).content == b"made"
    assert db.session.get(StaffMember, huda.id, populate_existing=True).name == "After 2"


def is_alive(process):
    """Whether a process still does something."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_job_that_is_killed_itself_is_tried_again(make, kind, start, tmp_path):
    kind(slow_work(tmp_path), needs=Permission.REPORT_READ)
    (tmp_path / "wait").touch()
    job = ask(make.lawyer("Huda"))
    start()
    wait_for((tmp_path / "attempt-1").exists)
    os.kill(int((tmp_path / "attempt-1").read_text()), signal.SIGKILL)
    wait_for(lambda: as_now(job).state == JobState.WAITING)
    assert as_now(job).not_before > clock.now() + timedelta(seconds=20)


def test_a_worker_that_is_told_to_stop_lets_the_next_one_begin_at_once(make, kind, start, tmp_path):
    kind(slow_work(tmp_path), needs=Permission.REPORT_READ, attempts=1)
    (tmp_path / "wait").touch()
    job = ask(make.lawyer("Huda"))
    worker = start()
    wait_for((tmp_path / "attempt-1").exists)
    end(worker, signal.SIGTERM)
    assert (as_now(job).state, as_now(job).attempts) == (JobState.WAITING, 0)
    (tmp_path / "wait").unlink()
    start()
    wait_for(lambda: as_now(job).state == JobState.DONE)


def test_what_is_thrown_away_is_stopped(make, kind, start, tmp_path):
    kind(slow_work(tmp_path, writes=False), needs=Permission.REPORT_READ)
    (tmp_path / "wait").touch()
    job = ask(make.lawyer("Huda"))
    start()
    wait_for((tmp_path / "attempt-1").exists)
    actions.drop(as_now(job))
    db.session.commit()
    wait_for(lambda: not is_alive(int((tmp_path / "attempt-1").read_text())))
    assert as_now(job).state == JobState.DROPPED


def test_whoever_gives_the_worker_its_turns_waits_for_no_job(make, kind, settings, tmp_path):
    kind(slow_work(tmp_path), needs=Permission.REPORT_READ)
    (tmp_path / "wait").touch()
    job = ask(make.lawyer("Huda"))
    worker = Worker(settings)
    try:
        wait_for(lambda: worker.turn() >= 0 and (tmp_path / "attempt-1").exists())
        assert worker.turn() < 1, "it looks soon whether the job has ended"
        assert as_now(job).state == JobState.RUNNING
        (tmp_path / "wait").unlink()
        wait_for(lambda: worker.turn() >= 0 and as_now(job).state == JobState.DONE)
    finally:
        worker.end()


def test_a_worker_that_ends_stops_the_job_at_hand_and_leaves_it_to_the_next(make, kind, settings, tmp_path):
    kind(slow_work(tmp_path), needs=Permission.REPORT_READ, attempts=1)
    (tmp_path / "wait").touch()
    job = ask(make.lawyer("Huda"))
    worker = Worker(settings)
    wait_for(lambda: worker.turn() >= 0 and (tmp_path / "attempt-1").exists())
    worker.end()
    assert not is_alive(int((tmp_path / "attempt-1").read_text()))
    assert (as_now(job).state, as_now(job).attempts) == (JobState.WAITING, 0)
