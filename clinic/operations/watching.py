"""What watches over the processes of a running clinic, and holds nothing of it.

The process that forks the others would hold all that each of them has copied, 40 MB. Once they are there it becomes
this program, and keeps its number, its children and the socket at which browsers knock. Where one of the processes
ends, whatever ended it, this one stops the others and becomes the clinic again; whoever knocks meanwhile waits at the
socket, which stays open (decision 0038).

Read as a program, without the clinic and without packages: nothing may be imported here but what is Python's own and
small.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from typing import NamedTuple, NoReturn

LISTENING = "CLINIC_LISTENING"
"""Variable of the environment that names the open sockets to a clinic that begins again."""
COULD_NOT_BEGIN = frozenset({3, 4})
"""With what gunicorn's processes end that cannot begin: another one could not either."""
TOLD_TO_END = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGQUIT})
HEARD = TOLD_TO_END | {signal.SIGHUP, signal.SIGCHLD}
"""What must wait while a process becomes the one that watches."""
_NOTHING_TO_US = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU)
_LOOKS_EVERY = 1.0  # seconds
_HURRIES_WITHIN = 2.0
_BEGINS_EVERY = 5.0
"""Seconds between two beginnings: what ends at once is not begun again and again without a pause."""
_PAUSES = 1.0
"""So long such a pause lasts at most where nobody is left who answers meanwhile."""
_PR_SET_DUMPABLE = 4  # prctl(2)


