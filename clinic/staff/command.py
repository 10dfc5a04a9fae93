"""`clinic user`: accounts from the command line, for whoever holds the machine and the key."""

from __future__ import annotations

from typing import NoReturn

import click

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.cases.workload import open_cases_of, open_tasks_of
from clinic.refusals import Refusal
from clinic.staff import actions, notices, rules
from clinic.staff.models import StaffMember

ROLES = [role.value for role in Role]


@click.group()
def user() -> None:
    """Accounts: add one, give a new one-time link, close one, list them."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--language", type=click.Choice(["ar", "en"]), default="ar", show_default=True)
def add(username: str, name: str, roles: tuple[str, ...], language: str) -> None:
    """Add an account and print its one-time link. Coordinators are told."""
    settings = _open()
    try:
        member = actions.add_account(
            username=username, name=name, roles=[Role(role) for role in roles], language=language
        )
        token = actions.make_link(member)
        _tell_coordinators(member)
    except Refusal as refusal:
        _refuse(refusal)
    db.session.commit()
    click.echo(f"http://{settings}/welcome/{token}")


@user.command()
@click.argument("username")
@click.option("--renew-factor", is_flag=True, help="Phone and paper are lost: set the second factor up anew.")
def link(username: str, renew_factor: bool) -> None:
    """Print a new one-time link for an account; a closed one is opened again by it. Coordinators are told."""
    address, member = _open(), _find(username)
    token = actions.make_link(member, renews_factor=renew_factor)
    _tell_coordinators(member)
    db.session.commit()
    click.echo(f"http://{address}/welcome/{token}")


@user.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account, never deleted. With open cases or tasks it waits until they are handed over."""
    _open()
    member = _find(username)
    open_cases = open_cases_of(member.id, clinic_id=member.clinic_id)
    open_tasks = open_tasks_of(member.id, clinic_id=member.clinic_id)
    try:
        actions.close_account(member, by=clock.new_id(), open_work=open_cases + open_tasks)
    except Refusal as refusal:
        _refuse(refusal)
    db.session.commit()
    waits = f"can sign in no more; {open_cases} open cases and {open_tasks} tasks wait on the coordinators' desk"
    click.echo(f"{username} {waits if open_cases + open_tasks else 'is closed'}.", err=True)


@user.command(name="require-factor")
@click.argument("roles", nargs=-1, type=click.Choice(ROLES))
def require_factor(roles: tuple[str, ...]) -> None:
    """Say which roles need a second factor: those named, besides coordinator and administrator."""
    _open()
    actions.require_factor_of({*rules.FACTOR_REQUIRED_OF, *(Role(role) for role in roles)})
    db.session.commit()
    click.echo("From the next page on, who has none is led to set one up.", err=True)


@user.command(name="list")
def list_all() -> None:
    """List the accounts: username, state, roles, name."""
    _open()
    for member in db.session.query(StaffMember).order_by(StaffMember.username):
        click.echo("\t".join([member.username, member.state.value, ",".join(member.roles), member.name]))


def _tell_coordinators(member: StaffMember) -> None:
    """Who holds the machine and the key asks nobody; but it is told."""
    if rules.with_a_lane(Role(role) for role in member.roles):
        notices.tell_all(Role.COORDINATOR, "link_from_machine", but=[member.id])


def _open() -> str:
    from clinic.console import open_or_fail

    settings = open_or_fail()
    return f"{settings.host}:{settings.port}"


def _find(username: str) -> StaffMember:
    from clinic.console import fail

    member = actions.find_account(username)
    if member is None:
        fail(f"Nobody has the username {username}.")
    return member


def _refuse(refusal: Refusal) -> NoReturn:
    from clinic.console import fail

    db.session.rollback()
    fail(refusal.sentence)
