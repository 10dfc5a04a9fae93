"""A register written out by two processes is what one writes, to the byte, whatever others save and whoever dies.

Each test is of CSV files and of a workbook, whose parts are compared.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import termios
import threading
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from clinic import db, one_state, processes
from clinic.cases.models import CaseFile
from clinic.languages import ARABIC, ENGLISH
from clinic.register import actions, book, by_two, exporting, writing
from clinic.register.actions import Choices
from clinic.register.exporting import Scope
from clinic.register.sources import source_at
from clinic.register.writing import AlreadyThere, FileFormat
from tests.register.test_export import DATA, key_holder

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


@pytest.fixture(params=list(FileFormat))
def file_format(request):
    return request.param


@pytest.fixture
def out(tmp_path, monkeypatch):
    """Where the register goes. The other process always has a sheet before this one takes its first."""
    here, read, take, together = os.getpid(), by_two._read_one_state, by_two._each_taken, []

    def taken_when_the_other_has_one(sheets, waiting, write):
        until = time.monotonic() + 60
        while os.getpid() == here and together[-1] and number_in(waiting) == len(sheets) and time.monotonic() < until:
            time.sleep(0.01)
        return take(sheets, waiting, write)

    monkeypatch.setattr(by_two, "_read_one_state", lambda line: together.append(read(line)) or together[-1])
    monkeypatch.setattr(by_two, "_each_taken", taken_when_the_other_has_one)
    return tmp_path / "shared"


def number_in(pipe):
    """How many bytes wait in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def contents(out):
    """The files of a folder, or the parts of a workbook but the one that says when it was made."""
    if out.is_dir():
        return {path.name: path.read_bytes() for path in out.iterdir()}
    with zipfile.ZipFile(out) as packed:
        assert packed.testzip() is None
        return {part: packed.read(part) for part in packed.namelist() if part != "docProps/core.xml"}


def by_one(out, file_format, reader=None, language=ENGLISH):
    writing.write(exporting.tables(Scope(reader or key_holder()), language), out, file_format, language)
    db.session.rollback()
    return contents(out)


def shared(out, file_format, reader=None, language=ENGLISH):
    by_two.write(Scope(reader or key_holder()), out, file_format, language)
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
    write, rows, here = writing._write_table, book._rows, os.getpid()

    def written(file, table):
        if os.getpid() != here:
            file.write("not finished")
            file.flush()
            act()
        write(file, table)

    monkeypatch.setattr(writing, "_write_table", written)
    monkeypatch.setattr(book, "_rows", lambda *told: (os.getpid() != here and act()) or rows(*told))


def gone(child):
    with pytest.raises(ChildProcessError):
        os.waitpid(child, os.WNOHANG)
    return True


def full_disk():
    raise OSError(28, "No space left on device")


def test_two_write_what_one_writes(tmp_path, out, file_format, forked):
    alone = by_one(tmp_path / "alone", file_format)
    assert shared(out, file_format) == alone
    assert len(alone) > 30
    assert len(forked) == 1
    assert gone(forked[0])
    files = out.iterdir() if out.is_dir() else [out]
    assert {oct(path.stat().st_mode)[-3:] for path in files} == {"600"}
    assert {path.name for path in tmp_path.iterdir()} == {"alone", "shared"}


def test_two_write_for_a_person_what_one_writes(tmp_path, out, file_format, make, forked):
    huda = make.lawyer("Huda")
    make.case(team=[huda])
    db.session.commit()
    reader = make.reader(huda)
    alone = by_one(tmp_path / "alone", file_format, reader, ARABIC)
    assert shared(out, file_format, reader, ARABIC) == alone
    assert len(forked) == 1


def test_a_save_between_the_two_beginnings_is_in_both_halves_or_in_none(tmp_path, out, file_format, monkeypatch):
    before = by_one(tmp_path / "before", file_format)
    days = saving(monkeypatch, times=1)
    made = shared(out, file_format)
    after = by_one(tmp_path / "after", file_format)
    assert len(days) == 1
    assert after != before
    assert made == (after if db.database().is_sqlite else before)


