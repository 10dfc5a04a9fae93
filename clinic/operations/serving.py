"""The clinic as a server: its application, made once, and the processes that are forked from the one that made it."""

from __future__ import annotations

import gc

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from clinic import create_app, db, memory
from clinic.operations import hardening, starting
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
