"""`clinic retention`: which files are due, and a run that one person proposed, agreed to by the one at this machine."""

from __future__ import annotations

import uuid

import click

from clinic import clock, db, languages
from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.console import fail, open_or_fail
from clinic.jobs.kinds import begin_writing
from clinic.languages import _
from clinic.operations import at_terminal
from clinic.refusals import Refusal
from clinic.retention import actions, queries, rules, work
from clinic.staff import clinics
from clinic.vocabularies.queries import put_in_force

DEVICE = "clinic retention"


@click.group()
@click.option("--lang", type=click.Choice(["ar", "en"]), default="en", show_default=True, help="Language of answers.")
def retention(lang: str) -> None:
    """Files whose time is over: list them, carry a proposed run out."""
    languages.use(lang)


@retention.command(name="list")
@click.option("--as", "username", help="List what this coordinator sees; their password is asked for.")
@click.option("--all-lanes", is_flag=True, help="List all, as whoever holds the key. It is recorded.")
def list_(username: str | None, all_lanes: bool) -> None:
    """List the files that are due by today, by the references of their cases."""
    if (username is None) == (not all_lanes):
        raise click.UsageError("Say who reads: --as USERNAME, or --all-lanes.")
    key = _open()
    reader = _proven(username, Permission.RETENTION_MANAGE) if username else key
    readings.record("retention.listed", subject="case_file")
    for due in queries.due_by(clock.today(), rules.in_force(), reader=reader):
        references = " ".join(one.case.reference for one in due.cases)
        click.echo(f"{due.on:%Y-%m-%d} {references}" + (f" {_('held')}" if due.is_held else ""))
    db.session.rollback()


@retention.command()
@click.option("--as", "username", required=True, help="The second person, who agrees; their password is asked for.")
def run(username: str) -> None:
    """Agree to the run that somebody else proposed, and carry it out; or go on with one that was stopped."""
    _open()
    reader = _proven(username, Permission.RETENTION_AGREE)
    try:
        run_id = _agreed(reader)
        told = work.carry_out(run_id, goes_on=lambda: True)
    except Refusal as refusal:
        db.session.rollback()
        fail(refusal.sentence)
    click.echo(_("Emptied: %(aged)s. Kept: %(kept)s.", aged=told["aged"], kept=told["kept"]))


def _open() -> Reader:
    """The clinic of this machine, read by whoever holds its key."""
    settings = open_or_fail()
    try:
        rules.use(settings.retention)
    except rules.BadRetention as problem:
        fail(str(problem), 2)
    clinic = clinics.the_clinic()
    put_in_force()
    return Reader(clinic.id, clinic.id, "", frozenset(), clinic.language, holds_key=True)


def _proven(username: str, permission: Permission) -> Reader:
    """The person, who proved it; else why not, and the end."""
    try:
        return at_terminal.proven(username, permission, device=DEVICE)
    except Refusal as refusal:
        db.session.rollback()
        fail(refusal.sentence)


def _agreed(reader: Reader) -> uuid.UUID:
    begin_writing()
    found = queries.open_run(reader=reader)
    if found is None:
        raise actions.NotProposed
    if found.agreed_at is None:
        actions.agree(found, by=reader)
    elif work.is_under_way(found):
        raise work.NotStopped
    db.session.commit()
    return found.id
