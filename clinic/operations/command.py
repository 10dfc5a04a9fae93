"""`clinic keys`: the keys of the clinic, shown and changed."""

from __future__ import annotations

from pathlib import Path

import click

from clinic import console, db
from clinic.crypto import current
from clinic.crypto.keyring import KeyProblem
from clinic.crypto.slots import ShortPassphrase
from clinic.operations import keys, resealing, rotating, starting


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
