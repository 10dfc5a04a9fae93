"""The sheets of figures: one a group, with its tables and charts, and one a key of the breakdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from clinic.languages import _, _l
from clinic.reports import labels
from clinic.reports.aims import UNITS
from clinic.reports.indicator import UNIT_LABELS, Group, Indicator, Shape
from clinic.reports.indicators import INDICATORS, of_group
from clinic.reports.keys import Names
from clinic.reports.measures import Fields
from clinic.reports.papers import TABLES
from clinic.reports.picture import Picture
from clinic.reports.report import Report
from clinic.reports.telling import ToldGroup
from clinic.reports.workbook.book import HEADER_ROW, NOTHING, Book, Cell, Sheet, number, text
from clinic.reports.workbook.drawn import CHART_COLUMN, draw, height_of

SHEET_NAMES: Final = {Group.OTHERS: _l("Referrals and activities")}
"""Groups whose own name is longer than that of a sheet may be."""
WIDE_NAME, WIDE_NUMBER, WIDE_UNIT, WIDE_TARGET = 44, 12, 20, 36
CHART_PIXELS: Final = 520


@dataclass(frozen=True)
class Column:
    """A number of a figure, under one of these names; `own_shape`: written in the shape of the figure, else a count."""

    fields: tuple[str, ...]
    label: str
    own_shape: bool = False

    def of(self, indicator: Indicator, fields: Fields) -> Cell:
        """The cell of a figure; empty where it has no such number."""
        name = next((name for name in self.fields if name in fields), None)
        shape = indicator.shape if self.own_shape else Shape.NUMBER
        return NOTHING if name is None else number(fields[name], shape)


COLUMNS: Final = (
    Column(("numerator",), _l("Counted")),
    Column(("denominator", "n"), _l("Known (n)")),
    Column(("unknown",), _l("Not known")),
    Column(("q1",), _l("A quarter lies below"), own_shape=True),
    Column(("q3",), _l("Three quarters lie below"), own_shape=True),
    Column(("min",), _l("Least"), own_shape=True),
    Column(("max",), _l("Most"), own_shape=True),
    Column(("improved",), _l("Better")),
    Column(("unchanged",), _l("Unchanged")),
    Column(("worse",), _l("Worse")),
)


def columns_of(figures: Sequence[Fields]) -> list[Column]:
    """The numbers that some of these figures have."""
    return [column for column in COLUMNS if any(name in fields for name in column.fields for fields in figures)]


def group_sheet(book: Book, report: Report, told: ToldGroup, pictures: Sequence[Picture]) -> Sheet:
    """The sheet of one group: its figures, its paragraph, its tables and charts."""
    indicators = of_group(told.group)
    columns = columns_of([report.fields[indicator.id] for indicator in indicators])
    has_target = any(indicator.id in report.targets for indicator in indicators)
    widths = [
        WIDE_NAME,
        WIDE_NUMBER,
        WIDE_UNIT,
        *[WIDE_NUMBER] * len(columns),
        *([WIDE_NUMBER, WIDE_TARGET] * has_target),
    ]
    sheet = book.sheet(str(SHEET_NAMES.get(told.group, told.label)), told.label, widths)
    header = [_("Figure"), _("Value"), _("Unit"), *(str(column.label) for column in columns)]
    rows: list[list[Cell]] = [
        [text(indicator.title, "name"), *numbers_of(indicator, report.fields[indicator.id], columns)]
        for indicator in indicators
    ]
    if has_target:
        header += [_("Target"), _("Met or not")]
        rows = [[*row, *_target(report, indicator)] for row, indicator in zip(rows, indicators, strict=True)]
    below = sheet.table(HEADER_ROW, header, rows) + 1
    sheet.freeze(on_each_page=False)
    if told.words:
        below = sheet.paragraph(below, told.words, min(len(header), 8)) + 1
    _tables(sheet, below, report, indicators, [one for one in pictures if one.group is told.group])
    return sheet


def numbers_of(indicator: Indicator, fields: Fields, columns: Sequence[Column]) -> list[Cell]:
    """The value, its unit, and the further numbers of a figure."""
    value: Cell = number(fields["value"], indicator.shape)
    if labels.is_withheld(fields):
        value = text(_("withheld"), "hidden")
    return [value, text(unit_of(indicator)), *(column.of(indicator, fields) for column in columns)]


def unit_of(indicator: Indicator) -> str:
    """What the value is: children · per cent · hours, median · points, mean."""
    if indicator.shape is Shape.NUMBER:
        return str(UNIT_LABELS[indicator.unit])
    unit = str(UNITS[indicator.shape])
    if indicator.shape in (Shape.HOURS, Shape.DAYS):
        return _("%(unit)s, median", unit=unit)
    return _("%(unit)s, mean", unit=unit) if indicator.shape is Shape.POINTS else unit


def _target(report: Report, indicator: Indicator) -> list[Cell]:
    goal = report.targets.get(indicator.id)
    if goal is None:
        return [NOTHING, NOTHING]
    said = labels.target_in_words(indicator.shape, goal, report.verdict(indicator.id))
    return [number(goal.value, indicator.shape), text(said)]


def _tables(
    sheet: Sheet, row: int, report: Report, indicators: Sequence[Indicator], pictures: Sequence[Picture]
) -> None:
    """The pictures with their charts, none cut in two by a page's end, then the tables that no picture shows."""
    wide = max(sheet.pixels(), sheet.pixels(CHART_COLUMN) + CHART_PIXELS * bool(pictures))
    page, began, breaks = sheet.rows_of_a_page(wide), 0, []
    for picture in pictures:
        if row + height_of(picture) > began + page:
            breaks.append(row)
            began = row
        row = draw(sheet, row, picture, CHART_PIXELS)
    sheet.print_in_parts(wide, breaks)
    drawn = {picture.id for picture in pictures}
    for indicator in indicators:
        for name in TABLES:
            counts: Any = report.fields[indicator.id].get(name, {})
            if counts and indicator.id not in drawn:
                note = labels.table_note(indicator, counts, report.fields[indicator.id]["value"])
                row = _table(sheet, row, indicator, name, counts, note) + 1


