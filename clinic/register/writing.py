"""Writing a register: a folder of CSV files, or a workbook; and the workbook of rows that came back with a problem.

Every cell is written as text that the reader of its column understands, whole numbers as numbers; nothing is ever a
formula. In Arabic the sheets bear their Arabic names and headers, and run from right to left.
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
import shutil
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count, repeat
from pathlib import Path
from typing import Any, Final, TextIO

from clinic.languages import Language, _, _l, current_language
from clinic.memory import collection_at_rest
from clinic.refusals import Refusal
from clinic.register.cells import shown
from clinic.register.format import Column, Kind, Sheet
from clinic.register.problems import Problem, name_of_column
from clinic.register.reading import PROBLEM_HEADERS, ReadRegister, folded, sheets_by_name
from clinic.register.sources import NumberedRow, RawSheet, Source, UnreadableSheet
from clinic.register.taking import Cell
from clinic.rows import batches

LONGEST_CELL: Final = 32_767
MOST_ROWS: Final = 1_048_576
LOOKED_AT: Final = 100
"""How many rows of a sheet are looked at for how wide its columns are."""
MOST_IN_MEMORY: Final = 60_000
BYTE_ORDER_MARK: Final = "\ufeff"  # by which spreadsheets know UTF-8; the codec that writes it is three times slower
_BEGINS: Final = frozenset("'=+-@")
_FORMULA: Final = re.compile(r"'*[=+\-@]")


class FileFormat(StrEnum):
    """How a register is written."""

    CSV = "csv"
    XLSX = "xlsx"


class TooMuchForAWorkbook(Refusal):
    """A text longer than a cell, or more rows than a sheet."""

    message = _l("A workbook cannot hold this: a text or a sheet is too long. Export as CSV instead.")


class TooMuchForAPage(Refusal):
    """More rows than a workbook made in memory should hold."""

    message = _l("This is too much for a workbook from a page. Take CSV files, or use the command `clinic export`.")
    field = "file_format"


class AlreadyThere(Refusal):
    """Something is already where the export would go."""

    message = _l("There is something at this place already. Name a file or folder that does not exist yet.")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet to be written: its name, its headers, and its rows as they come."""

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    typed: Sequence[int] | None = None
    """Where texts stand that somebody typed; every cell, if nobody says."""


TYPED: Final = (Kind.TEXT, Kind.NUMERAL, Kind.REFERENCE, Kind.USERNAME, Kind.CODES)


def table_of(sheet: Sheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], language: Language) -> Table:
    """A sheet of the format under the names of a language."""
    in_arabic = language.code == "ar"
    headers = [column.arabic if in_arabic else column.name for column in columns]
    typed = [place for place, column in enumerate(columns) if column.kind in TYPED]
    return Table(sheet.arabic if in_arabic else sheet.name, headers, rows, typed)


@collection_at_rest()
def write(tables: Iterable[Table], out: Path, file_format: FileFormat, language: Language) -> None:
    """Writes the tables to a new folder of CSV files or a new workbook, readable by nobody else on this computer."""
    if file_format == FileFormat.CSV:
        with new_folder(out) as folder:
            write_csv(tables, folder)
    elif out.exists():
        raise AlreadyThere
    else:
        _write_workbook_beside(tables, out, language)


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A folder for CSV files, new or empty; empty again if they do not all become whole. Raises AlreadyThere."""
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise AlreadyThere
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield out
    except BaseException:
        for unfinished in out.glob("*.csv"):
            unfinished.unlink()
        raise


@collection_at_rest()
def packed(tables: Iterable[Table], file_format: FileFormat, language: Language) -> bytes:
    """The tables as one file made in memory: a workbook, or CSV files packed together. Raises TooMuchForAPage."""
    if file_format == FileFormat.XLSX:
        return workbook_of(_few_enough(tables), language)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            with archive.open(f"{table.name}.csv", "w") as raw, io.TextIOWrapper(raw, "utf-8", newline="") as file:
                _write_table(file, table)
    return made.getvalue()


def _few_enough(tables: Iterable[Table]) -> Iterator[Table]:
    """The tables, as long as a workbook of them fits into memory."""
    numbers = count()

    def counted(rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
        for row in rows:
            if next(numbers) >= MOST_IN_MEMORY:
                raise TooMuchForAPage
            yield row

    return (replace(table, rows=counted(table.rows)) for table in tables)


def write_csv(tables: Iterable[Table], folder: Path, *, again: bool = False) -> None:
    """One UTF-8 file a table, with the mark by which spreadsheets know it; `again` over what was left unfinished."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for table in tables:
        path = folder / f"{table.name}.csv"
        if again:
            path.unlink(missing_ok=True)
        with open(path, "x", newline="", encoding="utf-8", opener=_for_the_owner_alone) as file:
            _write_table(file, table)


