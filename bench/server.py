"""The servers that are measured: started as in production, asked by the client, weighed and ended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench.client import Spec, Told
from bench.processes import megabytes, milliseconds, tree

ROOT = Path(__file__).absolute().parents[1]
PROGRAMS = Path(sys.executable).parent
HOST = "127.0.0.1"
WORKERS = 2
WEIGHED_EVERY = 0.5
LISTENS, SETTLES_WITHIN = 5, 300
"""Seconds between two looks at a server that settles, and after which nobody waits for it any more."""
IDLE = 0.03
"""So much of a processor takes a server that only waits."""


class DidNotStart(Exception):
    """A server that did not answer within a minute."""


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that belongs to this repository."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@dataclass
class Server:
    """A server that runs."""

    process: subprocess.Popen[bytes]
    port: int
    cold_start: float
    cold_spent: float
    """Seconds to the first answer, as seen and by processor."""
    peak: float = 0.0

    @property
    def megabytes(self) -> float:
        """What it takes now."""
        return megabytes(tree(self.process.pid))

    def settle(self) -> None:
        """Waits until the work is done that a start begins (checks, signing): pages are measured without it."""
        spent = milliseconds(tree(self.process.pid))
        for _wait in range(SETTLES_WITHIN // LISTENS):
            time.sleep(LISTENS)
            before, spent = spent, milliseconds(tree(self.process.pid))
            if spent - before < LISTENS * 1000 * IDLE:
                break
        self.peak = 0

    def weigh(self, over: threading.Event) -> None:
        """Keeps the most that it took at any moment."""
        while not over.wait(WEIGHED_EVERY):
            self.peak = max(self.peak, self.megabytes)

    def kill(self) -> None:
        """Ends all of it at once, as a power cut would."""
        for process in tree(self.process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def ask(self, spec: Spec) -> Told:
        """What the client makes of it."""
        return Told(**client(replace(spec, server=self.process.pid)))

    def sign_in(self, username: str, password: str) -> str:
        """The cookie of somebody's session."""
        typed = {"username": username, "password": password}
        return str(client(Spec(HOST, self.port, [], sign_in=typed))["cookie"])


def client(spec: Spec) -> dict[str, Any]:
    """Runs the client in a process of its own. Its complaint becomes ours."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        input=json.dumps(asdict(spec)).encode(),
        capture_output=True,
        env=environment(),
        cwd=ROOT,
    )
    if ran.returncode:
        raise SystemExit(ran.stderr.decode())
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


@contextlib.contextmanager
def served(command: list[str], port: int, path: str, more: Mapping[str, str]) -> Iterator[Server]:
    """A server while the block runs; it stands when `path` answers."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment(**more), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    over = threading.Event()
    try:
        _wait(f"http://{HOST}:{port}{path}", process)
        took = time.perf_counter() - began
        server = Server(process, port, took, milliseconds(tree(process.pid)) / 1000)
        watch = threading.Thread(target=server.weigh, args=(over,), daemon=True)
        watch.start()
        yield server
    finally:
        over.set()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=60):
            return
        time.sleep(0.01)
    raise DidNotStart(url)


def clinic(store: Mapping[str, str], port: int) -> contextlib.AbstractContextManager[Server]:
    """A clinic's server, as `clinic run` starts it."""
    command = [str(PROGRAMS / "clinic"), "run", "--workers", str(WORKERS)]
    return served(command, port, "/sign-in", {**store, "PORT": str(port)})


def floor(name: str, port: int, path: str, more: Mapping[str, str]) -> contextlib.AbstractContextManager[Server]:
    """The server of a floor: as many processes and threads as a clinic's."""
    command = [str(PROGRAMS / "gunicorn"), "--workers", str(WORKERS), "--bind", f"{HOST}:{port}"]
    command += ["--worker-class", "gthread", "--threads", "4", "--keep-alive", "30", "--no-control-socket"]
    return served([*command, "--worker-tmp-dir", "/dev/shm", f"bench.floor:{name}()"], port, path, more)
