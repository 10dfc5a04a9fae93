"""The pictures of a report: rows of numbers with shares of the longest, and a sentence that says what they show.

Each picture has its table; a picture of nothing says so. Shares are from 0 to 100.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from clinic import formats
from clinic.languages import _, _n
from clinic.reports import labels
from clinic.reports.facts import Custody, by_child
from clinic.reports.groups.custody import hours_once
from clinic.reports.indicator import Figure, Group, Shape
from clinic.reports.keys import month_of
from clinic.reports.measures import Spreading
from clinic.reports.periods import in_words, read
from clinic.reports.report import Report
from clinic.reports.scope import TRANSFER
from clinic.vocabularies.lists import label

BAND_ENDS: Final = (2, 4, 8, 12)
LONGEST_AXIS_HOURS: Final = 24 * 14
MOST_STAYS: Final = 12
NAMED_MONTHS: Final = 6
CUSTODY_COLOURS: Final = {"police": "c2", "prosecution": "c3", "court_remand": "c4", "sentence": "c5"}
"""Amber, blue, teal and grey; anything else olive. Red is kept for a right that is being missed."""


@dataclass(frozen=True)
class Bar:
    """One row of a picture."""

    label: str
    shown: str
    share: float
    tone: str = "c1"
    number: str = ""
    """The number of the figure whose rows it counts, if it opens a list."""
    figure: str = ""
    short: str = ""
    """The label where there is little room."""


@dataclass(frozen=True)
class Strand:
    """One stay in custody: the case that leads to it, and its parts as (colour, from, to)."""

    case_id: Any
    shown: str
    parts: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Picture:
    """A picture with its sentence and the heading of its table."""

    id: str
    group: Group
    title: str
    sentence: str
    columns: tuple[str, str]
    bars: Sequence[Bar] = ()
    strands: Sequence[Strand] = ()
    limit: float | None = None
    kind: str = "bars"
    colours: Sequence[tuple[str, str]] = ()
    """What the colours stand for: class and label."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.bars or self.strands)


def pictures_of(report: Report) -> list[Picture]:
    """The pictures of an internal report, in the order of its groups."""
    made = [draw(report) for draw in _DRAWN]
    return [picture for picture in made if not picture.is_empty]


def of_table(figure: Figure, table: str, sentence: str, title: str) -> Picture:
    """The bars of one table of a figure, the longest first."""
    indicator = figure.indicator
    counts = _table(figure, table)
    most = max(counts.values(), default=1)
    bars = [
        Bar(
            labels.code_label(indicator, table, code),
            formats.number(number),
            round(100 * number / most, 1),
            number=f"{table}:{code}",
            figure=indicator.id,
        )
        for code, number in sorted(counts.items(), key=lambda one: -one[1])
    ]
    columns = (title, _("Number"))
    return Picture(indicator.id, indicator.group, title, sentence, columns, bars)


def _table(figure: Figure, table: str) -> dict[str, int]:
    counts: Any = figure.fields[table]
    return dict(counts)


def _commonest(figure: Figure, table: str) -> str:
    counts = _table(figure, table)
    return labels.code_label(figure.indicator, table, max(counts, key=lambda code: counts[code])) if counts else ""


def _counted(figure: Figure) -> int:
    value: Any = figure.fields["value"]
    return int(value)


def _services(report: Report) -> Picture:
    figure = report.figures["services_delivered"]
    sentence = _n(
        "%(num)d service; the most common: %(kind)s.",
        "%(num)d services; the most common: %(kind)s.",
        _counted(figure),
        kind=_commonest(figure, "by"),
    )
    return of_table(figure, "by", sentence, _("Services by kind"))


def _months(report: Report) -> Picture:
    """Services month by month, months without one included."""
    figure = report.figures["services_delivered"]
    counts: Counter[str] = Counter(month_of(row.day) for row in figure.rows)
    months = _months_between(report)
    if len(months) < 2 or not counts:
        return Picture("months", Group.REACH, "", "", ("", ""))
    most = max(counts, key=lambda month: (counts[month], month))
    bars = [
        Bar(
            _month(month),
            formats.number(counts[month]),
            round(100 * counts[month] / counts[most], 1),
            short=_short(month, len(months)),
        )
        for month in months
    ]
    sentence = _n(
        "Most in %(month)s: %(num)d service.",
        "Most in %(month)s: %(num)d services.",
        counts[most],
        month=_month(most),
    )
    title = _("Services month by month")
    return Picture("months", Group.REACH, title, sentence, (_("Month"), _("Services")), bars, kind="months")


