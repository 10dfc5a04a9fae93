"""The workbook of a register, cell by cell."""

import io

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from clinic.register.workbook import Workbook


def made_of(rows: list[list[str | int | None]]) -> io.BytesIO:
    """A workbook of one sheet."""
    made = io.BytesIO()
    book = Workbook(made, is_rtl=True)
    book.add("الأطفال & more", ["one", "two"], rows)
    book.close()
    made.seek(0)
    return made


def read_back(rows: list[list[str | int | None]]) -> list[tuple[object, ...]]:
    """The rows as another program reads them."""
    return list(load_workbook(made_of(rows)).active.iter_rows(min_row=2, values_only=True))


def test_a_sheet_runs_from_right_to_left_under_headers_that_stay() -> None:
    sheet = load_workbook(made_of([]))["الأطفال & more"]
    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    "text",
    [
        "<b> & \"c\" 'd'",
        " a space before and after ",
        "two\nlines\tand a tab",
        "=1+1",
        "_x0041_ as typed",
        "سطر\rوسطر",
        "\x01",
    ],
)
def test_a_text_comes_back_as_it_was_typed(text: str) -> None:
    sheet = CalamineWorkbook.from_filelike(made_of([[text, "plain"]])).get_sheet_by_index(0)
    assert sheet.to_python()[1] == [text, "plain"]


def test_a_number_is_a_number_and_a_blank_is_nothing() -> None:
    assert read_back([[7, None], [None, "x"], ["", 0]]) == [(7, None), (None, "x"), (None, 0)]


def test_a_row_may_be_longer_than_its_headers() -> None:
    row = [str(place) for place in range(30)]
    assert read_back([[*row]]) == [tuple(row)]
