"""Moments without the time of day: those whose distance a figure reads are moved, as early as their days allow.

What is left of a step then tells its days and how long things took, and nothing else: the same days and the same
lengths give the same moments, whatever the hour was. Where a figure counts from a moment to the start or the end of a
day (time to the decision, days held before it), by how much it was moved is kept beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, TypeVar

from clinic.clock import Precision, day_begins, day_ends, local_date

At = tuple[datetime, Precision | None]
MINUTE: Final = timedelta(minutes=1)
LONG_STAY: Final = timedelta(hours=168)  # "family_contact" of the indicators looks at these
TRANSFER_DAYS: Final = timedelta(days=1)  # a transfer within 24 hours begins by the next day
NEVER: Final = timedelta(0)

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Times:
    """What one step says of time, in all its versions. `begins` are those from which a length up to a day is asked."""

    moments: tuple[At, ...]
    begins: tuple[datetime, ...] = ()
    runs: bool = False
    is_counted_from: bool = False

    @property
    def days(self) -> tuple[date, date]:
        """From its first day to its last; one that runs, in some version, has none."""
        days = [local_date(at) for at, _precision in self.moments]
        return min(days), date.max if self.runs else max(days)


class Move(NamedTuple):
    """By how much the moments of a step are moved towards the morning, and whether that must be known to figures."""

    by: timedelta
    is_kept: bool


def moves_of_each(steps: Mapping[Key, Times]) -> dict[Key, Move]:
    """Steps of whom no figure compares one with another."""
    return {key: _move([times]) for key, times in steps.items() if times.moments}


def moves_of_stays(steps: Mapping[Key, Times]) -> dict[Key, Move]:
    """Custody of one child: periods that may overlap, follow each other within a day or be in order move together."""
    found: dict[Key, Move] = {}
    for stay in _stays([(key, times) for key, times in steps.items() if times.moments]):
        move = _move([times for _key, times in stay])
        found.update({key: move for key, _times in stay})
    return found


def _stays(steps: Sequence[tuple[Key, Times]]) -> Iterable[list[tuple[Key, Times]]]:
    stay: list[tuple[Key, Times]] = []
    until = date.min
    for key, times in sorted(steps, key=lambda step: step[1].days):
        first, last = times.days
        if stay and first > _day_after(until):
            yield stay
            stay = []
        until = max(until, last) if stay else last
        stay.append((key, times))
    if stay:
        yield stay


def _day_after(day: date) -> date:
    return day if day == date.max else day + TRANSFER_DAYS


def is_moved(precision: Precision | None) -> bool:
    """Whether a moment is moved: one that is known to the day tells no hour."""
    return precision != Precision.DAY


def _move(together: Sequence[Times]) -> Move:
    moved = [at for times in together for at, precision in times.moments if is_moved(precision)]
    into_day = [at - day_begins(local_date(at)) for at in moved]
    if not moved:
        return Move(NEVER, is_kept=False)
    if any(times.is_counted_from for times in together) or min(into_day) == NEVER:  # midnight says more than its day
        return Move(_whole_seconds(max(into_day)), is_kept=True)
    begins = {at for times in together for at in times.begins}
    room = (at - max(_bounds(at, is_begin=at in begins)) for at in moved)
    return Move(max(NEVER, _whole_seconds(min(room) - MINUTE)), is_kept=False)


def _whole_seconds(span: timedelta) -> timedelta:
    return timedelta(seconds=span // timedelta(seconds=1))


def _bounds(at: datetime, *, is_begin: bool) -> list[datetime]:
    """What a moment must not be moved to or beyond, for the figures to say the same."""
    day = local_date(at)
    bounds = [day_begins(day)]
    if is_begin:  # where the clocks change within the week, an hour decides whether a stay was long
        ends = (day_ends(day + timedelta(days=after)) - LONG_STAY for after in (6, 7))
        bounds += [end for end in ends if end < at]
    return bounds