def _table(sheet: Sheet, row: int, indicator: Indicator, name: str, counts: Mapping[str, int], note: str) -> int:
    parts, title = labels.table_labels(indicator, name)
    sheet.write(row, 0, text(title, "subtitle"))
    rows = [
        (text(labels.code_label(indicator, name, code)), number(much))
        for code, much in sorted(counts.items(), key=lambda one: -one[1])
    ]
    below = sheet.table(row + 1, (parts, _("Number")), rows)
    if note:
        sheet.write(below, 0, text(note, "quiet_line"))
    return below + bool(note)


def breakdown_sheet(book: Book, report: Report, key: str, names: Names) -> Sheet:
    """The sheet of one key: every figure that it applies to, part by part."""
    found = [
        (INDICATORS[name], part, of_part)
        for name, fields in report.fields.items()
        for part, of_part in _parts(fields, key)
    ]
    columns = columns_of([fields for _indicator, _part, fields in found])
    widths = [WIDE_NAME, 28, WIDE_NUMBER, WIDE_UNIT, *[WIDE_NUMBER] * len(columns)]
    title = _("Broken down by: %(key)s", key=labels.key_label(key))
    sheet = book.sheet(labels.key_label(key), title, widths)
    header = [_("Figure"), labels.key_label(key), _("Value"), _("Unit"), *(str(column.label) for column in columns)]
    rows: list[list[Cell]] = [
        [
            text(indicator.title, "name"),
            text(labels.part_label(key, part, names)),
            *numbers_of(indicator, fields, columns),
        ]
        for indicator, part, fields in found
    ]
    below = sheet.table(HEADER_ROW, header, rows)
    sheet.freeze()
    sheet.write(below + 1, 0, text(labels.key_note(key), "quiet_line"))
    if rows:
        sheet.paper.autofilter(HEADER_ROW, 0, below - 1, len(header) - 1)
    return sheet


def _parts(fields: Fields, key: str) -> list[tuple[str, Fields]]:
    breakdown: Any = fields.get("breakdown", {})
    return list(breakdown.get(key, {}).items())
