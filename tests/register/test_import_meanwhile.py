"""What others save while a register is brought in, and what the import makes of it."""

from __future__ import annotations

import contextvars
import os
import threading
import uuid
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from clinic import clock, db, gathering
from clinic.audit import actions as chain
from clinic.audit.models import AuditEntry
from clinic.audit.verifying import faults
from clinic.cases.models import CaseFile, CasePeriod, Step
from clinic.children.models import Child
from clinic.register import actions
from clinic.register.actions import Choices
from clinic.register.records import insert_many
from tests.register.registers import csv_files, row, whole, with_rows

pytestmark = [pytest.mark.embedded, pytest.mark.usefixtures("clinic")]


def bring(register):
    outcome = actions.import_register(csv_files(register), Choices())
    db.session.commit() if outcome.written else db.session.rollback()
    db.session.expire_all()
    return outcome


def of_others(register):
    """The same register about other children."""
    renamed = {"child_ref": "C-9", "case_ref": "K-9", "activity_ref": "A-9"}
    return {
        name: [{column: renamed.get(column, cell) for column, cell in one.items()} for one in rows]
        for name, rows in register.items()
    }


def summarised(reference, text):
    """Somebody else saves in a case."""
    db.begin_writing()
    case = db.session.scalar(select(CaseFile).where(CaseFile.reference == reference))
    case.summary = text
    chain.record("case.corrected", subject=case)
    db.session.commit()


def saving(monkeypatch, reference, *, as_often_as=1):
    """Lets somebody else save in a case while the rows are put together; gives when they had saved."""
    gather, saved = actions._gather, []

    def with_a_save(*arguments):
        gather(*arguments)
        if len(saved) < as_often_as:
            context = contextvars.copy_context()

            def save():
                context.run(summarised, reference, f"save {len(saved)}")
                db.session.remove()

            thread = threading.Thread(target=save)
            thread.start()
            thread.join()
            saved.append(clock.now())

    monkeypatch.setattr(actions, "_gather", with_a_save)
    return saved


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_a_save_in_another_case_goes_on_and_both_stay(monkeypatch):
    bring(whole())
    steps = count(Step)
    saved = saving(monkeypatch, "K-1")
    assert bring(of_others(whole())).written
    assert len(saved) == 1
    assert db.session.scalar(select(CaseFile.summary_sealed).where(CaseFile.reference == "K-1")) is not None
    assert count(Step) == 2 * steps
    assert list(faults()) == []


def test_what_comes_in_is_known_from_when_it_is_in_and_not_before(monkeypatch):
    bring(whole())
    saved = saving(monkeypatch, "K-1")
    bring(of_others(whole()))
    for model in (Child, CaseFile):
        known = db.session.scalars(select(model.known_from).where(model.reference.endswith("-9"))).all()
        assert known
        assert all(one > saved[0] for one in known)
    imported = select(AuditEntry.at).where(AuditEntry.what == "register.imported").order_by(AuditEntry.number.desc())
    assert set(known) == {db.session.scalars(imported.limit(1)).one()}


def test_a_save_in_a_case_that_the_register_is_about_has_it_looked_at_anew(monkeypatch):
    bring(whole())
    corrected = with_rows(hearings=[row("hearings", purpose="trial"), row("hearings", scheduled_at="2016-03-01 09:00")])
    saved = saving(monkeypatch, "K-1", as_often_as=2)
    outcome = bring(corrected)
    assert outcome.written
    assert len(saved) == 2
    assert (outcome.counts["hearings"].new, outcome.counts["hearings"].changed) == (1, 1)


def test_an_import_that_is_overtaken_again_and_again_takes_the_writers_place(monkeypatch):
    bring(whole())
    saved = saving(monkeypatch, "K-1", as_often_as=99)
    corrected = with_rows(hearings=[row("hearings"), row("hearings", scheduled_at="2016-03-01 09:00")])
    assert bring(corrected).counts["hearings"].new == 1
    assert len(saved) == actions.TRIES


def test_a_row_that_refers_to_nothing_is_not_put_in():
    aside = gathering.begin()
    with aside.gathers():
        insert_many(CasePeriod, [{"case_id": uuid.uuid4(), "opened_on": date(2016, 1, 1), "entered": 1}])
    aside.look_up()
    aside.begin_writing()
    with pytest.raises(IntegrityError):
        aside.put_in({})
    db.session.rollback()
    assert count(CasePeriod) == 0


def test_what_is_gathered_has_no_name_and_is_as_locked_as_the_records(monkeypatch):
    """A name that a killed process left, with nothing in it, goes too."""
    put_in, begins = gathering.Gathering.put_in, []
    folder = Path(db.database().url.removeprefix("sqlite:///")).parent
    (folder / ".gathered-left").touch()
    for left in folder.glob(".gathered-*"):
        os.utime(left, (0, 0))

    def looked_at(*arguments):
        for file in Path("/proc/self/fd").iterdir():
            if file.is_symlink() and ".gathered-" in os.readlink(file):
                assert os.readlink(file).endswith("(deleted)")
                begins.append(file.read_bytes())
        put_in(*arguments)

    monkeypatch.setattr(gathering.Gathering, "put_in", looked_at)
    bring(whole())
    assert begins
    is_locked = db.database().file_key is not None
    assert all(said.startswith(b"SQLite format 3") != is_locked for said in begins)
    assert any(b"bethlehem_city" in said for said in begins) != is_locked
    assert not list(folder.glob(".gathered-*"))
