"""The rows of a workbook are ours, everything else the library's: what it makes of the same rows says what is right."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinic.languages import ARABIC, ENGLISH
from clinic.register import book
from clinic.register.book import Book, Sheets, TooMuchForAWorkbook
from clinic.register.tables import Table

HEADERS = ["one", "two", "<three>"]
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=8)
CELLS = st.one_of(
    st.none(),
    TEXTS,
    st.sampled_from(["", " before", "after ", "a\nb", "\ta", "a & b", "<r>x", "=1+1", "¦ a ¦", "_x0041_", "سند"]),
    st.integers(-(10**14), 10**14),
    st.dates(),
)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6)


def made(*tables, language=ENGLISH):
    """A workbook of these, as bytes."""
    file = io.BytesIO()
    with Book(file, language) as whole:
        for place, table in enumerate(tables):
            whole.add(place, table)
        whole.finish(table.name for table in tables)
    return file.getvalue()


def made_by_the_library(*tables, language=ENGLISH):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as whole:
        bold = whole.add_format({"bold": True})
        for table in tables:
            sheet = whole.add_worksheet(table.name)
            if language.is_rtl:
                sheet.right_to_left()
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, table.headers, bold)
            for number, row in enumerate(table.rows, start=1):
                for place, cell in enumerate(row):
                    if isinstance(cell, int):
                        sheet.write_number(number, place, cell)
                    elif cell is not None and cell != "":
                        sheet.write_string(number, place, str(cell))
    return file.getvalue()


def read(content):
    """All that a workbook shows but the widths of its columns."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return [
        (
            sheet.title,
            sheet.sheet_view.rightToLeft,
            sheet.sheet_view.tabSelected,
            sheet.freeze_panes,
            sheet.dimensions,
            {
                cell.coordinate: (cell.value, cell.data_type, cell.font.b, cell.number_format)
                for row in sheet.iter_rows()
                for cell in row
            },
        )
        for sheet in workbook
    ]


@settings(deadline=None)
@given(ROWS)
@example([["plain", "text", None]] * 3)
@example([[1, None, "a"], [None, date(2026, 1, 1), 2]])
def test_what_is_written_is_what_the_library_writes(rows):
    table = Table("activities", HEADERS, rows)
    assert read(made(table)) == read(made_by_the_library(table))


@pytest.mark.parametrize("language", [ARABIC, ENGLISH], ids=lambda language: language.code)
def test_sheets_are_those_of_the_library_and_only_the_first_is_open(language):
    tables = [Table("children", HEADERS, [["a", 1, None]]), Table("cases", ["one"], []), Table("team", HEADERS, [])]
    found = read(made(*tables, language=language))
    assert found == read(made_by_the_library(*tables, language=language))
    assert [bool(is_open) for _title, _is_rtl, is_open, *_rest in found] == [True, False, False]


def test_columns_are_called_as_in_a_spreadsheet():
    assert [book._letters(place) for place in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_rows_beyond_the_headers_and_of_many_batches_are_there():
    rows = [[number, *["x"] * (number % 5)] for number in range(4_500)]
    sheet = openpyxl.load_workbook(io.BytesIO(made(Table("team", HEADERS, iter(rows)))))["team"]
    assert [[cell for cell in row if cell is not None] for row in sheet.iter_rows(min_row=2, values_only=True)] == rows


@pytest.mark.parametrize(("text", "fits"), [("x" * 32_767, True), ("x" * 32_768, False), ("😀" * 16_384, False)])
def test_a_text_is_as_long_as_a_cell_may_be(text, fits):
    table = Table("activities", ["title"], [[text]])
    if fits:
        assert openpyxl.load_workbook(io.BytesIO(made(table)))["activities"]["A2"].value == text
    else:
        with pytest.raises(TooMuchForAWorkbook):
            made(table)


@pytest.mark.parametrize("limit", ["MOST_ROWS", "LARGEST_SHEET"])
def test_a_sheet_is_as_large_as_one_may_be(monkeypatch, limit):
    monkeypatch.setattr(book, limit, 3)
    with pytest.raises(TooMuchForAWorkbook):
        made(Table("activities", ["title"], [["a"], ["b"], ["c"]]))


def test_sheets_that_another_wrote_are_taken_over_as_they_are():
    tables = [Table(name, HEADERS, [[name, number, None] for number in range(9)]) for name in ("a", "b", "c", "d")]
    beside, file = io.BytesIO(), io.BytesIO()
    with Sheets(beside, ARABIC) as theirs:
        for place in (3, 1):
            theirs.add(place, tables[place])
    with Book(file, ARABIC) as whole:
        for place in (2, 0):
            whole.add(place, tables[place])
        whole.take_over(beside)
        whole.finish("abcd")
    assert read(file.getvalue()) == read(made(*tables, language=ARABIC))
