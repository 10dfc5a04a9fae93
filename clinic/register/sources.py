"""Where a register comes from: a workbook, or a folder of CSV files. Both give raw sheets of numbered rows.

A row bears the number that a spreadsheet shows for it: the header is row 1, and empty rows count.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.register.extent import column_number, reaches_too_far

Raw = str | int | float | bool | date | datetime | time | timedelta
NumberedRow = tuple[int, Sequence[Raw]]

LONGEST_CELL = 10_000_000
LARGEST_UNPACKED = 2_000_000_000
BROKEN = (CalamineError, OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
"""What comes of a workbook that is cut off, locked or made up."""
_FORMULA = re.compile(r"'+[=+\-@]")


class NotARegister(Refusal):
    """The file cannot be opened as a workbook, or the folder holds no CSV file."""

    message = _l("Choose a workbook (.xlsx) or a folder of CSV files named after the sheets of the register.")


class UnreadableSheet(Exception):
    """A sheet broke off. `row` is the first that could not be read."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it was found: its name and its rows, header first. `rows` may be asked for again."""

    name: str
    rows: Callable[[], Iterator[NumberedRow]]


class Source(Protocol):
    """A register that can be read, more than once."""

    def sheets(self) -> Iterator[RawSheet]: ...


class CsvFiles:
    """CSV files named after their sheets, in a folder or in memory."""

    def __init__(self, files: dict[str, Callable[[], BinaryIO]]) -> None:
        self._files = files

    @classmethod
    def in_folder(cls, folder: Path) -> CsvFiles:
        """The CSV files of a folder; other files and hidden ones are no part of the register."""
        found = sorted(
            file for file in folder.iterdir() if file.suffix.lower() == ".csv" and not file.name.startswith(".")
        )
        if not found:
            raise NotARegister
        return cls({file.stem: _opener(file) for file in found})

    def sheets(self) -> Iterator[RawSheet]:
        for name, opened in self._files.items():
            yield RawSheet(name, _rows_of_csv(opened))


def _opener(file: Path) -> Callable[[], BinaryIO]:
    return lambda: file.open("rb")


def _rows_of_csv(opened: Callable[[], BinaryIO]) -> Callable[[], Iterator[NumberedRow]]:
    def rows() -> Iterator[NumberedRow]:
        csv.field_size_limit(LONGEST_CELL)
        number = 0
        with opened() as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
            try:
                for number, cells in enumerate(csv.reader(file), start=1):
                    yield number, [_without_apostrophe(cell) if cell[:1] == "'" else cell for cell in cells]
            except (UnicodeDecodeError, csv.Error) as broken:
                raise UnreadableSheet(number + 1) from broken

    return rows


def _without_apostrophe(cell: str) -> str:
    """One apostrophe before = + - @ was put there so that a spreadsheet would not take the text for a formula."""
    return cell[1:] if _FORMULA.match(cell) else cell


class Workbook:
    """A workbook (.xlsx), from a file or from memory."""

    def __init__(self, file: Path | bytes) -> None:
        self._file = file
        try:
            with self._opened() as opened, zipfile.ZipFile(opened) as packed:
                if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED or reaches_too_far(packed):
                    raise NotARegister
                if "xl/workbook.xml" not in packed.namelist():
                    raise NotARegister
            with self._opened() as opened:
                self._book = CalamineWorkbook.from_filelike(opened)
        except BROKEN as broken:
            raise NotARegister from broken

    def _opened(self) -> BinaryIO:
        return io.BytesIO(self._file) if isinstance(self._file, bytes) else self._file.open("rb")

    def sheets(self) -> Iterator[RawSheet]:
        for name in self._book.sheet_names:
            yield RawSheet(name, self._rows_of(name))

    def _rows_of(self, name: str) -> Callable[[], Iterator[NumberedRow]]:
        def rows() -> Iterator[NumberedRow]:
            try:
                sheet = self._book.get_sheet_by_name(name)
            except BROKEN as broken:
                raise UnreadableSheet(1) from broken
            midnights = _Midnights(self._opened, name, sheet)
            for number, cells in enumerate(sheet.iter_rows(), start=1):
                if any(type(cell) is date for cell in cells):
                    cells = [
                        midnights.told(number, place, cell) if type(cell) is date else cell
                        for place, cell in enumerate(cells)
                    ]
                yield number, cells

        return rows


