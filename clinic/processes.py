"""A process forked from this one, which shares its work and ends with it."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import sys
import threading
from collections.abc import Callable

_END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
_BYTES = 8  # of a number that is counted


def may_fork() -> bool:
    """Whether this process can be forked: a fork takes no other threads along."""
    return hasattr(os, "fork") and threading.active_count() == 1


def may_share_work() -> bool:
    """Whether a second process would find a processor of its own."""
    if not may_fork():
        return False
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return processors > 1


def _end_with(parent: int) -> None:
    """Lets a process that was forked end with its parent, and leave Ctrl-C to it."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGABRT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def begin(act: Callable[[], object]) -> int:
    """Forks a process that does this one thing and ends with status 0, or 1 where that broke off. Result: its number.

    Nothing of this process is cleaned up there, and nothing is told of what broke off but what `act` tells.
    """
    parent, child = os.getpid(), os.fork()
    if not child:
        status = 1
        try:
            _end_with(parent)
            act()
            status = 0
        finally:
            os._exit(status)
    return child


def apart(act: Callable[[], object], *, let_go: Callable[[], None]) -> None:
    """Does something by a process of its own, so that this one holds nothing of it; itself where it may not be forked.

    If the other process breaks off, this one does it once more, and meets the reason. `let_go` closes what may not be
    open in two processes; the other one does so when it is done.
    """

    def act_and_let_go() -> None:
        act()
        let_go()

    if may_fork():
        let_go()
        if ended_well(begin(act_and_let_go)):
            return
    act()


def counters(number: int) -> memoryview[int]:
    """So many numbers from 0, in memory that this process and those that are forked from it see and write."""
    return memoryview(mmap.mmap(-1, _BYTES * number)).cast("Q")


def has_ended(child: int) -> bool:
    """Whether a process of ours is over; it is forgotten then."""
    return os.waitpid(child, os.WNOHANG)[0] == child


def ended_well(child: int) -> bool:
    """Waits for the end of a process of ours; whether it did what it was for."""
    return os.waitpid(child, 0)[1] == 0


def kill(child: int) -> None:
    """Ends a process of ours at once."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
