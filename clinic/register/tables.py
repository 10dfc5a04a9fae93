"""What a register is written out of: a sheet with its name, its headers and its rows, whatever file it goes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from clinic.languages import Language
from clinic.register.format import Column, Kind, Sheet
from clinic.register.taking import Cell

TYPED: Final = (Kind.TEXT, Kind.NUMERAL, Kind.REFERENCE, Kind.USERNAME, Kind.CODES)


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to be written: its name, its headers, and its rows as they come."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    typed: Sequence[int] | None = None
    """Where texts stand that somebody typed; every cell, if nobody says."""


def name_of(sheet: Sheet, language: Language) -> str:
    """What a sheet of the format is called in a language."""
    return sheet.arabic if language.code == "ar" else sheet.name


def table_of(sheet: Sheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], language: Language) -> Table:
    """A sheet of the format under the names of a language."""
    headers = [column.arabic if language.code == "ar" else column.name for column in columns]
    typed = [place for place, column in enumerate(columns) if column.kind in TYPED]
    return Table(name_of(sheet, language), headers, rows, typed)
