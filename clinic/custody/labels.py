"""The clock of custody in words, for whoever shows it: how long still, how much is spent, since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clinic import formats
from clinic.clock import Moment
from clinic.custody.queries import Held
from clinic.languages import _, _n
from clinic.law.custody_clock import Breach, Clock, CustodyClock
from clinic.vocabularies import lists

DAYS_FROM_HOURS = 72  # from three days on, time held is said in days


@dataclass(frozen=True, slots=True)
class ClockWords:
    """A custody clock ready to be shown. `state` is calm, near, missed or unknown; `share` is 0 to 100."""

    state: str
    left: str
    spent: str
    share: int
    limit: str | None
    since: str
    about: bool
    unconfirmed: bool
    breaches: tuple[str, ...] = ()


def words_of(clock: CustodyClock | None, now: datetime) -> ClockWords:
    """The clock in the reader's language."""
    running = clock.running if clock else None
    if clock is None or running is None:
        left, spent = _("No limit of the law runs"), _("Nothing to count against")
        since = _since(clock.held_since, clock.hours_held(now)) if clock else ""
        return ClockWords("unknown", left, spent, 0, None, since, about=False, unconfirmed=False)
    return ClockWords(
        state=_state(running),
        left=_("Perhaps over the limit") if running.perhaps_missed else formats.span_left(running.hours_left),
        spent=_spent(running),
        share=round(running.spent_share * 100),
        limit=str(running.limit.name),
        since=_since(clock.held_since, clock.hours_held(now)),
        about=running.about,
        unconfirmed=not running.confirmed,
        breaches=tuple(_breach(breach) for breach in clock.breaches),
    )


def _state(running: Clock) -> str:
    if running.missed:
        return "missed"
    return "near" if running.near or running.perhaps_missed else "calm"


def _spent(running: Clock) -> str:
    share = formats.percent(running.spent_share * 100)
    return _("%(limit)s: %(share)s spent", limit=str(running.limit.name), share=share)


def _since(moment: Moment, hours: float) -> str:
    return _("Held since %(when)s: %(span)s", when=formats.moment(moment), span=span(hours))


def span(hours: float) -> str:
    """How long a child has been held: in hours and minutes, from three days on in days."""
    days = int(hours // 24)
    return _n("%(num)d day", "%(num)d days", days) if hours >= DAYS_FROM_HOURS else formats.hours_and_minutes(hours)


def _breach(breach: Breach) -> str:
    return _("%(limit)s: exceeded by %(span)s", limit=str(breach.limit.name), span=span(breach.over_hours))


def where_held(held: Held) -> str:
    """Where the child is: the place, or the station."""
    if held.place and held.place != "police_cell":
        return lists.label("custody_place", held.place)
    if held.police_station:
        return lists.label("police_station", held.police_station)
    return lists.label("custody_place", held.place) if held.place else _("It is not known where")
