"""Reading a register: sheets and columns found by their English or Arabic names, each cell parsed by its column.

What is read is held as plain tuples in the order of the format, so that a register of a quarter of a million rows fits
in the memory of a small computer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple

from clinic.jobs import progress
from clinic.register.cells import BadCell, Parser, Value, clean, parser_of, shown
from clinic.register.format import SHEETS, Column, Kind, Sheet
from clinic.register.problems import Code, Problem
from clinic.register.sources import NumberedRow, Raw, RawSheet, Source, UnreadableSheet
from clinic.vocabularies.lists import Lists

MARK: Final = "*"
PROBLEM_HEADERS: Final = frozenset({"problem", "المشكلة"})
"""The column in which rows come back with what is wrong with them; a corrected workbook may bring it along."""

OF_WHOLE_SHEETS: Final = frozenset(
    {
        Code.UNREADABLE,
        Code.UNKNOWN_SHEET,
        Code.DOUBLED_SHEET,
        Code.NO_HEADER,
        Code.UNKNOWN_COLUMN,
        Code.DOUBLED_COLUMN,
        Code.MISSING_COLUMN,
    }
)


class Row(NamedTuple):
    """One record: its row number and a value a column of its sheet. BAD stands where a cell could not be read."""

    number: int
    values: tuple[Value, ...]


class _Bad(str):
    """Stands for a value that could not be read; a problem tells of it."""

    __slots__ = ()


BAD: Final = _Bad()


@dataclass(slots=True)
class SheetRows:
    """The rows of one sheet, and which of its columns the file had."""

    sheet: Sheet
    columns: frozenset[str] = frozenset()
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class ReadRegister:
    """A register as it was read, and all that is wrong with it."""

    sheets: dict[str, SheetRows]
    problems: list[Problem] = field(default_factory=list)

    def rows(self, name: str) -> list[Row]:
        return self.sheets[name].rows if name in self.sheets else []

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.is_warning]

    @property
    def warnings(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_warning]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each sheet holds."""
        return {name: len(found.rows) for name, found in self.sheets.items()}

    @property
    def bad_rows(self) -> frozenset[tuple[str, int]]:
        """(sheet, row) of every row with an error."""
        return frozenset((problem.sheet, problem.row) for problem in self.errors if problem.code not in OF_WHOLE_SHEETS)

    @property
    def is_broken(self) -> bool:
        """An error of a sheet as a whole: nothing of the file can go in, not even in part."""
        return any(problem.code in OF_WHOLE_SHEETS for problem in self.problems)

    def put_in_order(self) -> None:
        """Problems by sheet and row, as the reader goes through the file."""
        order = {name: place for place, name in enumerate(self.sheets)}
        self.problems.sort(key=lambda problem: (order.get(problem.sheet, len(order)), problem.row))


def folded(name: str) -> str:
    """A header or a sheet's name as it is compared: any case, one space between words, no mark of what is required."""
    return " ".join(clean(clean(name).rstrip(MARK)).casefold().split())


def read(
    source: Source,
    *,
    lists: Lists,
    sheets: Sequence[Sheet] = SHEETS,
    ignore_unknown_columns: bool = False,
) -> ReadRegister:
    """The register of a source. A missing sheet is an empty one; an unknown sheet or column is an error."""
    register = ReadRegister({sheet.name: SheetRows(sheet) for sheet in sheets})
    reader = _Reader(register, lists, ignore_unknown_columns)
    reader.read(source)
    register.put_in_order()
    return register


class OneSheet:
    """One sheet of a source, under whichever of its names; what else there is, is left."""

    def __init__(self, source: Source, sheet: Sheet) -> None:
        self._source = source
        self._names = {folded(sheet.name), folded(sheet.arabic)}

    def sheets(self) -> Iterator[RawSheet]:
        return (raw for raw in self._source.sheets() if folded(raw.name) in self._names)


def headers_of(sheet: Sheet) -> dict[str, Column]:
    """The columns of a sheet by the headers under which they are accepted."""
    return {folded(name): column for column in sheet.columns for name in (column.name, column.arabic)}


def sheets_by_name(sheets: Iterable[Sheet]) -> dict[str, Sheet]:
    """The sheets by the names under which they are accepted."""
    return {folded(name): sheet for sheet in sheets for name in (sheet.name, sheet.arabic)}


_REMEMBERED_KINDS = frozenset({Kind.CODE, Kind.CODES, Kind.ANSWER, Kind.DATE, Kind.REFERENCE, Kind.USERNAME})
_MOST_REMEMBERED = 200_000
_Memory = dict[str, Value]


class _CellReader:
    """Reads the cells of one column. What was read once is remembered, which is quicker and keeps one copy."""

    __slots__ = ("_memory", "_parse", "column", "place")

    def __init__(self, column: Column, place: int, parse: Parser, memory: _Memory | None) -> None:
        self.column = column
        self.place = place
        self._parse = parse
        self._memory = memory

    def value_of(self, raw: Raw) -> Value:
        if self._memory is None or type(raw) is not str:
            return self._parse(raw)
        if raw in self._memory:
            return self._memory[raw]
        value = self._parse(raw)
        if len(self._memory) < _MOST_REMEMBERED:
            self._memory[raw] = value
        return value


_Readers = list[_CellReader | None]