class _Midnights:
    """Tells a native moment at 00:00 from a native date.

    The reader gives both as a date; a workbook tells them apart by the format of the cell alone, which shows hours or
    does not. The formats are read once, when the first such cell is met.
    """

    def __init__(self, opened: Callable[[], BinaryIO], name: str, sheet: CalamineSheet) -> None:
        self._opened = opened
        self._name = name
        self._first_column = sheet.start[1] if sheet.start else 0
        self._with_hours: frozenset[tuple[int, int]] | None = None

    def told(self, row: int, place: int, day: date) -> date | datetime:
        if self._with_hours is None:
            with self._opened() as opened, zipfile.ZipFile(opened) as packed:
                self._with_hours = frozenset(_cells_that_show_hours(packed, self._name))
        if (row, place + self._first_column) in self._with_hours:
            return datetime(day.year, day.month, day.day)
        return day


_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_CELL_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_CELL_STYLE = re.compile(rb'\bs="([0-9]+)"')
_BUILT_IN_WITH_HOURS = frozenset({18, 19, 20, 21, 22, 45, 46, 47})
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def _cells_that_show_hours(packed: zipfile.ZipFile, name: str) -> Iterator[tuple[int, int]]:
    """(row, column from 0) of the cells of a sheet whose format shows hours."""
    path, styles = _path_of_sheet(packed, name), _styles_with_hours(packed)
    if path is None or not styles:
        return
    for cell in _CELL.finditer(packed.read(path)):
        style, place = _CELL_STYLE.search(cell[1]), _CELL_PLACE.search(cell[1])
        if style and place and int(style[1]) in styles:
            yield int(place[2]), column_number(place[1])


def _elements(text: str, tag: str) -> Iterator[dict[str, str]]:
    """The attributes of each element with this tag."""
    for element in re.finditer(rf"<(?:\w+:)?{tag}\s([^>]*)>", text):
        yield {key: _unescaped(value) for key, value in re.findall(r'([\w:]+)\s*=\s*"([^"]*)"', element[1])}


def _unescaped(value: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        value = value.replace(entity, character)
    return value


def _path_of_sheet(packed: zipfile.ZipFile, name: str) -> str | None:
    book = packed.read("xl/workbook.xml").decode()
    links = packed.read("xl/_rels/workbook.xml.rels").decode()
    targets = {link.get("Id"): link.get("Target", "") for link in _elements(links, "Relationship")}
    for sheet in _elements(book, "sheet"):
        if sheet.get("name") == name:
            target = targets.get(sheet.get("r:id"), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _styles_with_hours(packed: zipfile.ZipFile) -> frozenset[int]:
    """The cell styles whose number format shows hours."""
    if "xl/styles.xml" not in packed.namelist():
        return frozenset()
    text = packed.read("xl/styles.xml").decode()
    formats = {
        int(own["numFmtId"]): "h" in _NOT_SHOWN.sub("", own.get("formatCode", "")).lower()
        for own in _elements(text, "numFmt")
    }
    formats.update(dict.fromkeys(_BUILT_IN_WITH_HOURS - formats.keys(), True))
    used = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", text, re.DOTALL)
    styles = _elements(used[0], "xf") if used else iter(())
    return frozenset(place for place, style in enumerate(styles) if formats.get(int(style.get("numFmtId", "0"))))


def source_at(path: Path) -> Source:
    """The register at a path: a workbook, or a folder of CSV files."""
    if path.is_dir():
        return CsvFiles.in_folder(path)
    if path.suffix.lower() != ".xlsx" or not path.is_file():
        raise NotARegister
    return Workbook(path)
