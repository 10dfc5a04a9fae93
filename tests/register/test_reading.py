"""Finding sheets, columns and rows, whatever they are called and wherever they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from clinic.clock import Moment, Precision
from clinic.register import reading
from clinic.register.format import BY_NAME, SHEETS
from clinic.register.sources import CsvFiles, NotARegister, Workbook, source_at
from clinic.vocabularies.lists import shipped
from tests.register.registers import VALID, in_english, read, row, texts, told, whole

DATA = Path(__file__).parents[1] / "data"


def book(*sheets):
    """A workbook of (name, rows)."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def read_book(*sheets):
    return reading.read(Workbook(book(*sheets)), lists=shipped())


def in_arabic(sheets):
    """The same register under Arabic names, with Arabic labels and digits in its cells."""
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

    def cell(column, text):
        if column.vocabulary:
            vocabulary = shipped()[column.vocabulary]
            return ";".join(vocabulary.get(code).ar for code in text.split(";"))
        return text.translate(digits)

    return {
        BY_NAME[name].arabic: [
            {BY_NAME[name].column(key).arabic: cell(BY_NAME[name].column(key), text) for key, text in cells.items()}
            for cells in rows
        ]
        for name, rows in sheets.items()
    }


def test_the_clinics_own_workbook_is_read_whole():
    register = reading.read(source_at(DATA / "register.xlsx"), lists=shipped())
    assert register.problems == []
    assert register.counts == {
        "children": 110,
        "cases": 120,
        "police_attendances": 102,
        "prosecution_appearances": 49,
        "custody_periods": 102,
        "hearings": 127,
        "counselling_sessions": 397,
        "school_followups": 164,
        "community_followups": 138,
        "referrals": 28,
        "complaints": 9,
        "activities": 48,
    }


def test_a_folder_of_csv_files_is_read_whole():
    register = reading.read(source_at(DATA / "edge"), lists=shipped())
    assert register.problems == []
    assert sum(register.counts.values()) == 59


def test_every_sheet_may_have_its_arabic_name_headers_labels_and_digits():
    english, arabic = read(whole()), read(in_arabic(whole()))
    assert arabic.problems == []
    for sheet in SHEETS:
        assert arabic.rows(sheet.name) == english.rows(sheet.name)
        assert len(arabic.rows(sheet.name)) == 1


def test_sheets_and_columns_come_in_any_order_and_any_case():
    mixed = {
        name.upper(): [{key.title(): text for key, text in reversed(cells.items())}]
        for name, cells in reversed(VALID.items())
    }
    register = read(mixed)
    assert register.problems == []
    assert register.rows("cases") == read(whole()).rows("cases")


def test_headers_may_bear_marks_and_the_star_of_what_is_required():
    starred = {
        "children": [{"\u200fرقم الطفل\u200f*": "C-1", " Given_Name ": "يوسف", "family_name*": "مثال", "sex*": "male"}]
    }
    assert read(starred).problems == []


def test_a_missing_sheet_is_an_empty_one():
    register = read({"children": [row("children")]})
    assert register.problems == []
    assert register.rows("cases") == []


def test_an_unknown_sheet_is_an_error():
    assert told(read({"kittens": [{"name": "x"}]})) == [("unknown_sheet", "kittens", 0, "")]


def test_a_sheet_there_twice_under_its_two_names_is_an_error():
    assert told(read({"cases": [row("cases")], "القضايا": [row("cases")]})) == [("doubled_sheet", "cases", 0, "")]


def test_an_unknown_column_is_an_error():
    register = read({"children": [row("children", shoe_size="40")]})
    assert told(register) == [("unknown_column", "children", 1, "shoe_size")]
    assert register.is_broken


def test_an_unknown_column_is_kept_aside_when_told_to():
    register = read({"children": [row("children", shoe_size="40")]}, ignore_unknown_columns=True)
    assert told(register) == [("ignored_column", "children", 1, "shoe_size")]
    assert not register.errors
    assert len(register.rows("children")) == 1