class _Reader:
    """Reads the sheets of a source into a register."""

    def __init__(self, register: ReadRegister, lists: Lists, ignore_unknown_columns: bool) -> None:
        self._register = register
        self._lists = lists
        self._unknown_column = Code.IGNORED_COLUMN if ignore_unknown_columns else Code.UNKNOWN_COLUMN
        self._memories: dict[tuple[object, ...], _Memory] = {}

    def read(self, source: Source) -> None:
        known = sheets_by_name(found.sheet for found in self._register.sheets.values())
        seen: set[str] = set()
        for raw in progress.counted("reading", list(source.sheets())):
            sheet = known.get(folded(raw.name))
            if sheet is None:
                self._problem(Code.UNKNOWN_SHEET, clean(raw.name))
            elif sheet.name in seen:
                self._problem(Code.DOUBLED_SHEET, sheet.name)
            else:
                seen.add(sheet.name)
                self._read_sheet(raw, sheet)

    def _problem(self, code: Code, sheet: str, row: int = 0, column: str = "") -> None:
        self._register.problems.append(Problem(code, sheet, row, column))

    def _read_sheet(self, raw: RawSheet, sheet: Sheet) -> None:
        try:
            rows = raw.rows()
            _, header = next(rows, (1, ()))
            filled = (row for row in rows if not _is_blank(row[1]))
            first = next(filled, None)
            readers = self._readers_of(header, sheet)
            if first is not None and self._has_its_columns(header, readers, sheet):
                unnamed = frozenset(place for place, cell in enumerate(header) if not clean(shown(cell)))
                self._read_rows(chain([first], filled), unnamed, readers, sheet)
        except UnreadableSheet as broken:
            self._problem(Code.UNREADABLE, sheet.name, broken.row)

    def _readers_of(self, header: Sequence[Raw], sheet: Sheet) -> _Readers:
        """What reads each cell of a row; None for columns without a name and those kept aside."""
        known = headers_of(sheet)
        found: set[str] = set()
        readers: _Readers = []
        for cell in header:
            text = clean(shown(cell))
            column = known.get(folded(text))
            readers.append(None)
            if column is None:
                if text and folded(text) not in PROBLEM_HEADERS:
                    self._problem(self._unknown_column, sheet.name, 1, text)
            elif column.name in found:
                self._problem(Code.DOUBLED_COLUMN, sheet.name, 1, column.name)
            else:
                found.add(column.name)
                readers[-1] = self._reader_of(column, sheet)
        self._register.sheets[sheet.name].columns = frozenset(found)
        return readers

    def _reader_of(self, column: Column, sheet: Sheet) -> _CellReader:
        alike = (column.kind, column.vocabulary, column.required, column.unknown)
        memory = self._memories.setdefault(alike, {}) if column.kind in _REMEMBERED_KINDS else None
        return _CellReader(column, sheet.at[column.name], parser_of(column, self._lists), memory)

    def _has_its_columns(self, header: Sequence[Raw], readers: _Readers, sheet: Sheet) -> bool:
        """Whether a sheet with rows has a header, with every column that must be filled."""
        if _is_blank(header):
            self._problem(Code.NO_HEADER, sheet.name, 1)
            return False
        found = {reader.column.name for reader in readers if reader}
        missing = [column for column in sheet.columns if column.required and column.name not in found]
        for column in missing:
            self._problem(Code.MISSING_COLUMN, sheet.name, 1, column.name)
        return not missing

    def _read_rows(self, rows: Iterable[NumberedRow], unnamed: frozenset[int], readers: _Readers, sheet: Sheet) -> None:
        into = self._register.sheets[sheet.name].rows
        row_reader = _RowReader(sheet, readers, unnamed, self._register.problems)
        into.extend(row_reader.row(number, raws) for number, raws in rows)


class _RowReader:
    """Reads the rows of one sheet, each by the readers of its cells."""

    def __init__(self, sheet: Sheet, readers: _Readers, unnamed: frozenset[int], problems: list[Problem]) -> None:
        self._sheet = sheet
        self._readers = readers
        self._unnamed = unnamed
        self._problems = problems
        self._blank: list[Value] = [None] * len(sheet.columns)
        self._required = [place for place, column in enumerate(sheet.columns) if column.required]

    def row(self, number: int, raws: Sequence[Raw]) -> Row:
        values = self._blank.copy()
        for raw, reader in zip(raws, self._readers, strict=False):
            if reader is not None and raw != "":
                try:
                    values[reader.place] = reader.value_of(raw)
                except BadCell as bad:
                    values[reader.place] = BAD
                    self._tell(bad.code, number, reader.column.name, shown(raw), bad.expected)
        for place in self._required:
            if values[place] is None:
                values[place] = BAD
                self._tell(Code.REQUIRED, number, self._sheet.columns[place].name)
        if self._unnamed or len(raws) > len(self._readers):
            self._look_outside(number, raws)
        return Row(number, tuple(values))

    def _tell(self, code: Code, row: int, column: str, value: str = "", expected: str = "") -> None:
        self._problems.append(Problem(code, self._sheet.name, row, column, value, expected))

    def _look_outside(self, number: int, raws: Sequence[Raw]) -> None:
        """Cells in columns without a name are not dropped silently."""
        for place, raw in enumerate(raws):
            if (place in self._unnamed or place >= len(self._readers)) and clean(shown(raw)):
                self._tell(Code.OUTSIDE_COLUMNS, number, "", shown(raw))


def _is_blank(cells: Sequence[Raw]) -> bool:
    return not any(cell != "" and clean(shown(cell)) for cell in cells)
