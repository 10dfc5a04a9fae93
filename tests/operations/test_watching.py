"""What watches over the processes of a clinic: it holds little, and begins the clinic again where one of them ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.journeys.conftest import PROGRAM, clinic, home, key_file, serving  # noqa: F401 - a clinic that is served
from tests.waiting import children, status_of, wait_for

FORKS = """
import json, os, signal, sys, tempfile, time
from clinic.operations import watching

told, beats = json.loads(sys.argv[1]), {}
signal.pthread_sigmask(signal.SIG_BLOCK, watching.HEARD)
for deed in told["deeds"]:
    with tempfile.TemporaryFile() as file:
        beat = os.dup(file.fileno())
    child = os.fork()
    if not child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watching.HEARD)
        exec(deed)
        os._exit(0)
    beats[str(child)] = beat
    os.utime(beat, (told["last_beat"],) * 2) if told["last_beat"] else None
again = ["-c", "import os; print('again', os.getpid())"]
print("ready", *beats, flush=True)
watching.become(watching.Watched(beats, [], 5, told["grace"], again, told["pidfile"], told["mark"]))
"""
WAITS = "time.sleep(60)"
DEAF = f"signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"


@pytest.fixture
def watched(tmp_path):
    """Begins processes that do what is said, under a watch: `watched(deed, deed)`."""
    pidfile = tmp_path / "server.pid"
    pidfile.touch()

    with ExitStack() as ends:

        def begun(*deeds, last_beat=0, grace=5.0):
            said = {"deeds": deeds, "last_beat": last_beat, "grace": grace}
            said |= {"pidfile": str(pidfile), "mark": str(tmp_path / "sealed.json")}
            line = [sys.executable, "-c", FORKS, json.dumps(said)]
            process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            children = [int(word) for word in process.stdout.readline().split()[1:]]
            ends.callback(kill, process, children)
            return SimpleNamespace(process=process, children=children, pidfile=pidfile)

        yield begun


def kill(process, children):
    process.kill()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()


def end_of(begun):
    """What it said, what it complained of, and with what it ended; none of its processes is left."""
    said, complained = begun.process.communicate(timeout=30)
    assert not [child for child in begun.children if Path(f"/proc/{child}").exists()]
    return said, complained, begun.process.returncode


def becomes_the_watch(begun):
    """The process, once it is the one that watches."""
    wait_for(lambda: watches(begun.process), 30)
    return begun.process


def watches(process):
    return b"watching.py" in Path(f"/proc/{process.pid}/cmdline").read_bytes()


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("os._exit(0)", "status 0"),
        ("os._exit(1)", "status 1"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
    ],
)
def test_where_one_process_ends_the_others_stop_and_the_clinic_begins_again(watched, deed, why):
    begun = watched(deed, WAITS)
    said, complained, status = end_of(begun)
    assert said == f"again {begun.process.pid}\n"
    assert f"Process {begun.children[0]} ended ({why})." in complained
    assert "The clinic begins again." in complained
    assert (status, begun.pidfile.exists()) == (0, True)


def test_a_process_that_cannot_begin_ends_the_clinic(watched):
    begun = watched("os._exit(3)", WAITS)
    said, _complained, status = end_of(begun)
    assert (said, status, begun.pidfile.exists()) == ("", 3, False)


def test_a_process_that_says_nothing_for_long_is_ended_for_another(watched):
    said, complained, _status = end_of(watched(DEAF, last_beat=1, grace=0.3))
    assert "says nothing for 5 seconds" in complained
    assert said.startswith("again")


def test_a_process_that_beats_is_left_alone(watched):
    begun = watched(WAITS, last_beat=time.monotonic() + 60)
    becomes_the_watch(begun)
    time.sleep(1.5)
    assert Path(f"/proc/{begun.children[0]}").exists()


def test_a_process_that_does_not_stop_is_killed_after_a_while(watched):
    began = time.monotonic()
    said, _complained, _status = end_of(watched("os._exit(1)", DEAF, grace=0.5))
    assert said.startswith("again")
    assert time.monotonic() - began < 20, "it sleeps for a minute"


def test_hanging_up_begins_the_clinic_again(watched):
    begun = watched(WAITS, WAITS)
    becomes_the_watch(begun).send_signal(signal.SIGHUP)
    assert end_of(begun)[0].startswith("again")


def test_it_does_not_need_anybody_who_reads_what_it_says(watched):
    begun = watched("time.sleep(1); os._exit(1)", WAITS)
    begun.process.stderr.close()
    assert begun.process.stdout.read().startswith("again")
    begun.process.wait(30)


def test_the_one_beside_stops_first_and_the_others_answer_until_then(watched):
    begun = watched(WAITS, DEAF, grace=2)
    becomes_the_watch(begun).send_signal(signal.SIGHUP)
    pages, beside = begun.children
    answers = True
    while Path(f"/proc/{beside}").exists():
        assert answers
        answers = Path(f"/proc/{pages}").exists()
        time.sleep(0.05)
    assert end_of(begun)[0].startswith("again")


def test_to_be_told_to_quit_does_not_break_off_what_is_in_hand(watched):
    told = "signal.signal(signal.SIGQUIT, lambda *_: open(told['pidfile'] + '.quit', 'a').write('x'))"
    begun = watched(f"signal.signal(signal.SIGTERM, signal.SIG_IGN); {told}; time.sleep(3.5)", grace=20)
    becomes_the_watch(begun).send_signal(signal.SIGINT)
    assert end_of(begun)[2] == 0
    assert begun.pidfile.with_name("server.pid.quit").read_text() == "x"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_who_is_told_to_end_ends_all(watched, number):
    begun = watched(WAITS, WAITS)
    becomes_the_watch(begun).send_signal(number)
    said, _complained, status = end_of(begun)
    assert (said, status, begun.pidfile.exists()) == ("", 0, False)


def test_what_was_said_before_it_watched_is_heard(watched):
    begun = watched(WAITS)
    begun.process.send_signal(signal.SIGTERM)
    said, _complained, status = end_of(begun)
    assert (said, status) == ("", 0)


def test_it_ends_where_it_is_told_to_while_it_begins_again(watched):
    begun = watched(DEAF, grace=20)
    process = becomes_the_watch(begun)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    said, _complained, _status = end_of(begun)
    assert (said, begun.pidfile.exists()) == ("", False)


@pytest.mark.slow
def test_whoever_watches_holds_little_and_whoever_knocks_meanwhile_is_answered(clinic, home, key_file):  # noqa: F811
    server = serving(home, CLINIC_KEY=key_file.read_text().strip(), CLINIC_SECURE_COOKIES="no")
    with server as address:
        watch = becomes_the_watch(server).pid
        assert resident(watch) < 20, "megabytes, where a process that has read the program holds a hundred"
        before, answered, over = children(watch), [], threading.Event()

        def knock():
            while not over.is_set():
                with urllib.request.urlopen(f"{address}/sign-in", timeout=60) as answer:
                    answered.append(answer.status)

        knocking = threading.Thread(target=knock)
        knocking.start()
        os.kill(max(before), signal.SIGKILL)
        try:
            wait_for(lambda: len(children(watch)) == 2 and not children(watch) & before)
            so_far = len(answered)
            wait_for(lambda: len(answered) >= so_far + 5, 30)
        finally:
            over.set()
            knocking.join()
        assert len(children(watch) - before) == 2, server.log.read_text()
        assert set(answered) == {200}
        assert len(answered) >= so_far + 5


@pytest.mark.slow
def test_what_is_missing_for_a_moment_is_waited_for_and_hanging_up_is_heard_later(clinic, home, key_file):  # noqa: F811
    server = serving(home, CLINIC_KEY=str(key_file), CLINIC_SECURE_COOKIES="no")
    with server as address:
        watch, away = becomes_the_watch(server).pid, key_file.with_name("away")
        other = serving(home).environment | {"CLINIC_KEY": str(key_file)}
        second = subprocess.run([PROGRAM, "run"], env=other, capture_output=True, text=True, timeout=60)
        assert (second.returncode, "Stop that server first" in second.stderr) == (2, True), second.stderr
        key_file.rename(away)
        os.kill(watch, signal.SIGHUP)
        wait_for(lambda: "It is tried again" in server.log.read_text())
        os.kill(watch, signal.SIGHUP)
        away.rename(key_file)
        with urllib.request.urlopen(f"{address}/sign-in", timeout=60) as answer:
            assert answer.status == 200
        wait_for(lambda: server.log.read_text().count("The clinic begins again.") == 2)
        with urllib.request.urlopen(f"{address}/sign-in", timeout=60) as answer:
            assert answer.status == 200
        assert server.process.poll() is None


@pytest.mark.slow
def test_a_clinic_that_is_sealed_meanwhile_does_not_begin_again(clinic, home, key_file):  # noqa: F811
    server = serving(home, CLINIC_KEY=key_file.read_text().strip(), CLINIC_SECURE_COOKIES="no")
    with server as address:
        watch = becomes_the_watch(server).pid
        (handed,) = handed_keys(watch)
        assert handed == key_file.read_text().strip()
        (home / "sealed.json").write_text("{}")
        os.kill(max(children(watch)), signal.SIGKILL)
        wait_for(lambda: status_of(f"{address}/sign-in") == 503)
        assert handed_keys(watch) in ([], [""])
        assert b"CLINIC_KEY" not in Path(f"/proc/{watch}/environ").read_bytes()


@pytest.mark.slow
def test_a_clinic_that_is_sealed_while_it_begins_again_says_so(clinic, home, key_file):  # noqa: F811
    server = serving(home, CLINIC_KEY=str(key_file), CLINIC_SECURE_COOKIES="no")
    with server as address:
        watch = becomes_the_watch(server).pid
        key_file.rename(key_file.with_name("away"))
        os.kill(watch, signal.SIGHUP)
        wait_for(lambda: "It is tried again" in server.log.read_text())
        os.kill(watch, signal.SIGHUP)
        sealed = subprocess.run([PROGRAM, "seal"], env=server.environment, capture_output=True, text=True, timeout=60)
        assert sealed.returncode == 0, sealed.stderr
        wait_for(lambda: status_of(f"{address}/sign-in") == 503)


@pytest.mark.slow
def test_who_tells_it_to_end_while_it_begins_again_is_heard(clinic, home, key_file):  # noqa: F811
    server = serving(home, CLINIC_KEY=str(key_file), CLINIC_SECURE_COOKIES="no")
    with server:
        process = becomes_the_watch(server)
        os.kill(process.pid, signal.SIGHUP)
        wait_for(lambda: not watches(process))
        process.terminate()
        assert process.wait(60) == 0
        assert not (home / "server.pid").exists()


def handed_keys(process):
    """What lies in the memory without a name that a process has open."""
    open_files = [file for file in Path(f"/proc/{process}/fd").iterdir() if "memfd:clinic" in os.readlink(file)]
    return [file.read_text() for file in open_files]


def resident(process):
    """Megabytes that a process has in memory, shared or not."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
