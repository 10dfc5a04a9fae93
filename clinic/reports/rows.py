"""The list behind a number: each row with its day, its case and what of it is a fact.

Nothing of a closed lane is told: no rating of a child, no kind of ill-treatment, no text.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from clinic.cases.models import CaseFile
from clinic.db import read_id
from clinic.reports import facts, labels
from clinic.reports.indicator import Figure, Shape, Unit
from clinic.reports.measures import Spreading
from clinic.reports.reading import InOrder
from clinic.reports.scope import KIND_OF, Row
from clinic.vocabularies.lists import label


@dataclass(frozen=True)
class Listed:
    """One row of a list."""

    day: date | None
    case: CaseFile | None
    step_id: uuid.UUID | None
    what: str
    value: str


CLOSED: Final = frozenset(
    {
        ("complaints_filed", "by"),
        ("wellbeing_change", "improved"),
        ("wellbeing_change", "unchanged"),
        ("wellbeing_change", "worse"),
    }
)
"""Numbers whose very list would tell what lies in a closed lane: who rates itself worse, what a complaint is about."""


def opens(indicator_id: str, number: str) -> bool:
    """Whether a number opens its list."""
    return (indicator_id, number.partition(":")[0]) not in CLOSED


def _uuid(stored: facts.Id) -> uuid.UUID:
    return read_id(cast("bytes | str", stored))


def page_of(rows: Sequence[Row], number: int, size: int) -> Sequence[Row]:
    """The rows of one page, the first being 1."""
    return rows[(number - 1) * size : number * size]


def case_ids(rows: Sequence[Row]) -> set[uuid.UUID]:
    """The cases that rows belong to."""
    return {_uuid(row.case.id) for row in rows if not isinstance(row, facts.Activity)}


def listed(figure: Figure, rows: Sequence[Row], cases: Mapping[uuid.UUID, CaseFile]) -> list[Listed]:
    """Rows as a page shows them."""
    values = _values(figure)
    return [_listed(figure, row, cases, values) for row in rows]


def _listed(figure: Figure, row: Row, cases: Mapping[uuid.UUID, CaseFile], values: Mapping[int, float]) -> Listed:
    day = figure.indicator.day
    value = values.get(id(row))
    case = None if isinstance(row, facts.Activity) else cases.get(_uuid(row.case.id))
    has_page = type(row) in _STEPS and figure.indicator.unit is not Unit.CHILDREN and not (case and case.aged_on)
    return Listed(
        day=_own_day(row) if day is None else day(figure.scope, row),
        case=case,
        step_id=_step_id(figure, row) if has_page else None,
        what=_told(figure, row),
        value="" if value is None else labels.quantity(figure.indicator.shape, value),
    )


def _step_id(figure: Figure, row: Row) -> uuid.UUID:
    held: InOrder[Row] = getattr(figure.scope.population, _STEPS[type(row)])
    return held.id_of(row)


def _own_day(row: Row) -> date | None:
    day: date | None = getattr(row, "day", None) or getattr(row, "began_on", None)
    return day


def _values(figure: Figure) -> dict[int, float]:
    """What was measured of each row, where hours or days were."""
    tally = figure.tally
    if not isinstance(tally, Spreading) or figure.indicator.shape not in (Shape.HOURS, Shape.DAYS):
        return {}
    return {id(row): value for row, value in zip(tally.known, tally.values, strict=True)}


def _told(figure: Figure, row: Row) -> str:
    tell = _TOLD.get(type(row))
    told = [*tell(row)] if tell else []
    if figure.indicator.id == "services_delivered":
        told.insert(0, str(labels.SERVICE_LABELS[KIND_OF[type(row)]]))
    return " · ".join(text for text in told if text)


def _known(name: str, code: str | None) -> str:
    return label(name, code) if code and code != facts.UNKNOWN else ""


_STEPS: Final[Mapping[type, str]] = {
    facts.Attendance: "attendances",
    facts.Appearance: "appearances",
    facts.Custody: "custody",
    facts.Hearing: "hearings",
    facts.Session: "sessions",
    facts.SchoolVisit: "school_visits",
    facts.CommunityVisit: "community_visits",
    facts.Referral: "referrals",
    facts.Complaint: "complaints",
}
"""The kinds of fact that are steps, and what `Population` calls them."""

_TOLD: Final[Mapping[type, Callable[[Any], tuple[str, ...]]]] = {
    facts.Case: lambda row: (_known("offence", row.offence), _known("disposition", row.disposition)),
    facts.OpenPeriod: lambda row: (_known("closure_reason", row.reason),),
    facts.Attendance: lambda row: (
        _known("police_station", row.police_station),
        _known("police_outcome", row.outcome),
    ),
    facts.Custody: lambda row: (_known("custody_place", row.place), _known("legal_basis", row.legal_basis)),
    facts.Hearing: lambda row: (
        _known("court", row.court),
        _known("hearing_status", row.status),
        _known("adjournment_reason", row.adjournment_reason),
    ),
    facts.Session: lambda row: (_known("session_kind", row.kind),),
    facts.SchoolVisit: lambda row: (_known("school_status", row.status),),
    facts.CommunityVisit: lambda row: (_known("community_kind", row.kind),),
    facts.Referral: lambda row: (_known("service", row.service), _known("referral_status", row.status)),
    facts.Complaint: lambda row: (_known("complaint_status", row.status),),
    facts.Activity: lambda row: (_known("activity_kind", row.kind),),
}
"""What of each kind of row is told: facts alone."""
