"""What processes take of the machine, as Linux counts it: memory, and time of the processor."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_OF_CHILDREN = slice(13, 15)
"""Where /proc/…/stat, behind the name of the program, tells the time of children that have ended."""


def tree(process_id: int) -> list[int]:
    """A process and all that it started."""
    found = [process_id]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def megabytes(processes: Iterable[int]) -> float:
    """What processes take together: each page of memory that several hold is counted once (PSS)."""
    total = 0
    for process in processes:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def milliseconds(processes: Iterable[int]) -> float:
    """How long processes have been at work on a processor, their threads and the children that they lost included."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{process}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0]) / 1_000_000
            lost = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[_OF_CHILDREN]
            total += sum(map(int, lost)) * 1000 / TICKS
    return total
