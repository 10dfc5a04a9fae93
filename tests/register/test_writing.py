"""Writing a register so that it is read back as it was."""

from __future__ import annotations

import io
import stat

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clinic.languages import ARABIC, ENGLISH, using
from clinic.register import reading, writing
from clinic.register.book import TooMuchForAWorkbook
from clinic.register.cells import clean, text_of
from clinic.register.format import BY_NAME, SHEETS
from clinic.register.lines import safe
from clinic.register.sources import Workbook, source_at
from clinic.register.tables import Table, table_of
from clinic.register.writing import AlreadyThere, FileFormat
from clinic.vocabularies.lists import shipped
from tests.register.registers import checked, csv_files, row, told, whole
from tests.register.test_reading import DATA


def tables_of(register, language):
    for sheet in SHEETS:
        rows = [[text_of(value) for value in found.values] for found in register.rows(sheet.name)]
        yield table_of(sheet, sheet.columns, rows, language)


def values_of(register):
    return {name: [found.values for found in rows.rows] for name, rows in register.sheets.items()}


@pytest.mark.parametrize("file_format", list(FileFormat))
@pytest.mark.parametrize("language", [ARABIC, ENGLISH], ids=lambda language: language.code)
@pytest.mark.parametrize("name", ["register.xlsx", "edge"])
def test_what_is_written_is_read_back_as_it_was(tmp_path, name, language, file_format):
    register = reading.read(source_at(DATA / name), lists=shipped())
    out = tmp_path / ("out.xlsx" if file_format == FileFormat.XLSX else "out")
    writing.write(tables_of(register, language), out, file_format, language)
    again = reading.read(source_at(out), lists=shipped())
    assert again.problems == []
    assert values_of(again) == values_of(register)
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30).map(clean).filter(bool)


@given(TYPED)
def test_any_text_survives_a_csv_file(text):
    register = checked(csv_files({"activities": [row("activities", title=safe(text))]}))
    assert register.rows("activities")[0].values[BY_NAME["activities"].at["title"]] == text


@given(st.lists(TYPED, max_size=5))
@example(["<r>x</r>", "_x0041_x0042_", "a\vb", "x" * 20_000])
def test_any_text_survives_a_workbook(titles):
    rows = [[f"A-{number}", "2016-01-01", "training", title] for number, title in enumerate(titles)]
    made = writing.workbook_of([Table("activities", ["activity_ref", "held_on", "kind", "title"], rows)], ENGLISH)
    register = reading.read(Workbook(made), lists=shipped())
    assert [found.values[BY_NAME["activities"].at["title"]] for found in register.rows("activities")] == titles


def test_a_csv_file_begins_with_the_mark_of_utf_8_and_is_read_by_its_owner_alone(tmp_path):
    writing.write_csv([Table("activities", ["activity_ref", "title"], [["A-1", "=1+1"]])], tmp_path / "out")
    path = tmp_path / "out" / "activities.csv"
    assert path.read_bytes() == b"\xef\xbb\xbfactivity_ref,title\r\nA-1,'=1+1\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_workbook_holds_no_formula_and_numbers_as_numbers():
    made = writing.workbook_of([Table("activities", ["title", "participants_male"], [["=1+1", 7]])], ENGLISH)
    sheet = openpyxl.load_workbook(io.BytesIO(made))["activities"]
    assert (sheet["A2"].value, sheet["A2"].data_type, sheet["B2"].value) == ("=1+1", "s", 7)


def test_a_column_is_as_wide_as_what_it_begins_with():
    rows = [["A training for the teachers of the camp", 7], ["x" * 300, 8]]
    for shown, wide in ((rows[:1], 40), (rows, 40), ([["Short", 7]], 10)):
        made = writing.workbook_of([Table("activities", ["title", "number"], iter(shown))], ENGLISH)
        sheet = openpyxl.load_workbook(io.BytesIO(made))["activities"]
        assert round(sheet.column_dimensions["A"].width) in (wide, wide + 1)
        assert sheet.max_row == 1 + len(shown)


def test_an_arabic_workbook_runs_from_right_to_left_under_arabic_names():
    register = checked(whole())
    made = openpyxl.load_workbook(io.BytesIO(writing.workbook_of(tables_of(register, ARABIC), ARABIC)))
    assert made.sheetnames == [sheet.arabic for sheet in SHEETS]
    assert made["القضايا"].sheet_view.rightToLeft
    assert made["القضايا"]["A1"].value == "رقم القضية"


def test_what_a_workbook_cannot_hold_is_refused_not_cut(tmp_path):
    long = Table("activities", ["title"], [["x" * 32_768]])
    with pytest.raises(TooMuchForAWorkbook):
        writing.write([long], tmp_path / "out.xlsx", FileFormat.XLSX, ENGLISH)
    assert list(tmp_path.iterdir()) == []
    writing.write([long], tmp_path / "out", FileFormat.CSV, ENGLISH)


def test_nothing_that_is_there_is_overwritten(tmp_path):
    (tmp_path / "out.xlsx").write_text("x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "children.csv").write_text("x")
    with pytest.raises(AlreadyThere):
        writing.write([], tmp_path / "out.xlsx", FileFormat.XLSX, ENGLISH)
    with pytest.raises(AlreadyThere):
        writing.write([], tmp_path / "out", FileFormat.CSV, ENGLISH)


def bad_register():
    sheets = whole()
    sheets["children"] += [
        row("children", child_ref="C-2", sex="what", date_of_birth="soon"),
        row("children", child_ref="C-3"),
    ]
    sheets["hearings"].append(row("hearings", case_ref="K-9"))
    return csv_files(sheets)


def test_the_bad_rows_come_back_with_what_is_wrong():
    source = bad_register()
    with using("en"):
        made = openpyxl.load_workbook(io.BytesIO(writing.problem_workbook(source, checked(source))))
    assert made.sheetnames == ["children", "hearings"]
    rows = list(made["children"].values)
    assert rows[0] == ("child_ref", "given_name", "family_name", "sex", "date_of_birth", "problem")
    assert len(rows) == 2
    assert rows[1][:5] == ("C-2", "يوسف", "مثال", "what", "soon")
    assert "sex: Expected one of the list" in rows[1][5]
    assert "date_of_birth: Expected a date" in rows[1][5]


def test_the_corrected_rows_are_read_back_with_the_column_of_problems_still_there():
    source = bad_register()
    with using("ar"):
        made = openpyxl.load_workbook(io.BytesIO(writing.problem_workbook(source, checked(source))))
    made["children"]["D2"], made["children"]["E2"], made["hearings"]["A2"] = "male", "2001-05-05", "K-1"
    saved = io.BytesIO()
    made.save(saved)
    register = reading.read(Workbook(saved.getvalue()), lists=shipped())
    assert told(register) == []
    assert register.counts["children"] == register.counts["hearings"] == 1
