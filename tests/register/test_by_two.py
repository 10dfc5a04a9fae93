"""A register written out by two processes is what one writes, to the byte, whatever others save and whoever dies."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from clinic import db, one_state, processes
from clinic.cases.models import CaseFile
from clinic.languages import ARABIC, ENGLISH
from clinic.register import actions, by_two, exporting, writing
from clinic.register.actions import Choices
from clinic.register.exporting import Scope
from clinic.register.sources import source_at
from clinic.register.writing import AlreadyThere, FileFormat
from tests.register.test_export import DATA, key_holder, sheet

pytestmark = pytest.mark.databases


@pytest.fixture(autouse=True)
def register(clinic, monkeypatch):
    """A register in the clinic, which is taken for a large one, on a machine of two processors."""
    actions.import_register(source_at(DATA / "edge"), Choices())
    db.session.commit()
    monkeypatch.setattr(by_two, "MANY_ROWS", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})


@pytest.fixture(autouse=True)
def forked(monkeypatch):
    """The processes that were forked."""
    fork, made = os.fork, []

    def noted():
        made.append(fork())
        return made[-1]

    monkeypatch.setattr(os, "fork", noted)
    return made


@pytest.fixture
def out(tmp_path, monkeypatch):
    """Where the register goes. The other process always has a sheet before this one takes its first."""
    folder, read = tmp_path / "shared", by_two._read_one_state

    def read_and_waited(line):
        is_one = read(line)
        until = time.monotonic() + 60
        while is_one and not list(folder.glob("*.csv")) and time.monotonic() < until:
            time.sleep(0.01)
        return is_one

    monkeypatch.setattr(by_two, "_read_one_state", read_and_waited)
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def by_one(out, reader=None, language=ENGLISH):
    writing.write(exporting.tables(Scope(reader or key_holder()), language), out, FileFormat.CSV, language)
    db.session.rollback()
    return contents(out)


def shared(out, reader=None, language=ENGLISH):
    by_two.write_csv(Scope(reader or key_holder()), out, language)
    db.session.rollback()
    return contents(out)


def saving(monkeypatch, *, times):
    """Lets somebody save when this process has begun to read and the other has not; gives the days they wrote."""
    begin, days = one_state._have_begin, []

    def with_a_save(line, snapshot=""):
        if len(days) < times:
            days.append(date(2015, 1, len(days) + 1))
            with db.make_room(db.database().main) as connection:
                connection.execute(update(CaseFile.__table__).values(opened_on=days[-1]))
        begin(line, snapshot)

    monkeypatch.setattr(one_state, "_have_begin", with_a_save)
    return days


def sheets_in(monkeypatch, act):
    """Does something in the middle of each sheet that the other process writes."""
    write, here = writing._write_table, os.getpid()

    def written(file, table):
        if os.getpid() != here:
            file.write("not finished")
            file.flush()
            act()
        write(file, table)

    monkeypatch.setattr(writing, "_write_table", written)


def gone(child):
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)
    return True


def full_disk():
    raise OSError(28, "No space left on device")


def test_two_write_what_one_writes(tmp_path, out, forked):
    alone = by_one(tmp_path / "alone")
    assert shared(out) == alone
    assert len(alone) > 30
    assert len(forked) == 1
    assert gone(forked[0])
    assert {oct(path.stat().st_mode)[-3:] for path in out.iterdir()} == {"600"}


def test_two_write_for_a_person_what_one_writes(tmp_path, out, make, forked):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    db.session.commit()
    reader = make.reader(huda)
    alone = by_one(tmp_path / "alone", reader, ARABIC)
    assert shared(out, reader, ARABIC) == alone
    assert len(forked) == 1


def test_a_save_between_the_two_beginnings_is_in_both_halves_or_in_none(tmp_path, out, monkeypatch):
    before = by_one(tmp_path / "before")
    days = saving(monkeypatch, times=1)
    made = shared(out)
    after = by_one(tmp_path / "after")
    assert len(days) == 1
    assert after != before
    assert made == (after if db.database().is_sqlite else before)


def test_where_others_save_each_time_one_writes_alone(tmp_path, out, monkeypatch, forked):
    days, before = saving(monkeypatch, times=99), by_one(tmp_path / "before")
    made = shared(out)
    opened = {row["opened_on"] for row in sheet(out, "cases")}
    if db.database().is_sqlite:
        assert len(days) == one_state.TRIES
        assert opened == {days[-2].isoformat()}  # as this process saw it when it began for the last time
    else:
        assert made == before
    assert gone(forked[0])


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), full_disk])
def test_what_the_other_leaves_undone_is_done_by_this_one(tmp_path, out, monkeypatch, end, forked):
    alone = by_one(tmp_path / "alone")
    sheets_in(monkeypatch, end)
    assert shared(out) == alone
    assert gone(forked[0])


def test_the_other_may_be_gone_before_it_begins(tmp_path, out, monkeypatch):
    alone, here = by_one(tmp_path / "alone"), os.getpid()
    take_over = one_state.take_over
    monkeypatch.setattr(one_state, "take_over", lambda line: os._exit(3) if os.getpid() != here else take_over(line))
    assert shared(out) == alone


def test_where_this_one_breaks_nothing_is_left(out, monkeypatch, forked):
    here, write = os.getpid(), writing._write_table
    monkeypatch.setattr(
        writing, "_write_table", lambda *told: full_disk() if os.getpid() == here else time.sleep(60) or write(*told)
    )
    with pytest.raises(OSError, match="No space"):
        shared(out)
    assert list(out.iterdir()) == []
    assert gone(forked[0])


def test_nobody_else_is_asked_where_it_would_not_help(tmp_path, monkeypatch, forked):
    alone = by_one(tmp_path / "alone")
    monkeypatch.setattr(by_two, "MANY_ROWS", 50_000)
    assert shared(tmp_path / "small") == alone
    monkeypatch.setattr(by_two, "MANY_ROWS", 1)
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        assert not processes.may_share_work()
        assert shared(tmp_path / "threads") == alone
    finally:
        over.set()
        thread.join()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    assert shared(tmp_path / "one processor") == alone
    assert forked == []


def test_what_is_there_already_stays(tmp_path: Path, forked):
    there = tmp_path / "there"
    there.mkdir()
    (there / "cases.csv").write_text("kept")
    with pytest.raises(AlreadyThere):
        shared(there)
    assert contents(there) == {"cases.csv": b"kept"}
    assert forked == []
