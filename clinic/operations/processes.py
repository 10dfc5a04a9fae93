"""The processes of a running clinic: those that answer pages, and one beside them that does the work in the background.

All are forked from the server once it has read the program and opened the clinic, so that they share its memory. The
server begins another one for each that ends, whatever ended it.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from clinic import models
from clinic.jobs.worker import Worker

_ = models.ROOMS  # every table is declared first: the server reads this before anything else


def choose(server: Any, process: ClinicProcess) -> None:
    """Says before a process is forked what it is for: the last one is for the work, unless there is one already."""
    others = server.WORKERS.values()
    process.is_for_work = len(others) >= server.num_workers - 1 and not any(other.is_for_work for other in others)


class ClinicProcess(ThreadWorker):  # type: ignore[misc]
    """A process that answers pages or does the work in the background."""

    is_for_work = False

    def run(self) -> None:
        """Does what it is for until it is told to stop."""
        if self.is_for_work:
            self._work()
        else:
            super().run()

    def _work(self) -> None:
        worker = Worker(self.wsgi.config["SETTINGS"], beat=lambda: self._beat(worker))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, worker.stop)
        worker.work()

    def _beat(self, worker: Worker) -> None:
        """Tells the server that all is well; ends with it."""
        self.notify()
        if os.getppid() != self.ppid:
            worker.stop()
