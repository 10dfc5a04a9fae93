"""A large register written out by two processes, each about half of the rows, both from one state.

The second process is forked, so that the keys are in its memory alone, and writes where nothing outlives it that would
not be there in any case: CSV files where they belong, sheets of a workbook into a file without a name. Each takes the
next sheet, the largest first, until none is left. A job in the background and a page leave the second processor to
whoever asks for pages.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection as Line
from pathlib import Path
from typing import IO, Final

from sqlalchemy import func, select

from clinic import db, nameless, one_state, processes
from clinic.cases.kinds import kind_of
from clinic.db import session
from clinic.languages import Language
from clinic.memory import collection_at_rest
from clinic.register import exporting, writing
from clinic.register.book import Book, Sheets
from clinic.register.exporting import Scope
from clinic.register.format import Sheet
from clinic.register.further import PLANNED, WITHDRAWN
from clinic.register.shapes import kept_as, table_of
from clinic.register.tables import Table, name_of
from clinic.register.writing import FileFormat

MANY_ROWS: Final = 50_000
"""For fewer rows a second process is not worth its beginning."""


@collection_at_rest()
def write(scope: Scope, out: Path, file_format: FileFormat, language: Language) -> None:
    """Writes what the reader takes along to a new folder or workbook, whole or not at all. Raises AlreadyThere."""
    numbers = {sheet.name: _rows_of(sheet) for sheet in exporting.sheets_of(scope)}
    if sum(numbers.values()) < MANY_ROWS or not processes.may_share_work():
        writing.write(exporting.tables(scope, language), out, file_format, language)
    elif file_format == FileFormat.CSV:
        with writing.new_folder(out) as folder:
            _Sharing(_Folder(scope, language, folder), numbers).write()
    else:
        with writing.new_file(out) as file, nameless.of_folder(out.parent) as beside, Book(file, language) as book:
            _Sharing(_Workbook(scope, language, book, beside), numbers).write()
            book.finish(name_of(sheet, language) for sheet in exporting.sheets_of(scope))


def _rows_of(sheet: Sheet) -> int:
    """How many rows there are at most; of steps that did not take place there are few."""
    if sheet in (PLANNED, WITHDRAWN):
        return 0
    table = table_of(kind_of(sheet.kind).model if sheet.kind else kept_as(sheet).model)
    return session.scalar(select(func.count()).select_from(table)) or 0


@dataclass(frozen=True)
class _Files(ABC):
    """What is written, by this process and another."""

    scope: Scope
    language: Language

    def tables(self, sheets: Iterable[Sheet]) -> Iterator[Table]:
        """These sheets, read as they are asked for."""
        return exporting.tables(self.scope, self.language, sheets)

    @abstractmethod
    def write(self, sheets: Iterable[Sheet]) -> None:
        """Writes sheets, in this process."""

    @abstractmethod
    def write_beside(self, sheets: Iterable[Sheet]) -> None:
        """Writes sheets, in the other process."""

    @abstractmethod
    def take_over(self) -> None:
        """Takes what the other process wrote."""

    @abstractmethod
    def write_again(self, sheets: Iterable[Sheet]) -> None:
        """Writes, in this process, sheets that the other one may have left unfinished."""


@dataclass(frozen=True)
class _Folder(_Files):
    """CSV files, written where they belong by either process."""

    folder: Path

    def write(self, sheets: Iterable[Sheet]) -> None:
        writing.write_csv(self.tables(sheets), self.folder)

    write_beside = write

    def take_over(self) -> None:
        """Everything is where it belongs."""

    def write_again(self, sheets: Iterable[Sheet]) -> None:
        writing.write_csv(self.tables(sheets), self.folder, again=True)


@dataclass(frozen=True)
class _Workbook(_Files):
    """A workbook, and a file without a name for the sheets of the other process."""

    book: Book
    beside: IO[bytes]

    def write(self, sheets: Iterable[Sheet]) -> None:
        self._add_to(self.book, sheets)

    def write_beside(self, sheets: Iterable[Sheet]) -> None:
        with Sheets(self.beside, self.language) as theirs:
            self._add_to(theirs, sheets)

    def take_over(self) -> None:
        self.book.take_over(self.beside)

    write_again = write

    def _add_to(self, file: Sheets, sheets: Iterable[Sheet]) -> None:
        places = {name_of(sheet, self.language): place for place, sheet in enumerate(exporting.sheets_of(self.scope))}
        for table in self.tables(sheets):
            file.add(places[table.name], table)


class _Sharing:
    """One export by this process and another."""

    def __init__(self, files: _Files, numbers: Mapping[str, int]) -> None:
        self._files = files
        self._sheets = exporting.sheets_of(files.scope)
        self._sheets.sort(key=lambda sheet: numbers[sheet.name] * len(sheet.columns), reverse=True)

    def write(self) -> None:
        """Writes every sheet. What the other process leaves undone, this one does."""
        waiting = _queue(len(self._sheets))
        here, there = Pipe()
        db.let_go()
        child = processes.begin(partial(self._as_the_other, here, there, waiting))
        there.close()
        is_over = False
        try:
            together = _read_one_state(here)
            here.close()  # the other one ends where it was not told to go on
            mine = _each_taken(self._sheets, waiting, self._files.write)
            is_whole = processes.ended_well(child)
            is_over = True
            if together and is_whole:
                self._files.take_over()
            else:
                self._files.write_again([sheet for sheet in self._sheets if sheet not in mine])
        finally:
            os.close(waiting)
            if not is_over:
                processes.kill(child)

    def _as_the_other(self, not_mine: Line, line: Line, waiting: int) -> None:
        """What the other process does. Whatever goes wrong here goes wrong, and is told, where it is done again."""
        not_mine.close()
        one_state.take_over(line)
        _each_taken(self._sheets, waiting, self._files.write_beside)


def _each_taken(sheets: Sequence[Sheet], waiting: int, write: Callable[[Iterator[Sheet]], None]) -> list[Sheet]:
    """Takes one sheet after the other and writes it, until none is left; gives those that were written."""
    written: list[Sheet] = []

    def taken() -> Iterator[Sheet]:
        while place := os.read(waiting, 1):
            yield sheets[place[0]]
            written.append(sheets[place[0]])

    write(taken())
    return written


def _read_one_state(line: Line) -> bool:
    with suppress(EOFError, OSError):
        return one_state.hand_on(line)
    return False


def _queue(number: int) -> int:
    """A pipe that holds the places of so many sheets: whoever reads one has it alone."""
    reading, filling = os.pipe()
    os.write(filling, bytes(range(number)))
    os.close(filling)
    return reading
