"""Nothing of a child lies in clear anywhere that the process writes to, on a plain file as on an encrypted one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest
import werkzeug.test

from clinic import db, embedded
from clinic.db import session
from clinic.jobs import actions as jobs
from clinic.jobs import running
from clinic.register import work
from tests.register.registers import row, whole
from tests.register.test_pages import upload, workbook
from tests.site.world import SAID, World

PLANTED = {
    "name": "زعفران",
    "family": "ياقوتية",
    "latin": "Zaafaran",
    "phone": "0569321456",
    "card": "4-77123456",
    "note": "بكى طويلا قبل النوم",
}
_written: list[str] = []
_watching = False


def _note_what_is_written(event: str, arguments: tuple[object, ...]) -> None:
    """Notes every file that is opened for writing while the test looks."""
    if _watching and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
        flags = arguments[2] if isinstance(arguments[2], int) else 0
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            _written.append(os.fsdecode(arguments[0]))


sys.addaudithook(_note_what_is_written)


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """The folders that the process may write to, each empty, and a note of every file opened for writing."""
    global _watching
    for name in ("temporary", "working"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path / "working")
    of_client = partial(werkzeug.test.stream_encode_multipart, use_tempfile=False)
    monkeypatch.setattr(werkzeug.test, "stream_encode_multipart", of_client)  # else the test's own client writes
    _written.clear()
    _watching = True
    yield _written
    _watching = False


def planted() -> dict[str, list[dict[str, str]]]:
    """A register that names a child, large enough that a request's parser would write it to a disk."""
    sheets = whole()
    sheets["children"] = [
        row(
            "children",
            given_name=PLANTED["name"],
            family_name=PLANTED["family"],
            name_latin=f"{PLANTED['latin']} Test",
            guardian_phone=PLANTED["phone"],
            unrwa_number=PLANTED["card"],
        )
    ]
    sheets["counselling_sessions"] = [row("counselling_sessions", note=PLANTED["note"])]
    return sheets


def told_in(content: bytes, words: Iterable[str] = frozenset(PLANTED.values())) -> set[str]:
    """The words that stand in a file, in any writing that a program might leave."""
    return {word for word in words for code in ("utf-8", "utf-16-le", "utf-16-be") if word.encode(code) in content}


def everything_under(*folders: Path) -> dict[str, set[str]]:
    """The files under some folders that tell anything."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return {str(file): told for file in files if (told := told_in(file.read_bytes()))}


def files_of_database(tmp_path: Path) -> list[Path]:
    """The files of an embedded database, what is not folded in yet with them."""
    url = db.database().url
    if not url.startswith("sqlite"):
        return []
    path = embedded.path_of(url)
    return sorted(path.parent.glob(f"{path.stem}*"))


@pytest.mark.databases
def test_a_register_goes_in_and_out_and_leaves_no_word_in_clear(
    browse, make, settings, tmp_path, watched, monkeypatch, app
):
    monkeypatch.setattr(work, "CASES_AT_ONCE", -1)  # what is taken out is made in the background
    nadia = browse(make.coordinator("Nadia"))
    make.names.clear()  # titles are looked at elsewhere; these words are in cells
    content = padded(workbook(planted()))
    watched.clear()  # what made the workbook is a program of the test's own
    page = upload(nadia, content).follow()
    page.submit(form="form[action*='/register/uploads/']").follow()
    nadia.get("/register").submit(form="form[action$='/export']").follow()
    while claimed := jobs.claim():  # what came in is looked through in the background too
        assert running.run(*claimed, settings) is None
    taken = nadia.get("/jobs").submit(form="form[action$='/result']").follow()
    assert taken.response.get_data()[:2] == b"PK"
    nadia.get("/reports?period=2016", status=(200, 303))
    session.remove()

    written = {name for name in watched if not name.startswith(("/dev/", "/proc/"))}
    assert {name for name in written if Path(name).parent != settings.home / "spool"} == set()
    assert everything_under(tmp_path) == {}
    assert {
        file.name: told_in(file.read_bytes()) for file in files_of_database(tmp_path) if told_in(file.read_bytes())
    } == {}


def padded(content: bytes) -> bytes:
    """A workbook made larger than what a parser keeps in memory; programs that read it pass over what is before it."""

    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/picture.bin", os.urandom(700_000))
    return made.getvalue()


@pytest.mark.databases
def test_steps_of_every_kind_leave_no_typed_word_in_clear(make, browse, app, tmp_path, watched):
    world = World(make)
    browser = browse(world.person("lawyer"))
    browser.get(f"/cases/{world.ids['case_id']}")
    session.remove()

    words = [word for lane, word in SAID.items() if lane.value != "facts"]
    told = {file.name: told_in(file.read_bytes(), words) for file in files_of_database(tmp_path)}
    assert {name: found for name, found in told.items() if found} == {}
    assert everything_under(tmp_path) == {}


def test_an_upload_touches_no_disk_on_its_way_in(app, watched):
    with app.test_request_context(
        "/register/upload", method="POST", data={"files": (io.BytesIO(b"x" * 2_000_000), "register.csv")}
    ) as context:
        assert len(context.request.files["files"].read()) == 2_000_000
    assert [name for name in watched if "temporary" in name] == []


LOOKS = """
import ctypes, resource
from clinic.operations import hardening
hardening.keep_to_itself()
import os
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), oct(os.umask(0)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is of Linux")
def test_a_server_leaves_no_image_of_its_memory():
    answer = subprocess.run([sys.executable, "-c", LOOKS], capture_output=True, text=True, check=True)
    assert answer.stdout.split("\n")[0] == "(0, 0) 0 0o77"
