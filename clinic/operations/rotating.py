"""A new master key while people work: the data keys are wrapped anew, and nothing that they sealed is touched.

Four steps, each of which can be stopped and gone on with: the new key is written, a slot is made for it, the data keys
are wrapped by it in one transaction, the old slot goes. The running server keeps its opened keys; one that
was given the old key itself, and not the file where it lies, is to be started again before the data keys are changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import update

from clinic import db
from clinic.audit import actions as chain
from clinic.crypto import slots
from clinic.crypto.keyring import KeyRing, MasterKey, WrongKey
from clinic.operations import keys, restarting, starting
from clinic.staff import clinics
from clinic.staff.models import Clinic, DataKey
from config.settings import Settings


@dataclass(frozen=True)
class Place:
    """Where the new master key is to be: a file, in the place of the old one or another, or somebody's head."""

    path: Path | None = None
    passphrase: str | None = None


def rotate_master(settings: Settings, place: Place) -> str:
    """Changes the clinic's master key and says what to do next. Raises NotReady and what a key raises."""
    old = keys.key_of(settings)
    starting.connect(settings, old)
    clinic = clinics.the_clinic()
    starting.refuse_mixing(clinic, old)
    if clinic.is_demonstration:
        raise starting.NotReady("The demonstration keeps its key, which lies beside its data.")
    db.current_clinic.set(clinic.id)
    new, stretch, written = _new_key(settings, place, old)
    kept = slots.KeySlots.read(settings.slots_path)
    if kept.slots or stretch:
        file_key = db.database().file_key
        kept = kept.with_slot(new, file_key=file_key, stretch=stretch)
        kept.write(settings.slots_path)
    _rewrap(clinic, old, new)
    sentence = _put_in_place(settings, place, written, old)
    if kept.slots:
        _leave_slots(settings, kept.only(new))
    return sentence


def _new_key(settings: Settings, place: Place, old: MasterKey) -> tuple[MasterKey, slots.Stretch | None, Path | None]:
    """The new master key; where a run was stopped after writing it, the one that was written."""
    if place.passphrase is not None:
        return _of_passphrase(settings, place.passphrase)
    path = place.path or _beside(settings)
    if path.is_relative_to(settings.home):
        raise starting.NotReady("The key must not lie inside the clinic's folder. Choose another place for --key-out.")
    if path.exists():
        new = MasterKey.from_file(path)
        if new.fingerprint == old.fingerprint or new.is_demonstration:
            raise starting.NotReady(f"{path} is the key in use, or a demonstration's. Choose another place.")
    else:
        new = MasterKey.generate()
        new.write(path)
    return new, None, path


def _of_passphrase(settings: Settings, passphrase: str) -> tuple[MasterKey, slots.Stretch, None]:
    slots.refuse_short(passphrase)
    for slot in slots.KeySlots.read(settings.slots_path).slots:
        if slot.stretch is not None and slot.stretch.master(passphrase).fingerprint.hex() == slot.fingerprint:
            return slot.stretch.master(passphrase), slot.stretch, None
    stretch = slots.Stretch.new()
    return stretch.master(passphrase), stretch, None


def _beside(settings: Settings) -> Path:
    if settings.key_path is None:
        raise starting.NotReady("Say where the new key is to be: --key-out PATH, or --passphrase.")
    return settings.key_path.with_name(f"{settings.key_path.name}.new")


def _rewrap(clinic: Clinic, old: MasterKey, new: MasterKey) -> None:
    """Wraps every data key by the new master key, in one transaction; nothing where that was done before."""
    db.session.rollback()
    db.begin_writing()
    rows = clinics.wrapped_keys(clinic.id)
    try:
        ring = KeyRing.open(old, rows)
    except WrongKey:
        KeyRing.open(new, rows)  # stopped after this step: it is done
        db.session.rollback()
        return
    for row in ring.rewrapped(new):
        db.session.execute(update(DataKey).where(DataKey.id == row.id).values(wrapped=row.wrapped))
    chain.record("keys.master_changed")
    db.session.commit()


def _put_in_place(settings: Settings, place: Place, written: Path | None, old: MasterKey) -> str:
    """Puts a new key file where the old one was, if nobody named another place."""
    if written is None or place.path is not None or settings.key_path is None:
        return _start_again(settings, "ask" if written is None else str(written))
    before = settings.key_path.with_name(f"{settings.key_path.name}.before-{old.fingerprint.hex()}")
    if not before.exists():
        old.write(before)
    written.replace(settings.key_path)
    return f"{settings.key_path} is the new key; the server need not stop. Take {before} away: it opens old backups."


def _start_again(settings: Settings, named: str) -> str:
    """What is to be done where the key is found elsewhere from now on. The desk of the administrator says so too."""
    runs = restarting.ask_for(settings)
    now = (
        " The one that runs now was given the old key: until then `clinic keys rotate-data` is refused." if runs else ""
    )
    return (
        f"Set CLINIC_KEY={named} and start the server again.{now} "
        "The old key opens backups of before today; keep it apart."
    )


def _leave_slots(settings: Settings, left: slots.KeySlots) -> None:
    """Takes the slot of the old key away; the whole file where none is needed."""
    if any(slot.file_key or slot.stretch for slot in left.slots):
        left.write(settings.slots_path)
    else:
        settings.slots_path.unlink(missing_ok=True)
