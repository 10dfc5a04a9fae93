"""`clinic backup` and `clinic restore`: the clinic copied elsewhere, encrypted, and brought back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
from pyrage import x25519

from clinic import clock, db
from clinic.audit import actions as audit
from clinic.console import fail, open_or_fail, settings_or_fail
from clinic.crypto.keyring import KeyProblem, WrongKey
from clinic.operations import backup as backups
from clinic.operations import restoring, starting
from clinic.operations.copying import Damaged
from clinic.operations.models import BackupRehearsed
from clinic.operations.places import NoBackup, Place
from clinic.operations.restoring import Restored
from config.settings import Settings

IDENTITY = click.option(
    "--identity",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The file with the private key of one of the two persons.",
)


@click.group()
def backup() -> None:
    """Copy the clinic elsewhere, list the copies, try one out."""


@backup.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where the private key is written.")
def key(out: Path) -> None:
    """Make a pair of keys for one person; print the public one. The private one never stays on the server."""
    identity = x25519.Identity.generate()
    try:
        with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"# public key: {identity.to_public()}\n{identity}\n")
    except OSError as problem:
        fail(f"{out} cannot be written: {problem.strerror}.")
    click.echo(str(identity.to_public()))
    click.echo(f"Take {out} away from this machine. Add the line above to CLINIC_BACKUP_KEYS.", err=True)


@backup.command()
def now() -> None:
    """Make a copy now, and let old ones go by the rule: 7 daily, 5 weekly, 12 monthly."""
    settings = open_or_fail()
    try:
        made = backups.make(settings)
        db.session.commit()
    except NoBackup as problem:
        fail(str(problem))
    click.echo(made.name)
    click.echo(f"{made.rows} rows, {made.size} bytes.", err=True)


@backup.command(name="list")
def list_() -> None:
    """List the copies, the newest first."""
    try:
        for copy in Place(settings_or_fail()).copies():
            click.echo(f"{copy.made_at:%Y-%m-%d %H:%M} {copy.name}")
    except NoBackup as problem:
        fail(str(problem))


@backup.command()
@IDENTITY
def rehearse(identity: Path) -> None:
    """Bring the newest copy back on trial, check it whole, and note the day for the administrator's desk."""
    settings = settings_or_fail()
    try:
        newest = next(iter(Place(settings).copies()), None)
        if newest is None:
            fail("There is no copy yet. Make one with `clinic backup now`.")
        restored = restoring.rehearse(_lines(settings, newest.name, identity), settings)
    except (NoBackup, Damaged, starting.NotReady, KeyProblem) as problem:
        fail(str(problem))
    _tell(restored)
    open_or_fail()
    db.session.add(BackupRehearsed(rehearsed_at=clock.now(), name=newest.name, rows=restored.rows))
    audit.record("backup.rehearsed")
    db.session.commit()


@click.command()
@click.argument("name")
@IDENTITY
def restore(name: str, identity: Path) -> None:
    """Bring a copy back into an empty CLINIC_HOME or database. NAME is a file, or one of `clinic backup list`."""
    settings = settings_or_fail()
    try:
        restored = restoring.restore(_lines(settings, name, identity), settings)
    except WrongKey:
        fail(
            "CLINIC_KEY is not the key of this copy. A copy made before the clinic's key was changed needs the old "
            "one, which was kept as ….before-…. Restore again with that."
        )
    except (NoBackup, Damaged, starting.NotReady, KeyProblem) as problem:
        fail(str(problem))
    _tell(restored)


def _lines(settings: Settings, name: str, identity: Path) -> Iterator[str]:
    secret = backups.identity_of(identity)
    return backups.opened(backups.source_of(settings, name), secret)


def _tell(restored: Restored) -> None:
    click.echo(f"Made at: {clock.local(restored.made_at):%Y-%m-%d %H:%M}")
    if restored.last_change:
        click.echo(f"Last step recorded at: {clock.local(restored.last_change):%Y-%m-%d %H:%M}")
    for label in ("children", "cases", "steps", "accounts", "rows"):
        click.echo(f"{label.capitalize()}: {getattr(restored, label)}")
    for fault in restored.faults:
        click.echo(fault, err=True)
    if restored.faults:
        fail("Something is not as it was. Do not work on with this copy before it is understood.")
    click.echo("Everything is as it was: every row, and the record of changes and looks.", err=True)
