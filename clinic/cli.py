"""The `clinic` command: a line a sub-command; the work is in the rooms' actions.

Results go to standard output, messages and progress to standard error. Exit status: 0 done, 1 refused or with errors,
2 wrong use, or a setting missing or wrong.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clinic import commands, languages, migrating, rooms
from clinic.console import fail, new_passphrase, settings_or_fail
from clinic.crypto.keyring import KeyProblem, MasterKey
from clinic.crypto.slots import ShortPassphrase
from clinic.embedded import CannotConvert
from clinic.operations import converting, keys, starting
from config.settings import Settings


@click.group(cls=commands.Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="sanad", message="%(version)s")
def main() -> None:
    """Sanad: case management for legal clinics that stand by children in conflict with the law."""
    languages.use("en")
    rooms.wire()


@main.command()
@click.option("--name", required=True, help="The clinic's name.")
@click.option("--admin", required=True, help="Username of the first administrator.")
@click.option(
    "--key-out",
    type=click.Path(path_type=Path),
    help="Where the clinic's key is written; outside CLINIC_HOME.",
)
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase instead of writing a key.")
@click.option("--plain-file", is_flag=True, help="Do not encrypt the embedded database as a whole.")
@click.option("--prefix", default="DH", show_default=True, help="What case references begin with.")
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
def init(key_out: Path | None, passphrase: bool, plain_file: bool, **said: Any) -> None:
    """Make an empty clinic, write its key or ask for a passphrase, and print the administrator's one-time link."""
    if (key_out is None) != passphrase:
        raise click.UsageError("Name a place for the key with --key-out, or ask for a passphrase with --passphrase.")
    settings = settings_or_fail()
    if plain_file:
        settings = replace(settings, encrypted_file=False)
    try:
        key = starting.NewKey(key_out and key_out.expanduser().absolute(), new_passphrase() if passphrase else None)
        link = starting.make_clinic(settings, key=key, **said)
    except (starting.NotReady, KeyProblem, ShortPassphrase) as problem:
        fail(str(problem))
    click.echo(link)
    if key_out is None:
        click.echo("Without the passphrase nothing can be read. Set CLINIC_KEY=ask.", err=True)
    else:
        click.echo(f"The key is in {key_out}. Keep it apart from the data; without it nothing can be read.", err=True)
        click.echo("Set CLINIC_KEY to its path.", err=True)
    click.echo("Start with `clinic run`, and open the link above to choose a password.", err=True)


@main.command()
@click.option("--workers", type=click.IntRange(2, 64, clamp=True), default=2, show_default=True)
def run(workers: int) -> None:
    """Serve the clinic of CLINIC_HOME, or the demonstration where there is none."""
    settings = settings_or_fail()
    try:
        starting.serve(
            settings,
            workers=workers,
            say=_say,
            demonstration=commands.demonstration,
        )
    except (starting.NotReady, KeyProblem) as problem:
        fail(str(problem), 2)


def _say(text: str) -> None:
    """Says something to a terminal that may be gone."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


@main.group(name="db")
def database() -> None:
    """The tables of the database."""


@database.command()
def upgrade() -> None:
    """Bring the tables to the newest revision."""
    settings = settings_or_fail()
    try:
        migrating.upgrade(starting.connect(settings))
    except (starting.NotReady, KeyProblem) as problem:
        fail(str(problem), 2)
    click.echo("The tables are up to date.", err=True)


@database.command()
def encrypt() -> None:
    """Encrypt the files of the embedded database as a whole; stop the server first."""
    _convert(converting.encrypt)


@database.command()
def decrypt() -> None:
    """Make the files of the embedded database plain; names and notes in them stay sealed."""
    _convert(converting.decrypt)


def _convert(deed: Callable[[Settings, MasterKey, converting.Say], None]) -> None:
    settings = settings_or_fail()
    try:
        deed(settings, keys.key_of(settings), lambda text: click.echo(text, err=True))
    except (starting.NotReady, KeyProblem, CannotConvert) as problem:
        fail(str(problem))
