"""Which days of looking are unusual: many cases, at night, of other teams, faster than anybody reads.

A clinic of four people opens few cases a day. The thresholds are the clinic's own judgement: high enough that a day of
hearings or a report does not show, low enough that a walk through the files does.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import median

from clinic import clock

MANY = 25
"""Cases in a day from which the day is unusual, if it is also three times this person's usual day."""
TIMES_USUAL = 3
AT_NIGHT = 8
"""Cases opened between 22:00 and 06:00. A station call opens one or two."""
OTHER_TEAMS = 15
"""Cases in a day of whose teams the person was not. A coordinator assigns a few a day."""
NIGHT_BEGINS, NIGHT_ENDS = 22, 6


class Pattern(StrEnum):
    """Why a day is brought up."""

    MANY_CASES = "many_cases"
    AT_NIGHT = "at_night"
    OTHER_TEAMS = "other_teams"
    TOO_FAST = "too_fast"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody opened something of a case; without one, they were held back because they asked too fast."""

    who: uuid.UUID
    at: datetime
    case_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Day:
    """What one person opened on one local day: numbers of different cases, and how often they were held back."""

    who: uuid.UUID
    day: date
    cases: int
    at_night: int
    other_teams: int
    held_back: int = 0


@dataclass(frozen=True, slots=True)
class Unusual:
    """A day that somebody should ask about; `usual` is the person's median of the other days.

    `cases` are those that make it unusual; of a day that was too fast, how often.
    """

    who: uuid.UUID
    day: date
    pattern: Pattern
    cases: int
    usual: int


def is_at_night(at: datetime) -> bool:
    """Whether a moment lies between 22:00 and 06:00 on the clinic's clocks."""
    hour = clock.local(at).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


def days_of(looks: Iterable[Look], teams: Mapping[uuid.UUID, frozenset[uuid.UUID]]) -> list[Day]:
    """The days of each person, the latest first; `teams` says who is or was on the team of a case."""
    opened: dict[tuple[uuid.UUID, date], dict[uuid.UUID, bool]] = {}
    held_back: Counter[tuple[uuid.UUID, date]] = Counter()
    for look in looks:
        of = look.who, clock.local_date(look.at)
        cases = opened.setdefault(of, {})
        if look.case_id is None:
            held_back[of] += 1
        else:
            cases[look.case_id] = cases.get(look.case_id, False) or is_at_night(look.at)
    found = [
        Day(
            *of, len(cases), sum(cases.values()), sum(of[0] not in teams.get(case, ()) for case in cases), held_back[of]
        )
        for of, cases in opened.items()
    ]
    return sorted(found, key=lambda one: (one.day, one.cases), reverse=True)


def unusual(days: Iterable[Day]) -> list[Unusual]:
    """The days to ask about, the latest first."""
    days = list(days)
    found = []
    for one in days:
        others = [other.cases for other in days if other.who == one.who and other.day != one.day]
        usual = round(median(others)) if others else 0
        patterns = {
            Pattern.MANY_CASES: one.cases if one.cases >= max(MANY, TIMES_USUAL * usual) else 0,
            Pattern.AT_NIGHT: one.at_night if one.at_night >= AT_NIGHT else 0,
            Pattern.TOO_FAST: one.held_back,
            Pattern.OTHER_TEAMS: one.other_teams if one.other_teams >= max(OTHER_TEAMS, TIMES_USUAL * usual) else 0,
        }
        found += [Unusual(one.who, one.day, pattern, cases, usual) for pattern, cases in patterns.items() if cases]
    return found
