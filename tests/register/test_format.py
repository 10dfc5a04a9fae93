"""The format is the contract: its sheets and columns, in its order."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clinic.register.format import BY_NAME, SHEETS, Kind
from clinic.vocabularies.lists import shipped

CONTRACT = (Path(__file__).parents[2] / "docs" / "register.md").read_text(encoding="utf-8")
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
