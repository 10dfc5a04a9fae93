"""The workbook of a report: the figures of the machine-readable form, right to left in Arabic, drawn from its cells."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from clinic.languages import _, using
from clinic.reports.editions import Edition
from clinic.reports.indicator import Group
from clinic.reports.indicators import INDICATORS, of_group
from clinic.reports.report import Report
from clinic.reports.workbook.figures import COLUMNS
from clinic.reports.workbook.making import as_xlsx
from clinic.targets.rules import Goal, Words
from tests.reports.asking import report
from tests.reports.register_facts import register

YEAR = ("2014-09-01", "2015-08-31")
LANGUAGES = ("ar", "en")


@dataclass
class Clinic:
    """What a workbook says of its clinic."""

    name: str = "عيادة & Clinic"
    is_demonstration: bool = True


def asked(keys: Sequence[str] = (), edition: Edition = Edition.INTERNAL) -> Report:
    return report(register("register"), *YEAR, keys=keys, edition=edition)


def written(made: Report, language: str = "en", **clinic: Any) -> bytes:
    with using(language):
        return as_xlsx(made, {}, Clinic(**clinic))  # type: ignore[arg-type]


def opened(made: bytes) -> Workbook:
    return load_workbook(io.BytesIO(made))


def rows_of(sheet: Any) -> dict[str, list[Any]]:
    """The rows of the first table by what stands first in them."""
    found = {}
    for row in sheet.iter_rows(min_row=4, values_only=True):
        if row[0] is None:
            break
        found[row[0]] = list(row)
    return found


def cells_of(book: Workbook) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_the_machine_readable_form_is_a_number_in_its_sheet(language: str) -> None:
    made = asked()
    book = opened(written(made, language))
    with using(language):
        fields_of = {str(column.label): column.fields for column in COLUMNS}
        for place, group in enumerate(Group, start=1):
            sheet = book.worksheets[place]
            header, rows = [cell.value for cell in sheet[3]], rows_of(sheet)
            for indicator in of_group(group):
                row, fields = rows[str(indicator.title)], made.as_object()["indicators"][indicator.id]
                assert row[1] == ("–" if fields["value"] is None else pytest.approx(fields["value"])), indicator.id
                for label, cell in zip(header[3:], row[3:], strict=False):
                    name = next((name for name in fields_of.get(label, ()) if name in fields), None)
                    told = None if name is None else "–" if fields[name] is None else pytest.approx(fields[name])
                    assert cell == told, (indicator.id, label)
                    assert name is None or fields[name] is None or isinstance(cell, int | float)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheets_run_in_the_direction_of_the_language_and_their_names_fit(language: str) -> None:
    book = opened(written(asked(["sex", "month"]), language))
    assert all(bool(sheet.sheet_view.rightToLeft) == (language == "ar") for sheet in book.worksheets)
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert len(book.sheetnames) == 1 + len(Group) + 2 + 3
    assert all(sheet.freeze_panes == "B4" for sheet in book.worksheets[1:])
    assert all(sheet.page_setup.paperSize == 9 for sheet in book.worksheets)


def charts_of(book: Workbook) -> list[tuple[Any, Any]]:
    return [(sheet, chart) for sheet in book.worksheets for chart in sheet._charts]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_chart_draws_cells_that_are_there(language: str) -> None:
    book = opened(written(asked(), language))
    found = charts_of(book)
    assert len(found) >= 7
    for sheet, chart in found:
        for series in chart.series:
            for reference, kind in ((series.cat.strRef or series.cat.numRef, str), (series.val.numRef, int | float)):
                name, area = reference.f.rsplit("!", 1)
                assert name.strip("'") == sheet.title
                cells = [cell.value for row in sheet[area.replace("$", "")] for cell in row]
                assert cells
                assert all(isinstance(value, kind) for value in cells), (sheet.title, area)


def test_a_breakdown_has_a_sheet_whose_parts_are_those_of_the_machine_readable_form() -> None:
    made = asked(["sex"])
    sheet = opened(written(made))["Sex"]
    told = made.fields["services_delivered"]["breakdown"]["sex"]  # type: ignore[index]
    with using("en"):
        title = str(INDICATORS["services_delivered"].title)
    rows = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0] == title]
    assert sorted(row[2] for row in rows) == sorted(part["value"] for part in told.values())
    assert sheet.auto_filter.ref is not None


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    words = Words(en="=1+1\n@SUM(A1)\nhttps://example.org")
    made = replace(asked(), narrative={Group.REACH: words})
    book = opened(written(made, name="=HYPERLINK(1)&+-@"))
    assert {cell.data_type for cell in cells_of(book)} <= {"s", "n"}
    assert [cell.value for cell in cells_of(book) if str(cell.value).startswith(("=1+1", "@SUM", "https"))] == [
        "=1+1",
        "@SUM(A1)",
        "https://example.org",
    ]
    assert all(cell.hyperlink is None for sheet in book.worksheets[1:] for row in sheet.iter_rows() for cell in row)


def rounded(values: Iterable[Any]) -> set[float]:
    """The numbers among these, as exactly as a workbook keeps them."""
    return {round(value, 9) for value in values if isinstance(value, int | float)}


def numbers_within(made: bytes) -> dict[str, str]:
    """The text of each part of the file: cells, strings, and what charts keep of their cells."""
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        return {name: parts.read(name).decode() for name in parts.namelist()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_public_workbook_has_no_hidden_number_in_a_cell_or_in_what_a_chart_keeps(language: str) -> None:
    internal, public = asked(), asked(edition=Edition.PUBLIC)
    made = written(public, language)
    book = opened(made)
    with using(language):
        hidden = 0
        for place, group in enumerate(Group, start=1):
            rows = rows_of(book.worksheets[place])
            for indicator in of_group(group):
                told, row = public.fields[indicator.id], rows[str(indicator.title)]
                assert rounded(row) <= rounded(told.values()), indicator.id
                hidden += internal.fields[indicator.id]["value"] != told["value"]
    assert hidden
    kept = "".join(text for name, text in numbers_within(made).items() if name.startswith("xl/charts/"))
    drawn = rounded(float(number) for number in re.findall(r"<c:v>(-?[\d.]+)</c:v>", kept))
    assert drawn
    assert drawn <= rounded(value for told in public.fields.values() for value in told.values())
    with using(language):
        assert _("What is known") not in book.sheetnames


def test_a_target_stands_beside_its_figure_and_the_paragraph_below() -> None:
    goal = Goal("lawyer_before_questioning", 60, False, uuid.uuid4(), datetime.now(UTC))
    made = replace(
        asked(), targets={goal.indicator: goal}, narrative={Group.POLICE: Words(en="We came sooner.", ar="وصلنا أسرع.")}
    )
    sheet = opened(written(made)).worksheets[2]
    header = [cell.value for cell in sheet[3]]
    row = rows_of(sheet)["Lawyer before questioning"]
    assert row[header.index("Target")] == 60
    assert row[header.index("Met or not")].startswith("Target not met")
    assert any(cell.value == "We came sooner." for row in sheet.iter_rows() for cell in row)


def test_the_cover_says_what_the_report_is_and_the_file_names_nobody() -> None:
    made = written(asked())
    book = opened(made)
    cover = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    for said in ("Report of the clinic", "عيادة & Clinic", "Internal edition", "1 September 2014", "every person here"):
        assert said in cover
    assert (book.properties.creator or "") == ""
    assert (book.properties.lastModifiedBy or "") == ""
    links = [cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert {link.split("!")[0].strip("'") for link in links} == set(book.sheetnames[1:])
    assert "Demonstration" not in "".join(
        str(cell.value) for cell in cells_of(opened(written(asked(), is_demonstration=False)))
    )


def test_the_definitions_name_every_indicator() -> None:
    sheet = opened(written(asked())).worksheets[-1]
    assert {row[4] for row in sheet.iter_rows(min_row=4, values_only=True)} == set(INDICATORS)


@pytest.mark.parametrize("edition", Edition)
def test_the_fifteen_say_our_own_figure(edition: Edition) -> None:
    made = asked(edition=edition)
    sheet = opened(written(made)).worksheets[-2]
    told = {row[0].split(".")[0]: row[3] for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]}
    value = made.fields["cases_opened"]["value"]
    assert told["1"] == f"Cases opened: {value}"
    assert told["3"] == "In custody at the end"
    assert told["6"] == "–"


def test_stays_in_custody_are_told_in_days_where_they_last_for_days() -> None:
    sheet = opened(written(asked()))["Custody"]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "How long, days" in cells
    assert "How long, hours" not in cells
