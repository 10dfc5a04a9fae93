"""Bringing a copy of a clinic back into an empty place, and saying what was brought back; on trial, or for good."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from clinic import db, migrating
from clinic.audit import verifying
from clinic.cases.models import CaseFile, Step
from clinic.children.models import Child
from clinic.crypto import slots
from clinic.crypto.keyring import MasterKey, WrongKey
from clinic.db import session
from clinic.operations import copying, keys, seal, starting
from clinic.operations.copying import Brought
from clinic.operations.places import NoBackup
from clinic.staff.models import StaffMember
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and what is wrong with it, in sentences; nothing if all holds."""

    made_at: datetime
    rows: int
    children: int
    cases: int
    steps: int
    accounts: int
    last_change: datetime | None
    faults: tuple[str, ...]


def restore(said: Iterator[str], settings: Settings) -> Restored:
    """Fills the empty place that the settings name; a key that does not open the copy leaves it empty.

    Raises NoBackup, Damaged, NotReady, KeyProblem.
    """
    if not starting.is_empty(settings):
        raise NoBackup(
            "There is a clinic here already. Restore into an empty CLINIC_HOME, or an empty database. "
            "If this is what an earlier restore left that was broken off, take it away first."
        )
    head = copying.head_of(said)
    key = _key(head, settings)
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings.home.chmod(0o700)
    database = _empty_database(head, settings, key)
    brought = copying.load(head, said, database)
    migrating.upgrade(database)
    return _examine(brought, settings, key)


def rehearse(said: Iterator[str], settings: Settings) -> Restored:
    """Brings a copy back into a folder that is gone afterwards. The process works on the trial meanwhile."""
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=settings.home) as folder:
        trial = replace(settings, home=Path(folder), database_url=f"sqlite:///{folder}/clinic.db", encrypted_file=True)
        key = keys.key_of(settings)
        head = copying.head_of(said)
        database = _empty_database(head, trial, key)
        try:
            brought = copying.load(head, said, database)
            migrating.upgrade(database)
            return _examine(brought, trial, key)
        finally:
            session.remove()
            database.dispose()


def _key(head: dict[str, Any], settings: Settings) -> MasterKey:
    """The key of the clinic in the copy, before anything of it is laid down. Raises NoBackup, KeyProblem.

    A copy from before this version does not say which key opens it: that is found out once it is there.
    """
    if not settings.names_a_key and not head.get("is_demonstration"):
        raise NoBackup("Set CLINIC_KEY to the key of the clinic: it is not in the backup.")
    key = keys.key_of(settings, _slots_in(head))
    if head.get("key", key.fingerprint.hex()) != key.fingerprint.hex():
        raise WrongKey("this is not the key of the copy")
    return key


def _slots_in(head: dict[str, Any]) -> slots.KeySlots:
    """The key slots that came with a copy: a passphrase needs its salt."""
    return slots.KeySlots.from_text(head["slots"]) if head.get("slots") else slots.KeySlots()


def _empty_database(head: dict[str, Any], settings: Settings, key: MasterKey) -> db.Database:
    encrypts = settings.is_embedded and starting.encrypts_files(settings, bool(head.get("is_demonstration")))
    file_key = slots.new_file_key() if encrypts else None
    kept = _slots_in(head)
    stretch = kept.stretch_of(key)
    if stretch or file_key:
        kept.with_slot(key, file_key=file_key, stretch=stretch).write(settings.slots_path)
    return db.connect(settings.database_url, file_key)


def _examine(brought: Brought, settings: Settings, key: MasterKey) -> Restored:
    """Reads everything again: the rows of each table, the chains, and that the key opens what is sealed."""
    faults = [f"{name}: the rows are not those of the backup." for name in _differing(brought)]
    clinic = starting.open_clinic(settings, key)
    with db.acting(clinic.id):
        faults += [str(fault) for fault in verifying.faults()]
        seal.end_sessions()  # nobody is signed in by a copy: its sessions may have been ended since
        restored = Restored(
            made_at=datetime.fromisoformat(brought.head["made_at"]),
            rows=brought.rows,
            children=_count(Child),
            cases=_count(CaseFile),
            steps=_count(Step),
            accounts=_count(StaffMember),
            last_change=session.scalar(select(func.max(Step.recorded_at))),
            faults=tuple(faults),
        )
        session.commit()
    return restored


def _differing(brought: Brought) -> list[str]:
    """Only where the copy is of this revision: an older one was changed on its way up."""
    newest = migrating.newest_revision()
    return copying.differences(brought, db.database()) if brought.head["revision"] == newest else []


def _count(model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
