"""A workbook under the pen: sheets with a title, a frozen header, tables, charts and a page to print.

Every text is written as text and is never a formula; numbers are numbers with a format. In Arabic the sheets run from
right to left. It is made in memory: nothing of a clinic is spooled in clear.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from clinic.languages import Language, current_language
from clinic.reports.indicator import Shape
from clinic.typed import BIDI_CONTROLS

LONGEST_NAME: Final = 31
LONGEST_HEADER: Final = 200
LONGEST_CELL: Final = 32_767
A4: Final = 9
HEADER_ROW: Final = 2
"""Where the header of a sheet's first table stands: below its title and what the report is."""
LINE_HEIGHT: Final = 15
LETTERS_IN_A_WIDTH: Final = 1.05
"""How many letters a unit of a column's width holds, on the safe side."""
PAGE_PIXELS: Final = (760, 600)
"""What is left of A4 on its side between the margins: how wide, and how high, on the safe side."""
ROW_PIXELS: Final = 20
OLIVE, PALE, INK, QUIET = "#3F6212", "#EEF3E2", "#1D2321", "#535B57"
LEFT_TO_RIGHT_MARK: Final = "\u200e"
ISOLATES: Final = dict.fromkeys(range(0x2066, 0x206A))
_NO_ARABIC: Final = "[^\u2066-\u2069\u0600-\u06ff]*"
KEPT_TOGETHER: Final = re.compile(f"[\u2066\u2068]({_NO_ARABIC}[%<+]{_NO_ARABIC})\u2069")
NUMBER_FORMATS: Final = {
    Shape.NUMBER: "#,##0",
    Shape.PERCENTAGE: '0.0"%"',
    Shape.HOURS: "#,##0.0",
    Shape.DAYS: "#,##0.0",
    Shape.POINTS: "+0.0;-0.0;0.0",
}
"""A percentage is the number of the machine-readable form, from 0 to 100, with its sign."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: a number in its shape, else a text in a style; nothing of either leaves it empty."""

    said: str = ""
    style: str = "text"
    value: float | None = None

    def lines(self, width: float) -> int:
        """How many lines its text takes in a column of this width, no word cut in two that fits."""
        letters = max(1, int(width * LETTERS_IN_A_WIDTH))
        return sum(len(textwrap.wrap(line, letters)) or 1 for line in self.said.split("\n"))


def text(said: object, style: str = "text") -> Cell:
    """A text as it is, never a formula."""
    return Cell(plain(str(said))[:LONGEST_CELL], style)


def plain(said: str) -> str:
    """A text without the page's marks of direction, which not every spreadsheet knows.

    In Arabic a number with its sign (60%, <5) gets the older marks, which all know.
    """
    if not current_language().is_rtl:
        return said.translate(BIDI_CONTROLS)
    return KEPT_TOGETHER.sub(rf"{LEFT_TO_RIGHT_MARK}\1{LEFT_TO_RIGHT_MARK}", said).translate(ISOLATES)


def number(value: object, shape: Shape = Shape.NUMBER) -> Cell:
    """A number in its shape; a hidden one (<5) as text, left to right; a dash where there is none."""
    if isinstance(value, int | float):
        return Cell(style=shape.value, value=value)
    return text("–" if value is None else value, "hidden")


NOTHING: Final = Cell()


@dataclass(frozen=True)
class Book:
    """The workbook, its language and its styles. `about` stands under each title, `head` on each printed page."""

    file: Any
    language: Language
    about: str
    head: str
    styles: dict[str, Any]
    names: list[str]

    def style(self, name: str) -> Any:
        """A style by name."""
        return self.styles[name]

    def sheet(self, name: str, title: str, widths: Sequence[float]) -> Sheet:
        """A new sheet with its title and what the report is, ready for its first table."""
        own = self._free(name)
        sheet = Sheet(self, self.file.add_worksheet(own), own, widths)
        for place, width in enumerate(widths):
            sheet.paper.set_column(place, place, width)
        if self.language.is_rtl:
            sheet.paper.right_to_left()
        sheet.write(0, 0, text(title, "title"))
        sheet.write(1, 0, text(self.about, "quiet_line"))
        sheet.paper.set_row(0, 26)
        sheet.for_the_printer()
        self.names.append(own)
        return sheet

    def _free(self, name: str) -> str:
        """A name that a sheet can have and none has yet."""
        fitting = re.sub(r"[\[\]:*?/\\']", " ", name.translate(BIDI_CONTROLS))[:LONGEST_NAME].strip()
        taken = {one.casefold() for one in self.names}
        again = (f"{fitting[: LONGEST_NAME - 4].strip()} ({number})" for number in range(2, 100))
        return fitting if fitting.casefold() not in taken else next(one for one in again if one.casefold() not in taken)


