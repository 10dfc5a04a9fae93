"""How days, times, numbers and names are written for people, and how what people type is read.

The months are those of the Levant (`ar_PS`), the digits Latin unless Arabic-Indic ones are chosen. In Arabic whatever
could be torn apart by the direction of the line is isolated. A date costs about a microsecond.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from jinja2 import pass_context
from markupsafe import Markup, escape

from clinic.calendar_names import NAMES, Names
from clinic.clock import ZONE, Moment, Precision, today
from clinic.languages import _, _n, current_language
from clinic.typed import BIDI_CONTROLS, latin_digits, parse_date, parse_moment, parse_time

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

__all__ = [
    "age",
    "code",
    "day",
    "day_and_time",
    "half_up",
    "hours_and_minutes",
    "install_jinja",
    "isolate",
    "latin_digits",
    "moment",
    "month",
    "names_list",
    "number",
    "parse_date",
    "parse_moment",
    "parse_time",
    "percent",
    "phone",
    "short_day",
    "short_day_and_time",
    "short_month",
    "span_left",
    "time_of_day",
    "use_arabic_indic_digits",
    "weekday_day",
]

LEFT_TO_RIGHT: Final = "\u2066"
AS_IT_BEGINS: Final = "\u2068"
END: Final = "\u2069"

DAYS_FROM_HOURS = 72
"""From three days on, what is left is said in days; below two hours in minutes."""
MINUTES_BELOW = 120

Dated = date | datetime | Moment

_ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_arabic_indic: ContextVar[bool] = ContextVar("arabic_indic", default=False)
LEAST_TO_CALL = 8
_TO_CALL = re.compile(r"(?<![\d+-])(?:\+|00?|٠٠?)\d*(?:[- ]\d+)+(?![\d-])")
_DAY = re.compile(r"\d{1,2}[- ]\d{1,2}[- ]\d{4}")


def use_arabic_indic_digits(chosen: bool) -> None:
    """Write the digits of Arabic pages as ٠١٢٣, or as 0123, from here on in this request."""
    _arabic_indic.set(chosen)


def _finish(text: str) -> str:
    """Isolated, and in the chosen digits, where the language is Arabic."""
    if current_language().code != "ar":
        return text
    if _arabic_indic.get():
        text = text.translate(_ARABIC_INDIC)
    return f"{AS_IT_BEGINS}{text}{END}"


def _local_day(value: Dated) -> date:
    if isinstance(value, Moment):
        return value.at.astimezone(ZONE).date()
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value


def _names_now() -> Names:
    return NAMES[current_language().code]


def day(value: Dated | None) -> str:
    """14 April 2016 · 14 نيسان 2016."""
    if value is None:
        return ""
    on = _local_day(value)
    return _finish(f"{on.day} {_names_now().months[on.month]} {on.year}")


def month(value: Dated | None) -> str:
    """April 2016 · نيسان 2016."""
    if value is None:
        return ""
    on = _local_day(value)
    return _finish(f"{_names_now().months[on.month]} {on.year}")


def month_alone(value: Dated | None) -> str:
    """April · نيسان."""
    return "" if value is None else _finish(_names_now().months[_local_day(value).month])


def short_month(value: Dated | None) -> str:
    """Apr · نيسان."""
    return "" if value is None else _finish(_names_now().short_months[_local_day(value).month])


def weekday_day(value: Dated | None) -> str:
    """Thursday 14 April 2016 · الخميس 14 نيسان 2016."""
    if value is None:
        return ""
    on, names = _local_day(value), _names_now()
    return _finish(f"{names.weekdays[on.weekday()]} {on.day} {names.months[on.month]} {on.year}")


def _short(value: Dated) -> str:
    on, names = _local_day(value), _names_now()
    year = "" if on.year == today().year else f" {on.year}"
    return f"{names.short_weekdays[on.weekday()]} {on.day} {names.short_months[on.month]}{year}"


def short_day(value: Dated | None) -> str:
    """Thu 14 Apr · الخميس 14 نيسان; with the year where it is not this year's."""
    return "" if value is None else _finish(_short(value))


def _clock_time(value: datetime | Moment) -> str:
    if not isinstance(value, Moment):
        return f"{value.astimezone(ZONE):%H:%M}"
    if value.precision == Precision.DAY:
        return ""
    wall = f"{value.at.astimezone(ZONE):%H:%M}"
    return _("about %(time)s", time=wall) if value.precision == Precision.ABOUT else wall


def time_of_day(value: datetime | Moment | None) -> str:
    """23:50, or about 23:50; nothing for a moment of which only the day is known."""
    text = "" if value is None else _clock_time(value)
    return _finish(text) if text else ""


def _with_time(day_text: str, value: datetime | Moment) -> str:
    time_text = _clock_time(value)
    return _finish(_("%(day)s, %(time)s", day=day_text, time=time_text) if time_text else day_text)


def day_and_time(value: datetime | Moment | None) -> str:
    """14 April 2016, 23:50; of a moment only as much as is known."""
    if value is None:
        return ""
    on = _local_day(value)
    return _with_time(f"{on.day} {_names_now().months[on.month]} {on.year}", value)


def moment(value: Moment | None) -> str:
    """As well as it is known: 14 April 2016, 23:50 · 14 April 2016, about 23:50 · 14 April 2016."""
    return day_and_time(value)


def short_day_and_time(value: datetime | Moment | None) -> str:
    """Thu 14 Apr, 10:00."""
    return "" if value is None else _with_time(_short(value), value)


def number(value: float | Decimal | None) -> str:
    """1,234 · 12.5; at most one decimal, half up."""
    if value is None:
        return "–"
    if isinstance(value, int):
        return _finish(f"{value:,}")
    rounded = half_up(value)
    return _finish(f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded:,}")


