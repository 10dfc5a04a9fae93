"""The report as a file that anybody can read: a table of comma-separated values, and a page that stands alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader

from clinic import formats, languages
from clinic.languages import _, current_language
from clinic.reports import labels, pictures, telling
from clinic.reports.completeness import completeness
from clinic.reports.editions import Edition
from clinic.reports.indicator import UNIT_LABELS
from clinic.reports.keys import Names
from clinic.reports.measures import Fields
from clinic.reports.picture import Picture
from clinic.reports.report import Report
from clinic.staff.models import Clinic
from clinic.typed import BIDI_CONTROLS
from clinic.web.templating import once

TEMPLATES: Final = Path(__file__).parents[2] / "templates"
STYLES: Final = Path(__file__).parents[1] / "static" / "css"
BOM: Final = "\ufeff"
NUMBERS: Final = (
    *("value", "numerator", "denominator", "unknown", "n", "median", "q1", "q3", "min", "max", "mean"),
    *("improved", "unchanged", "worse"),
)
HEADER: Final = ("group", "indicator", "title", "unit", "key", "part", "label", *NUMBERS, "target")
TABLES: Final = ("by", "by_legal_basis", "by_place")


def as_csv(report: Report, names: Names | None = None) -> str:
    """One line a figure, one a part of it; a spreadsheet reads it as it is."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow(HEADER)
    out.writerows([_safe(cell) for cell in line] for line in _lines(report, names or {}))
    return BOM + written.getvalue()


def _lines(report: Report, names: Names) -> Iterator[list[object]]:
    for name, fields in report.fields.items():
        indicator = report.figures[name].indicator
        head: list[object] = [indicator.group.value, name, str(indicator.title), str(UNIT_LABELS[indicator.unit])]
        yield [*head, "", "", "", *_numbers(fields), _target(report, name)]
        for table in TABLES:
            for code, number in _mapping(fields, table).items():
                yield [*head, table, code, labels.code_label(indicator, table, code), number]
        for key, parts in _mapping(fields, "breakdown").items():
            for part, of_part in parts.items():
                yield [*head, key, part, labels.part_label(key, part, names), *_numbers(of_part)]


def _target(report: Report, name: str) -> float | None:
    """What was aimed at, a whole number as one."""
    goal = report.targets.get(name)
    if goal is None:
        return None
    return int(goal.value) if goal.value.is_integer() else goal.value


def _mapping(fields: Fields, name: str) -> dict[str, Any]:
    return cast("dict[str, Any]", fields.get(name, {}))


def _numbers(fields: Fields) -> list[object]:
    return [fields.get(name) for name in NUMBERS]


def _safe(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe; marks of direction stay on the page."""
    if not isinstance(cell, str):
        return cell
    text = cell.translate(BIDI_CONTROLS)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def as_html(report: Report, names: Names, clinic: Clinic) -> str:
    """A page that stands alone: no address in it, its style within."""
    is_internal = report.question.edition is Edition.INTERNAL
    return (
        _environment()
        .get_template("reports/alone.html")
        .render(
            report=report,
            language=current_language(),
            style=_style(),
            clinic=clinic.name,
            is_demonstration=clinic.is_demonstration,
            groups=telling.groups_of(report, names),
            key_note=labels.key_note,
            pictures=pictures.pictures_of(report),
            completeness=completeness(report.scope) if is_internal else [],
            heading=_("Report of the clinic"),
            **telling.about(report, names),
        )
    )


INK: Final = """
text { font-family: "%s", "%s"; font-size: 13px; fill: #1d2321 }
.quiet { fill: #535b57; font-size: 12px } .small { font-size: 11px } .strong { font-weight: bold }
.within { font-weight: bold; fill: #fff }
.c1 { fill: #3f6212 } .c2 { fill: #8a5300 } .c3 { fill: #1c4f8c } .c4 { fill: #0f5f5c } .c5 { fill: #868c87 }
.track { fill: #efece4 } .box { fill: #eef3e2; stroke: #3f6212; stroke-width: 1 }
path { fill: none } .axis { stroke: #bdb8aa; stroke-width: 1 } .goal { stroke: #535b57; stroke-dasharray: 4 3 }
.median { stroke: #1d2321; stroke-width: 2 } .trend { stroke: #0f5f5c; stroke-width: 2 }
"""
"""The classes of a drawing in the colours of paper; on a page clinic/static/css/sanad.css has them."""
PAPER_FONTS: Final = {"ar": ("Amiri", "Libertinus Serif"), "en": ("Libertinus Serif", "Amiri")}


def in_ink(picture: Picture) -> str:
    """The drawing of a picture as the page has it, with the colours and fonts of paper."""
    macros: Any = _environment().get_template("macros/charts.html").module
    return str(macros.drawing(picture.drawing, picture.spoken, INK % PAPER_FONTS[current_language().code]))


@cache
def _style() -> str:
    sheet = (STYLES / "sanad.css").read_text(encoding="utf-8")
    return f"{sheet}\n@media print {{\n{(STYLES / 'print.css').read_text(encoding='utf-8')}\n}}"


@cache
def _environment() -> Environment:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    languages.install_jinja(environment)
    formats.install_jinja(environment)
    environment.globals["asset"] = _no_asset
    environment.filters["once"] = once
    return environment


def _no_asset(_name: str) -> str:
    """A page that stands alone fetches nothing."""
    return ""
