"""A process beside those that answer pages, which has each weighty page answered by a process of its own.

It is forked before there are threads, so that whatever it forks is whole; it opens no database, so that no connection
is in two processes. One page after the other is made: however many ask, the memory is that of one.
"""

from __future__ import annotations

import gc
import os
import select
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from clinic.jobs.worker import end_with, has_ended, kill, to_the_log
from clinic.web import aside

_LISTENS = 1.0  # seconds
_GLANCE = 0.01


class Attendant:
    """Answers what is handed on until it is told to stop."""

    def __init__(self, app: aside.Application, lines: aside.Lines, *, beat: Callable[[], None]) -> None:
        self._app = app
        self._lines = lines
        self._beat = beat
        self._stops = False

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ends it; a page at hand is made by the process that was asked."""
        self._stops = True

    def attend(self) -> None:
        """Attends until stopped."""
        while not self._stops:
            self._beat()
            heard, _, _ = select.select([self._lines.hearing], [], [], _LISTENS)
            if heard:
                self._have_answered(*self._lines.heard())

    def _have_answered(self, asked: aside.Asked, line: socket.socket) -> None:
        parent = os.getpid()
        child = os.fork()
        if not child:
            _answer(self._app, asked, line, parent=parent)
        line.close()
        until = time.monotonic() + aside.LONGEST
        while not has_ended(child):
            time.sleep(_GLANCE)
            self._beat()
            if self._stops or time.monotonic() > until:
                kill(child)
                return


def _answer(app: aside.Application, asked: aside.Asked, line: socket.socket, *, parent: int) -> NoReturn:
    """What the process of a page does: no search for what is not needed any more, because it ends at once."""
    status = 1
    try:
        end_with(parent)
        gc.disable()
        aside.answer(app, asked, line)
        status = 0
    except Exception as problem:
        to_the_log(f"A page was not answered: {type(problem).__name__}")
    finally:
        os._exit(status)  # nothing of the parent is cleaned up here
