"""By what a figure can be broken down: each key takes a row and names the parts it belongs to.

A row takes the values of its case and child; lawyer and counsellor the row's own, else the case's. A child takes those
of the case of the earliest row that makes it count, which is the row that stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from clinic.languages import _l
from clinic.reports.facts import UNKNOWN
from clinic.reports.scope import Row

AGE_BANDS = ("under_12", "12_13", "14_15", "16_17", "18_over", UNKNOWN)

Key = Callable[[Row], tuple[str, ...]]
Names = Mapping[tuple[str, str], str]
"""What the parts are called that a clinic names itself, projects and staff, by key and part."""
OF_STAFF: Final = ("lawyer", "counsellor")
"""The keys whose parts are people of the clinic, by username."""


def age_band(age: int | None) -> str:
    """The band of completed years."""
    if age is None:
        return UNKNOWN
    if age < 12:
        return "under_12"
    return "18_over" if age >= 18 else AGE_BANDS[(age - 10) // 2]


def month_of(day: date) -> str:
    """`2015-03`."""
    return f"{day.year}-{day.month:02d}"


def quarter_of(day: date) -> str:
    """`2015-Q1`, of the calendar."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def year_of(day: date) -> str:
    """`2015`."""
    return str(day.year)


def _one(code: str | None) -> tuple[str, ...]:
    return (code or UNKNOWN,)


OF_CASE: Final[Mapping[str, Key]] = {
    "sex": lambda row: _one(row.case.child.sex),
    "age": lambda row: (age_band(row.case.age),),
    "locality": lambda row: _one(row.case.child.locality),
    "refugee_status": lambda row: _one(row.case.child.refugee_status),
    "offence": lambda row: _one(row.case.offence),
    "referral_source": lambda row: _one(row.case.source),
    "education": lambda row: _one(row.case.child.education),
    "lawyer": lambda row: _one(getattr(row, "lawyer", None) or row.case.lawyer),
    "counsellor": lambda row: _one(getattr(row, "counsellor", None) or row.case.counsellor),
    "project": lambda row: row.case.projects or (UNKNOWN,),
}
OF_CHILD: Final[Mapping[str, Key]] = {
    **OF_CASE,
    "lawyer": lambda row: _one(row.case.lawyer),
    "counsellor": lambda row: _one(row.case.counsellor),
}
OF_PLACE: Final[Mapping[str, Key]] = {
    "police_station": lambda row: _one(row.police_station),
    "court": lambda row: _one(row.court),
}
OF_TIME: Final[Mapping[str, Callable[[date], str]]] = {"month": month_of, "quarter": quarter_of, "year": year_of}

KEYS: Final = (*OF_CASE, *OF_PLACE, *OF_TIME)
"""Every key, in the order of the contract."""
OVERLAPPING_KEYS: Final = frozenset({"project"})
"""Keys of which a row may have several parts, so that the parts may exceed the whole."""

KEY_LABELS: Final[Mapping[str, str]] = {
    "sex": _l("Sex"),
    "age": _l("Age when the case was opened"),
    "locality": _l("Place of residence"),
    "refugee_status": _l("Refugee status"),
    "offence": _l("Main offence"),
    "referral_source": _l("Source of referral"),
    "education": _l("Education at intake"),
    "lawyer": _l("Lawyer"),
    "counsellor": _l("Counsellor"),
    "project": _l("Project"),
    "police_station": _l("Police station"),
    "court": _l("Court"),
    "month": _l("Month"),
    "quarter": _l("Quarter"),
    "year": _l("Year"),
}
AGE_LABELS: Final[Mapping[str, str]] = {
    "under_12": _l("Under 12"),
    "12_13": _l("12–13"),
    "14_15": _l("14–15"),
    "16_17": _l("16–17"),
    "18_over": _l("18 and over"),
    UNKNOWN: _l("Not known"),
}
