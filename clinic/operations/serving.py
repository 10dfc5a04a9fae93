"""What a server imports: the application of the clinic that the settings name."""

from __future__ import annotations

import gc

from flask import Flask

from clinic import create_app, db, models
from clinic.operations import hardening, starting
from config.settings import Settings

_ = models.ROOMS  # every table is declared before the line of steps joins those of the rooms


def application() -> Flask:
    """Opens the clinic and gives its application, for this process and those that are forked from it."""
    hardening.keep_to_itself()
    settings = Settings.from_environment()
    starting.open_clinic(settings)
    app = create_app(settings)
    db.session.remove()
    db.database().dispose()  # no connection may be in two processes
    gc.collect()
    gc.freeze()  # what is here stays; looking through it again would take its memory away from sharing
    return app
