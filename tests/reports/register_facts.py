"""The facts of a register as it lies in a workbook or a folder of CSV files, without a database."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from clinic.clock import Precision, age_on, day_begins, from_local
from clinic.reports import facts
from clinic.reports.facts import Population, local_day

DATA = Path(__file__).parent.parent / "data"
Cells = dict[str, Any]


_NUMBERS = count(1)


def population_of(path: Path) -> Population:
    """Reads a register as an import would, the order of rows being the order of entry."""
    sheets = _workbook(path) if path.suffix == ".xlsx" else _folder(path)
    children = {row["child_ref"]: _child(row) for row in sheets["children"]}
    born = {row["child_ref"]: row for row in sheets["children"]}
    cases = {row["case_ref"]: _case(row, children, born) for row in sheets["cases"]}

    def steps(sheet: str, make: Callable[[facts.Case, Cells], Any]) -> Sequence[Any]:
        return [make(cases[row["case_ref"]], row) for row in sheets.get(sheet, [])]

    return Population(
        cases=list(cases.values()),
        periods=[_period(cases[row["case_ref"]], row) for row in sheets["cases"]],
        attendances=steps("police_attendances", _attendance),
        appearances=steps("prosecution_appearances", _appearance),
        custody=steps("custody_periods", _custody),
        hearings=steps("hearings", _hearing),
        sessions=steps("counselling_sessions", _session),
        school_visits=steps(
            "school_followups",
            lambda case, row: facts.SchoolVisit(case, _day(row["visited_on"]), _code(row["school_status"])),
        ),
        community_visits=steps(
            "community_followups",
            lambda case, row: facts.CommunityVisit(case, _day(row["held_on"]), _code(row["kind"])),
        ),
        referrals=steps(
            "referrals",
            lambda case, row: facts.Referral(
                case, _day(row["referred_on"]), _code(row["service"]), _code(row["status"])
            ),
        ),
        complaints=steps(
            "complaints",
            lambda case, row: facts.Complaint(case, _day(row["filed_on"]), _codes(row["about"]), _code(row["status"])),
        ),
        activities=[_activity(row) for row in sheets["activities"]],
    )


@cache
def register(name: str) -> Population:
    """The invented register, or the one of edges."""
    return population_of(DATA / name if name == "edge" else DATA / f"{name}.xlsx")


def _workbook(path: Path) -> dict[str, list[Cells]]:
    book = CalamineWorkbook.from_path(path)
    sheets = {}
    for name in book.sheet_names:
        header, *rows = book.get_sheet_by_name(name).to_python()
        sheets[name] = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    return sheets


def _folder(path: Path) -> dict[str, list[Cells]]:
    sheets: dict[str, list[Cells]] = {}
    for file in path.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            sheets[file.stem] = list(csv.DictReader(opened))
    return sheets


def _code(cell: Any) -> str | None:
    return str(cell) if cell not in ("", None) else None


def _codes(cell: Any) -> tuple[str, ...]:
    return tuple(str(cell).split(";")) if cell not in ("", None) else ()


def _number(cell: Any) -> int | None:
    return int(cell) if cell not in ("", None) else None


def _day_or_none(cell: Any) -> date | None:
    if cell in ("", None):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else date.fromisoformat(str(cell))


def _day(cell: Any) -> date:
    day = _day_or_none(cell)
    assert day is not None
    return day


def _at_or_none(cell: Any) -> facts.At | None:
    if cell in ("", None):
        return None
    if isinstance(cell, datetime):
        return facts.moment(from_local(cell))
    if isinstance(cell, date):  # calamine gives a native moment at midnight as a date
        return facts.moment(day_begins(cell))
    text = str(cell)
    if len(text) == 10:
        return facts.moment(day_begins(date.fromisoformat(text)), Precision.DAY)
    about = text.startswith("~")
    at = from_local(datetime.fromisoformat(text.removeprefix("~")))
    return facts.moment(at, Precision.ABOUT if about else Precision.MINUTE)


def _at(cell: Any) -> facts.At:
    at = _at_or_none(cell)
    assert at is not None
    return at


def _child(row: Cells) -> facts.Child:
    return facts.Child(
        row["child_ref"],
        _code(row["sex"]),
        _code(row["locality"]),
        _code(row["refugee_status"]),
        _code(row["education_at_intake"]),
    )


def _counted_birth_date(row: Cells) -> date | None:
    born = _day_or_none(row["date_of_birth"])
    if born is None:
        return None
    counted = {"month": born.replace(day=15), "year": born.replace(month=7, day=1)}
    return counted.get(row["date_of_birth_precision"], born)


def _case(row: Cells, children: dict[str, facts.Child], born: dict[str, Cells]) -> facts.Case:
    opened_on, birth = _day(row["opened_on"]), _counted_birth_date(born[row["child_ref"]])
    return facts.Case(
        id=row["case_ref"],
        child=children[row["child_ref"]],
        opened_on=opened_on,
        role=_code(row["child_role"]) or "accused",
        age=None if birth is None else age_on(birth, opened_on),
        source=_code(row["referral_source"]),
        offence=next(iter(_codes(row["alleged_offence"])), None),
        projects=_codes(row["projects"]),
        lawyer=_code(row["lawyer"]),
        counsellor=_code(row["counsellor"]),
        disposition=_code(row["disposition"]),
        disposition_on=_day_or_none(row["disposition_on"]),
    )


def _period(case: facts.Case, row: Cells) -> facts.OpenPeriod:
    ended, reason = _day_or_none(row["closed_on"]), _code(row["closure_reason"])
    return facts.OpenPeriod(case, case.opened_on, ended, reason)


def _attendance(case: facts.Case, row: Cells) -> facts.Attendance:
    arrested = _at(row["arrested_at"])
    return facts.Attendance(
        case=case,
        day=local_day(arrested),
        arrested=arrested,
        police_station=_code(row["police_station"]),
        lawyer_attended=_code(row["lawyer_attended"]),
        lawyer_arrived=_at_or_none(row["lawyer_arrived_at"]),
        questioned=_at_or_none(row["questioned_at"]),
        guardian_present=_code(row["guardian_present"]),
        counsellor_present=_code(row["protection_counsellor_present"]),
        ill_treatment=_code(row["ill_treatment_alleged"]),
        statement_signed=_code(row["statement_signed"]),
        left=_at_or_none(row["left_police_at"]),
        outcome=_code(row["police_outcome"]),
    )


def _appearance(case: facts.Case, row: Cells) -> facts.Appearance:
    return facts.Appearance(case, local_day(_at(row["appeared_at"])), _code(row["lawyer_attended"]))


def _custody(case: facts.Case, row: Cells) -> facts.Custody:
    began, ended = _at(row["began_at"]), _at_or_none(row["ended_at"])
    return facts.Custody(
        id=next(_NUMBERS),
        case=case,
        began_on=local_day(began),
        began=began,
        ended_on=None if ended is None else local_day(ended),
        ended=ended,
        place=_code(row["place"]),
        legal_basis=_code(row["legal_basis"]),
        separated=_code(row["separated_from_adults"]),
        family_visit=_code(row["family_visit"]),
        education=_code(row["education_access"]),
    )


def _hearing(case: facts.Case, row: Cells) -> facts.Hearing:
    return facts.Hearing(
        case,
        local_day(_at(row["scheduled_at"])),
        str(row["status"]),
        _code(row["court"]),
        _code(row["adjournment_reason"]),
        _code(row["lawyer_attended"]),
    )


def _session(case: facts.Case, row: Cells) -> facts.Session:
    return facts.Session(
        case,
        _day(row["held_on"]),
        _code(row["kind"]),
        _number(row["wellbeing_score"]),
        _code(row["counsellor"]),
    )


def _activity(row: Cells) -> facts.Activity:
    return facts.Activity(
        _day(row["held_on"]),
        _code(row["kind"]),
        _number(row["participants_female"]),
        _number(row["participants_male"]),
    )