def forbid_looks() -> None:
    """Lets no other process of this user look into this one (Linux): it may have a key open."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def sockets_left_open() -> list[int]:
    """The open sockets at which a clinic that begins again listened before; asked for once."""
    return [int(handle) for handle in os.environ.pop(LISTENING, "").split(",") if handle]


def begins_again() -> bool:
    """Whether this is a clinic that begins again, and has not asked for its sockets yet."""
    return LISTENING in os.environ


class Watched(NamedTuple):
    """The processes of a clinic, and what is to be done when they end."""

    beats: dict[str, int]
    """Of each process its number, and the open file whose time of change is its last beat, on `time.monotonic`. The
    last one is beside those that answer pages."""
    listening: list[int]
    """The open sockets."""
    patience: float
    """Seconds without a beat after which a process is killed."""
    grace: float
    """Seconds in which a process that is told to stop may answer what it has in hand."""
    again: list[str]
    """The command line of the clinic, without the interpreter."""
    pidfile: str
    """It goes at the end."""
    mark: str
    """If this file is there at the end, the clinic is sealed."""


def become(watched: Watched) -> NoReturn:
    """Makes this process, which forked those to be watched, the one that watches. Raises OSError where it cannot."""
    for handle in (*watched.beats.values(), *watched.listening):
        os.set_inheritable(handle, True)
    own = [sys.executable, "-I", "-S", __file__, json.dumps(watched)]
    os.execv(sys.executable, own + watched.again)  # noqa: S606 - ourselves, no shell


class Watch:
    """Watches until it is told to end, or becomes the clinic again."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._beats = {int(process): beat for process, beat in watched.beats.items()}
        *self._pages, self._beside = self._beats
        self._began = time.monotonic()

    def watch(self) -> NoReturn:
        """Watches; comes back never."""
        while True:
            heard = _heard_within(_LOOKS_EVERY)
            if heard in TOLD_TO_END:
                self._end(heard)
            self._kill_who_is_silent()
            ended = self._ended()
            if ended in COULD_NOT_BEGIN:
                self._end(signal.SIGTERM, status=ended)
            elif ended is not None or heard == signal.SIGHUP:
                self._begin_again()

    def _kill_who_is_silent(self) -> None:
        for process, beat in self._beats.items():
            if time.monotonic() - os.fstat(beat).st_mtime > self._watched.patience:
                _say(f"Process {process} says nothing for {self._watched.patience:.0f} seconds and is ended.")
                _send([process], signal.SIGKILL)

    def _ended(self) -> int | None:
        """With what one of the processes has ended, if one has; below 0 the signal that ended it."""
        ended = None
        while self._beats:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                break
            if process in self._beats:  # else somebody left it to us
                os.close(self._beats.pop(process))
                code = os.waitstatus_to_exitcode(status)
                _say(f"Process {process} ended ({f'status {code}' if code >= 0 else f'signal {-code}'}).")
                ended = code if ended is None else ended
        return ended

    def _stop(self, number: int, processes: Iterable[int], within: float, *, is_the_end: bool = False) -> int:
        """Has processes stop, and kills those that take too long.

        Who is told before it can hear is told again. Unless this is the end already, it is left to the end once this
        process is told to: result is by what, or 0.
        """
        until, tell_at = time.monotonic() + within, 0.0
        while (left := self._beats.keys() & processes) and time.monotonic() < until:
            if time.monotonic() >= tell_at:
                _send(left, number)
                number, tell_at = signal.SIGTERM, time.monotonic() + _LOOKS_EVERY  # to be told twice to quit breaks off
            heard = _heard_within(_LOOKS_EVERY / 10)
            if heard in TOLD_TO_END:
                if not is_the_end:
                    return heard
                if heard != signal.SIGTERM:
                    number, tell_at = signal.SIGQUIT, 0.0
                    until = min(until, time.monotonic() + _HURRIES_WITHIN)
            self._reap()
        _send(left, signal.SIGKILL)
        for process in left & self._beats.keys():
            os.waitpid(process, 0)
            os.close(self._beats.pop(process))
        return 0

    def _reap(self) -> None:
        for process in [one for one in self._beats if os.waitpid(one, os.WNOHANG)[0]]:
            os.close(self._beats.pop(process))

    def _begin_again(self) -> NoReturn:
        """Becomes the clinic again, with the sockets as they are.

        The process beside stops first: those that answer pages go on meanwhile, and make what it does not make.
        """
        _say("The clinic begins again.")
        told = (
            self._pause()
            or self._stop(signal.SIGTERM, [self._beside], self._watched.grace if self._answers() else _HURRIES_WITHIN)
            or self._stop(signal.SIGTERM, self._pages, self._watched.grace)
        )
        if told or os.path.exists(self._watched.mark):
            self._end(told or signal.SIGTERM)
        os.environ[LISTENING] = ",".join(map(str, self._watched.listening))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD - waits_for_the_start())
        os.execv(sys.executable, [sys.executable, *self._watched.again])  # noqa: S606 - ourselves, no shell

    def _answers(self) -> bool:
        """Whether somebody is left who answers pages."""
        return not self._beats.keys().isdisjoint(self._pages)

    def _pause(self) -> int:
        """Lets those that are left answer until it is time to begin again; shortly, where nobody is left.

        Result: by what this one was told to end, or 0.
        """
        until, shortly = self._began + _BEGINS_EVERY, time.monotonic() + _PAUSES
        while time.monotonic() < (until if self._answers() else min(until, shortly)):
            heard = _heard_within(_LOOKS_EVERY / 10)
            if heard in TOLD_TO_END:
                return heard
            self._reap()
        return 0

    def _end(self, number: int, *, status: int = 0) -> NoReturn:
        """Takes nobody up any more, lets the processes stop and ends; of a sealed clinic it becomes what that says."""
        for handle in self._watched.listening:
            os.close(handle)
        self._stop(
            signal.SIGTERM if number == signal.SIGTERM else signal.SIGQUIT, list(self._beats), self._watched.grace
        )
        with contextlib.suppress(OSError):
            os.unlink(self._watched.pidfile)
        if os.path.exists(self._watched.mark):
            forget_what_was_said()
            os.execv(sys.executable, [sys.executable, "-m", "clinic.operations.seal"])  # noqa: S606 - ourselves
        sys.exit(status)


def _heard_within(seconds: float) -> int:
    """The signal that was heard, if one was within so many seconds; else 0."""
    heard = signal.sigtimedwait(HEARD, seconds)
    return heard.si_signo if heard is not None else 0


def waits_for_the_start() -> frozenset[int]:
    """What is heard only when a start is over: who hangs up shall not end it, and a clinic that begins again is ended
    or sealed in good order. The first process of a container would not hear at all what it does not listen to.
    """
    return frozenset({signal.SIGHUP}) | (TOLD_TO_END if begins_again() or os.getpid() == 1 else frozenset())


def forget_what_was_said() -> None:
    """For who becomes another program, which shall not begin with what this one was told."""
    for number in HEARD - {signal.SIGCHLD}:
        signal.signal(number, signal.SIG_IGN)
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HEARD)


def _send(processes: Iterable[int], number: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, number)


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # whoever read it may be gone
        print(sentence, file=sys.stderr, flush=True)


def main() -> None:
    """Watches over what the command line says, in the process that forked it."""
    forbid_looks()
    for number in _NOTHING_TO_US:
        signal.signal(number, signal.SIG_IGN)
    Watch(Watched(*json.loads(sys.argv[1]))).watch()


if __name__ == "__main__":
    main()
