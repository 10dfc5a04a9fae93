"""A workbook as it is written into a file, sheet by sheet and many rows at once, so that memory stays flat.

The library makes everything of it but the rows: it writes those cell by cell, which takes five times as long, and lays
them on the disk in the clear meanwhile. Of the format a row needs little: a text is `<c r="B2" t="inlineStr"><is><t>…`,
a whole number `<c r="B2"><v>7</v></c>`, and what is empty is left out. Nothing is ever a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from itertools import chain, islice, repeat, zip_longest
from typing import IO, Any, Final, Self

from clinic.languages import Language, _l
from clinic.refusals import Refusal
from clinic.register.tables import Table
from clinic.register.taking import Cell
from clinic.rows import batches

LONGEST_CELL: Final = 32_767
"""So many units of UTF-16."""
MOST_ROWS: Final = 1_048_576
LARGEST_SHEET: Final = 2**31 - 1
"""So many bytes, before they are packed, are read by whatever reads workbooks."""
LOOKED_AT: Final = 100
"""How many rows of a sheet are looked at for how wide its columns are."""
_SHEETS: Final = "xl/worksheets/sheet"
_COME_FIRST: Final = ("_rels/.rels", "docProps/core.xml", "xl/styles.xml", "xl/theme/theme1.xml")
"""The parts that are the same whatever sheets there are. By what comes first a workbook is told from other archives."""
_EXTENT: Final = re.compile("<dimension [^>]*/>")
_ROWS: Final = re.compile('<sheetData>.* s="([0-9]+)".*</sheetData>')
_APART: Final = "\N{BROKEN BAR}"
_NOT_PLAIN: Final = ("&", "<", ">", "_x", f" {_APART}", f"{_APART} ")
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOKS_BY_NUMBER: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_NEVER_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


class TooMuchForAWorkbook(Refusal):
    """A text longer than a cell, or more rows than a sheet."""

    message = _l("A workbook cannot hold this: a text or a sheet is too long. Export as CSV instead.")


class Sheets:
    """Sheets of a workbook in a file, which a book may take over. Left as a context, the file is ended."""

    def __init__(self, file: IO[bytes], language: Language) -> None:
        self._file = file
        self._is_rtl = language.is_rtl
        self._archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)

    def add(self, place: int, table: Table) -> None:
        """Writes the sheet that stands at this place, counted from 0. Raises TooMuchForAWorkbook."""
        rows = iter(table.rows)
        first = list(islice(rows, LOOKED_AT))
        head, style, tail = self._around_rows(place, _widths(table.headers, first))
        with self._archive.open(f"{_SHEETS}{place + 1}.xml", "w") as part:
            size = part.write((head + _header(table.headers, style)).encode())
            number = 2
            for batch in batches(chain(first, rows)):
                size += part.write(_rows(batch, number).encode())
                number += len(batch)
                if number > MOST_ROWS + 1 or size > LARGEST_SHEET:
                    raise TooMuchForAWorkbook
            part.write(tail.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._archive.close()
        self._file.flush()

    def _around_rows(self, place: int, widths: Sequence[int]) -> tuple[str, str, str]:
        """What of a sheet stands before its rows, the style of its headers, and what stands after.

        Only the sheet at the first place is the one that is open. How far a sheet reaches may be left out, and is not
        known before its end.
        """
        before: list[Sequence[int]] = [()] if place else []
        frame = _frame([*before, widths], self._is_rtl)
        sheet = frame[f"{_SHEETS}{len(before) + 1}.xml"].decode()
        head, style, tail = _ROWS.split(_EXTENT.sub("", sheet))
        return f"{head}<sheetData>", style, f"</sheetData>{tail}"


class Book(Sheets):
    """A workbook in a file."""

    def __init__(self, file: IO[bytes], language: Language) -> None:
        super().__init__(file, language)
        frame = _frame([()], self._is_rtl)
        for part in _COME_FIRST:
            self._archive.writestr(part, frame[part])

    def take_over(self, file: IO[bytes]) -> None:
        """Takes the sheets of another file, packed as they are there: nothing but where they stand changes."""
        begin = self._archive.start_dir
        with zipfile.ZipFile(file) as other:
            file.seek(0)
            self._file.seek(begin)
            _copy(file, self._file, other.start_dir)
            for part in other.infolist():
                part.header_offset += begin
                self._archive.filelist.append(part)
                self._archive.NameToInfo[part.filename] = part
        self._archive.start_dir = self._file.tell()

    def finish(self, names: Iterable[str]) -> None:
        """Writes what holds the sheets together, last of all. They bear these names in their order."""
        named = list(names)
        for part, content in _frame([()] * len(named), self._is_rtl, named).items():
            if part not in _COME_FIRST and not part.startswith(_SHEETS):
                self._archive.writestr(part, content)


def _frame(widths: Sequence[Sequence[int]], is_rtl: bool, names: Sequence[str] | None = None) -> dict[str, bytes]:
    """The parts of a workbook with columns so wide and no rows, but for one cell a sheet in the style of headers."""
    import xlsxwriter  # type: ignore[import-untyped]  # read where a workbook is written, not at each start

    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for sheet_widths, name in zip_longest(widths, names or ()):
            sheet = book.add_worksheet(name)
            if is_rtl:
                sheet.right_to_left()
            sheet.freeze_panes(1, 0)
            for place, width in enumerate(sheet_widths):
                sheet.set_column(place, place, width)
            sheet.write_blank(0, 0, None, bold)
    with zipfile.ZipFile(made) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def _copy(source: IO[bytes], target: IO[bytes], number: int) -> None:
    """Copies so many bytes."""
    while number:
        read = source.read(min(number, 1 << 20))
        if not read:
            raise EOFError
        target.write(read)
        number -= len(read)


def _widths(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """As wide as what each column begins with, within what can still be read beside others."""
    columns = zip_longest(*rows) if rows else repeat(())
    return [_width([header, *column]) for header, column in zip(headers, columns, strict=False)]


def _width(cells: Iterable[Cell]) -> int:
    return max(10, min(max(len(str(cell)) for cell in cells if cell is not None) + 2, 40))


def _header(headers: Sequence[str], style: str) -> str:
    cells = (f'<c r="{_letters(place)}1" s="{style}" {_text(header)}' for place, header in enumerate(headers))
    return f'<row r="1">{"".join(cells)}</row>'


def _rows(rows: Sequence[Sequence[Cell]], first: int) -> str:
    """Rows as they stand in a sheet, the first of this number, made column by column."""
    numbers = [str(number) for number in range(first, first + len(rows))]
    columns = [_column(column, _letters(place), numbers) for place, column in enumerate(zip_longest(*rows))]
    texts = map("".join, zip(*columns, strict=True)) if columns else repeat("")
    return "".join([f'<row r="{number}">{text}</row>' for number, text in zip(numbers, texts, strict=False)])


def _column(cells: Sequence[Cell], letters: str, numbers: Sequence[str]) -> list[str]:
    """The cells of one column as they stand in their rows."""
    kinds = set(map(type, cells))
    if date in kinds:
        cells = [str(cell) if isinstance(cell, date) else cell for cell in cells]
    if int in kinds or not _are_plain(list(filter(None, cells))):
        return [_cell(cell, letters, number) for cell, number in zip(cells, numbers, strict=True)]
    return [
        f'<c r="{letters}{number}" t="inlineStr"><is><t>{text}</t></is></c>' if text else ""
        for text, number in zip(cells, numbers, strict=True)
    ]


def _cell(cell: Cell, letters: str, number: str) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, int):
        return f'<c r="{letters}{number}"><v>{cell:d}</v></c>'
    return f'<c r="{letters}{number}" {_text(str(cell))}'


def _are_plain(texts: Sequence[Any]) -> bool:
    """Whether these may stand as they are. They are looked at together, because most are."""
    joined = _APART.join(texts)
    return (
        joined.isprintable()
        and not any(mark in joined for mark in _NOT_PLAIN)
        and not joined.startswith(" ")
        and not joined.endswith(" ")
        and max(map(len, texts), default=0) <= LONGEST_CELL // 2
    )


def _text(text: str) -> str:
    """The rest of a cell with any text. What XML cannot hold is written by number, and what looks like that, too."""
    if len(text) > LONGEST_CELL // 2 and len(text.encode("utf-16-le")) > 2 * LONGEST_CELL:
        raise TooMuchForAWorkbook
    held = _NEVER_IN_XML.sub(_by_number, _LOOKS_BY_NUMBER.sub("_x005F_", text)).translate(_MARKUP)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f't="inlineStr"><is><t{space}>{held}</t></is></c>'


def _by_number(character: re.Match[str]) -> str:
    return f"_x{ord(character[0]):04X}_"


@cache
def _letters(place: int) -> str:
    """What a column is called: A, B, … Z, AA, …"""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
