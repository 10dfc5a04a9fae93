"""`clinic retention`: which files are due, and a run that one person proposed, agreed to by the one at this machine."""

from __future__ import annotations

import uuid

import click

from clinic import clock, db, languages
from clinic.access.permissions import Permission, Role
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.console import fail, open_or_fail
from clinic.jobs.kinds import begin_writing
from clinic.languages import _
from clinic.operations import keys
from clinic.refusals import Refusal
from clinic.retention import actions, queries, rules, work
from clinic.staff import clinics, factors, passkeys, proving
from clinic.staff.actions import find_account
from clinic.staff.models import AccountState, StaffMember
from clinic.staff.origins import Origin
from clinic.vocabularies.queries import put_in_force

HERE = Origin(device="clinic retention", address="")


@click.group()
@click.option("--lang", type=click.Choice(["ar", "en"]), default="en", show_default=True, help="Language of answers.")
def retention(lang: str) -> None:
    """Files whose time is over: list them, carry a proposed run out."""
    languages.use(lang)


@retention.command(name="list")
@click.option("--as", "username", help="List what this coordinator sees.")
@click.option("--all-lanes", is_flag=True, help="List all, as whoever holds the key. It is recorded.")
def list_(username: str | None, all_lanes: bool) -> None:
    """List the files that are due by today, by the references of their cases."""
    if (username is None) == (not all_lanes):
        raise click.UsageError("Say who reads: --as USERNAME, or --all-lanes.")
    key = _open()
    reader = _reader(_member(username), Permission.RETENTION_MANAGE) if username else key
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
    try:
        reader = _proven(username)
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


def _member(username: str) -> StaffMember:
    member = find_account(username)
    if member is None or member.state == AccountState.CLOSED:
        fail(_("Nobody has the username %(username)s.", username=username))
    return member


def _reader(member: StaffMember, permission: Permission) -> Reader:
    """The person, if they may do this."""
    roles = frozenset(Role(role) for role in member.roles)
    reader = Reader(member.id, member.clinic_id, member.name, roles, member.language)
    if not may(reader, permission):
        fail(_("%(username)s may not do this.", username=member.username))
    db.current_actor.set(reader.staff_id)
    return reader


def _proven(username: str) -> Reader:
    """The person who knows the password and, where they have one, the code of their second factor."""
    begin_writing()
    member = proving.check_password(username=username, password=keys.ask(_("Password: ")), origin=HERE)
    if factors.app_of(member) is not None:
        proving.check_code(member, keys.ask(_("Code: ")), origin=HERE)
    elif passkeys.passkeys_of(member.id):
        fail(_("%(username)s proves who they are with a passkey, which only the page can ask for.", username=username))
    db.session.commit()
    return _reader(member, Permission.RETENTION_AGREE)


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
