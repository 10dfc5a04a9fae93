"""Small registers for tests: one valid row of each sheet, to be bent as a test needs. Everybody in them is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import BinaryIO

from clinic.languages import using
from clinic.register import across, reading
from clinic.register.across import NOTHING_HELD, Held
from clinic.register.problems import Problem
from clinic.register.reading import ReadRegister
from clinic.register.sources import CsvFiles
from clinic.vocabularies.lists import shipped

NOW = datetime(2017, 3, 1, 9, 0, tzinfo=UTC)

VALID: dict[str, dict[str, str]] = {
    "children": {
        "child_ref": "C-1",
        "given_name": "يوسف",
        "family_name": "مثال",
        "sex": "male",
        "date_of_birth": "2001-05-05",
    },
    "cases": {
        "case_ref": "K-1",
        "child_ref": "C-1",
        "opened_on": "2016-01-10",
        "referral_source": "family",
        "alleged_offence": "theft",
        "consent_given_on": "2016-01-11",
    },
    "police_attendances": {
        "case_ref": "K-1",
        "arrested_at": "2016-01-09 22:00",
        "police_station": "bethlehem_city",
    },
    "prosecution_appearances": {"case_ref": "K-1", "appeared_at": "2016-01-10 10:00"},
    "custody_periods": {
        "case_ref": "K-1",
        "place": "police_cell",
        "legal_basis": "police",
        "began_at": "2016-01-09 22:00",
        "ended_at": "2016-01-10 09:00",
    },
    "hearings": {
        "case_ref": "K-1",
        "court": "bethlehem_magistrate",
        "scheduled_at": "2016-02-01 09:00",
        "status": "held",
    },
    "counselling_sessions": {"case_ref": "K-1", "held_on": "2016-01-20", "kind": "individual"},
    "school_followups": {"case_ref": "K-1", "visited_on": "2016-01-25", "school_status": "attending"},
    "community_followups": {"case_ref": "K-1", "held_on": "2016-01-26", "kind": "home_visit"},
    "referrals": {
        "case_ref": "K-1",
        "referred_on": "2016-01-27",
        "agency": "جهة",
        "service": "health",
        "status": "sent",
    },
    "complaints": {
        "case_ref": "K-1",
        "filed_on": "2016-01-28",
        "body": "ministry",
        "about": "insults",
        "status": "filed",
    },
    "activities": {"activity_ref": "A-1", "held_on": "2016-01-29", "kind": "training"},
}


def row(sheet: str, **cells: str) -> dict[str, str]:
    """A valid row of a sheet, with these cells instead."""
    return {**VALID[sheet], **cells}


def whole() -> dict[str, list[dict[str, str]]]:
    """A register with one valid row in each sheet."""
    return {sheet: [dict(cells)] for sheet, cells in VALID.items()}


def csv_files(sheets: dict[str, list[dict[str, str]]]) -> CsvFiles:
    """The sheets as CSV files; the headers are the cells that any row names, in their order."""
    return texts(
        {
            name: _csv(
                [[*(headers := list(dict.fromkeys(key for r in rows for key in r)))]]
                + [[r.get(header, "") for header in headers] for r in rows]
            )
            for name, rows in sheets.items()
        }
    )


def _csv(rows: list[list[str]]) -> str:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)
    return made.getvalue()


def texts(files: dict[str, str | bytes]) -> CsvFiles:
    """CSV files from their text."""
    return CsvFiles({name: _opener(text.encode() if isinstance(text, str) else text) for name, text in files.items()})


def _opener(content: bytes) -> Callable[[], BinaryIO]:
    return lambda: io.BytesIO(content)


def read(source: CsvFiles | dict[str, list[dict[str, str]]], *, ignore_unknown_columns: bool = False) -> ReadRegister:
    """A register as it is read, not yet checked."""
    files = csv_files(source) if isinstance(source, dict) else source
    return reading.read(files, lists=shipped(), ignore_unknown_columns=ignore_unknown_columns)


def checked(source: CsvFiles | dict[str, list[dict[str, str]]], *, held: Held = NOTHING_HELD) -> ReadRegister:
    """A register that was read and checked, on 1 March 2017."""
    register = read(source)
    across.check(register, held=held, now=NOW)
    return register


def with_rows(**sheets: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """One valid child with one valid case, and these rows."""
    return {"children": [row("children")], "cases": [row("cases")], **sheets}


def told(register: ReadRegister) -> list[tuple[str, str, int, str]]:
    """What is wrong: (code, sheet, row, column)."""
    return [(problem.code.value, problem.sheet, problem.row, problem.column) for problem in register.problems]


def in_english(problem: Problem) -> str:
    """The sentence of a problem without the marks that isolate its parts."""
    with using("en"):
        return problem.sentence.replace("\u2068", "").replace("\u2069", "")


def in_arabic(problem: Problem) -> str:
    with using("ar"):
        return problem.sentence.replace("\u2068", "").replace("\u2069", "")
