"""The clock of the computer is set back by days: nothing waits for a time that was, nothing is lost, and it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic import clock, db, versions
from clinic.audit import actions as audit
from clinic.audit import signing, verifying
from clinic.cases import actions as cases
from clinic.cases.models import Note, Step
from clinic.emergency import queries as emergencies
from clinic.emergency.queries import NOT_FOUND
from clinic.jobs import actions, queries
from clinic.jobs.models import Job, JobState, RegularRun
from clinic.jobs.rules import LEASE
from clinic.staff import throttle
from clinic.staff.models import StaffSession
from tests.makers import PASSWORD

pytestmark = pytest.mark.databases
BACK = timedelta(days=3)


@pytest.fixture
def set_back(monkeypatch):
    """Sets the machine's clock back, or by so much."""
    real = clock.told

    def turn(by=BACK):
        db.session.rollback()
        monkeypatch.setattr(clock, "told", lambda: real() - by)

    return turn


def test_what_a_correction_replaces_is_kept_all_the_same(make, set_back):
    huda = make.lawyer("Huda")
    case, day = make.case(team=[huda], opened_on=clock.today() - timedelta(days=20)), clock.today() - timedelta(days=10)
    step = make.step("note", case, by=huda, noted_on=day, team_text="as it was heard first")
    db.session.commit()
    made = db.session.get_one(Note, step.id).known_from
    set_back()
    step = db.session.get_one(Note, step.id)
    cases.correct(
        step,
        {"noted_on": day, "team_text": "as it was heard then"},
        version=step.version,
        because="misheard",
        by=make.reader(huda),
    )
    db.session.commit()
    twin = versions.twin_of(Step.__table__)
    (kept,) = db.session.execute(select(twin.c.known_from, twin.c.known_to).where(twin.c.id == step.id)).all()
    now = db.session.get_one(Note, step.id, populate_existing=True)
    assert kept.known_from == made < kept.known_to == now.known_from
    assert now.team_text == "as it was heard then"
    assert list(verifying.faults()) == []


def test_regular_work_goes_on_and_no_work_waits_for_a_time_that_was(make, settings, set_back):
    actions.begin_regular_work()
    before = {run.kind for run in db.session.scalars(select(RegularRun))}
    held = actions.enqueue("cleaning", by=None, language="en")
    waiting = actions.enqueue("cleaning", by=None, language="en")
    held.state, held.attempts, held.lease_until = JobState.RUNNING, 1, clock.now() + LEASE
    waiting.not_before = clock.now() + timedelta(hours=1)
    db.session.commit()
    ids = {held.id, waiting.id}
    set_back()
    actions.begin_regular_work()
    runs = db.session.scalars(select(RegularRun)).all()
    assert {run.kind for run in runs if run.began_at <= clock.now()} == before
    claimed = set()
    while queries.is_there_work():
        job_id, _attempt = actions.claim()
        claimed.add(job_id)
    assert ids <= claimed


def test_work_that_waits_or_is_held_by_right_is_left_alone(make):
    held = actions.enqueue("cleaning", by=None, language="en")
    held.state, held.attempts, held.lease_until = JobState.RUNNING, 1, clock.now() + LEASE
    waiting = actions.enqueue("cleaning", by=None, language="en")
    waiting.not_before = clock.now() + timedelta(hours=2)
    db.session.commit()
    found = set(db.session.scalars(select(Job.id).where(queries.can_be_claimed(clock.now()))))
    assert not found & {held.id, waiting.id}


def test_a_session_grows_old_and_idle_from_then_on(make, browse, set_back, monkeypatch):
    huda = make.lawyer("Huda")
    browser = browse(huda)
    browser.get("/desk")
    set_back()
    browser.get("/desk")
    kept = db.session.scalars(select(StaffSession)).one()
    assert max(kept.began_at, kept.used_at) <= clock.now()
    set_back(BACK - timedelta(hours=13))
    assert "/sign-in" in browser.get("/desk", status=303).location


def test_a_proof_of_before_proves_nothing(make, browse, set_back):
    adam = make.administrator("Adam")
    browser = browse(adam)
    browser.get("/desk")
    set_back()
    assert browser.post("/operations/seal", {}).status == 200  # asks who sits there


def test_nobody_waits_for_days_because_of_wrong_tries(make, browse, set_back):
    make.lawyer("Huda")
    stranger = browse()
    for _ in range(throttle.TRIES):
        stranger.post("/sign-in", {"username": "huda", "password": "not these four words"})
    set_back()
    assert stranger.post("/sign-in", {"username": "huda", "password": PASSWORD}).status == 303


def test_nobody_is_kept_from_a_file_in_an_emergency(make, set_back):
    huda = make.lawyer("Huda")
    with db.acting(huda.clinic_id, huda.id):
        for _ in range(5):
            audit.record(NOT_FOUND)
        db.session.commit()
    assert emergencies.tried_too_often(reader=make.reader(huda))
    set_back()
    assert not emergencies.tried_too_often(reader=make.reader(huda))


def test_the_heads_of_the_record_are_signed_and_hold(make, set_back):
    make.case()
    db.session.commit()
    signing.sign_today()
    db.session.commit()
    set_back()
    make.case()
    db.session.commit()
    signing.sign_today()
    db.session.commit()
    assert list(verifying.faults()) == []


def test_the_administrator_is_told(make, browse, set_back):
    adam = make.administrator("Adam")
    make.case()
    db.session.commit()
    browser = browse(adam, language="en")
    assert "clock of this computer" not in browser.get("/desk").text
    set_back()
    assert "Set the clock right" in browser.get("/desk").text
