"""What a running clinic consists of: processes for pages, and one beside them, which another takes over if it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from clinic.operations import processes
from clinic.operations.processes import ClinicProcess, Part
from clinic.operations.sharing import InHand
from tests.waiting import children, status_of, wait_for

TIME = 120.0  # seconds
PROGRAM = Path(sys.executable).with_name("clinic")
HALF = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nhalf"
"""A form of which more is to come: it is in hand until then."""
PAGES, BESIDE = Part


@pytest.fixture(autouse=True)
def in_hand(monkeypatch):
    """What the processes share, made for the test alone."""
    shared = InHand(2)
    monkeypatch.setattr(processes, "lines", lambda _askers: None)
    monkeypatch.setattr(processes, "in_hand", lambda _seats: shared)
    yield shared
    shared.close()


def test_the_last_process_is_beside_the_pages_and_each_of_the_others_has_a_seat():
    server = SimpleNamespace(cfg=SimpleNamespace(workers=3), WORKERS={})
    for number in range(3):
        new = SimpleNamespace()
        processes.choose(server, new)
        server.WORKERS[number] = new
    assert [(one.part, one.seat) for one in server.WORKERS.values()] == [(PAGES, 0), (PAGES, 1), (BESIDE, 2)]


def test_a_line_that_was_given_and_has_hung_up_counts_no_more(in_hand):
    there = SimpleNamespace(in_hand=in_hand, seat=1)
    in_hand.sit_down(1)
    in_hand.keep(0)
    with socket.socket() as never_connected:
        assert in_hand.give(never_connected, 0, to=1)
    ClinicProcess._take_what_is_given(there, None)
    assert in_hand.count(1) == 0


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
    run = [PROGRAM, "run", "--workers", "3"]
    server = subprocess.Popen(run, env=own, stderr=subprocess.PIPE, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}/sign-in"
        yield SimpleNamespace(process=server, environment=own, address=address, port=port)
    finally:
        if server.poll() is None:
            server.kill()
        server.communicate()


def listed(served):
    done = subprocess.run([PROGRAM, "jobs", "list"], capture_output=True, text=True, env=served.environment)
    return done.stdout


@pytest.mark.slow
def test_the_work_goes_on_beside_the_pages_and_ends_with_them(served):
    wait_for(lambda: status_of(served.address) == 200, TIME)
    wait_for(lambda: "cleaning  Ready" in listed(served), TIME)
    master = served.process.pid
    before = children(master)
    assert len(before) == 3, "two for pages, one for what is beside them"
    os.kill(max(before), signal.SIGKILL)
    wait_for(lambda: len(children(master)) == 3 and children(master) != before, TIME)
    assert status_of(served.address) == 200
    os.killpg(master, signal.SIGINT)  # Ctrl-C
    assert served.process.wait(timeout=15) == 0
    assert not [process for process in before if Path(f"/proc/{process}").exists()]


def opened(served):
    """A line to the server on which nothing has been said yet."""
    return socket.create_connection(("127.0.0.1", served.port), timeout=60)


def ask(line):
    """Asks for a page on a line that stays open, and reads the answer to its end."""
    line.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    got = b""
    while b"</html>" not in got:
        got += line.recv(65536)
    assert got.startswith(b"HTTP/1.1 200")


def holder(served, line):
    """The process that has the server's end of a line."""
    ends = (f"{served.port:04X}", f"{line.getsockname()[1]:04X}")
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, here, there, *_rest, inode = row.split()[:10]
        if (here[-4:], there[-4:]) == ends:
            return next(child for child in children(served.process.pid) if f"socket:[{inode}]" in handles(child))
    raise AssertionError("nobody has it")


def handles(process):
    found = set()
    for handle in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(os.readlink(handle))
    return found


@pytest.mark.slow
def test_what_is_said_on_a_line_is_answered_by_whoever_has_the_least_in_hand(served):
    wait_for(lambda: status_of(served.address) == 200, TIME)
    with ExitStack() as opened_lines:
        lines = [opened_lines.enter_context(opened(served)) for _each in range(6)]
        for line in lines:
            ask(line)
        held = {line: holder(served, line) for line in lines}
        busy, other = max(held.values(), key=list(held.values()).count), lines.pop()
        while held[other] != busy:
            lines.insert(0, other)
            other = lines.pop()
        other.sendall(HALF)

        def all_are_answered_elsewhere():
            for line in lines:
                ask(line)
            return busy not in {holder(served, line) for line in lines}

        assert busy in {held[line] for line in lines}
        wait_for(all_are_answered_elsewhere, TIME)
        killed = holder(served, lines[0])
        os.kill(killed, signal.SIGKILL)  # nothing is given to it any more
        wait_for(lambda: killed not in children(served.process.pid), TIME)
        with opened(served) as late:
            ask(late)
