"""The report as a workbook: a cover, a sheet a group of figures, a sheet a breakdown, what is known, definitions."""

from __future__ import annotations

from datetime import UTC
from functools import partial

from clinic.languages import _, current_language
from clinic.reports import telling
from clinic.reports.completeness import completeness
from clinic.reports.editions import Edition
from clinic.reports.keys import Names
from clinic.reports.paper.document import Making, lines_about
from clinic.reports.pictures import pictures_of
from clinic.reports.report import Report
from clinic.reports.workbook import beside, figures
from clinic.reports.workbook.book import HEADER_ROW, Book, Properties, make
from clinic.staff.models import Clinic


def as_xlsx(report: Report, names: Names, clinic: Clinic) -> bytes:
    """The report of a clinic as a workbook, in the language of the moment."""
    making, about = Making.by(clinic), telling.about(report, names)
    edition = _("Public edition: small numbers are hidden.") if about["is_public"] else _("Internal edition")
    properties = Properties(_("Report of the clinic"), about["period"], making.clinic, making.made_at.astimezone(UTC))
    banner = _banner(making)
    head = " · ".join(filter(None, (about["period"], banner, making.clinic)))
    return make(
        current_language(),
        properties,
        f"{about['days']} · {edition} · {making.clinic}",
        head,
        partial(_fill, report, names, making, [(_("Clinic"), making.clinic), (_("Edition"), edition)]),
    )


def _banner(making: Making) -> str:
    return _("Demonstration: every person here is invented") if making.is_demonstration else ""


def _fill(report: Report, names: Names, making: Making, lines: list[tuple[str, str]], book: Book) -> None:
    lines = [*lines, *lines_about(telling.about(report, names), making), *_for_the_reader(report)]
    banner = _banner(making)
    cover = beside.cover(book, _("Report of the clinic"), banner, lines)
    pictures = pictures_of(report)
    for group in telling.groups_of(report, names):
        figures.group_sheet(book, report, group, pictures)
    for key in report.question.keys:
        figures.breakdown_sheet(book, report, key, names)
    if report.question.edition is Edition.INTERNAL:
        beside.completeness_sheet(book, completeness(report.scope))
    beside.fifteen_sheet(book, report)
    beside.definitions_sheet(book)
    beside.contents(cover, HEADER_ROW + len(lines) + (2 if not banner else 4))


def _for_the_reader(report: Report) -> list[tuple[str, str]]:
    """How the numbers of the sheets are to be read."""
    told = [
        _("Percentages are from 0 to 100. Hours and days are numbers with decimals."),
        _("A dash stands where there was nothing to count from. Not known is not no: it is counted apart."),
    ]
    if report.question.edition is Edition.PUBLIC:
        told.append(_("Withheld: the number is so small, or tells of one so small, that it is not published."))
    return [(_("How to read it"), " ".join(told))]
