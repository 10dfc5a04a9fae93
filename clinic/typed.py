"""What people type, read: digits of either script, days and times as they are written here, stray marks dropped.

A text that cannot be read raises NotADay, NotATime or NotAMoment, which say what to type instead.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Final

from clinic.calendar_names import NAMES, OF_EGYPT
from clinic.clock import Moment, NoSuchLocalTime, Precision, from_local
from clinic.languages import _

BIDI_CONTROLS: Final = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
_DROPPED: Final = BIDI_CONTROLS | dict.fromkeys(map(ord, "\u0640\u200b\ufeff"))
_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200


LONGEST_LIST = 1_000_000_000


def place_in_list(text: str) -> int:
    """How far down a list an address asks to begin. ValueError for what no list reaches."""
    if len(text) > 10 or not 0 <= (place := int(text)) <= LONGEST_LIST:
        raise ValueError(text)
    return place


class Unreadable(ValueError):
    """A text that was not understood. Its words say what to type instead."""


class NotADay(Unreadable):
    """Not a day of the calendar."""


class NotATime(Unreadable):
    """Not a time of the day."""


class NotAMoment(Unreadable):
    """A day and a time that do not make a moment."""


def latin_digits(text: str) -> str:
    """The same text with Arabic-Indic and Persian digits as 0-9."""
    return text.translate(_DIGITS)


def plain(text: str) -> str:
    """The text without bidi marks and tatweel, with Latin digits and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_DROPPED).translate(_DIGITS).split())


_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d+)")
_BY_NAME = re.compile(r"(?:[^\W\d]+[,،]? )?(\d{1,2}) ([^\d,،]+?)[,،]? (\d{4})")
_TIME = re.compile(
    r"(\d{1,2})(?:\s*[:.]\s*(\d{2})(?:\s*:\s*\d{2}(?:\.\d+)?)?)?\s*(am|pm|ص|م|صباحا|مساء|صباحًا|مساءً)?", re.I
)
_OFFSET = re.compile(r"\s*(?:(Z)|([+-])(\d{2}):?(\d{2}))$")
_ABOUT = re.compile(r"^(?:~|≈|about\b|approx\.?|حوالي|تقريبا|نحو)\s*", re.I)


@cache
def _months() -> dict[str, int]:
    """The names of the months that people use here: English, of the Levant, and those of Egypt."""
    tables = [table for names in NAMES.values() for table in (names.months, names.short_months)]
    return {
        name.rstrip(".").casefold(): index for table in (*tables, OF_EGYPT) for index, name in enumerate(table) if name
    }


def parse_date(text: str) -> date:
    """The day that is typed: 2016-04-14, 14/4/2016, 14.4.2016, 14 نيسان 2016. Raises NotADay."""
    typed = plain(text)
    if found := _YEAR_FIRST.fullmatch(typed):
        return _calendar_day(found[1], found[2], found[3])
    if found := _DAY_FIRST.fullmatch(typed):
        return _calendar_day(found[3], found[2], found[1])
    if (found := _BY_NAME.fullmatch(typed)) and (month := _months().get(found[2].rstrip(".").casefold())):
        return _calendar_day(found[3], str(month), found[1])
    raise NotADay(_("Write the day as day/month/year, for example 14/4/2016"))


def _calendar_day(year: str, month: str, day: str) -> date:
    if len(year) != 4:
        raise NotADay(_("Write the year with four digits, for example 2016"))
    if not EARLIEST_YEAR <= int(year) <= LATEST_YEAR:
        raise NotADay(_("Check the year: %(year)s", year=year))
    if not 1 <= int(month) <= 12:
        raise NotADay(_("There is no month %(month)s. Write the day first, then the month", month=month))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise NotADay(_("That month has no day %(day)s", day=day)) from None


def parse_time(text: str) -> time:
    """The time that is typed: 23:50, 9:05, 2350, 9 pm, 11:50 م. Raises NotATime."""
    typed = plain(text)
    if re.fullmatch(r"\d{3,4}", typed):
        typed = f"{typed[:-2]}:{typed[-2:]}"
    found = _TIME.fullmatch(typed)
    if not found:
        raise NotATime(_("Write the time as hours and minutes, for example 23:50"))
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise NotATime(_("There is no such time. Write it from 00:00 to 23:59"))
        hour = hour % 12 + (12 if found[3].casefold()[0] in "pم" else 0)
    if hour > 23 or minute > 59:
        raise NotATime(_("There is no such time. Write it from 00:00 to 23:59"))
    return time(hour, minute)


def parse_moment(text: str) -> Moment:
    """The moment that is typed, and how well it is known. Raises NotADay, NotATime or NotAMoment.

    A day alone is a moment known to the day; `~`, about or حوالي before it, or before its time, is about; an offset at
    its end (+02:00) says which of two equal times is meant.
    """
    typed = plain(text)
    about = bool(_ABOUT.match(typed))
    typed = _ABOUT.sub("", typed)
    day_text, time_text = _day_and_time(typed)
    if not time_text:
        return Moment.of_day(parse_date(day_text))
    if _ABOUT.match(time_text):
        about, time_text = True, _ABOUT.sub("", time_text)
    return Moment(_at(day_text, time_text), Precision.ABOUT if about else Precision.MINUTE)


def _day_and_time(typed: str) -> tuple[str, str]:
    """The two parts of a moment; the second empty where it is a day alone."""
    for pattern in (_YEAR_FIRST, _DAY_FIRST, _BY_NAME):
        if found := pattern.match(typed):
            rest = re.sub(r"^(?:T(?=\d)|[,،]?\s*)", "", typed[found.end() :])
            return found[0], rest
    return typed, ""


def _at(day_text: str, time_text: str) -> datetime:
    offset = _OFFSET.search(time_text)
    wall = datetime.combine(parse_date(day_text), parse_time(_OFFSET.sub("", time_text)))
    if offset:
        return wall.replace(tzinfo=_zone_of(offset)).astimezone(UTC)
    try:
        return from_local(wall)
    except NoSuchLocalTime:
        raise NotAMoment(
            _("The clocks went forward that night: %(time)s did not occur", time=f"{wall:%H:%M}")
        ) from None


def _zone_of(offset: re.Match[str]) -> timezone:
    if offset[1]:
        return UTC
    hours, minutes = int(offset[3]), int(offset[4])
    if hours > 14 or minutes > 59:
        raise NotAMoment(_("Check the offset at the end, for example +02:00"))
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if offset[2] == "+" else -ahead)


_NOT_TYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no keyboard types and no page or workbook may hold: controls, halves of characters."""


def tidy(text: str | None) -> str | None:
    """What was typed without spaces around it; nothing is None."""
    if text is None:
        return None
    return _NOT_TYPED.sub("", text).strip() or None