@dataclass(frozen=True)
class Sheet:
    """One sheet."""

    book: Book
    paper: Any
    name: str
    widths: Sequence[float]

    def write(self, row: int, column: int, cell: Cell) -> None:
        """Writes a number as a number, a text as a text that is never a formula and never a link."""
        if cell.value is not None:
            self.paper.write_number(row, column, cell.value, self.book.style(cell.style))
        elif cell.said:
            self.paper.write_string(row, column, cell.said, self.book.style(cell.style))

    def row(self, row: int, cells: Sequence[Cell]) -> None:
        """Writes a row, as high as its longest text needs."""
        for column, cell in enumerate(cells):
            self.write(row, column, cell)
        lines = max(cell.lines(width) for cell, width in zip(cells, self.widths, strict=False))
        if lines > 1:
            self.paper.set_row(row, LINE_HEIGHT * lines + 2)

    def paragraph(self, row: int, said: str, columns: int, style: str = "paragraph") -> int:
        """Writes lines of text across so many columns; answers the row below them."""
        wide = sum(self.widths[:columns])
        for line in filter(None, map(str.strip, said.splitlines())):
            cell = text(line, style)
            self.paper.merge_range(row, 0, row, columns - 1, "", self.book.style(style))
            self.write(row, 0, cell)
            self.paper.set_row(row, LINE_HEIGHT * cell.lines(wide) + 4)
            row += 1
        return row

    def table(self, row: int, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> int:
        """Writes a header, each word above its column as that is aligned, and rows; answers the row after the last."""
        columns = zip(*rows, strict=True) if rows else [()] * len(header)
        self.row(row, [text(said, _head(cells)) for said, cells in zip(header, columns, strict=True)])
        for below, cells in enumerate(rows, start=row + 1):
            self.row(below, cells)
        return row + 1 + len(rows)

    def freeze(self, *, on_each_page: bool = True) -> None:
        """Keeps the header of the first table in sight; on each printed page too, if that table is all there is."""
        self.paper.freeze_panes(HEADER_ROW + 1, 1)
        if on_each_page:
            self.paper.repeat_rows(HEADER_ROW)

    def range(self, first_row: int, last_row: int, column: int) -> str:
        """The address of cells below each other, for a chart."""
        from xlsxwriter.utility import quote_sheetname  # type: ignore[import-untyped]

        letter = chr(ord("A") + column)
        return f"={quote_sheetname(self.name)}!${letter}${first_row + 1}:${letter}${last_row + 1}"

    def for_the_printer(self) -> None:
        """A4, as wide as the page, with the clinic above and the number of the page below."""
        self.paper.set_paper(A4)
        self.paper.set_landscape()
        self.paper.fit_to_pages(1, 0)
        self.paper.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        self.paper.set_header(f"&C{_escaped(self.book.head)}")
        self.paper.set_footer("&C&P / &N")

    def pixels(self, columns: int | None = None) -> int:
        """How wide the first columns are, or all."""
        return sum(int(width * 7 + 5) for width in self.widths[:columns])

    def print_in_parts(self, wide: int, breaks: Sequence[int]) -> None:
        """So many pixels on a page's width, cut before these rows alone: what is fitted by itself is cut anywhere."""
        self.paper.set_print_scale(min(100, int(100 * PAGE_PIXELS[0] / wide)))
        self.paper.set_h_pagebreaks(breaks)

    def rows_of_a_page(self, wide: int) -> int:
        """How many rows a printed page holds that is so many pixels wide."""
        return int(PAGE_PIXELS[1] * max(1, wide / PAGE_PIXELS[0]) / ROW_PIXELS)


def _head(cells: Sequence[Cell]) -> str:
    """The style of a column's header: aligned as the column is."""
    if any(cell.value is not None or cell.style == "hidden" for cell in cells):
        return "header_number"
    return "header_text" if any(cell.style == "text" for cell in cells) else "header"


def _escaped(said: str) -> str:
    """A text of a printed head: its own & is no sign of ours."""
    return said.translate(BIDI_CONTROLS)[:LONGEST_HEADER].replace("&", "&&")


@dataclass(frozen=True)
class Properties:
    """What the file says of itself: no person's name."""

    title: str
    subject: str
    company: str
    made_at: datetime


def make(language: Language, properties: Properties, about: str, head: str, fill: Callable[[Book], None]) -> bytes:
    """A workbook, filled, as bytes."""
    import xlsxwriter  # type: ignore[import-untyped]  # read where a workbook is made, not at each start

    made = io.BytesIO()
    file = xlsxwriter.Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    file.set_properties(
        {
            "title": properties.title.translate(BIDI_CONTROLS),
            "subject": properties.subject.translate(BIDI_CONTROLS),
            "company": properties.company,
            "created": properties.made_at.replace(tzinfo=None),
        }
    )
    fill(Book(file, language, about, head, _styles(file, language), []))
    file.close()
    return made.getvalue()


def _styles(file: Any, language: Language) -> dict[str, Any]:
    """The styles by name. Texts are read in the direction of the language, numbers and hidden ones left to right."""
    order, side = (2, "right") if language.is_rtl else (1, "left")
    base: dict[str, Any] = {"font_name": "Arial", "font_size": 11, "font_color": INK, "valign": "top"}
    said = {**base, "reading_order": order, "align": side}
    counted = {**base, "reading_order": 1, "align": "right"}
    looks = {
        **_texts(said),
        **_headers(said, {**counted, "reading_order": order}),
        "hidden": counted,
        "code": {**base, "reading_order": 1, "align": side},
        **{shape.value: {**counted, "num_format": form} for shape, form in NUMBER_FORMATS.items()},
    }
    return {name: file.add_format(look) for name, look in looks.items()}


def _texts(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How words look."""
    return {
        "title": {**said, "bold": True, "font_size": 16, "font_color": OLIVE},
        "subtitle": {**said, "bold": True, "font_size": 12},
        "text": {**said, "text_wrap": True, "indent": 1},
        "name": {**said, "text_wrap": True, "bold": True},
        "quiet_line": {**said, "font_color": QUIET},
        "paragraph": {**said, "text_wrap": True},
        "banner": {**said, "bold": True, "bg_color": "#FDF0DC", "font_color": "#8A5300", "text_wrap": True},
        "link": {**said, "font_color": OLIVE, "underline": 1},
    }


def _headers(said: dict[str, Any], counted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How the head of a column looks: of names, of texts, of numbers."""
    look = {"bold": True, "bg_color": PALE, "bottom": 1, "bottom_color": OLIVE, "text_wrap": True, "valign": "vcenter"}
    return {
        "header": {**said, **look},
        "header_text": {**said, **look, "indent": 1},
        "header_number": {**counted, **look},
    }
