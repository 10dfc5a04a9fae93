"""What tests wait for while other processes run: an answer of a server, its processes, whatever else comes about."""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    """Until something is so; an AssertionError where it is not so in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "this took too long"
        time.sleep(0.05)


def status_of(address: str) -> int | None:
    """The status with which a server answers; None where nobody does."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as problem:
        return problem.code
    except OSError:
        return None


def children(process: int) -> set[int]:
    """The processes that a process began."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text("ascii")
    return {int(child) for child in found.split()}
