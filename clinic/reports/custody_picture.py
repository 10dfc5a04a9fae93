"""The picture of custody: the longest stays that touch the period, as bars on one axis of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from clinic import formats
from clinic.languages import _, _n
from clinic.reports import charts, labels
from clinic.reports.facts import Custody, by_child
from clinic.reports.groups.custody import hours_once
from clinic.reports.indicator import Group, Shape
from clinic.reports.picture import Line, Picture
from clinic.reports.report import Report
from clinic.reports.scope import TRANSFER, Scope
from clinic.vocabularies.lists import label

LONGEST_AXIS_HOURS: Final = 24 * 14
DAYS_FROM_HOURS: Final = 72
"""From so many hours on the axis counts days, and a stay of 48 hours is told in days."""
TOLD_IN_DAYS: Final = 48
MOST_STAYS: Final = 12
LEAST_SEEN: Final = 0.01
"""The share of the axis from which a gap is seen."""
COLOURS: Final = {"police": "c2", "prosecution": "c3", "court_remand": "c4", "sentence": "c5"}
"""Amber, blue, teal and grey; anything else olive. Red is kept for a right that is being missed."""

Part = tuple[datetime, datetime, Custody]


def custody(report: Report) -> Picture | None:
    """The longest stays in custody that touch the period, on one axis from their beginning."""
    scope = report.scope
    now = min(scope.period.ends, report.question.as_of)
    number, shown = scope.remembered.told("longest stays", {"custody"}, lambda: longest(scope, now), given=now)
    if not shown:
        return None
    reach = _reach(min(max(map(_length, shown)), LONGEST_AXIS_HOURS) or 1, scope.police_limit_hours(scope.period.last))
    strands = [_strand(place, stay, reach.hours) for place, stay in enumerate(shown, start=1)]
    lines = [
        Line(strand.label, strand.shown, case_id=stay[0][2].case.id, value=_held(stay) / reach.per)
        for strand, stay in zip(strands, shown, strict=True)
    ]
    drawing = charts.strands(strands, reach, _colours(row for stay in shown for _began, _ended, row in stay))
    told = _told(number, shown, reach)
    title, columns = _("How long children were held"), (_("Stay"), _("How long"))
    shape = Shape.HOURS if reach.per == 1 else Shape.DAYS
    return Picture("custody", Group.CUSTODY, title, told, columns, lines, drawing, shape)


def longest(scope: Scope, now: datetime) -> tuple[int, list[list[Part]]]:
    """How many stays there are, and the longest of them."""
    touching = by_child(row for row in scope.custody_touching if row.is_exact and row.began < now)
    stays = [stay for rows in touching.values() for stay in _stays(rows, now)]
    stays.sort(key=_length, reverse=True)
    return len(stays), stays[:MOST_STAYS]


def _reach(longest: float, limit: float | None) -> charts.Reach:
    """The axis: hours, or days where the longest stay is of days."""
    of_days = longest > DAYS_FROM_HOURS
    is_drawn = limit is not None and limit <= longest
    return charts.Reach(
        hours=longest,
        limit=limit if is_drawn else None,
        limit_said=_("limit %(hours)s h", hours=formats.number(limit)) if is_drawn else "",
        unit=_("days since the first hour") if of_days else _("hours since the first"),
        per=24 if of_days else 1,
    )


def _told(stays: int, shown: Sequence[list[Part]], reach: charts.Reach) -> str:
    """How many stays there were, which are drawn, and what the dashed line is."""
    told = [
        _n(
            "%(num)d stay in custody; a line each, from the first hour on.",
            "%(num)d stays in custody; a line each, from the first hour on.",
            stays,
        )
    ]
    if stays > len(shown):
        told.append(_("The %(number)s longest are drawn.", number=formats.number(len(shown))))
    if any(_length(stay) > reach.hours for stay in shown):
        days = formats.number(int(reach.hours // 24))
        told.append(_("A line that fills the axis is longer than %(days)s days.", days=days))
    if any(_has_gap(stay, reach.hours) for stay in shown):
        told.append(_("In a gap the child was not held; it is not counted."))
    if reach.limit is not None:
        hours = formats.number(reach.limit)
        told.append(_("The dashed line is the police limit of %(hours)s hours.", hours=hours))
    return " ".join(told)


def _colours(rows: Iterable[Custody]) -> list[tuple[str, str]]:
    """What the colours of these rows stand for."""
    bases = {row.legal_basis for row in rows}
    known = [(tone, label("legal_basis", basis)) for basis, tone in COLOURS.items() if basis in bases]
    return known if bases <= set(COLOURS) else [*known, ("c1", _("Not known"))]


def _stays(rows: Sequence[Custody], now: datetime) -> list[list[Part]]:
    """A child's custody periods as stays: what begins by a day after the end of the one before belongs to it."""
    stays: list[list[Part]] = []
    for row in sorted(rows, key=lambda row: row.began):
        part = (row.began, min(row.ended, now) if row.ended else now, row)
        if stays and part[0] <= max(end for _began, end, _row in stays[-1]) + TRANSFER:
            stays[-1].append(part)
        else:
            stays.append([part])
    return [sorted(stay, key=lambda part: part[:2]) for stay in stays]


def _strand(place: int, stay: Sequence[Part], axis: float) -> charts.Strand:
    start = stay[0][0]
    parts = []
    for began, ended, row in stay:
        low, high = (min(_hours(start, at), axis) for at in (began, ended))
        if high > low:
            parts.append((COLOURS.get(row.legal_basis or "", "c1"), low, high))
    return charts.Strand(formats.number(place), _held_for(_held(stay)), tuple(parts))


def _held(stay: Sequence[Part]) -> float:
    """The hours of a stay, those of several bodies at once counted once."""
    return hours_once((began, ended) for began, ended, _row in stay)


def _has_gap(stay: Sequence[Part], axis: float) -> bool:
    """Whether a gap between two periods is to be seen on an axis of so many hours."""
    start = reached = stay[0][0]
    for began, ended, _row in stay:
        if _hours(start, began) < axis and _hours(reached, began) > axis * LEAST_SEEN:
            return True
        reached = max(reached, ended)
    return False


def _held_for(hours: float) -> str:
    if hours < TOLD_IN_DAYS:
        return labels.quantity(Shape.HOURS, hours)
    return labels.quantity(Shape.DAYS, hours / 24)


def _length(stay: Sequence[Part]) -> float:
    return _hours(stay[0][0], stay[-1][1])


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600