def half_up(value: float | Decimal) -> Decimal:
    """As figures are written: to one decimal, half up."""
    return Decimal(str(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def percent(value: float | Decimal | None) -> str:
    """42.9%; one decimal, half up, as the indicators ask."""
    return "–" if value is None else _finish(f"{half_up(value)}%")


def share(value: float) -> str:
    """60% · 62.5%: a share that somebody set, where `percent` writes one that was measured."""
    return _finish(f"{f'{value:.1f}'.removesuffix('.0')}%")


def _minutes(span: float | timedelta) -> float:
    seconds = span.total_seconds() if isinstance(span, timedelta) else span * 3600
    return round(seconds) / 60


def hours_and_minutes(span: float | timedelta | None) -> str:
    """2 h 5 min, from hours or a timedelta."""
    if span is None:
        return ""
    hours, minutes = divmod(int(max(0.0, _minutes(span))), 60)
    hours_text = _n("%(num)d h", "%(num)d h", hours)
    minutes_text = _n("%(num)d min", "%(num)d min", minutes)
    if not hours:
        return _finish(minutes_text)
    if not minutes:
        return _finish(hours_text)
    return _finish(_("%(hours)s %(minutes)s", hours=hours_text, minutes=minutes_text))


def span_left(span: float | timedelta | None) -> str:
    """What is left until a limit, from hours or a timedelta, never more than there is; below 0 how far it is over."""
    if span is None:
        return ""
    minutes = _minutes(span)
    return _finish(_left(int(minutes)) if minutes >= 0 else _over(-minutes))


def _left(minutes: int) -> str:
    if minutes < 1:
        return _("less than a minute left")
    if minutes < MINUTES_BELOW:
        return _n("%(num)d minute left", "%(num)d minutes left", minutes)
    if minutes < DAYS_FROM_HOURS * 60:
        return _n("%(num)d hour left", "%(num)d hours left", minutes // 60)
    return _n("%(num)d day left", "%(num)d days left", minutes // (24 * 60))


def _over(past: float) -> str:
    minutes = int(past)
    if minutes < MINUTES_BELOW:
        return _n("%(num)d minute over the limit", "%(num)d minutes over the limit", max(1, minutes))
    if minutes < DAYS_FROM_HOURS * 60:
        return _n("%(num)d hour over the limit", "%(num)d hours over the limit", minutes // 60)
    return _n("%(num)d day over the limit", "%(num)d days over the limit", minutes // (24 * 60))


def age(years: int | None) -> str:
    """14 years."""
    return "" if years is None else _finish(_n("%(num)d year", "%(num)d years", years))


def isolate(value: object) -> str:
    """A text whose direction is its own: a name, a title. Its own stray marks are dropped; safe markup stays safe."""
    return _isolated(value, AS_IT_BEGINS)


def code(value: object) -> str:
    """A reference, a number or a code: left to right wherever it stands."""
    return _isolated(value, LEFT_TO_RIGHT)


def _isolated(value: object, opening: str) -> str:
    if value is None or value == "":
        return ""
    text = (str(escape(value)) if hasattr(value, "__html__") else str(value)).translate(BIDI_CONTROLS)
    isolated = f"{opening}{text}{END}"
    return Markup(isolated) if hasattr(value, "__html__") else isolated  # noqa: S704 - it was markup before


def phone(value: str | None) -> str:
    """A number to call, with Latin digits, left to right."""
    return code(latin_digits(value)) if value else ""


def with_phones(text: str) -> str:
    """A typed text with the numbers to call in it kept from left to right.

    After an Arabic letter the parts of 0599-123-456 would stand in reverse, and somebody would call another number. A
    day that is written so is left as it was typed.
    """
    return _TO_CALL.sub(_kept_to_call, text)


def _kept_to_call(found: re.Match[str]) -> str:
    number = found[0]
    is_call = sum(map(str.isdecimal, number)) >= LEAST_TO_CALL and not _DAY.fullmatch(number)
    return f"{LEFT_TO_RIGHT}{number}{END}" if is_call else number


def names_list(names: Iterable[object]) -> str:
    """A, B and C · أ وب وج, each name isolated."""
    isolated = [str(isolate(name)) for name in names]
    if len(isolated) < 2:
        return "".join(isolated)
    text = isolated[0]
    for name in isolated[1:-1]:
        text = _("%(first)s, %(next)s", first=text, next=name)
    return _("%(first)s and %(last)s", first=text, last=isolated[-1])


_FILTERS: dict[str, Callable[[Any], str]] = {
    "age": age,
    "code": code,
    "day": day,
    "day_and_time": day_and_time,
    "hours_and_minutes": hours_and_minutes,
    "isolate": isolate,
    "moment": moment,
    "month": month,
    "names_list": names_list,
    "number": number,
    "percent": percent,
    "phone": phone,
    "short_day": short_day,
    "short_day_and_time": short_day_and_time,
    "short_month": short_month,
    "span_left": span_left,
    "time_of_day": time_of_day,
    "weekday_day": weekday_day,
    "with_phones": with_phones,
}


def install_jinja(environment: Environment) -> None:
    """The filters, under their own names."""
    for name, write in _FILTERS.items():
        environment.filters[name] = _at_each_reading(write)


def _at_each_reading(write: Callable[[Any], str]) -> Callable[[Context, Any], str]:
    """A filter of the language: its context keeps Jinja from working it out once, in the language of that moment."""

    @pass_context
    def written(_context: Context, value: Any) -> str:
        return write(value)

    return written
