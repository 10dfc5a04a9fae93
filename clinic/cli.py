"""The `clinic` command: a line a sub-command; the work is in the rooms' actions.

Results go to standard output, messages and progress to standard error. Exit status: 0 done, 1 refused or with errors,
2 wrong use, or a setting missing or wrong.
"""

from __future__ import annotations

from pathlib import Path

import click

from clinic import commands, db, languages, migrating, rooms
from clinic.console import fail, settings_or_fail
from clinic.crypto.keyring import KeyProblem
from clinic.operations import starting


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    required=True,
    type=click.Path(path_type=Path),
    help="Where the clinic's key is written; outside CLINIC_HOME.",
)
@click.option("--prefix", default="DH", show_default=True, help="What case references begin with.")
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
def init(name: str, admin: str, key_out: Path, prefix: str, language: str) -> None:
    """Make an empty clinic, write its key, and print the administrator's one-time link."""
    settings = settings_or_fail()
    try:
        link = starting.make_clinic(
            settings, name=name, admin=admin, key_out=key_out.expanduser().absolute(), prefix=prefix, language=language
        )
    except (starting.NotReady, KeyProblem) as problem:
        fail(str(problem))
    click.echo(link)
    click.echo(f"The key is in {key_out}. Keep it apart from the data; without it nothing can be read.", err=True)
    click.echo(
        "Set CLINIC_KEY to its path, start with `clinic run`, and open the link above to choose a password.", err=True
    )


@main.command()
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
def run(workers: int) -> None:
    """Serve the clinic of CLINIC_HOME, or the demonstration where there is none."""
    settings = settings_or_fail()
    try:
        starting.serve(
            settings,
            workers=workers,
            say=lambda text: click.echo(text, err=True),
            demonstration=commands.demonstration(),
        )
    except (starting.NotReady, KeyProblem) as problem:
        fail(str(problem), 2)


@main.group(name="db")
def database() -> None:
    """The tables of the database."""


@database.command()
def upgrade() -> None:
    """Bring the tables to the newest revision."""
    settings = settings_or_fail()
    migrating.upgrade(db.connect(settings.database_url))
    click.echo("The tables are up to date.", err=True)


commands.add_to(main)
