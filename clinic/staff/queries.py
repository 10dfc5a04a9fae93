"""Reading accounts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from clinic import db
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.db import session
from clinic.staff.models import GONE, AccountState, Clinic, StaffMember, StaffSession


def list_accounts(*, reader: Reader) -> Sequence[StaffMember]:
    """Every account of the clinic, open ones first."""
    order = (StaffMember.state == AccountState.CLOSED, StaffMember.name, StaffMember.id)
    return session.scalars(select(StaffMember).where(StaffMember.clinic_id == reader.clinic_id).order_by(*order)).all()


def find_by_hex(member_hex: str) -> StaffMember | None:
    """An account of the clinic at work, by its id as a cookie keeps it."""
    try:
        member_id = uuid.UUID(member_hex)
    except ValueError:
        return None
    return session.scalar(
        select(StaffMember).where(StaffMember.id == member_id, StaffMember.clinic_id == db.current_clinic.get())
    )


def list_leaving(*, reader: Reader) -> Sequence[StaffMember]:
    """Who leaves the clinic with open cases that wait to be handed over."""
    return session.scalars(
        select(StaffMember)
        .where(StaffMember.clinic_id == reader.clinic_id, StaffMember.state == AccountState.LEAVING)
        .order_by(StaffMember.name, StaffMember.id)
    ).all()


def find_member(member_id: uuid.UUID, *, reader: Reader) -> StaffMember | None:
    """An account of the reader's clinic."""
    return session.scalar(
        select(StaffMember).where(StaffMember.id == member_id, StaffMember.clinic_id == reader.clinic_id)
    )


@dataclass(frozen=True, slots=True)
class Protected:
    """How many people of a role have an open account, and how many of them set up a second factor."""

    role: Role
    people: int
    have: int


def protected_by_role(*, reader: Reader) -> list[Protected]:
    """Each role, with how many set up a second factor."""
    opened = [member for member in list_accounts(reader=reader) if member.state == AccountState.OPEN]
    of_each = [(role, [member for member in opened if role.value in member.roles]) for role in Role]
    return [
        Protected(role, len(members), sum(member.factor_since is not None for member in members))
        for role, members in of_each
    ]


def people_with(role: Role, *, reader: Reader, leaving: bool = False) -> list[tuple[uuid.UUID, str]]:
    """Id and name of everybody who holds a role and works here; `leaving`: also of those who are about to go."""
    rows = session.execute(
        select(StaffMember.id, StaffMember.name)
        .where(
            StaffMember.clinic_id == reader.clinic_id,
            StaffMember.roles.contains(f";{role.value};"),
            StaffMember.state.not_in([AccountState.CLOSED] if leaving else GONE),
        )
        .order_by(StaffMember.name)
    )
    return [(row.id, row.name) for row in rows]


_CLINIC: Final = "clinic at work"


def keep_at_work(clinic: Clinic) -> None:
    """Keeps the clinic as it was read for the session of whoever looks, for the rest of the same request."""
    session.info[_CLINIC] = clinic


def clinic_at_work(clinic_id: uuid.UUID) -> Clinic | None:
    """The clinic with its counters, to read: as this request read it already, else from the database."""
    kept: Clinic | None = session.info.get(_CLINIC)
    return kept if kept is not None and kept.id == clinic_id else session.get(Clinic, clinic_id)


_names: dict[uuid.UUID, tuple[int, dict[uuid.UUID, str]]] = {}


def names_of(*, reader: Reader) -> dict[uuid.UUID, str]:
    """The names of everybody who works or worked here, by id; read anew when the clinic's counter says so."""
    clinic = clinic_at_work(reader.clinic_id)
    changed = clinic.staff_changed if clinic is not None else 0
    kept = _names.get(reader.clinic_id)
    if kept is None or kept[0] != changed:
        of_the_clinic = StaffMember.clinic_id == reader.clinic_id
        rows = session.execute(select(StaffMember.id, StaffMember.name).where(of_the_clinic))
        kept = _names[reader.clinic_id] = changed, {row.id: row.name for row in rows}
    return kept[1]


def sessions_of(
    staff_id: uuid.UUID, *, used_after: datetime | None = None, begun_after: datetime | None = None
) -> Sequence[StaffSession]:
    """The sessions of a person that nobody ended and that did not end by themselves, the last used first."""
    running = select(StaffSession).where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
    if used_after is not None:
        running = running.where(StaffSession.used_at >= used_after)
    if begun_after is not None:
        running = running.where(StaffSession.began_at >= begun_after)
    return session.scalars(running.order_by(StaffSession.used_at.desc(), StaffSession.id)).all()


def find_own_session(session_id: uuid.UUID, *, reader: Reader) -> StaffSession | None:
    """One of the reader's own sessions."""
    return session.scalar(
        select(StaffSession).where(StaffSession.id == session_id, StaffSession.staff_id == reader.staff_id)
    )


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An invented person of the demonstration, with the password that its maker drew by chance."""

    username: str
    name: str
    role: str
    password: str


def demo_accounts(kept: Path) -> list[DemoAccount]:
    """The accounts of the demonstration, from the file that its maker left; none where there is no such file."""
    if not kept.is_file():
        return []
    rows = json.loads(kept.read_text(encoding="utf-8"))
    return [DemoAccount(row["username"], row["name"], row["role"], row["password"]) for row in rows]
