"""A large register written out as CSV files by two processes, each about half of the rows, both from one state.

The second process is forked, so that the keys are in its memory alone, and writes its files where they belong: nothing
that was decrypted lies anywhere else. Each takes the next sheet, the largest first, until none is left. A job in the
background and a page leave the second processor to whoever asks for pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection as Line
from pathlib import Path
from typing import Final, NoReturn

from sqlalchemy import func, select

from clinic import db, one_state, processes
from clinic.cases.kinds import kind_of
from clinic.db import session
from clinic.languages import Language
from clinic.memory import collection_at_rest
from clinic.register import exporting, writing
from clinic.register.exporting import Scope
from clinic.register.format import Sheet
from clinic.register.further import PLANNED, WITHDRAWN
from clinic.register.shapes import kept_as, table_of

MANY_ROWS: Final = 50_000
"""For fewer rows a second process is not worth its beginning."""


@collection_at_rest()
def write_csv(scope: Scope, out: Path, language: Language) -> None:
    """Writes what the reader takes along to a new folder, whole or not at all. Raises AlreadyThere."""
    numbers = {sheet.name: _rows_of(sheet) for sheet in exporting.sheets_of(scope)}
    is_large = sum(numbers.values()) >= MANY_ROWS
    with writing.new_folder(out) as folder:
        if is_large and processes.may_share_work():
            _Sharing(scope, folder, language, numbers).write()
        else:
            writing.write_csv(exporting.tables(scope, language), folder)


def _rows_of(sheet: Sheet) -> int:
    """How many rows there are at most; of steps that did not take place there are few."""
    if sheet in (PLANNED, WITHDRAWN):
        return 0
    table = table_of(kind_of(sheet.kind).model if sheet.kind else kept_as(sheet).model)
    return session.scalar(select(func.count()).select_from(table)) or 0


class _Sharing:
    """One export by this process and another."""

    def __init__(self, scope: Scope, folder: Path, language: Language, numbers: Mapping[str, int]) -> None:
        self._scope, self._folder, self._language = scope, folder, language
        self._sheets = exporting.sheets_of(scope)
        self._sheets.sort(key=lambda sheet: numbers[sheet.name] * len(sheet.columns), reverse=True)

    def write(self) -> None:
        """Writes every sheet. What the other process leaves undone, this one does."""
        waiting = _queue(len(self._sheets))
        here, there = Pipe()
        db.let_go()
        parent = os.getpid()
        child = os.fork()
        if not child:
            here.close()
            self._as_the_other(there, waiting, parent)
        there.close()
        is_over = False
        try:
            together = _read_one_state(here)
            here.close()  # the other one ends where it was not told to go on
            mine = self._write_those_left(waiting)
            is_whole = processes.ended_well(child)
            is_over = True
            if not (together and is_whole):
                self._write([sheet for sheet in self._sheets if sheet not in mine], again=True)
        finally:
            os.close(waiting)
            if not is_over:
                processes.kill(child)

    def _as_the_other(self, line: Line, waiting: int, parent: int) -> NoReturn:
        """What the other process does. Whatever goes wrong here goes wrong, and is told, where it is done again."""
        status = 1
        try:
            processes.end_with(parent)
            one_state.take_over(line)
            self._write_those_left(waiting)
            status = 0
        finally:
            os._exit(status)

    def _write_those_left(self, waiting: int) -> list[Sheet]:
        """Takes one sheet after the other, until none is left; gives those that were written."""
        written: list[Sheet] = []

        def taken() -> Iterator[Sheet]:
            while place := os.read(waiting, 1):
                yield self._sheets[place[0]]
                written.append(self._sheets[place[0]])

        self._write(taken())
        return written

    def _write(self, sheets: Iterable[Sheet], *, again: bool = False) -> None:
        writing.write_csv(exporting.tables(self._scope, self._language, sheets), self._folder, again=again)


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
