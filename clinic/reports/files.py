"""The report as a file: in which forms it can be had, from the page and from the command alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from clinic.reports import papers
from clinic.reports.keys import Names
from clinic.reports.paper import press
from clinic.reports.report import Report
from clinic.reports.workbook import making as workbook
from clinic.staff.models import Clinic


@dataclass(frozen=True)
class Form:
    """One form of file: what it is to a browser, and what writes it."""

    mimetype: str
    write: Callable[[Report, Names, Clinic], bytes]


def _json(report: Report, _names: Names, _clinic: Clinic) -> bytes:
    return f"{report.as_json()}\n".encode()


def _csv(report: Report, names: Names, _clinic: Clinic) -> bytes:
    return papers.as_csv(report, names).encode()


def _html(report: Report, names: Names, clinic: Clinic) -> bytes:
    return papers.as_html(report, names, clinic).encode()


FORMS: Final[Mapping[str, Form]] = {
    "json": Form("application/json", _json),
    "csv": Form("text/csv", _csv),
    "html": Form("application/octet-stream", _html),  # a file to keep, never a page of this site
    "pdf": Form("application/pdf", press.as_pdf),
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook.as_xlsx),
}
