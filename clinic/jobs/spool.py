"""Files that wait for one person: uploads and results of work. Sealed beside the database, for who asked alone.

Nothing lies here in clear. What nobody comes back for is thrown away after a day.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clinic import clock
from clinic.crypto import current, sealing, slots
from clinic.db import current_clinic
from clinic.jobs.rules import KEPT_FOR

LANE = "identity"
_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that waits."""

    id: uuid.UUID
    path: Path
    content: bytes


def lie_in(folder: Path) -> None:
    """Says where the files of this process lie. Done once at start."""
    global _folder
    _folder = folder


def folder() -> Path:
    """Where the files lie."""
    if _folder is None:
        raise RuntimeError("nobody said where files are kept")
    return _folder


def keep(content: bytes, *, staff_id: uuid.UUID, file_id: uuid.UUID | None = None) -> uuid.UUID:
    """Seals a file for a person, whole or not at all, and gives the id under which they find it.

    It lies on the disk before anything in the database says that it does.
    """
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    file_id = file_id or clock.new_id()
    path = _path(file_id, staff_id)
    unfinished = path.with_suffix(".unfinished")
    sealed = sealing.seal_bytes(current.ring(), LANE, _place(file_id, staff_id), content)
    with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    slots.settle(folder())
    return file_id


def find(file_id: uuid.UUID, *, staff_id: uuid.UUID) -> Kept | None:
    """A file of this person, if it is still there, and whole."""
    path = _path(file_id, staff_id)
    if not path.is_file() or _age(path) > KEPT_FOR.total_seconds():
        return None
    try:
        content = sealing.open_bytes(current.ring(), _place(file_id, staff_id), path.read_bytes())
    except sealing.CannotOpen:
        return None  # a disk kept half of it, or somebody changed it
    return Kept(file_id, path, content)


def list_ids(*, staff_id: uuid.UUID) -> list[tuple[uuid.UUID, datetime]]:
    """The files that wait for this person and since when, the newest first. None is opened."""
    found = folder().glob(f"{staff_id.hex}-*.sealed") if folder().is_dir() else ()
    kept = [
        (uuid.UUID(path.stem.partition("-")[2]), datetime.fromtimestamp(path.stat().st_mtime, UTC)) for path in found
    ]
    since = clock.now() - KEPT_FOR
    return sorted((one for one in kept if one[1] >= since), key=lambda one: one[1], reverse=True)


def forget(file_id: uuid.UUID, *, staff_id: uuid.UUID) -> None:
    """Throws a file away."""
    _path(file_id, staff_id).unlink(missing_ok=True)


def clear() -> None:
    """Throws away all that lies here."""
    for path in folder().iterdir() if folder().is_dir() else ():
        if path.suffix in (".sealed", ".unfinished"):
            path.unlink(missing_ok=True)


def age_out() -> None:
    """Throws away what lay here too long."""
    for path in folder().iterdir() if folder().is_dir() else ():
        if path.suffix in (".sealed", ".unfinished") and _age(path) > KEPT_FOR.total_seconds():
            path.unlink(missing_ok=True)


def _path(file_id: uuid.UUID, staff_id: uuid.UUID) -> Path:
    return folder() / f"{staff_id.hex}-{file_id.hex}.sealed"


def _place(file_id: uuid.UUID, staff_id: uuid.UUID) -> bytes:
    return sealing.place(current_clinic.get() or staff_id, "spool", staff_id.hex, file_id)


def _age(path: Path) -> float:
    return clock.now().timestamp() - path.stat().st_mtime
