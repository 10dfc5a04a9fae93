"""Decisions about a day that need no database: the greeting, what clashes, how a month is laid out, whether to call."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import combinations

from clinic import clock
from clinic.cases.models import Step
from clinic.typed import latin_digits

APART = timedelta(minutes=90)
"""Two appointments that begin closer together than this cannot both be kept: a court and a school are an hour apart."""
IN_ONE_HOUSE = timedelta(minutes=15)
"""The same for two hearings of one court: lawyers go from room to room there."""


class PartOfDay(StrEnum):
    """How somebody is greeted."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


def part_of_day(at: datetime) -> PartOfDay:
    """What part of the clinic's day a moment lies in."""
    hour = clock.local(at).hour
    if 5 <= hour < 12:
        return PartOfDay.MORNING
    if 12 <= hour < 17:
        return PartOfDay.AFTERNOON
    return PartOfDay.EVENING if 17 <= hour < 22 else PartOfDay.NIGHT


def clashing(planned: Iterable[Step]) -> frozenset[uuid.UUID]:
    """The planned steps of one person that begin too close to another one, of those whose minute is known."""
    timed = [step for step in planned if step.happened is not None and step.happened.is_exact]
    close = [pair for pair in combinations(timed, 2) if _cannot_both_be_kept(*pair)]
    return frozenset(step.id for pair in close for step in pair)


def _cannot_both_be_kept(one: Step, other: Step) -> bool:
    if one.happened is None or other.happened is None:
        return False
    court = getattr(one, "court", None)
    in_one_house = court is not None and court == getattr(other, "court", None)
    return abs(one.happened.at - other.happened.at) < (IN_ONE_HOUSE if in_one_house else APART)


@dataclass(frozen=True, slots=True)
class Month:
    """A month in whole weeks; `chosen` is a day in it."""

    chosen: date
    weeks: Sequence[Sequence[date]]

    @property
    def first(self) -> date:
        """The first day drawn, which may lie in the month before."""
        return self.weeks[0][0]

    @property
    def last(self) -> date:
        """The last day drawn."""
        return self.weeks[-1][-1]

    @property
    def previous(self) -> date:
        """The first day of the month before."""
        return (self.chosen.replace(day=1) - timedelta(days=1)).replace(day=1)

    @property
    def week_before(self) -> date:
        """The same weekday a week before."""
        return self.chosen - timedelta(days=7)

    @property
    def week_after(self) -> date:
        """The same weekday a week after."""
        return self.chosen + timedelta(days=7)

    @property
    def next(self) -> date:
        """The first day of the month after."""
        return (self.chosen.replace(day=28) + timedelta(days=4)).replace(day=1)


def week_begins_on(weekend: Iterable[int]) -> int:
    """The weekday on which a week begins: the one after the weekend (Monday is 0)."""
    free = set(weekend)
    after = [day for day in range(7) if day not in free and (day - 1) % 7 in free]
    return after[0] if after else 0


def month_of(chosen: date, weekend: Iterable[int]) -> Month:
    """The month of a day, in whole weeks that begin after the weekend."""
    begins = week_begins_on(weekend)
    first = chosen.replace(day=1)
    first -= timedelta(days=(first.weekday() - begins) % 7)
    after = (chosen.replace(day=28) + timedelta(days=4)).replace(day=1)
    count = -(-(after - first).days // 7)
    weeks = [[first + timedelta(days=7 * week + day) for day in range(7)] for week in range(count)]
    return Month(chosen, weeks)


_HOUR = r"(\d{1,2})(?::(\d{2}))?"
_HOURS = re.compile(rf"(?<!\d){_HOUR}\s*(?:-|–|—|to|until|till|إلى|الى|حتى)\s*{_HOUR}(?!\d)")
_LATER = {
    "الثانية": 14, "الثالثة": 15, "الرابعة": 16, "الخامسة": 17, "السادسة": 18, "السابعة": 19, "الثامنة": 20,
    "two": 14, "three": 15, "four": 16, "five": 17, "six": 18, "seven": 19, "eight": 20,
}  # fmt: skip
_AFTER = re.compile(rf"(?:بعد|after)\s+(?:الساعة\s+)?({'|'.join(_LATER)})", re.IGNORECASE)
_PARTS = (
    (re.compile("أي وقت|اي وقت|any ?time|always", re.IGNORECASE), 7, 22),
    (re.compile("صباح|morning", re.IGNORECASE), 7, 12),
    (re.compile("بعد الظهر|عصر|afternoon", re.IGNORECASE), 12, 17),
    (re.compile("مساء|evening", re.IGNORECASE), 17, 22),
)
_NIGHT_FROM, _NIGHT_TO = time(22), time(7)


def safe_now(words: str | None, at: datetime) -> bool | None:
    """Whether what was written down as safe holds this moment: `16:00-19:00`, `بعد السادسة مساءً`, `mornings`.

    None where no time can be read from the words: then the words themselves are shown, and a person decides. At night
    nobody is called unless the hours that were written down say so.
    """
    text, wall = latin_digits(words or ""), clock.local(at).time()
    told = _window(text)
    if told is not None:
        begins, ends = told
        return begins <= wall <= ends if begins <= ends else wall >= begins or wall <= ends
    if wall >= _NIGHT_FROM or wall < _NIGHT_TO:
        return False
    return _in_words(text, wall)


def _window(text: str) -> tuple[time, time] | None:
    """The hours that stand in a text as figures, if it is sure which half of the day is meant."""
    found = _HOURS.search(text)
    if found is None:
        return None
    hour, minute, end_hour, end_minute = (int(part or 0) for part in found.groups())
    sure = max(hour, end_hour) > 12 or None not in found.groups()  # "4 to 7" may be either half of the day
    if not sure or max(hour, end_hour) > 24 or max(minute, end_minute) > 59:
        return None
    return time(hour % 24, minute), time(end_hour % 24, end_minute)


def _in_words(text: str, wall: time) -> bool | None:
    """Whether the part of the day that a text names holds a time; None if it names none, or more than one."""
    after = _AFTER.search(text)
    if after:
        return wall >= time(_LATER[after[1].lower()])
    named = [(begins, ends) for words, begins, ends in _PARTS if words.search(text)]
    return named[0][0] <= wall.hour < named[0][1] if len(named) == 1 else None
