"""The processes of a running clinic: those that answer pages, and two beside them.

One does the work in the background, one answers the pages that read every record. All are forked from the server
once it has read the program and opened the clinic, so that they share its memory. The server begins another one for
each that ends, whatever ended it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
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
    WORK = auto()
    WEIGHTY_PAGES = auto()


BESIDE = (Part.WORK, Part.WEIGHTY_PAGES)
"""What there is one process for, beside those that answer pages."""


RESTS_EVERY = 30.0
"""Seconds after which a process gives back again what it had taken for the answers since."""


@cache
def lines() -> Lines:
    """The line between the processes, made when the first of them is about to be forked."""
    return Lines()


def choose(server: Any, process: ClinicProcess) -> None:
    """Says before a process is forked what it is for: the last ones are for what is beside the pages, one for each."""
    lines()
    there = [other.part for other in server.WORKERS.values()]
    if there.count(Part.PAGES) >= server.num_workers - len(BESIDE):
        process.part = next((part for part in BESIDE if part not in there), Part.PAGES)


class ClinicProcess(ThreadWorker):  # type: ignore[misc]
    """A process that answers pages, does the work in the background or answers the weighty pages."""

    part = Part.PAGES
    wsgi: Any
    _rested_at = time.monotonic()

    def run(self) -> None:
        """Does what it is for until it is told to stop."""
        if self.part is Part.WORK:
            worker = Worker(self.wsgi.config["SETTINGS"], beat=self._beat)
            self._until_stopped(worker.stop, worker.work)
        elif self.part is Part.WEIGHTY_PAGES:
            keeping.keep_here()
            attendant = Attendant(self.wsgi, lines(), beat=self._beat, when_idle=work.make_ready)
            self._until_stopped(attendant.stop, attendant.attend)
        else:
            self.wsgi = HandsOn(self.wsgi, lines())
            super().run()

    def notify(self) -> None:
        """Tells the server that all is well; once in a while, gives back memory that is free."""
        super().notify()
        if time.monotonic() - self._rested_at > RESTS_EVERY:
            memory.give_back()
            self._rested_at = time.monotonic()

    def _until_stopped(self, stop: Callable[..., None], work: Callable[[], None]) -> None:
        self._stop = stop
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, stop)
        work()

    def _beat(self) -> None:
        """Tells the server that all is well; ends with it."""
        self.notify()
        if os.getppid() != self.ppid:
            self._stop()
