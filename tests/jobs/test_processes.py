"""What a running clinic consists of: processes for pages, and one beside them, which another takes over if it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from clinic.operations import processes
from clinic.operations.processes import Part

PROGRAM = Path(sys.executable).with_name("clinic")


PAGES, BESIDE = Part


def process(part=PAGES):
    return SimpleNamespace(part=part)


@pytest.mark.parametrize(
    ("others", "part"),
    [
        ([], PAGES),
        ([PAGES], PAGES),
        ([PAGES, PAGES], BESIDE),
        ([PAGES, BESIDE], PAGES),
    ],
    ids=["the first", "the second", "the last, or the one beside has ended", "a page's has ended"],
)
def test_the_last_process_is_for_what_is_beside_the_pages(others, part, monkeypatch):
    monkeypatch.setattr(processes, "lines", lambda: None)
    server = SimpleNamespace(num_workers=3, WORKERS=dict(enumerate(map(process, others))))
    new = process()
    processes.choose(server, new)
    assert new.part is part


@pytest.fixture
def served(tmp_path):
    """A clinic that is served by a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLINIC_")}
    own = kept | {"CLINIC_HOME": str(tmp_path / "home"), "CLINIC_KEY": str(tmp_path / "key"), "PORT": str(port)}
    begin = ["init", "--name", "Clinic of the test", "--admin", "maryam", "--key-out", str(tmp_path / "key")]
    subprocess.run([PROGRAM, *begin], check=True, capture_output=True, env=own)
    server = subprocess.Popen([PROGRAM, "run"], env=own, stderr=subprocess.PIPE, start_new_session=True)
    try:
        yield SimpleNamespace(process=server, environment=own, address=f"http://127.0.0.1:{port}/sign-in")
    finally:
        if server.poll() is None:
            server.kill()
        server.communicate()


def wait_for(condition, seconds=120.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.2)


def answers(address):
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def listed(served):
    done = subprocess.run([PROGRAM, "jobs", "list"], capture_output=True, text=True, env=served.environment)
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pgrep") is None, reason="reads the processes of this computer")
def test_the_work_goes_on_beside_the_pages_and_ends_with_them(served):
    wait_for(lambda: answers(served.address))
    wait_for(lambda: "cleaning  Ready" in listed(served))
    master = served.process.pid
    before = children(master)
    assert len(before) == 3, "two for pages, one for what is beside them"
    os.kill(max(before), signal.SIGKILL)
    wait_for(lambda: len(children(master)) == 3 and children(master) != before)
    assert answers(served.address)
    os.killpg(master, signal.SIGINT)  # Ctrl-C
    assert served.process.wait(timeout=15) == 0
    assert not [process for process in before if Path(f"/proc/{process}").exists()]


def children(process):
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True)
    return {int(child) for child in found.stdout.split()}
