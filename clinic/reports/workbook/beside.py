"""The sheets beside the figures: the cover, how much is known, the fifteen indicators, what each figure means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinic.languages import _
from clinic.reports.completeness import KIND_LABELS, Known
from clinic.reports.indicator import GROUP_LABELS, Indicator, Shape
from clinic.reports.indicators import INDICATORS
from clinic.reports.labels import quantity
from clinic.reports.report import Report
from clinic.reports.unicef import ANSWER_LABELS, FIFTEEN, International
from clinic.reports.workbook.book import HEADER_ROW, Book, Cell, Sheet, number, text
from clinic.reports.workbook.figures import unit_of

Lines = Sequence[tuple[str, str]]


def cover(book: Book, title: str, banner: str, lines: Lines) -> Sheet:
    """The first sheet: whose report it is, of when, as known when; the list of sheets is added once they are there."""
    sheet = book.sheet(_("Report"), title, [26, 90])
    row = HEADER_ROW + 1
    if banner:
        row = sheet.paragraph(row, banner, 2, "banner") + 1
    for label, said in lines:
        sheet.row(row, [text(label, "name"), text(said)])
        row += 1
    sheet.paper.hide_gridlines(2)
    return sheet


def contents(sheet: Sheet, row: int) -> None:
    """The list of the other sheets, each a press away."""
    sheet.write(row, 0, text(_("Sheets of this workbook"), "subtitle"))
    for below, name in enumerate(sheet.book.names[1:], start=row + 1):
        address = f"internal:'{name}'!A1"
        sheet.paper.write_url(below, 0, address, sheet.book.style("link"), string=name)


def completeness_sheet(book: Book, columns: Sequence[Known]) -> Sheet:
    """How often each answer that figures depend on is known."""
    sheet = book.sheet(_("What is known"), _("What is known"), [30, 44, 13, 13, 13])
    header = [_("Of"), _("Answer"), _("Known"), _("Not known"), _("Share known")]
    rows: list[list[Cell]] = [
        [
            text(KIND_LABELS[each.column.kind]),
            text(each.column.label),
            number(each.known),
            number(each.unknown),
            number(each.share, Shape.PERCENTAGE),
        ]
        for each in columns
    ]
    sheet.table(HEADER_ROW, header, rows)
    sheet.freeze()
    return sheet


def definitions_sheet(book: Book) -> Sheet:
    """What each figure means, and under which name programs know it."""
    sheet = book.sheet(_("Definitions"), _("What the figures mean"), [36, 26, 90, 22, 32])
    header = [_("Figure"), _("Section"), _("What it means"), _("Unit"), _("Name in the machine-readable form")]
    rows: list[list[Cell]] = [
        [
            text(indicator.title, "name"),
            text(GROUP_LABELS[indicator.group]),
            text(indicator.definition),
            text(unit_of(indicator)),
            text(indicator.id, "code"),
        ]
        for indicator in INDICATORS.values()
    ]
    sheet.table(HEADER_ROW, header, rows)
    sheet.freeze()
    return sheet


def fifteen_sheet(book: Book, report: Report) -> Sheet:
    """To which of the fifteen indicators of UNICEF and UNODC the clinic's records can speak."""
    title = _("The fifteen indicators of UNICEF and UNODC")
    sheet = book.sheet(_("UNICEF and UNODC"), title, [36, 50, 28, 36, 60])
    header = [_("Indicator"), _("What it means"), _("Can our records speak to it?"), _("Taken from")]
    rows = [
        [
            text(f"{each.number}. {each.name}", "name"),
            text(_definition(each)),
            text(ANSWER_LABELS[each.answer]),
            text("\n".join(_own_figure(report, INDICATORS[name], each) for name in each.taken_from) or "–"),
            text(each.why),
        ]
        for each in FIFTEEN
    ]
    sheet.table(HEADER_ROW, [*header, _("Why, and why not")], rows)
    sheet.freeze()
    return sheet


def _own_figure(report: Report, indicator: Indicator, international: International) -> str:
    if international.is_a_part:
        return str(indicator.title)
    return f"{indicator.title}: {quantity(indicator.shape, report.fields[indicator.id]['value'])}"


def _definition(each: Any) -> str:
    return f"{each.definition} {_('(wording not confirmed)')}" if each.is_unconfirmed else str(each.definition)
