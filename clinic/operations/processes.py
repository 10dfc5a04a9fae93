"""The processes of a running clinic: those that answer pages, and one beside them.

That one answers the pages that read every record, and between them sees to the work in the background, each piece of
which is carried out by a process of its own. All are forked from the server once it has read the program and opened the
clinic, so that they share its memory. The server begins another one for each that ends, whatever ended it.
"""

from __future__ import annotations

import os
import signal
import time
from enum import Enum, auto
from functools import cache
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from clinic import memory, models
from clinic.jobs.worker import Worker
from clinic.operations.attending import Attendant
from clinic.reports import keeping, work
from clinic.web.aside import HandsOn, Lines

_ = models.ROOMS  # every table is declared first: the server reads this before anything else


class Part(Enum):
    """What a process is for."""

    PAGES = auto()
    BESIDE = auto()


BESIDE = 1
"""How many processes there are beside those that answer pages."""


RESTS_EVERY = 30.0
"""Seconds after which a process gives back again what it had taken for the answers since."""


@cache
def lines() -> Lines:
    """The line between the processes, made when the first of them is about to be forked."""
    return Lines()


def choose(server: Any, process: ClinicProcess) -> None:
    """Says before a process is forked what it is for: the last one is for what is beside the pages."""
    lines()
    there = [other.part for other in server.WORKERS.values()]
    if there.count(Part.PAGES) >= server.num_workers - BESIDE and Part.BESIDE not in there:
        process.part = Part.BESIDE


class ClinicProcess(ThreadWorker):  # type: ignore[misc]
    """A process that answers pages, or does what is beside them."""

    part = Part.PAGES
    wsgi: Any
    _rested_at = time.monotonic()

    def run(self) -> None:
        """Does what it is for until it is told to stop."""
        if self.part is Part.BESIDE:
            self._be_beside()
        else:
            self.wsgi = HandsOn(self.wsgi, lines())
            super().run()

    def notify(self) -> None:
        """Tells the server that all is well; once in a while, gives back memory that is free."""
        super().notify()
        if time.monotonic() - self._rested_at > RESTS_EVERY:
            memory.give_back()
            self._rested_at = time.monotonic()

    def _be_beside(self) -> None:
        """Answers the weighty pages, and has the work done that is asked for."""
        keeping.keep_here()
        worker = Worker(self.wsgi.config["SETTINGS"])
        attendant = Attendant(self.wsgi, lines(), beat=self._beat, when_idle=work.make_ready, between=worker.turn)
        self._stop = attendant.stop
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, attendant.stop)
        try:
            attendant.attend()
        finally:
            worker.end()

    def _beat(self) -> None:
        """Tells the server that all is well; ends with it."""
        self.notify()
        if os.getppid() != self.ppid:
            self._stop()