def test_a_column_there_twice_under_its_two_names_is_an_error():
    register = read({"children": [row("children", **{"الجنس": "أنثى"})]})
    assert told(register) == [("doubled_column", "children", 1, "sex")]


def test_a_required_column_that_is_missing_is_told_once():
    rows = [{"child_ref": "C-1", "given_name": "يوسف", "family_name": "مثال"}] * 3
    assert told(read({"children": rows})) == [("missing_column", "children", 1, "sex")]


def test_a_sheet_with_headers_alone_or_nothing_at_all_is_empty():
    assert read(texts({"children": "child_ref\r\n", "cases": "", "hearings": "\r\n\r\n"})).problems == []


def test_rows_below_an_empty_first_row_have_no_headers():
    assert told(read(texts({"children": "\r\nC-1,يوسف\r\n"}))) == [("no_header", "children", 1, "")]


def test_a_required_cell_that_is_blank_is_an_error():
    register = read({"children": [row("children", given_name=" \u200f")]})
    assert told(register) == [("required", "children", 2, "given_name")]


def test_a_blank_optional_cell_is_unknown_never_zero():
    register = read({"counselling_sessions": [row("counselling_sessions", wellbeing_score="", duration_minutes=" ")]})
    values = dict(zip(BY_NAME["counselling_sessions"].at, register.rows("counselling_sessions")[0].values, strict=True))
    assert values["wellbeing_score"] is None
    assert values["duration_minutes"] is None
    register = read({"hearings": [row("hearings", guardian_present="")]})
    assert register.rows("hearings")[0].values[BY_NAME["hearings"].at["guardian_present"]] is None


def test_row_numbers_are_those_of_a_spreadsheet():
    text = 'child_ref,given_name,family_name,sex\r\n\r\nC-1,"two\r\nlines",مثال,male\r\n\r\nC-2,b,مثال,what\r\n'
    register = read(texts({"children": text}))
    assert [found.number for found in register.rows("children")] == [3, 5]
    assert told(register) == [("not_a_code", "children", 5, "sex")]


def test_a_row_of_blank_cells_is_no_row():
    assert (
        len(
            read(texts({"activities": "activity_ref,held_on,kind\r\n,\u200f, \r\nA-1,2016-01-01,training"})).rows(
                "activities"
            )
        )
        == 1
    )


def test_a_short_row_has_blank_cells_and_a_cell_beyond_the_headers_is_not_dropped():
    text = "activity_ref,held_on,kind,title\r\nA-1,2016-01-01,training\r\nA-2,2016-01-01,training,x,lost\r\n"
    assert told(read(texts({"activities": text}))) == [("outside_columns", "activities", 3, "")]


def test_a_cell_in_a_column_without_a_header_is_not_dropped():
    text = "activity_ref,,held_on,kind\r\nA-1,,2016-01-01,training\r\nA-2,lost,2016-01-01,training\r\n"
    assert told(read(texts({"activities": text}))) == [("outside_columns", "activities", 3, "")]


def test_every_bad_cell_of_a_row_is_told_and_the_rest_is_read():
    register = read({"cases": [row("cases", opened_on="yesterday", referral_source="moon", offence_on="2016-01-01")]})
    assert told(register) == [("not_a_date", "cases", 2, "opened_on"), ("not_a_code", "cases", 2, "referral_source")]
    assert register.rows("cases")[0].values[BY_NAME["cases"].at["offence_on"]] == date(2016, 1, 1)


def test_the_byte_mark_of_a_csv_file_is_tolerated():
    text = "\ufeffactivity_ref,held_on,kind\r\nA-1,2016-01-01,training\r\n"
    assert read(texts({"activities": text})).problems == []


def test_a_file_that_is_not_utf_8_is_told():
    register = read(
        texts({"activities": "activity_ref,held_on,kind,title\r\nA-1,2016-01-01,training,تدريب\r\n".encode("cp1256")})
    )
    assert [problem.code.value for problem in register.problems] == ["unreadable"]
    assert register.is_broken


