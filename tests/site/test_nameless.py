"""A file without a name: it is there whole or not at all, wherever it is written and however that ends."""

from __future__ import annotations

import errno
import os
import signal
import stat
import tempfile

import pytest

from clinic import nameless


@pytest.fixture(params=["named later", "no name later", "always a name"])
def file_system(request, monkeypatch):
    """What a file system may know of files without a name; the last is that of a stick."""

    def refuse(*_told, **_named):
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    if request.param != "named later":
        monkeypatch.setattr(os, "link", refuse)
    if request.param == "always a name":
        monkeypatch.delattr(os, "O_TMPFILE")
        monkeypatch.setattr(tempfile, "_O_TMPFILE_WORKS", False)
    return request.param


def write_in_part(path, *, then):
    with nameless.becoming(path) as file:
        file.write(b"the name of a child")
        file.flush()
        then()


def test_a_file_bears_its_name_when_it_is_whole_for_its_owner_alone(tmp_path, file_system):
    with nameless.becoming(tmp_path / "book") as file:
        file.write(b"who")
        file.flush()
        assert list(tmp_path.iterdir()) == []
        file.write(b"le")
    assert (tmp_path / "book").read_bytes() == b"whole"
    assert stat.S_IMODE((tmp_path / "book").stat().st_mode) == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_what_breaks_leaves_nothing(tmp_path, file_system):
    with pytest.raises(ZeroDivisionError):
        write_in_part(tmp_path / "book", then=lambda: 1 / 0)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_meanwhile_stays(tmp_path, file_system):
    with pytest.raises(FileExistsError):
        write_in_part(tmp_path / "book", then=lambda: (tmp_path / "book").write_text("theirs"))
    assert (tmp_path / "book").read_text() == "theirs"


def test_a_copy_that_breaks_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "link", lambda *_told: (_ for _ in ()).throw(OSError(errno.EXDEV, "not here")))
    monkeypatch.setattr(nameless.shutil, "copyfileobj", lambda *_told: 1 / 0)
    with pytest.raises(ZeroDivisionError), nameless.becoming(tmp_path / "book") as file:
        file.write(b"whole")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_whoever_is_killed_leaves_nothing(tmp_path, file_system, number):
    read, write = os.pipe()
    child = os.fork()
    if not child:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        write_in_part(tmp_path / "book", then=lambda: os.write(write, b"x") and signal.pause())
    os.read(read, 1)
    os.kill(child, number)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -number
    assert list(tmp_path.iterdir()) == []
