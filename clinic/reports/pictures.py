"""The pictures of a report: each with a sentence that says what it shows, and the table of what it is drawn from.

The public edition has those pictures alone whose every number may be told; a picture of nothing is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from clinic import formats
from clinic.languages import _, _n
from clinic.reports import charts, labels
from clinic.reports.custody_picture import custody
from clinic.reports.drawing import Drawing
from clinic.reports.editions import Edition
from clinic.reports.facts import local_day
from clinic.reports.indicator import Figure, Group, Shape
from clinic.reports.keys import month_of
from clinic.reports.measures import Fields, Spreading
from clinic.reports.periods import in_words, read
from clinic.reports.picture import Beside, Line, Picture
from clinic.reports.report import Report
from clinic.reports.scope import SERVED

MOST_MONTHS: Final = 24
NAMED_MONTHS: Final = 6
MONTHS_BESIDE: Final = 12
"""More months than these stand beside each other year by year, on paper."""
TREND_MONTHS: Final = 3
AT_QUESTIONING: Final = ("lawyer_before_questioning", "guardian_at_questioning", "counsellor_at_questioning")


def pictures_of(report: Report) -> list[Picture]:
    """The pictures of a report as its edition may show them, in the order of its groups."""
    drawn = _DRAWN if report.question.edition is Edition.INTERNAL else _PUBLISHED
    return [picture for picture in (draw(report) for draw in drawn) if picture is not None]


def of_table(figure: Figure, table: str, sentence: str, title: str) -> Picture | None:
    """The bars of one table of a figure, the longest first."""
    indicator, counts = figure.indicator, _table(figure, table)
    if not counts:
        return None
    named = [
        (labels.code_label(indicator, table, code), number, f"{table}:{code}")
        for code, number in sorted(counts.items(), key=lambda one: -one[1])
    ]
    lines = [Line(name, formats.number(number), opens, indicator.id, value=number) for name, number, opens in named]
    drawing = charts.bars(_bars([(name, number, "c1") for name, number, _opens in named]))
    return Picture(indicator.id, indicator.group, title, sentence, (title, _("Number")), lines, drawing)


def _bars(rows: Sequence[tuple[str, int, str]]) -> list[charts.Bar]:
    most = max(number for _name, number, _tone in rows) or 1
    return [charts.Bar(name, formats.number(number), 100 * number / most, tone) for name, number, tone in rows]


def _table(figure: Figure, table: str) -> dict[str, int]:
    counts: Any = figure.fields[table]
    return dict(counts)


def _commonest(figure: Figure, table: str) -> str:
    counts = _table(figure, table)
    return labels.code_label(figure.indicator, table, max(counts, key=lambda code: counts[code])) if counts else ""


def _counted(figure: Figure) -> int:
    value: Any = figure.fields["value"]
    return int(value)


def _services(report: Report) -> Picture | None:
    figure = report.figures["services_delivered"]
    sentence = _n(
        "%(num)d service; the most common: %(kind)s.",
        "%(num)d services; the most common: %(kind)s.",
        _counted(figure),
        kind=_commonest(figure, "by"),
    )
    return of_table(figure, "by", sentence, _("Services by kind"))


def _months(report: Report) -> Picture | None:
    """Services month by month, months without one included, and the average of three months as a line."""
    counts = report.scope.remembered.told("services by month", SERVED, lambda: _services_by_month(report))
    months = _months_between(report)
    if len(months) < 2 or not counts:
        return None
    most = max(counts, key=lambda month: (counts[month], month))
    trend = _trend([counts[month] for month in months])
    columns = [charts.Column(_short(month, len(months)), counts[month], _year(months, month)) for month in months]
    return Picture(
        "months",
        Group.REACH,
        _("Services month by month"),
        _told_of_months(most, counts[most], has_trend=bool(trend)),
        (_("Month"), _("Services")),
        [Line(_month(month), formats.number(counts[month]), value=counts[month]) for month in months],
        charts.columns(columns, trend),
        beside=_year_by_year(counts, months) if len(months) > MONTHS_BESIDE else None,
    )


def _services_by_month(report: Report) -> Counter[str]:
    counts: Counter[str] = Counter()
    for day, number in Counter(row.day for row in report.figures["services_delivered"].rows).items():
        counts[month_of(day)] += number
    return counts


def _year_by_year(counts: Mapping[str, int], months: Sequence[str]) -> Beside:
    """A line a month of the calendar, a column a year; a dash where a month is not of the report."""
    years = sorted({month[:4] for month in months})
    rows = []
    for first in range(1, 13):
        codes = [month_of(date(int(year), first, 1)) for year in years]
        numbers = (formats.number(counts[code]) if code in months else "–" for code in codes)
        rows.append((formats.month_alone(date(int(years[0]), first, 1)), *numbers))
    return Beside((_("Month"), *map(formats.code, years)), rows)


def _year(months: Sequence[str], month: str) -> str:
    """The year as it stands under the number of a month: under each January, and the first if there is room."""
    if len(months) <= NAMED_MONTHS:
        return ""
    is_first = month == months[0] and not any(_begins_a_year(other) for other in months[1:3])
    return formats.code(month[:4]) if is_first or _begins_a_year(month) else ""


def _begins_a_year(code: str) -> bool:
    """Whether a month begins a year."""
    return code.endswith("-01")


def _told_of_months(most: str, number: int, *, has_trend: bool) -> str:
    told = _n("Most in %(month)s: %(num)d service.", "Most in %(month)s: %(num)d services.", number, month=_month(most))
    line = _("The line is the average of three months.")
    return f"{told} {line}" if has_trend else told


def _trend(numbers: Sequence[int]) -> list[float | None]:
    """The average of each month and the two before it; nothing where there are too few months for a line."""
    if len(numbers) <= TREND_MONTHS + 1:
        return []
    means = [sum(numbers[end - TREND_MONTHS : end]) / TREND_MONTHS for end in range(TREND_MONTHS, len(numbers) + 1)]
    return [*([None] * (TREND_MONTHS - 1)), *means]


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
    """The months of the period up to what is known: one that has not begun is not one without services."""
    period = report.question.period
    day, last = period.first.replace(day=1), min(period.last, local_day(report.question.as_of))
    months: list[str] = []
    while day <= last and len(months) < MOST_MONTHS:
        months.append(month_of(day))
        day = day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1)
    return months


def _time_to_lawyer(report: Report) -> Picture | None:
    """How many waited how long, with the median."""
    tally = report.figures["time_to_lawyer"].tally
    values = tally.values if isinstance(tally, Spreading) else ()
    if not values:
        return None
    bins, median = charts.in_bins(values), _number(report.fields["time_to_lawyer"], "median")
    last = len(bins.counts) - 1
    lines = [
        Line(
            _band(bins.step * place, None if bins.is_open and place == last else bins.step),
            formats.number(number),
            value=number,
        )
        for place, number in enumerate(bins.counts)
    ]
    drawing = charts.distribution(bins, median, _median_said(median), _("hours from arrest"))
    return _waited(median, (_("Waited"), _("Attendances")), lines, drawing)


def _time_to_lawyer_published(report: Report) -> Picture | None:
    """The median and the middle half; nothing of the single attendance."""
    fields = report.fields["time_to_lawyer"]
    if fields["median"] is None:
        return None
    names = {"q1": _("A quarter waited less than"), "median": _("Half waited less than")}
    names["q3"] = _("Three quarters waited less than")
    quarter, median, three = (_number(fields, name) for name in names)
    lines = [
        Line(said, labels.quantity(Shape.HOURS, fields[name]), value=_number(fields, name))
        for name, said in names.items()
    ]
    drawing = charts.spread(quarter, median, three, _median_said(median), _("hours from arrest"))
    return replace(_waited(median, (_("Waited"), _("Hours")), lines, drawing), shape=Shape.HOURS)


def _waited(median: float, columns: tuple[str, str], lines: list[Line], drawing: Drawing) -> Picture:
    sentence = _(
        "In half of the attendances the child waited longer than %(time)s for the lawyer.",
        time=formats.hours_and_minutes(median),
    )
    return Picture("time_to_lawyer", Group.POLICE, _("From arrest to the lawyer"), sentence, columns, lines, drawing)


def _median_said(median: float) -> str:
    return _("median: %(time)s", time=labels.quantity(Shape.HOURS, median))


def _number(fields: Fields, name: str) -> float:
    value: Any = fields[name]
    return float(value)


def _band(start: float, length: float | None) -> str:
    if length is None:
        return _n("over %(num)d h", "over %(num)d h", int(start))
    if not start:
        return _n("up to %(num)d h", "up to %(num)d h", int(length))
    end = int(start + length)
    return _n("%(start)s to %(num)d h", "%(start)s to %(num)d h", end, start=formats.number(int(start)))


def _shares(report: Report, names: Sequence[tuple[str, str, str]]) -> tuple[list[Line], Drawing] | None:
    """Percentages one under the other, those that may be told: (figure, label, tone)."""
    told = [(name, said, tone, report.fields[name]) for name, said, tone in names]
    known = [one for one in told if isinstance(one[3]["value"], int | float)]
    if not known:
        return None
    lines = [
        Line(
            said,
            f"{formats.percent(_number(fields, 'value'))} · {labels.of_how_many(fields)}",
            "numerator",
            name,
            value=_number(fields, "value"),
        )
        for name, said, _tone, fields in known
    ]
    rows = [
        charts.Bar(said, formats.percent(_number(fields, "value")), _number(fields, "value"), tone)
        for _name, said, tone, fields in known
    ]
    return lines, charts.bars(rows, of_hundred=True)


def _at_questioning(report: Report) -> Picture | None:
    """Who stood by the child when it was questioned."""
    names = [(name, str(report.figures[name].indicator.title), "c1") for name in AT_QUESTIONING]
    shares = _shares(report, names)
    if shares is None:
        return None
    least = min(shares[0], key=lambda line: _number(report.fields[line.figure], "value"))
    share = formats.percent(_number(report.fields[least.figure], "value"))
    sentence = _("The rarest: %(what)s, %(share)s.", what=least.label, share=share)
    title, columns = _("Who was there at questioning"), (_("Who"), _("Of those known"))
    return Picture("at_questioning", Group.POLICE, title, sentence, columns, *shares, Shape.PERCENTAGE)


def _school(report: Report) -> Picture | None:
    """In school when they came, and at the latest follow-up."""
    names = [
        ("in_school_at_intake", _("When they came"), "c5"),
        ("in_school_at_latest_followup", _("At the latest follow-up"), "c1"),
    ]
    shares = _shares(report, names)
    if shares is None or len(shares[0]) < len(names):
        return None
    before, after = (formats.percent(_number(report.fields[name], "value")) for name, _label, _tone in names)
    sentence = _(
        "In school when they came: %(before)s; at the latest follow-up: %(after)s.", before=before, after=after
    )
    title, columns = _("School before and after"), (_("When"), _("In school"))
    return Picture("school", Group.SCHOOL, title, sentence, columns, *shares, Shape.PERCENTAGE)


def _adjournments(report: Report) -> Picture | None:
    figure = report.figures["adjournment_reasons"]
    sentence = _n(
        "%(num)d hearing was adjourned; the most common reason: %(reason)s.",
        "%(num)d hearings were adjourned; the most common reason: %(reason)s.",
        _counted(figure),
        reason=_commonest(figure, "by"),
    )
    return of_table(figure, "by", sentence, _("Why hearings were adjourned"))


def _dispositions(report: Report) -> Picture | None:
    figure = report.figures["dispositions"]
    sentence = _n(
        "%(num)d decision; the most common: %(kind)s.",
        "%(num)d decisions; the most common: %(kind)s.",
        _counted(figure),
        kind=_commonest(figure, "by"),
    )
    return of_table(figure, "by", sentence, _("How proceedings ended"))


def _wellbeing(report: Report) -> Picture | None:
    """How many children rate themselves better, the same or worse."""
    fields = report.fields["wellbeing_change"]
    tones = {"improved": "c1", "unchanged": "c5", "worse": "c2"}
    if not fields["n"] or not all(isinstance(fields[name], int) for name in ("n", *tones)):
        return None
    named = [(str(labels.NUMBER_LABELS[name]), int(_number(fields, name)), tone) for name, tone in tones.items()]
    sentence = _(
        "%(better)s of %(known)s children rate themselves better than at first.",
        better=labels.count(fields["improved"]),
        known=labels.count(fields["n"]),
    )
    lines = [
        Line(said, formats.number(number), name, "wellbeing_change", value=number)
        for name, (said, number, _tone) in zip(tones, named, strict=True)
    ]
    title, columns = _("Wellbeing, as the children rate it"), (_("Change"), _("Children"))
    return Picture("wellbeing_change", Group.COUNSELLING, title, sentence, columns, lines, charts.bars(_bars(named)))


_DRAWN: Final[tuple[Callable[[Report], Picture | None], ...]] = (
    _services,
    _months,
    _at_questioning,
    _time_to_lawyer,
    custody,
    _dispositions,
    _adjournments,
    _wellbeing,
    _school,
)
_PUBLISHED: Final[tuple[Callable[[Report], Picture | None], ...]] = (
    _at_questioning,
    _time_to_lawyer_published,
    _wellbeing,
    _school,
)
"""What is drawn of totals that may be told; no table by kind, no month, no single stay."""
