"""A process beside those that answer pages, which answers the weighty ones itself, one after the other.

It has one thread for them, and keeps what they read (`clinic.reports.keeping`): however many ask, the memory is that of
one. While nobody asks for any it answers other pages, for which the others have no time. It is begun anew when a page
breaks it, and then the process that was asked makes the page. Between two pages it gives a turn to whatever else lives
in it: the work in the background.
"""

from __future__ import annotations

import contextlib
import gc
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from types import FrameType

from sqlalchemy.exc import DBAPIError

from clinic import db, memory
from clinic.jobs.worker import to_the_log
from clinic.web import aside

_LISTENS = 1.0  # seconds
_IDLE_FOR = 3.0
_NOT_ANSWERED = "A page was not answered"
_YOUNG = 1  # of Python's generations: what was made since the last search, and since the one before


class Attendant:
    """Answers what is handed on until it is told to stop."""

    def __init__(
        self,
        app: aside.Application,
        lines: aside.Lines,
        *,
        beat: Callable[[], None],
        when_idle: Callable[[], None] = lambda: None,
        between: Callable[[], float] = lambda: _LISTENS,
    ) -> None:
        self._app = app
        self._lines = lines
        self._beat = beat
        self._when_idle: Callable[[], None] | None = when_idle
        self._between = between
        self._stops = False

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ends it when the page at hand is made; whatever waits is made by the processes that were asked."""
        self._stops = True

    def attend(self) -> None:
        """Attends until stopped. Once nobody has asked for a moment, it makes itself ready for who will.

        What is done between two pages tells for how many seconds it need not be done again.
        """
        idle_since = time.monotonic()
        while not self._stops:
            self._beat()
            heard, _, _ = select.select([self._lines.hearing], [], [], min(_LISTENS, self._between()))
            if heard:
                self._answer(*self._lines.heard())
                idle_since = time.monotonic()
            elif self._when_idle is not None and time.monotonic() - idle_since >= _IDLE_FOR:
                self._once_idle(self._when_idle)

    def _answer(self, asked: aside.Asked, line: aside.Line) -> None:
        def answer() -> None:
            with line:
                aside.answer(self._app, asked, line)

        if aside.is_weighty(asked):
            self._apart(answer, _NOT_ANSWERED)
        else:
            _alone(answer, _NOT_ANSWERED)

    def _once_idle(self, act: Callable[[], None]) -> None:
        self._when_idle = None
        with self._lines.kept_busy():
            self._apart(act, "Nothing was made ready")

    def _apart(self, act: Callable[[], None], what_failed: str) -> None:
        """Does something that takes long and reads much, of which nothing is left."""
        with self._beating():
            _alone(act, what_failed)
            tidy_up()

    @contextmanager
    def _beating(self) -> Iterator[None]:
        """Lets the server know that all is well while a page is made, for as long as one may take."""
        over = threading.Event()

        def beat() -> None:
            until = time.monotonic() + aside.LONGEST
            while not over.wait(_LISTENS) and time.monotonic() < until:
                self._beat()

        beating = threading.Thread(target=beat, daemon=True)
        beating.start()
        try:
            yield
        finally:
            over.set()
            beating.join()


def _alone(act: Callable[[], None], what_failed: str) -> None:
    """Does something of which nothing is left: no fault, and not who asked, for which clinic and in which language.

    What has the next turn would take that over.
    """
    try:
        copy_context().run(act)
    except Exception as problem:
        to_the_log(f"{what_failed}: {type(problem).__name__}")


def tidy_up() -> None:
    """Lets go of what a page left, when its answer is on its way: the rows that it read lie with the database, too.

    Circles are looked for among what the page made: through all that is kept, it takes longer than to tell a figure.
    """
    gc.collect(_YOUNG)
    with contextlib.suppress(DBAPIError):
        db.let_go_of_pages()
    db.session.remove()
    memory.give_back()
