"""Where the codes of a list stand in the database: told by the rooms that hold them, where the house is wired."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, select

from clinic.db import Codes, current_clinic, session

_places: dict[str, list[Column[object]]] = {}


def register(places: Iterable[tuple[str, Column[object]]]) -> None:
    """Makes these the columns that hold codes: (list, column)."""
    _places.clear()
    for name, column in places:
        _places.setdefault(name, []).append(column)


def is_used(name: str, code: str) -> bool:
    """Whether a record of the clinic holds a code."""
    return any(_holds(column, code) for column in _places.get(name, ()))


def _holds(column: Column[object], code: str) -> bool:
    table = column.table
    several = isinstance(column.type, Codes)
    here = column.contains(f";{code};", autoescape=True) if several else column == code
    wanted = select(table.c.id).where(table.c.clinic_id == current_clinic.get(), here).limit(1)
    return session.execute(wanted).first() is not None
