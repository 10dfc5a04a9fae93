"""The clinic as a server: its application, made once, and the processes that are forked from the one that made it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn

from flask import Flask
from gunicorn import sock  # type: ignore[import-untyped]
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]

from clinic import create_app, db, memory
from clinic.operations import hardening, seal, starting, watching
from config import gunicorn
from config.settings import Settings


def application() -> Flask:
    """Opens the clinic that the settings name and gives its application."""
    hardening.keep_to_itself()
    settings = Settings.from_environment()
    starting.open_clinic(settings)
    return _made(settings)


def _made(settings: Settings) -> Flask:
    """The application of the clinic that is open, for this process and those that are forked from it."""
    app = create_app(settings)
    db.session.remove()
    db.database().dispose()  # no connection may be in two processes
    return app


def serve(settings: Settings, workers: int) -> None:
    """Serves the clinic that is open until it is told to stop, in this process: Ctrl-C reaches it.

    `workers`: how many processes, two or more; one of them is beside those that answer pages.
    """
    memory.keep_little()
    _Server(settings, workers).run()


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, in the process that has read the program and opened the clinic."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings, self._workers = settings, workers
        super().__init__(prog="clinic")

    def run(self) -> None:
        """Begins the processes, then watches over them. Raises NotReady where a server of this home runs already."""
        beginner = _Beginner(self, self._settings)
        try:
            beginner.run()
        except RuntimeError as problem:  # of the file with the number of the process
            raise starting.NotReady(f"{problem}. Stop that server first; if none runs, remove the file.") from None

    def load_config(self) -> None:
        """What `config/gunicorn.py` says, and what the settings do."""
        for name in self.cfg.settings.keys() & vars(gunicorn).keys():
            self.cfg.set(name, getattr(gunicorn, name))
        self.cfg.set("workers", self._workers)
        self.cfg.set("bind", f"{self._settings.host}:{self._settings.port}")
        self.cfg.set("pidfile", str(self._settings.server_path))

    def load(self) -> Flask:
        """The application, asked for before the first process is forked."""
        with memory.collection_at_rest():
            app = _made(self._settings)
            gc.freeze()  # nothing of it ever goes
        return app


class _Beginner(Arbiter):  # type: ignore[misc]
    """gunicorn's own, which forks the processes; once they are there it becomes the one that watches."""

    def __init__(self, server: _Server, settings: Settings) -> None:
        self._settings = settings
        super().__init__(server)

    def start(self) -> None:
        """Listens where a clinic that begins again listened before."""
        handles = watching.sockets_left_open()
        if handles:
            self.LISTENERS = sock.create_sockets(self.cfg, self.log, handles)
        super().start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, watching.HEARD)

    def run(self) -> NoReturn:
        """Forks the processes and becomes the one that watches, which hears what was said meanwhile."""
        self.start()
        self.spawn_workers()
        signal.pthread_sigmask(signal.SIG_BLOCK, watching.HEARD)
        said = {self.SIG_QUEUE.get() for _each in range(self.SIG_QUEUE.qsize())}
        for number in said & watching.HEARD:
            os.kill(os.getpid(), number)
        watching.become(self._watched())

    def _watched(self) -> watching.Watched:
        return watching.Watched(
            beats={str(process): worker.tmp.fileno() for process, worker in self.WORKERS.items()},
            listening=[listener.fileno() for listener in self.LISTENERS],
            patience=self.timeout,
            grace=self.cfg.graceful_timeout,
            again=sys.orig_argv[1:],
            pidfile=str(self._settings.server_path),
            mark=str(seal.mark_of(self._settings)),
        )
