"""The numbers that the clinic gives, in series: of the cases of a year, of children."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from clinic.children.models import ReferenceCounter
from clinic.db import current_clinic, session
from clinic.staff.models import Clinic


def next_reference(series: str, start: str, taken: Any) -> str:
    """The next reference of a series, e.g. `DH-2016-00042` after the start `DH-2016-`; holds the series until the
    transaction ends. `taken` is the column of the references in use: an import may have brought numbers along."""
    counter = session.scalar(
        select(ReferenceCounter)
        .where(ReferenceCounter.clinic_id == current_clinic.get(), ReferenceCounter.series == series)
        .with_for_update()
    )
    if counter is None:
        counter = ReferenceCounter(series=series, last=0)
        session.add(counter)
    counter.last += 1
    if session.scalar(select(taken).where(_own(taken), taken == f"{start}{counter.last:05d}")) is not None:
        counter.last = _last_in_use(start, taken) + 1
    session.flush()
    return f"{start}{counter.last:05d}"


def _own(column: Any) -> Any:
    return column.class_.clinic_id == current_clinic.get()


def _last_in_use(start: str, taken: Any) -> int:
    shaped = taken.startswith(start, autoescape=True), func.length(taken) == len(start) + 5
    used = session.scalars(select(taken).where(_own(taken), *shaped))
    return max(int(number) for reference in used if (number := reference.removeprefix(start)).isdecimal())


def clinic_of_now() -> Clinic:
    """The clinic that is signed in."""
    return session.get_one(Clinic, current_clinic.get())
