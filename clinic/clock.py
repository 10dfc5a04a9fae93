"""Time as the clinic knows it: moments with a precision, local days, and the one zone that converts between them.

A moment is kept in UTC together with how well it is known; a day is a plain date of the clinic's zone. Everything that
asks "what time is it" asks `now()` here, so that a test can hold the clock (`told`).
"""

from __future__ import annotations

import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Hebron")
SKEW = timedelta(minutes=5)
"""How far the clocks of two machines of a clinic may be apart. What lies further ahead was told by a wrong clock."""


class Precision(StrEnum):
    """How well a moment is known."""

    MINUTE = "minute"
    ABOUT = "about"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC and how well it is known. One known to the day holds the first instant of its local day."""

    at: datetime
    precision: Precision = Precision.MINUTE

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a moment needs a zone")

    @property
    def is_exact(self) -> bool:
        """Known to the minute: fit for figures of elapsed hours."""
        return self.precision == Precision.MINUTE

    @property
    def local_date(self) -> date:
        """The clinic's date of this moment."""
        return local_date(self.at)

    @classmethod
    def of_day(cls, day: date) -> Moment:
        """The moment of which only the day is known."""
        return cls(day_begins(day), Precision.DAY)


def told() -> datetime:
    """What the machine's clock tells, in UTC. Only `now` asks it.

    A test holds the clock here, and so holds it for whoever kept `now` itself, as the defaults of columns do.
    """
    return datetime.now(UTC)


def now() -> datetime:
    """The present moment in UTC, to the microsecond."""
    return told()


def today() -> date:
    """The clinic's date of the present moment."""
    return local_date(now())


def local(at: datetime) -> datetime:
    """The same moment on the clinic's clock."""
    return at.astimezone(ZONE)


def local_date(at: datetime) -> date:
    """The clinic's date of a moment."""
    return at.astimezone(ZONE).date()


@lru_cache(maxsize=4096)
def day_begins(day: date) -> datetime:
    """The first instant of a local day, in UTC.

    The clocks change at midnight here: where 00:00 does not occur the day begins with the first instant that does;
    where it occurs twice it begins with the first.
    """
    wall = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    begins = wall.astimezone(UTC)
    if begins.astimezone(ZONE).date() < day:  # a gap: fold=0 lands before it
        begins = wall.replace(fold=1).astimezone(UTC)
    while begins.astimezone(ZONE).date() < day:
        begins += timedelta(minutes=15)
    while (begins - timedelta(minutes=15)).astimezone(ZONE).date() >= day:
        begins -= timedelta(minutes=15)
    return begins


def day_ends(day: date) -> datetime:
    """The instant at which a local day ends, which is where the next begins."""
    return day_begins(day + timedelta(days=1))


class NoSuchLocalTime(ValueError):
    """A local time that the change of clocks leaves out."""


def from_local(wall: datetime) -> datetime:
    """The UTC moment of a naive local time. A time that occurs twice means the first.

    Raises NoSuchLocalTime for a time that does not occur.
    """
    at = wall.replace(tzinfo=ZONE, fold=0).astimezone(UTC)
    if at.astimezone(ZONE).replace(tzinfo=None) != wall:
        raise NoSuchLocalTime(wall)
    return at


def hours_between(start: Moment, end: Moment) -> float | None:
    """Real hours from start to end, never below 0; None unless both are known to the minute."""
    if not (start.is_exact and end.is_exact):
        return None
    return max(0.0, (end.at - start.at).total_seconds() / 3600)


def is_after(one: Moment, other: Moment) -> bool | None:
    """Whether one lies after the other; where either is inexact it is known only if their local dates differ."""
    if one.is_exact and other.is_exact:
        return one.at > other.at
    if one.local_date == other.local_date:
        return None
    return one.local_date > other.local_date


def age_on(born: date, day: date) -> int:
    """Completed years. Who is born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def earliest_id(at: datetime) -> uuid.UUID:
    """The least id that could have been made at a moment: ids begin with their milliseconds (RFC 9562)."""
    return uuid.UUID(int=int(at.timestamp() * 1000) << 80)


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random, so that ids sort by when they were made."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= secrets.randbits(12) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return uuid.UUID(int=value)
