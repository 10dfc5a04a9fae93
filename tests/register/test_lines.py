"""The lines of a CSV file are those that Python's own writer makes."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.register import lines

CELLS = st.none() | st.integers() | st.dates() | st.text(st.sampled_from("ab ,\"\r\n=+-@';جلسة\u2028"), max_size=4)
ROWS = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=4)
)


def by_the_library(rows):
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue()


@given(ROWS)
def test_they_are_what_the_library_writes(rows):
    assert lines.lines_of(rows) == by_the_library(rows)


@given(ROWS)
def test_typed_texts_are_no_formulas(rows):
    escaped = [[lines.safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    first_escaped = [[one, *others] for (one, *_rest), (_one, *others) in zip(escaped, rows, strict=True)]
    assert lines.lines_of(rows, range(len(rows[0]))) == by_the_library(escaped)
    assert lines.lines_of(rows, {0}) == by_the_library(first_escaped)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "'=1", "''-1"])
@pytest.mark.parametrize("others", [[], ["a"], [None], [-1]])
def test_a_formula_is_found_wherever_it_stands_in_its_column(text, others):
    rows = [[cell, "b"] for cell in (*others, text, *others)]
    assert f"'{text},b\r\n" in lines.lines_of(rows, {0})


def test_a_number_below_nought_and_what_was_not_typed_stay_as_they_are():
    assert lines.lines_of([[-1, "=1"], ["=1", date(2016, 4, 14)]], {0}) == "-1,=1\r\n'=1,2016-04-14\r\n"


def test_no_rows_are_no_lines():
    assert lines.lines_of([]) == ""