def _month(code: str) -> str:
    period = read(code)
    return code if period is None else in_words(period)


def _short(code: str, months: int) -> str:
    """The name of a month; its number where there are too many for names."""
    period = read(code)
    if period is None:
        return code
    return formats.short_month(period.first) if months <= NAMED_MONTHS else formats.number(period.first.month)


def _months_between(report: Report) -> list[str]:
    day, last = report.question.period.first.replace(day=1), report.question.period.last
    months: list[str] = []
    while day <= last and len(months) < 24:
        months.append(month_of(day))
        day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    return months


def _time_to_lawyer(report: Report) -> Picture:
    """How many waited how long, in bands."""
    figure = report.figures["time_to_lawyer"]
    tally = figure.tally
    values = tally.values if isinstance(tally, Spreading) else ()
    bands = Counter(next((end for end in BAND_ENDS if value <= end), None) for value in values)
    most = max(bands.values(), default=1)
    starts = (0, *BAND_ENDS)
    bars = [
        Bar(_band(start, end), formats.number(bands[end]), round(100 * bands[end] / most, 1))
        for start, end in zip(starts, (*BAND_ENDS, None), strict=True)
        if values
    ]
    sentence = _(
        "Half of the children waited longer than %(time)s for the lawyer.",
        time=formats.hours_and_minutes(float(figure.fields["median"] or 0)),  # type: ignore[arg-type]
    )
    title = _("From arrest to the lawyer")
    return Picture("time_to_lawyer", Group.POLICE, title, sentence, (_("Waited"), _("Attendances")), bars)


def _band(start: int, end: int | None) -> str:
    if end is None:
        return _("over %(hours)s h", hours=formats.number(start))
    if not start:
        return _("up to %(hours)s h", hours=formats.number(end))
    return _("%(from)s to %(to)s h", **{"from": formats.number(start), "to": formats.number(end)})


def _adjournments(report: Report) -> Picture:
    figure = report.figures["adjournment_reasons"]
    sentence = _n(
        "%(num)d hearing was adjourned; the most common reason: %(reason)s.",
        "%(num)d hearings were adjourned; the most common reason: %(reason)s.",
        _counted(figure),
        reason=_commonest(figure, "by"),
    )
    return of_table(figure, "by", sentence, _("Why hearings were adjourned"))


def _dispositions(report: Report) -> Picture:
    figure = report.figures["dispositions"]
    sentence = _n(
        "%(num)d decision; the most common: %(kind)s.",
        "%(num)d decisions; the most common: %(kind)s.",
        _counted(figure),
        kind=_commonest(figure, "by"),
    )
    return of_table(figure, "by", sentence, _("How proceedings ended"))


def _wellbeing(report: Report) -> Picture:
    """How many children rate themselves better, the same or worse."""
    figure = report.figures["wellbeing_change"]
    counts: Any = figure.fields
    known = counts["n"]
    most = max(counts["improved"], counts["unchanged"], counts["worse"], 1)
    bars = [
        Bar(
            str(labels.NUMBER_LABELS[name]),
            formats.number(counts[name]),
            round(100 * counts[name] / most, 1),
            tone,
            number=name,
            figure="wellbeing_change",
        )
        for name, tone in (("improved", "c1"), ("unchanged", "c5"), ("worse", "c2"))
        if known
    ]
    sentence = _(
        "%(better)s of %(known)s children rate themselves better than at first.",
        better=formats.number(counts["improved"]),
        known=formats.number(known),
    )
    title = _("Wellbeing, as the children rate it")
    return Picture("wellbeing_change", Group.COUNSELLING, title, sentence, (_("Change"), _("Children")), bars)


def _school(report: Report) -> Picture:
    """In school when they came, and at the latest follow-up."""
    steps = (
        ("in_school_at_intake", _("When they came"), "c5"),
        ("in_school_at_latest_followup", _("At the latest follow-up"), "c1"),
    )
    told: list[Any] = [report.figures[name].fields["value"] for name, _label, _tone in steps]
    bars = [
        Bar(label, formats.percent(value), round(value, 1), tone, number="numerator", figure=name)
        for (name, label, tone), value in zip(steps, told, strict=True)
        if value is not None
    ]
    sentence = _(
        "In school when they came: %(before)s; at the latest follow-up: %(after)s.",
        before=formats.percent(told[0]),
        after=formats.percent(told[1]),
    )
    title = _("School before and after")
    return Picture("school", Group.SCHOOL, title, sentence, (_("When"), _("In school")), bars)


