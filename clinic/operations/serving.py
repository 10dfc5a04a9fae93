"""What a server imports: the application of the clinic that the settings name."""

from __future__ import annotations

from flask import Flask

from clinic import create_app, models
from clinic.operations import starting
from config.settings import Settings

_ = models.ROOMS  # every table is declared before the line of steps joins those of the rooms


def application() -> Flask:
    """Opens the clinic in this process and gives its application."""
    settings = Settings.from_environment()
    starting.open_clinic(settings)
    return create_app(settings)