def test_where_others_save_each_time_one_writes_alone(tmp_path, out, file_format, monkeypatch, forked):
    days, before = saving(monkeypatch, times=99), by_one(tmp_path / "before", file_format)
    made = shared(out, file_format)
    if db.database().is_sqlite:
        assert len(days) == one_state.TRIES
        after = by_one(tmp_path / "after", file_format)
        last, seen = (day.isoformat().encode() for day in (days[-1], days[-2]))
        cases = "cases.csv" if file_format == FileFormat.CSV else "xl/worksheets/sheet2.xml"
        assert made == {**after, cases: after[cases].replace(last, seen)}  # as this process saw it when it last began
    else:
        assert made == before
    assert gone(forked[0])


@pytest.mark.parametrize("end", [lambda: os.kill(os.getpid(), signal.SIGKILL), full_disk])
def test_what_the_other_leaves_undone_is_done_by_this_one(tmp_path, out, file_format, monkeypatch, end, forked):
    alone = by_one(tmp_path / "alone", file_format)
    sheets_in(monkeypatch, end)
    assert shared(out, file_format) == alone
    assert gone(forked[0])


def test_the_other_may_be_gone_before_it_begins(tmp_path, out, file_format, monkeypatch):
    alone, here = by_one(tmp_path / "alone", file_format), os.getpid()
    take_over = one_state.take_over
    monkeypatch.setattr(one_state, "take_over", lambda line: os._exit(3) if os.getpid() != here else take_over(line))
    assert shared(out, file_format) == alone


def test_where_this_one_breaks_nothing_is_left(tmp_path, out, file_format, monkeypatch, forked):
    here = os.getpid()
    for module, name in ((writing, "_write_table"), (book, "_rows")):
        monkeypatch.setattr(module, name, lambda *_told: full_disk() if os.getpid() == here else time.sleep(60))
    with pytest.raises(OSError, match="No space"):
        shared(out, file_format)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert gone(forked[0])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_an_export_of_a_workbook_that_is_killed_leaves_nothing(tmp_path, out, monkeypatch, number):
    add, (read, write) = book.Sheets.add, os.pipe()

    def added(sheets, place, table):
        add(sheets, place, table)
        os.write(write, b"x")
        signal.pause()

    db.let_go()
    exporting_one = os.fork()
    if not exporting_one:
        monkeypatch.setattr(book.Sheets, "add", added)
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)
        shared(out, FileFormat.XLSX)
    assert os.read(read, 1) + os.read(read, 1) == b"xx"  # either process has written a sheet
    os.kill(exporting_one, number)
    assert os.waitstatus_to_exitcode(os.waitpid(exporting_one, 0)[1]) == -number
    assert list(tmp_path.iterdir()) == []


def test_nobody_else_is_asked_where_it_would_not_help(tmp_path, file_format, monkeypatch, forked):
    alone = by_one(tmp_path / "alone", file_format)
    monkeypatch.setattr(by_two, "MANY_ROWS", 50_000)
    assert shared(tmp_path / "small", file_format) == alone
    monkeypatch.setattr(by_two, "MANY_ROWS", 1)
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        assert not processes.may_share_work()
        assert shared(tmp_path / "threads", file_format) == alone
    finally:
        over.set()
        thread.join()
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0})
    assert shared(tmp_path / "one processor", file_format) == alone
    assert forked == []


def test_what_is_there_already_stays(tmp_path: Path, file_format, forked):
    there = tmp_path / "there"
    there.mkdir()
    (there / "cases.csv").write_text("kept")
    with pytest.raises(AlreadyThere):
        shared(there, file_format)
    assert contents(there) == {"cases.csv": b"kept"}
    assert forked == []
