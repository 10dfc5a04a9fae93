"""What the processes of a running clinic keep of memory: bounds that stand whatever the machine does."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from clinic import db, embedded

ALLOCATES = """
import ctypes, re, threading
from clinic import memory
assert memory.keep_little() is {kept}
ctypes.CDLL(None).malloc.restype = ctypes.c_void_p
gate = threading.Barrier(7)
def work():
    with_own_heap = [bytearray(2000) for _ in range(50)]
    gate.wait(20)
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads:
    thread.start()
gate.wait(20)
text = open("/proc/self/maps").read()
heaps = [int(line.split("-")[0], 16) for line in text.splitlines() if len(line.split()) == 5]
print(sum(start % (64 << 20) == 0 for start in heaps))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the allocator of Linux")
def test_threads_share_two_heaps():
    ran = subprocess.run(
        [sys.executable, "-c", ALLOCATES.format(kept=True)], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) <= 2  # each of six threads would have one


def test_few_connections_are_kept_while_nobody_asks(tmp_path):
    engine = embedded.make_engine(f"{embedded.PREFIX}{tmp_path / 'clinic.db'}", None)
    gate = threading.Barrier(5)

    def asks() -> None:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
            gate.wait(20)

    threads = [threading.Thread(target=asks) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not gate.broken  # all five were open at once
    assert engine.pool.checkedin() == 2
    engine.dispose()


@pytest.mark.parametrize(("key", "kept"), [(None, 1000), (bytes(32), 6000)])
def test_what_a_connection_keeps_of_a_file(tmp_path, key, kept):
    engine = embedded.make_engine(f"{embedded.PREFIX}{tmp_path / 'clinic.db'}", key)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -kept
    engine.dispose()


@pytest.mark.parametrize("key", [None, bytes(32)])
def test_little_is_kept_of_the_readings(tmp_path, key):
    database = db.Database(f"{embedded.PREFIX}{tmp_path / 'clinic.db'}", key)
    with database.readings.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == -500
    database.dispose()
