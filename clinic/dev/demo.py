"""The demonstration clinic: an invented register around today, and the week ahead made through the actions.

Every person in it is invented.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases.models import Project
from clinic.dev import past, sides, week
from clinic.operations import starting
from clinic.staff import actions, passwords
from clinic.staff.models import AccountState, StaffMember
from config.settings import Settings

ACCOUNTS_FILE = "demo-accounts.json"
WORDS = (
    "olive",
    "thyme",
    "almond",
    "cedar",
    "fig",
    "sage",
    "mint",
    "poppy",
    "lark",
    "swift",
    "stone",
    "well",
    "hill",
    "gate",
)


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demonstration with the password that this home's demonstration was given."""

    username: str
    name: str
    role: str
    password: str


CAST = (
    ("lawyer.rana", "رنا الحاج", Role.LAWYER),
    ("counsellor.huda", "هدى نصار", Role.COUNSELLOR),
    ("coordinator.nadia", "نادية سالم", Role.COORDINATOR),
    ("admin", "آدم قاسم", Role.ADMINISTRATOR),
)


def make(settings: Settings, say: Callable[[str], None]) -> None:
    """Makes the demonstration in an empty home."""
    began = time.monotonic()
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    say("Making the demonstration clinic. Every person in it is invented.")
    starting.make_clinic(
        settings,
        name="عيادة سند التجريبية",
        admin="admin",
        key=starting.NewKey(settings.demo_key_path),
        prefix="DH",
        language="ar",
        is_demonstration=True,
    )
    clinic = starting.open_clinic(settings)
    with db.acting(clinic.id):
        accounts = _cast()
        db.session.commit()
        past.bring_in(until=clock.today(), say=say)
        _name_colleagues()
        _name_projects()
        week.plan(_readers())
        sides.name_other_sides(_readers()["lawyer.rana"])
        db.session.commit()
    (settings.home / ACCOUNTS_FILE).write_text(json.dumps([vars(account) for account in accounts], ensure_ascii=False))
    db.session.remove()
    say(f"Made in {time.monotonic() - began:.0f} seconds.")


COLLEAGUES = {"lawyer.issa": "عيسى خليل", "counsellor.samir": "سمير عوض"}


def _name_colleagues() -> None:
    """Gives those whom the register brought a name; their accounts still wait to be opened."""
    for username, name in COLLEAGUES.items():
        member = actions.find_account(username)
        if member is not None:
            member.name = name


PROJECTS = {
    "core": ("Core funding", "التمويل الأساسي"),
    "justice_for_children": ("Justice for children", "العدالة للأطفال"),
}


def _name_projects() -> None:
    """Gives the projects that the register brought their names."""
    for project in db.session.scalars(select(Project)):
        if project.code in PROJECTS:
            project.name, project.name_ar = PROJECTS[project.code]


def _cast() -> list[DemoAccount]:
    accounts = []
    for username, name, role in CAST:
        member = actions.find_account(username) or actions.add_account(username=username, name=name, roles=[role])
        member.name = name
        password = "-".join(secrets.choice(WORDS) for _ in range(4))
        member.password_hash = passwords.hash_password(password)
        member.state, member.link_hash, member.link_until = AccountState.OPEN, None, None
        accounts.append(DemoAccount(username, name, role.value, password))
    db.session.flush()
    return accounts


def _readers() -> dict[str, Reader]:
    """Everybody who works in the demonstration, by username."""
    members = db.session.query(StaffMember).all()
    return {
        member.username: Reader(
            member.id, member.clinic_id, member.name, frozenset(Role(role) for role in member.roles), member.language
        )
        for member in members
    }


def accounts_of(settings: Settings) -> list[DemoAccount]:
    """The accounts of this home's demonstration; empty where there are none."""
    path = settings.home / ACCOUNTS_FILE
    if not path.exists():
        return []
    return [DemoAccount(**account) for account in json.loads(path.read_text())]


def announce(settings: Settings, say: Callable[[str], None]) -> None:
    """Says where the demonstration is and who can sign in."""
    say(f"Sanad, demonstration: http://{settings.host}:{settings.port}/")
    for account in accounts_of(settings):
        say(f"  {account.role:<14} {account.username:<18} {account.password}")