def _write_table(file: TextIO, table: Table) -> None:
    file.write(BYTE_ORDER_MARK)
    writer = csv.writer(file)
    writer.writerow(table.headers)
    typed = table.typed if table.typed is not None else range(len(table.headers))
    for rows in batches(table.rows):
        bad = [place for place in typed if _may_be_a_formula(row[place] for row in rows)]
        writer.writerows(map(_safe_in_csv, rows, repeat(bad)) if bad else rows)


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def _may_be_a_formula(cells: Iterable[Cell]) -> bool:
    """Whether some cell of a column begins as a formula does, or as what was a formula."""
    return not _BEGINS.isdisjoint({cell[0] for cell in cells if cell and isinstance(cell, str)})


def _safe_in_csv(row: Sequence[Cell], typed: Iterable[int]) -> Sequence[Cell]:
    """One apostrophe before = + - @, so that a spreadsheet does not take the text for a formula."""
    safe: list[Cell] | None = None
    for place in typed:
        cell = row[place]
        if cell and isinstance(cell, str) and cell[0] in _BEGINS and _FORMULA.match(cell):
            safe = safe or list(row)
            safe[place] = "'" + cell
    return safe or row


def _write_workbook_beside(tables: Iterable[Table], out: Path, language: Language) -> None:
    """Writes row by row, so that memory stays flat; what is written meanwhile lies beside the workbook alone."""
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out.parent))
    try:
        book = unfinished / "book.xlsx"
        import xlsxwriter  # type: ignore[import-untyped]  # read where a workbook is written, not at each start

        _fill(xlsxwriter.Workbook(book, {"constant_memory": True, "tmpdir": str(unfinished)}), tables, language)
        book.chmod(0o600)
        book.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def workbook_of(tables: Iterable[Table], language: Language) -> bytes:
    """A workbook made in memory."""
    import xlsxwriter

    made = io.BytesIO()
    _fill(xlsxwriter.Workbook(made, {"in_memory": True}), tables, language)
    return made.getvalue()


def _fill(book: Any, tables: Iterable[Table], language: Language) -> None:
    bold = book.add_format({"bold": True})
    try:
        for table in tables:
            sheet = book.add_worksheet(table.name)
            if language.is_rtl:
                sheet.right_to_left()
            sheet.freeze_panes(1, 0)
            rows = iter(table.rows)
            first = list(itertools.islice(rows, LOOKED_AT))
            for place, header in enumerate(table.headers):
                sheet.set_column(place, place, _width(header, (row[place] for row in first if place < len(row))))
                sheet.write_string(0, place, header, bold)
            _fill_rows(sheet, itertools.chain(first, rows))
    finally:
        book.close()


def _width(header: str, cells: Iterable[Cell]) -> int:
    """As wide as what a column begins with, within what can still be read beside others."""
    longest = max((len(str(cell)) for cell in cells if cell is not None), default=0)
    return max(10, min(max(len(header), longest) + 2, 40))


def _fill_rows(sheet: Any, rows: Iterable[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            raise TooMuchForAWorkbook
        for place, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            else:
                _write_text(sheet, number, place, str(cell))


def _write_text(sheet: Any, number: int, place: int, text: str) -> None:
    if len(text) > LONGEST_CELL:
        raise TooMuchForAWorkbook
    sheet.write_string(number, place, text)


def problem_workbook(source: Source, register: ReadRegister) -> bytes:
    """The rows with an error, as they came, each with what is wrong with it in a last column."""
    return workbook_of(_tables_with_problems(source, register), current_language())


def _tables_with_problems(source: Source, register: ReadRegister) -> Iterator[Table]:
    known = sheets_by_name(found.sheet for found in register.sheets.values())
    problems: dict[str, dict[int, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in register.errors:
        problems[problem.sheet][problem.row].append(problem)
    for raw in source.sheets():
        sheet = known.get(folded(raw.name))
        if sheet is not None and sheet.name in problems:
            yield _table_with_problems(raw, problems[sheet.name])


def _table_with_problems(raw: RawSheet, problems: dict[int, list[Problem]]) -> Table:
    rows = _readable(raw)
    _number, header = next(rows, (1, ()))
    kept = [place for place, cell in enumerate(header) if folded(shown(cell)) not in PROBLEM_HEADERS]

    def bad_rows() -> Iterator[list[Cell]]:
        for number, cells in rows:
            if number in problems:
                texts: list[Cell] = [shown(cells[place]) if place < len(cells) else "" for place in kept]
                beyond = map(shown, cells[len(header) :])
                yield [*texts, " ".join(map(_what_of_column, problems[number])), *beyond]

    return Table(raw.name, [*(shown(header[place]) for place in kept), _("problem")], bad_rows())


def _readable(raw: RawSheet) -> Iterator[NumberedRow]:
    """The rows of a sheet up to where it breaks off."""
    with suppress(UnreadableSheet):
        yield from raw.rows()


def _what_of_column(problem: Problem) -> str:
    if not problem.column:
        return problem.what
    return _("%(column)s: %(what)s", column=name_of_column(problem.sheet, problem.column), what=problem.what)
