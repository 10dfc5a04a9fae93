"""What is derived from the steps of a case follows the rules of the version that is served."""

from __future__ import annotations

import hashlib
import uuid
from functools import partial
from pathlib import Path

from sqlalchemy import update

from clinic import db
from clinic.processes import begin, ended_well, may_fork
from clinic.staff.models import Clinic

PROGRAM = Path(__file__).parents[1]


def bring_up_to_date(clinic: Clinic) -> None:
    """Walks all cases where another version did so last, or none: with 20,000 cases that is twice a start.

    The mark lies with the cases, in their database: a copy that is brought back says itself who derived what is in it.
    """
    state = _state(clinic)
    if clinic.derived_by != state:
        _walk(clinic.id, state)


def bring_up_to_date_apart(clinic: Clinic) -> None:
    """The same by a process of its own: a server would hold, as long as it runs, what the rows of all cases leave.

    If the other process breaks off, this one meets the reason.
    """
    state, clinic_id = _state(clinic), clinic.id
    if clinic.derived_by == state:
        return
    if may_fork():
        db.let_go()
        if ended_well(begin(partial(_walk_and_leave, clinic_id, state))):
            return
    _walk(clinic_id, state)


def _walk(clinic_id: uuid.UUID, state: str) -> None:
    from clinic.cases import bulk  # after the rooms: the line of steps is made of every kind

    with db.acting(clinic_id):
        bulk.rederive_all()
        db.session.execute(update(Clinic).where(Clinic.id == clinic_id).values(derived_by=state))
        db.session.commit()


def _walk_and_leave(clinic_id: uuid.UUID, state: str) -> None:
    _walk(clinic_id, state)
    db.let_go()


def _state(clinic: Clinic) -> str:
    """The program as it is, and how often the lists were changed: all that decides."""
    known = hashlib.sha256()
    for file in sorted(file for suffix in ("py", "toml") for file in PROGRAM.rglob(f"*.{suffix}")):
        known.update(file.read_bytes())
    return f"{known.hexdigest()} {clinic.lists_changed}"