@pytest.mark.parametrize(
    ("cell", "text"),
    [("'=1+1", "=1+1"), ("'+970 2", "+970 2"), ("'-", "-"), ("'@x", "@x"), ("''=x", "'=x"), ("'x", "'x"), ("=x", "=x")],
)
def test_one_apostrophe_before_what_looks_like_a_formula_is_removed(cell, text):
    register = read({"activities": [row("activities", title=cell)]})
    assert register.rows("activities")[0].values[BY_NAME["activities"].at["title"]] == text


def test_the_column_in_which_problems_come_back_may_be_brought_along():
    assert read({"activities": [row("activities", problem="", **{})]}).problems == []
    assert read({"activities": [row("activities", **{"المشكلة": "x"})]}).problems == []


def test_a_workbook_has_native_dates_moments_and_numbers():
    register = read_book(
        ("children", [list(VALID["children"]), ["C-1", "يوسف", "مثال", "male", date(2001, 5, 5)]]),
        (
            "hearings",
            [
                ["case_ref", "court", "scheduled_at", "status"],
                [12, "bethlehem_magistrate", datetime(2016, 1, 10, 9), "held"],
            ],
        ),
        (
            "activities",
            [["activity_ref", "held_on", "kind", "participants_male"], ["A-1", datetime(2016, 1, 10), "training", 7]],
        ),
    )
    assert [in_english(problem) for problem in register.problems] == [
        "activities, row 2, held_on: 2016-01-10 00:00. Expected a date, as in 2016-03-28."
    ]
    assert register.rows("children")[0].values[BY_NAME["children"].at["date_of_birth"]] == date(2001, 5, 5)
    hearing = register.rows("hearings")[0].values
    assert hearing[0] == "12"
    assert hearing[BY_NAME["hearings"].at["scheduled_at"]] == Moment(datetime(2016, 1, 10, 7, tzinfo=UTC))


def test_a_native_moment_at_midnight_is_a_moment_and_a_native_date_is_a_day():
    header = ["ignored", "court", "scheduled_at", "case_ref", "status"]
    rows = [
        header[1:],
        ["bethlehem_magistrate", datetime(2016, 1, 10, 0, 0), "K-1", "held"],
        ["bethlehem_magistrate", date(2016, 1, 10), "K-1", "held"],
    ]
    register = read_book(("الأطفال", []), ("hearings", rows))
    at = BY_NAME["hearings"].at["scheduled_at"]
    first, second = (found.values[at] for found in register.rows("hearings"))
    assert register.problems == []
    assert (first.precision, second.precision) == (Precision.MINUTE, Precision.DAY)
    assert first.at == second.at == datetime(2016, 1, 9, 22, tzinfo=UTC)


def test_rows_of_a_workbook_are_numbered_as_it_shows_them():
    rows = [["activity_ref", "held_on", "kind"], [], [], ["A-1", "2016-01-01", "what"]]
    assert told(read_book(("activities", rows))) == [("not_a_code", "activities", 4, "kind")]


def test_what_is_neither_a_workbook_nor_a_folder_of_csv_is_refused(tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"no")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "x.xlsx", tmp_path / "empty", tmp_path / "nowhere.xlsx", tmp_path / "register.ods"):
        with pytest.raises(NotARegister):
            source_at(path)


def test_hidden_files_and_others_of_a_folder_are_no_part_of_the_register(tmp_path):
    (tmp_path / "Activities.CSV").write_text(
        "activity_ref,held_on,kind\r\nA-1,2016-01-01,training\r\n", encoding="utf-8"
    )
    (tmp_path / ".~lock.csv").write_text("x")
    (tmp_path / "notes.txt").write_text("x")
    register = reading.read(CsvFiles.in_folder(tmp_path), lists=shipped())
    assert register.problems == []
    assert register.counts["activities"] == 1
