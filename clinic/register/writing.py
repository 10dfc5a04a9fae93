"""Writing a register: a folder of CSV files, or a workbook; and the workbook of rows that came back with a problem.

Every cell is written as text that the reader of its column understands, whole numbers as numbers; nothing is ever a
formula. In Arabic the sheets bear their Arabic names and headers, and run from right to left.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import IO, Final, TextIO

from clinic import nameless
from clinic.languages import Language, _, _l, current_language
from clinic.memory import collection_at_rest
from clinic.refusals import Refusal
from clinic.register.book import Book
from clinic.register.cells import shown
from clinic.register.lines import lines_of
from clinic.register.problems import Problem, name_of_column
from clinic.register.reading import PROBLEM_HEADERS, ReadRegister, folded, sheets_by_name
from clinic.register.sources import NumberedRow, RawSheet, Source, UnreadableSheet
from clinic.register.tables import Table
from clinic.register.taking import Cell
from clinic.rows import batches

MOST_IN_MEMORY: Final = 60_000
BYTE_ORDER_MARK: Final = "\ufeff"  # by which spreadsheets know UTF-8; the codec that writes it is three times slower


class FileFormat(StrEnum):
    """How a register is written."""

    CSV = "csv"
    XLSX = "xlsx"


class TooMuchForAPage(Refusal):
    """More rows than a workbook made in memory should hold."""

    message = _l("This is too much for a workbook from a page. Take CSV files, or use the command `clinic export`.")
    field = "file_format"


class AlreadyThere(Refusal):
    """Something is already where the export would go."""

    message = _l("There is something at this place already. Name a file or folder that does not exist yet.")


@collection_at_rest()
def write(tables: Iterable[Table], out: Path, file_format: FileFormat, language: Language) -> None:
    """Writes the tables to a new folder of CSV files or a new workbook, readable by nobody else on this computer."""
    if file_format == FileFormat.CSV:
        with new_folder(out) as folder:
            write_csv(tables, folder)
    else:
        with new_file(out) as file:
            _write_workbook(tables, file, language)


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


@contextmanager
def new_file(out: Path) -> Iterator[IO[bytes]]:
    """A file for a workbook, of which nothing is left if it does not become whole. Raises AlreadyThere."""
    if out.exists():
        raise AlreadyThere
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with nameless.becoming(out) as file:
            yield file
    except FileExistsError as error:
        raise AlreadyThere from error


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
    file.write(lines_of([table.headers]))
    typed = frozenset(range(len(table.headers)) if table.typed is None else table.typed)
    for rows in batches(table.rows):
        file.write(lines_of(rows, typed))


def _for_the_owner_alone(path: str, flags: int) -> int:
    return os.open(path, flags, mode=0o600)


def workbook_of(tables: Iterable[Table], language: Language) -> bytes:
    """A workbook made in memory. Raises TooMuchForAWorkbook."""
    made = io.BytesIO()
    _write_workbook(tables, made, language)
    return made.getvalue()


def _write_workbook(tables: Iterable[Table], file: IO[bytes], language: Language) -> None:
    names = []
    with Book(file, language) as book:
        for place, table in enumerate(tables):
            book.add(place, table)
            names.append(table.name)
        book.finish(names)


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