def _custody(report: Report) -> Picture:
    """The longest stays in custody that touch the period, on one axis from their beginning."""
    scope = report.scope
    now = min(scope.period.ends, scope.as_of)
    touching = by_child(row for row in scope.custody_touching if row.is_exact and row.began[0] < now)
    stays = [stay for rows in touching.values() for stay in _stays(rows, now)]
    stays.sort(key=lambda stay: stay[-1][1] - stay[0][0], reverse=True)
    shown = stays[:MOST_STAYS]
    if not shown:
        return Picture("custody", Group.CUSTODY, "", "", ("", ""))
    axis = min(max(_hours(stay[0][0], stay[-1][1]) for stay in shown), LONGEST_AXIS_HOURS) or 1
    strands = [_strand(stay, axis) for stay in shown]
    limit = scope.police_limit_hours(scope.period.last)
    title, columns = _("How long children were held"), (_("Case"), _("Held"))
    at = None if limit is None or limit > axis else round(100 * limit / axis, 2)
    colours = _colours([row for stay in shown for _began, _ended, row in stay])
    told = _told_of_stays(len(stays), shown, axis, limit)
    return Picture("custody", Group.CUSTODY, title, told, columns, (), strands, at, "strands", colours)


def _told_of_stays(stays: int, shown: Sequence[list[Part]], axis: float, limit: float | None) -> str:
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
    if any(_hours(stay[0][0], stay[-1][1]) > axis for stay in shown):
        told.append(_("A line that fills the axis is longer than %(days)s days.", days=formats.number(axis // 24)))
    if limit is not None:
        told.append(_("The dashed line is the police limit of %(hours)s hours.", hours=formats.number(limit)))
    return " ".join(told)


def _colours(rows: Sequence[Custody]) -> list[tuple[str, str]]:
    """What the colours of these rows stand for."""
    bases = {row.legal_basis for row in rows}
    known = [(tone, label("legal_basis", basis)) for basis, tone in CUSTODY_COLOURS.items() if basis in bases]
    return known if bases <= set(CUSTODY_COLOURS) else [*known, ("c1", _("Not known"))]


def bar_rows(
    picture: Picture, url_of: Callable[[str, str], str | None] | None
) -> list[tuple[str, str, float, str, str]]:
    """The bars as the macro takes them, each with the address of its rows if it opens some."""
    return [
        (bar.label, bar.shown, bar.share, bar.tone, (url_of and bar.figure and url_of(bar.figure, bar.number)) or "")
        for bar in picture.bars
    ]


def month_rows(picture: Picture) -> list[tuple[str, str, float]]:
    """The months as the macro takes them."""
    return [(bar.short, bar.shown, bar.share) for bar in picture.bars]


Part = tuple[datetime, datetime, Custody]


def _stays(rows: Sequence[Custody], now: datetime) -> list[list[Part]]:
    """A child's custody periods as stays: what begins by a day after the end of the one before belongs to it."""
    stays: list[list[Part]] = []
    for row in sorted(rows, key=lambda row: row.began[0]):
        part = (row.began[0], min(row.ended[0], now) if row.ended else now, row)
        if stays and part[0] <= max(end for _began, end, _row in stays[-1]) + TRANSFER:
            stays[-1].append(part)
        else:
            stays.append([part])
    return [sorted(stay, key=lambda part: part[:2]) for stay in stays]


def _strand(stay: Sequence[Part], axis: float) -> Strand:
    start, held = stay[0][0], hours_once((began, ended) for began, ended, _row in stay)
    parts = []
    for began, ended, row in stay:
        low, high = (round(100 * min(_hours(start, at) / axis, 1), 2) for at in (began, ended))
        if high > low:
            parts.append((CUSTODY_COLOURS.get(row.legal_basis or "", "c1"), low, high))
    return Strand(stay[0][2].case.id, _held_for(held), tuple(parts))


def _held_for(hours: float) -> str:
    return labels.quantity(Shape.HOURS, hours) if hours < 48 else labels.quantity(Shape.DAYS, hours / 24)


def _hours(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 3600


_DRAWN: Final[tuple[Callable[[Report], Picture], ...]] = (
    _services,
    _months,
    _time_to_lawyer,
    _custody,
    _dispositions,
    _adjournments,
    _wellbeing,
    _school,
)
