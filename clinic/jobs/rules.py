"""When a job is tried again, when regular work is due, when a result is thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta

from clinic import clock
from clinic.jobs.kinds import Daily, Every

LEASE = timedelta(seconds=60)
KEPT_FOR = timedelta(days=1)
"""How long a result waits for who asked for it."""
REMEMBERED_FOR = timedelta(days=30)
"""How long it stays known that a job was there."""
LONGEST_WAIT = timedelta(hours=2)
_FIRST_WAIT = timedelta(seconds=30)


def wait_after(attempts: int) -> timedelta:
    """How long a job waits after so many attempts that broke off: twice as long each time."""
    return min(_FIRST_WAIT * (1 << max(0, attempts - 1)), LONGEST_WAIT)


def is_due(rhythm: Daily | Every, last: datetime | None, now: datetime) -> bool:
    """Whether regular work that was begun last at `last` is to be begun now.

    A last time that lies ahead was told by a clock that has been set back since: the work is not left undone till then.
    """
    if last is None or last > now + clock.SKEW:
        return True
    if isinstance(rhythm, Every):
        return now - last >= rhythm.span
    return last < _latest(rhythm, now)


def _latest(rhythm: Daily, now: datetime) -> datetime:
    """The latest moment at which daily work was to begin."""
    today = clock.day_begins(clock.local_date(now)) + timedelta(hours=rhythm.hour)
    return today if today <= now else today - timedelta(days=1)
