"""The periods that a report is asked for: a month, a quarter, a half, a year of the calendar, or days of one's own."""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from clinic import formats
from clinic.languages import _
from clinic.reports.scope import Period


class Span(StrEnum):
    """How long a period is; its value is what its code has between year and number."""

    MONTH = "-"
    QUARTER = "-Q"
    HALF = "-H"
    YEAR = ""


MONTHS: Final = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF: 6, Span.YEAR: 12}
OFFERED: Final = {Span.MONTH: 12, Span.QUARTER: 8, Span.HALF: 4, Span.YEAR: 4}
"""How many of each are offered, the one that runs included."""
_CODE: Final = re.compile(r"(\d{4})(?:(-|-Q|-H)(\d{1,2}))?")


def period_of(span: Span, day: date) -> Period:
    """The period of the calendar that holds a day."""
    months = MONTHS[span]
    month = (day.month - 1) // months * months + 1
    first = date(day.year, month, 1)
    after = date(day.year + (month + months > 12), (month + months - 1) % 12 + 1, 1)
    return Period(first, after - timedelta(days=1))


def span_of(period: Period) -> Span | None:
    """What of the calendar a period is; None for days of one's own."""
    return next((span for span in Span if period_of(span, period.first) == period), None)


def code_of(period: Period) -> str:
    """`2016-03`, `2016-Q1`, `2016-H1` or `2016`; nothing for days of one's own."""
    span = span_of(period)
    if span is None:
        return ""
    number = (period.first.month - 1) // MONTHS[span] + 1
    tail = {Span.MONTH: f"-{number:02d}", Span.YEAR: ""}.get(span, f"{span.value}{number}")
    return f"{period.first.year}{tail}"


def read(code: str) -> Period | None:
    """The period of a code; None for a text that is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    year, span, number = int(found[1]), Span(found[2] or ""), int(found[3] or 1)
    if year < 1 or not 1 <= number <= 12 // MONTHS[span]:
        return None
    return period_of(span, date(year, (number - 1) * MONTHS[span] + 1, 1))


def before(period: Period) -> Period:
    """The period of the same kind before; of days of one's own, as many days."""
    span, eve = span_of(period), period.first - timedelta(days=1)
    return period_of(span, eve) if span else Period(eve - (period.last - period.first), eve)


def after(period: Period) -> Period:
    """The period of the same kind after."""
    span, morrow = span_of(period), period.last + timedelta(days=1)
    return period_of(span, morrow) if span else Period(morrow, morrow + (period.last - period.first))


def last_quarter(today: date) -> Period:
    """The last quarter that is over: what a donor asks for."""
    return before(period_of(Span.QUARTER, today))


def offered(span: Span, today: date) -> list[Period]:
    """The periods of a kind that a form offers, the newest first."""
    found = [period_of(span, today)]
    while len(found) < OFFERED[span]:
        found.append(before(found[-1]))
    return found


def in_words(period: Period) -> str:
    """March 2016 · First quarter of 2016 · 1 March 2016 to 10 March 2016."""
    span, year = span_of(period), formats.code(period.first.year)
    if span is Span.YEAR:
        return year
    if span is Span.MONTH:
        return formats.month(period.first)
    if span is None:
        return _("%(first)s to %(last)s", first=formats.day(period.first), last=formats.day(period.last))
    number = (period.first.month - 1) // MONTHS[span]
    if span is Span.HALF:
        return (_("First half of %(year)s", year=year), _("Second half of %(year)s", year=year))[number]
    return (
        _("First quarter of %(year)s", year=year),
        _("Second quarter of %(year)s", year=year),
        _("Third quarter of %(year)s", year=year),
        _("Fourth quarter of %(year)s", year=year),
    )[number]
