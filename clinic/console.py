"""What every command of `clinic` begins with: the settings, the opened clinic, and a sentence where that cannot be."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from clinic.crypto.keyring import KeyProblem
from clinic.operations import keys, starting
from config.settings import Settings, SettingsProblem


def fail(sentence: str, status: int = 1) -> NoReturn:
    """Says why on standard error and ends."""
    click.echo(sentence, err=True)
    sys.exit(status)


def new_passphrase() -> str:
    """A passphrase that somebody types twice."""
    first = keys.ask("A passphrase for the clinic, six words or more: ")
    if keys.ask("The same again: ") != first:
        fail("The two passphrases differ. Nothing was made.")
    return first


def settings_or_fail() -> Settings:
    """The settings; what is wrong in them is named in one sentence, status 2."""
    try:
        return Settings.from_environment()
    except SettingsProblem as problem:
        fail(str(problem), 2)


def open_or_fail() -> Settings:
    """Connects the database, opens the clinic and says whose it is; status 2 with a sentence if that cannot be."""
    settings = settings_or_fail()
    try:
        starting.open_clinic(settings)
    except (starting.NotReady, KeyProblem) as problem:
        fail(str(problem), 2)
    return settings
