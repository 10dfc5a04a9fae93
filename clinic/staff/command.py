"""`clinic user`: accounts from the command line, for whoever holds the machine and the key."""

from __future__ import annotations

from typing import NoReturn

import click

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.refusals import Refusal
from clinic.staff import actions
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
    """Add an account and print its one-time link."""
    settings = _open()
    try:
        member = actions.add_account(
            username=username, name=name, roles=[Role(role) for role in roles], language=language
        )
        token = actions.make_link(member)
    except Refusal as refusal:
        _refuse(refusal)
    db.session.commit()
    click.echo(f"http://{settings}/welcome/{token}")


@user.command()
@click.argument("username")
def link(username: str) -> None:
    """Print a new one-time link for an account; a closed one is opened again by it."""
    address = _open()
    token = actions.make_link(_find(username))
    db.session.commit()
    click.echo(f"http://{address}/welcome/{token}")


@user.command()
@click.argument("username")
def close(username: str) -> None:
    """Close an account: it has a history, so it is never deleted."""
    _open()
    member = _find(username)
    try:
        actions.close_account(member, by=clock.new_id())
    except Refusal as refusal:
        _refuse(refusal)
    db.session.commit()
    click.echo(f"{username} is closed.", err=True)


@user.command(name="list")
def list_all() -> None:
    """List the accounts: username, state, roles, name."""
    _open()
    for member in db.session.query(StaffMember).order_by(StaffMember.username):
        click.echo("\t".join([member.username, member.state.value, ",".join(member.roles), member.name]))


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
