"""What a cell says: from the text or the native value of a cell to the value that the clinic keeps.

Around a value spaces, tatweel and bidi marks are dropped; digits may be Arabic-Indic; codes may be written as labels of
their list in either language. A blank cell is None, which counts as unknown, never as zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

from clinic import clock
from clinic.clock import Moment, NoSuchLocalTime, Precision
from clinic.register.format import UNKNOWN, Column, Kind
from clinic.register.problems import Code
from clinic.register.sources import Raw
from clinic.vocabularies.lists import Lists, NoSuchCode, Term, Vocabulary, means_unknown

Value = str | int | float | date | datetime | Moment | tuple[str, ...] | None
"""What a cell says. A flag is a bool, an entry's stamp a datetime in UTC; every other is as its kind says."""
Parser = Callable[[Raw], Value]

_SPACES = " \t\r\n\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_MARKS = "\u0640\u200b-\u200f\u061c\u202a-\u202e\u2066-\u2069"
_AROUND = "".join(
    chr(code)
    for span in re.findall(r"(.)(?:-(.))?", _SPACES + _MARKS, re.DOTALL)
    for code in range(ord(span[0]), ord(span[1] or span[0]) + 1)
)
_DIGITS = {ord(arabic): str(place % 10) for place, arabic in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
_PLAIN = _DIGITS | dict.fromkeys(
    [0x0640, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(~?)\s*([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s+([0-9]{2}):([0-9]{2})(?:\s*([+-])([0-9]{2}):([0-9]{2}))?)?"
)
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")
_SEPARATORS = re.compile("[;؛]")
_DAY, _ABOUT = Precision.DAY, Precision.ABOUT
_TIMES: Final = tuple(f" {hour:02}:{minute:02}" for hour in range(24) for minute in range(60))
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_ANSWER = "answer"
_SHORTEST_STAMP = len("2016-10-29 00:30+02:00")


class BadCell(ValueError):
    """A cell that says nothing the column can hold."""

    def __init__(self, code: Code, expected: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected


def clean(raw: str) -> str:
    """The text without the spaces, tatweel and bidi marks around it."""
    return raw.strip(_AROUND)


def plain(raw: str) -> str:
    """The text as it counts for a date, number or reference: Latin digits, no marks."""
    text = clean(raw)
    return text if text.isascii() else clean(text.translate(_PLAIN))


def shown(raw: Raw) -> str:
    """A native value as its text would be in a CSV file."""
    match raw:
        case str():
            return raw
        case bool():
            return "TRUE" if raw else "FALSE"
        case float():
            return str(int(raw)) if raw.is_integer() else repr(raw)
        case datetime():
            return _to_the_minute(raw).strftime("%Y-%m-%d %H:%M")
        case date():
            return raw.isoformat()
    return str(raw)


def parser_of(column: Column, lists: Lists) -> Parser:
    """The function that reads the cells of a column. It raises BadCell."""
    match column.kind:
        case Kind.DATE:
            return a_date
        case Kind.MOMENT:
            return a_moment
        case Kind.NUMBER:
            return _number_parser(column)
        case Kind.DECIMAL:
            return a_decimal
        case Kind.ANSWER | Kind.FLAG:
            return _flag_parser(lists) if column.kind == Kind.FLAG else _answer_parser(lists)
        case Kind.STAMP:
            return a_stamp
        case Kind.CODE | Kind.CODES:
            return _code_parser(column, lists)
    return _text_parser(column)


def a_date(raw: Raw) -> date | None:
    """A date: `YYYY-MM-DD`, or a native one. A native moment holds more than a date, and is none."""
    if type(raw) is date:
        return raw
    if not isinstance(raw, str):
        raise BadCell(Code.NOT_A_DATE)
    text = plain(raw)
    return _date_of(text, Code.NOT_A_DATE) if text else None


def _date_of(text: str, code: Code) -> date:
    if not _DATE.fullmatch(text):
        raise BadCell(code)
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise BadCell(code) from wrong
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadCell(code)
    return day


def a_moment(raw: Raw) -> Moment | None:
    """A moment of the clinic's clock: to the minute, about (`~`), or a date alone."""
    if isinstance(raw, datetime):
        return _at(_to_the_minute(raw), Precision.MINUTE)
    if isinstance(raw, date):
        return Moment.of_day(raw)
    if not isinstance(raw, str):
        raise BadCell(Code.NOT_A_MOMENT)
    text = plain(raw)
    return _moment_of(text) if text else None


def _moment_of(text: str) -> Moment:
    found = _MOMENT.fullmatch(text)
    if not found:
        raise BadCell(Code.NOT_A_MOMENT)
    about, day, hour, minute, sign, offset_hours, offset_minutes = found.groups()
    on = _date_of(day, Code.NOT_A_MOMENT)
    if hour is None:
        return Moment.of_day(on)
    if int(hour) > 23 or int(minute) > 59:
        raise BadCell(Code.NOT_A_MOMENT)
    wall = datetime.combine(on, time(int(hour), int(minute)))
    precision = Precision.ABOUT if about else Precision.MINUTE
    if sign is None:
        return _at(wall, precision)
    offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
    return _at_offset(wall, -offset if sign == "-" else offset, precision)


def _to_the_minute(wall: datetime) -> datetime:
    """A native moment is a fraction of a day: the nearest minute is what was typed."""
    return (wall + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _at(wall: datetime, precision: Precision) -> Moment:
    try:
        return Moment(clock.from_local(wall), precision)
    except NoSuchLocalTime as skipped:
        raise BadCell(Code.NO_SUCH_TIME) from skipped


def _at_offset(wall: datetime, offset: timedelta, precision: Precision) -> Moment:
    """The moment of a wall clock at an offset, which must be the one that the clinic's clocks had then."""
    if abs(offset) >= timedelta(hours=24):
        raise BadCell(Code.NOT_A_MOMENT)
    at = wall.replace(tzinfo=timezone(offset)).astimezone(UTC)
    if clock.local(at).utcoffset() != offset:
        raise BadCell(Code.WRONG_OFFSET, offset_text(clock.local(at)))
    return Moment(at, precision)


def offset_text(wall: datetime) -> str:
    """The offset of a moment of the clinic's clock, as in `+02:00`."""
    return wall.isoformat(timespec="minutes")[16:]


def _answer_parser(lists: Lists) -> Parser:
    answers = lists[_ANSWER]

    def an_answer(raw: Raw) -> str | None:
        if not isinstance(raw, str):
            raise BadCell(Code.NOT_AN_ANSWER)
        text = clean(raw)
        if not text:
            return None
        if means_unknown(text):
            return UNKNOWN
        try:
            return answers.code_of(text)
        except NoSuchCode as wrong:
            raise BadCell(Code.NOT_AN_ANSWER) from wrong

    return an_answer


def _flag_parser(lists: Lists) -> Parser:
    an_answer = _answer_parser(lists)

    def a_flag(raw: Raw) -> bool | None:
        answer = an_answer(raw)
        if answer == UNKNOWN:
            raise BadCell(Code.NOT_AN_ANSWER)
        return None if answer is None else answer == "yes"

    return a_flag


def a_stamp(raw: Raw) -> datetime | None:
    """The instant of an entry: local time with its offset, to the microsecond; or any moment with its time."""
    text = plain(shown(raw))
    if not text:
        return None
    try:
        stamp = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadCell(Code.NOT_A_MOMENT) from wrong
    if stamp.tzinfo is not None and len(text) > _SHORTEST_STAMP:
        return stamp.astimezone(UTC)
    return _moment_of(text).at


def _number_parser(column: Column) -> Parser:
    def a_number(raw: Raw) -> int | None:
        if isinstance(raw, str):
            text = plain(raw)
            if not text:
                return None
            if not _WHOLE.fullmatch(text):
                raise BadCell(Code.NOT_A_NUMBER)
            number = int(text)
        elif isinstance(raw, int | float) and not isinstance(raw, bool) and float(raw).is_integer():
            number = int(raw)
        else:
            raise BadCell(Code.NOT_A_NUMBER)
        if not column.minimum <= number <= column.maximum:
            raise BadCell(Code.OUT_OF_RANGE, f"{column.minimum}–{column.maximum}")
        return number

    return a_number


def a_decimal(raw: Raw) -> float | None:
    """A number with a point or without."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise BadCell(Code.NOT_A_FIGURE)
    text = plain(str(raw)).replace("٫", ".")
    if text and not _DECIMAL.fullmatch(text):
        raise BadCell(Code.NOT_A_FIGURE)
    return float(text) if text else None


def _code_parser(column: Column, lists: Lists) -> Parser:
    """Reads one code or, separated by `;`, several. A column without a list takes new codes as they are."""
    vocabulary = _vocabulary_of(column, lists)

    def code_of(text: str) -> str:
        return text if vocabulary is None else _code_in(vocabulary, text, unknown=column.unknown)

    def a_code(raw: Raw) -> str | None:
        text = _text_of_code(raw)
        code = code_of(text) if text else None
        is_a_blank = code == UNKNOWN and not column.required and (vocabulary is None or UNKNOWN not in vocabulary)
        return None if is_a_blank else code

    def codes(raw: Raw) -> tuple[str, ...] | None:
        texts = filter(None, map(clean, _SEPARATORS.split(_text_of_code(raw))))
        found = tuple(dict.fromkeys(map(code_of, texts)))
        if UNKNOWN in found and len(found) > 1:
            raise BadCell(Code.UNKNOWN_AMONG_CODES)
        return found or None

    return codes if column.kind == Kind.CODES else a_code


def _vocabulary_of(column: Column, lists: Lists) -> Vocabulary | None:
    if column.own_codes:
        return Vocabulary(column.name, tuple(Term(code, code, code) for code in column.own_codes), fixed=True)
    return lists[column.vocabulary] if column.vocabulary else None


def _code_in(vocabulary: Vocabulary, text: str, *, unknown: bool) -> str:
    try:
        return vocabulary.code_of(text)
    except NoSuchCode as wrong:
        if unknown and means_unknown(text):
            return UNKNOWN
        raise BadCell(Code.NOT_A_CODE, " ".join(vocabulary.codes)) from wrong


def _text_of_code(raw: Raw) -> str:
    if isinstance(raw, date | time | timedelta | bool):
        raise BadCell(Code.NOT_TEXT)
    return plain(shown(raw))


def _text_parser(column: Column) -> Parser:
    may_be_unknown = column.required and column.kind == Kind.TEXT

    def a_text(raw: Raw) -> str | None:
        if isinstance(raw, date | time | timedelta | bool):
            raise BadCell(Code.NOT_TEXT)
        text = clean(shown(raw)) if column.kind == Kind.TEXT else plain(shown(raw))
        if may_be_unknown and means_unknown(text):
            return UNKNOWN
        if column.kind == Kind.USERNAME:
            return _username(text)
        return text or None

    return a_text


def _username(text: str) -> str | None:
    """Usernames are one word, in whichever case."""
    if len(text.split()) > 1:
        raise BadCell(Code.NOT_A_USERNAME)
    return text.casefold() or None


def text_of(value: Value) -> str:
    """A value as it stands in a file: what the parser of its column reads back."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ";".join(value)
        case datetime():
            return clock.local(value).isoformat(" ", timespec="microseconds")
        case date():
            return value.isoformat()
        case Moment():
            return moment_text(value.at, value.precision)
    return shown(value)


def moment_text(at: datetime, precision: str) -> str:
    """The local time; `~` before what is known about, the date alone where the time is not known.

    The offset is written in the hour that occurs twice alone.
    """
    wall = at.astimezone(clock.ZONE)
    day = _day_of_one_offset(wall.toordinal())
    if precision == _DAY:
        return day or wall.date().isoformat()
    if day is None and _is_twice(wall):
        text = wall.isoformat(" ", timespec="minutes")
    else:
        text = (day or wall.date().isoformat()) + _TIMES[60 * wall.hour + wall.minute]
    return f"~{text}" if precision == _ABOUT else text


@lru_cache(maxsize=4096)
def _day_of_one_offset(ordinal: int) -> str | None:
    """The text of a day; none for one on which the clinic's clocks are changed."""
    day = date.fromordinal(ordinal)
    length = clock.day_begins(day + timedelta(days=1)) - clock.day_begins(day)
    return day.isoformat() if length == timedelta(days=1) else None


def _is_twice(wall: datetime) -> bool:
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
