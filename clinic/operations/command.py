"""`clinic keys`: the keys of the clinic, shown and changed."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from clinic import console, db
from clinic.audit import actions as audit
from clinic.crypto import current
from clinic.crypto.keyring import KeyProblem
from clinic.crypto.slots import ShortPassphrase
from clinic.operations import keys, resealing, restarting, rotating, seal, starting


@click.group(name="keys")
def keys_() -> None:
    """The keys that everything is sealed with."""


@keys_.command()
def show() -> None:
    """List the data keys: lane, number, when each was made and retired."""
    settings = console.open_or_fail()
    click.echo(f"master key\t{keys.told(settings)}")
    click.echo(f"database files\t{'encrypted' if db.database().file_key else 'not encrypted as a whole'}")
    for row in sorted(current.ring().wrapped_rows(), key=lambda row: (row.lane, row.created_at)):
        ended = f"retired {row.retired_at:%Y-%m-%d}" if row.retired_at else "in use"
        click.echo(f"{row.lane}\t{row.number}\tmade {row.created_at:%Y-%m-%d}\t{ended}")


@keys_.command()
def status() -> None:
    """Say whether a change of the data keys is under way, and how much of it is left. Exit status 1 if so."""
    console.open_or_fail()
    waiting = resealing.count_waiting()
    if waiting:
        console.fail(f"{waiting} records are still sealed with old keys. Go on with: clinic keys rotate-data")
    click.echo("Everything is sealed with the keys in use.")


@keys_.command("rotate-data")
def rotate_data() -> None:
    """Give every lane a new key and seal everything again, while people work. Goes on where it was stopped."""
    settings = console.open_or_fail()
    if restarting.is_wanted(settings):
        console.fail(
            "The clinic's key was changed, and the server still runs with the old one: it could not read what new data "
            "keys seal. Start the server again, then give this command again."
        )
    resealing.rotate(settings.home / "spool", lambda text: click.echo(text, err=True))


@keys_.command("rotate-master")
@click.option("--key-out", type=click.Path(path_type=Path), help="Another place for the new key than the old one's.")
@click.option("--passphrase", is_flag=True, help="Ask for a passphrase instead of writing a key.")
def rotate_master(key_out: Path | None, passphrase: bool) -> None:
    """Change the clinic's master key. Goes on where it was stopped, with the same words."""
    if key_out is not None and passphrase:
        raise click.UsageError("Either --key-out or --passphrase.")
    settings = console.settings_or_fail()
    try:
        place = rotating.Place(
            key_out and key_out.expanduser().absolute(), console.new_passphrase() if passphrase else None
        )
        click.echo(rotating.rotate_master(settings, place), err=True)
    except (starting.NotReady, KeyProblem, ShortPassphrase) as problem:
        console.fail(str(problem))


@click.command(name="seal")
def seal_() -> None:
    """Sign everybody out, take the keys out of the server's memory, and answer nobody until `clinic unseal`."""
    settings = console.settings_or_fail()
    if seal.is_sealed(settings):
        console.fail("The clinic is sealed already.")
    with contextlib.suppress(KeyProblem, starting.NotReady):  # without the key nobody is signed out before, but after
        clinic = starting.open_clinic(settings)
        with db.acting(clinic.id):
            seal.end_sessions()
            audit.record("clinic.sealed")
            db.session.commit()
    seal.shut(settings)
    click.echo("The clinic is sealed. Take its key away from here.", err=True)


@click.command()
def unseal() -> None:
    """Open a sealed clinic again with its key (CLINIC_KEY), and say how to start the server."""
    settings = console.settings_or_fail()
    if not seal.is_sealed(settings):
        console.fail("The clinic is not sealed.")
    try:
        clinic = starting.open_clinic(settings, unseals=True)
    except (starting.NotReady, KeyProblem) as problem:
        console.fail(str(problem))
    with db.acting(clinic.id):
        seal.open_again(settings)
    click.echo("The clinic is open again. Start the server: clinic run", err=True)
