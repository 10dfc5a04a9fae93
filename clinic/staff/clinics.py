"""Making a clinic and opening it: the row of the clinic, its key ring, its first administrator."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Collection

from sqlalchemy import inspect, select, update

from clinic import clock, db
from clinic.access.permissions import Lane, Role
from clinic.crypto import current
from clinic.crypto.keyring import KeyProblem, KeyRing, MasterKey, WrappedKey
from clinic.db import session
from clinic.staff import actions
from clinic.staff.models import Clinic, DataKey, StaffMember

_log = logging.getLogger("clinic")


class ClinicThere(Exception):
    """There is a clinic in this database already."""


class NoClinicYet(Exception):
    """There is no clinic in this database yet."""


def make_clinic(
    *,
    name: str,
    prefix: str,
    language: str,
    key: MasterKey,
    is_demonstration: bool,
    factor_required_of: Collection[Role] | None = None,
) -> Clinic:
    """Makes the clinic's row and its data keys. Raises ClinicThere.

    `factor_required_of`: the roles that need a second factor; left out, as `staff.rules` says.
    """
    if session.scalar(select(Clinic).limit(1)) is not None:
        raise ClinicThere
    clinic_id = clock.new_id()
    clinic = Clinic(
        id=clinic_id,
        clinic_id=clinic_id,
        name=name,
        prefix=prefix,
        language=language,
        is_demonstration=is_demonstration,
        factor_required_of=None if factor_required_of is None else actions.codes_of(factor_required_of),
    )
    session.add(clinic)
    session.flush()
    ring = KeyRing.new(key, [lane.value for lane in Lane])
    session.add_all(_as_kept(row, clinic_id) for row in ring.wrapped_rows())
    session.flush()
    current.install(ring)
    return clinic


def _as_kept(row: WrappedKey, clinic_id: uuid.UUID) -> DataKey:
    return DataKey(
        id=row.id,
        clinic_id=clinic_id,
        lane=row.lane,
        number=row.number,
        wrapped=row.wrapped,
        made_at=row.created_at,
        retired_at=row.retired_at,
    )


def open_clinic(key: MasterKey) -> Clinic:
    """Installs the key ring of the clinic in this database. Raises NoClinicYet and what KeyRing.open raises."""
    clinic = the_clinic()
    ring = KeyRing.open(key, wrapped_keys(clinic.id))
    _complete(ring, clinic)
    current.install(ring, at=clinic.keys_changed)
    return clinic


def wrapped_keys(clinic_id: uuid.UUID) -> list[WrappedKey]:
    """The data keys as the database keeps them."""
    rows = session.scalars(select(DataKey).where(DataKey.clinic_id == clinic_id).order_by(DataKey.number))
    return [WrappedKey(row.id, row.lane, row.number, bytes(row.wrapped), row.made_at, row.retired_at) for row in rows]


def _complete(ring: KeyRing, clinic: Clinic) -> None:
    """Gives a lane its first key that came after the clinic was made."""
    made = ring.complete(lane.value for lane in Lane)
    if made:
        session.add_all(_as_kept(row, clinic.id) for row in made)
        clinic.keys_changed += 1
        session.commit()


def keep_keys_fresh(clinic: Clinic, reopen: Callable[[], MasterKey]) -> None:
    """Takes in the data keys that another process made since this one looked; `clinic` is as read just now."""
    if not current.is_open() or current.held_at() == clinic.keys_changed:
        return
    try:
        current.ring().learn(wrapped_keys(clinic.id), reopen)
    except KeyProblem:
        current.fall_behind()
        _log.error("The clinic's key was changed, and this server was given the old one: start it again.")
    current.install(current.ring(), at=clinic.keys_changed)


def new_data_key(clinic: Clinic, lane: str) -> None:
    """Gives a lane a new key: what is sealed from here on is sealed with it. The old one opens what it sealed."""
    ring = current.ring()
    before = {row.number: row.retired_at for row in ring.wrapped_rows()}
    made = ring.add(lane, at=clock.now())
    session.add(_as_kept(made, clinic.id))
    for row in ring.wrapped_rows():
        if row.number in before and before[row.number] != row.retired_at:
            session.execute(update(DataKey).where(DataKey.id == row.id).values(retired_at=row.retired_at))


def is_there() -> bool:
    """Whether there is a clinic in this database, whatever the revision of its tables."""
    return inspect(session.connection()).has_table("clinic") and session.scalar(select(Clinic.id).limit(1)) is not None


def the_clinic() -> Clinic:
    """The one clinic of this database. Raises NoClinicYet, also where the tables are not there yet."""
    if not inspect(session.connection()).has_table("clinic"):
        raise NoClinicYet
    clinic = session.scalar(select(Clinic).order_by(Clinic.made_at).limit(1))
    if clinic is None:
        raise NoClinicYet
    return clinic


def first_administrator(clinic: Clinic, username: str) -> tuple[StaffMember, str]:
    """The first administrator and their one-time token."""
    with db.acting(clinic.id):
        member = actions.add_account(
            username=username, name=username, roles=[Role.ADMINISTRATOR], language=clinic.language
        )
        return member, actions.make_link(member)
