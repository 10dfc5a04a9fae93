"""The format is the contract: its sheets and columns, in its order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic import rooms
from clinic.access.lanes import lane_of
from clinic.cases.kinds import all_kinds
from clinic.register.format import BY_NAME, SHEETS, Kind
from clinic.register.further import HEADERS, PLANNED, WITHDRAWN, field_name, sheet_of_kind, whole_format
from clinic.register.shapes import kept_as
from clinic.vocabularies.lists import shipped

CONTRACT = (Path(__file__).parents[2] / "docs" / "register.md").read_text(encoding="utf-8")
rooms.wire()
SECTIONS = re.findall(r"^### (\w+) — (.+?)\n(.*?)(?=^#|\Z)", CONTRACT, re.MULTILINE | re.DOTALL)


def test_every_sheet_of_the_contract_is_known_in_its_order():
    assert [(name, arabic.strip()) for name, arabic, _ in SECTIONS] == [(sheet.name, sheet.arabic) for sheet in SHEETS]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, _arabic, text in SECTIONS])
def test_every_column_of_the_contract_is_known_in_its_order(name, text):
    rows = re.findall(r"^\| (\w+)(\*?) \| (.+?) \|", text, re.MULTILINE)
    expected = [(column, bool(star), arabic) for column, star, arabic in rows if column != "column"]
    own = [column for column in BY_NAME[name].columns if column.name != "step_ref" and not column.further]
    assert [(column.name, column.required, column.arabic) for column in own] == expected


def test_every_sheet_of_steps_may_carry_a_reference_of_the_step():
    steps = [sheet for sheet in SHEETS if sheet.holds_steps]
    assert len(steps) == 9
    assert all(sheet.column("step_ref").arabic == "رقم الخطوة" for sheet in steps)


def test_no_header_of_a_sheet_stands_for_two_columns():
    for sheet in SHEETS:
        headers = [header for column in sheet.columns for header in {column.name, column.arabic}]
        assert len(headers) == len(set(headers)), sheet.name


def test_every_code_is_of_a_list_that_there_is():
    for sheet in SHEETS:
        for column in sheet.of_kind(Kind.CODE, Kind.CODES):
            assert column.vocabulary in shipped() or column.name == "projects"


def _told(name):
    """The columns that the page names under a heading: name, starred, Arabic header."""
    section = re.search(rf"^#### {name}\n(.*?)(?=^#|\Z)", CONTRACT, re.MULTILINE | re.DOTALL)
    assert section, f"docs/register.md says nothing of {name}"
    rows = re.findall(r"^\| (\w+)(\*?) \| (.+?) \|", section[1], re.MULTILINE)
    return [(column, bool(star), arabic) for column, star, arabic in rows if column != "column"]


def _of(columns):
    return [(column.name, column.required, column.arabic) for column in columns]


def test_every_further_column_and_sheet_is_named_in_the_contract():
    for sheet in whole_format():
        if sheet.further:
            assert _told(f"{sheet.name} — {sheet.arabic}") == _of(sheet.columns)
        else:
            assert _told(f"{sheet.name}, further") == _of(column for column in sheet.columns if column.further)


def test_every_field_of_every_kind_of_step_has_its_column_and_header():
    for kind in all_kinds():
        sheet = sheet_of_kind(kind.code)
        for field in kind.fields:
            column = kind.column(field)
            names = {field_name(sheet, one) for one in sheet.at}
            assert column in names, f"{kind.code}: {column}"
            assert column in HEADERS or not sheet.column(_named(sheet, column)).further, f"{column} needs a header"


def _named(sheet, column):
    return next(name for name in sheet.at if field_name(sheet, name) == column)


def test_every_lane_is_that_of_the_column_in_the_database():
    for kind in all_kinds():
        sheet = sheet_of_kind(kind.code)
        for field in kind.fields:
            assert sheet.column(_named(sheet, kind.column(field))).lane.value == kind.lane(field.name).value
    for sheet in whole_format():
        if not sheet.kind and sheet not in (PLANNED, WITHDRAWN):
            held = kept_as(sheet)
            for column in held.own:
                lane = lane_of(str(held.model.__tablename__), held.attribute(column.name))
                assert column.lane.value == lane.value, f"{sheet.name}.{column.name}"


def test_no_header_of_the_whole_format_stands_for_two_columns():
    for sheet in whole_format():
        headers = [header for column in sheet.columns for header in {column.name, column.arabic}]
        assert len(headers) == len(set(headers)), sheet.name
    names = [name for sheet in whole_format() for name in (sheet.name, sheet.arabic)]
    assert len(names) == len(set(names))
