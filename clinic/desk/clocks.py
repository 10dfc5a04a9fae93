"""The children held now, as a lawyer reads them at two in the morning: where, how long still, and what to do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from clinic import formats
from clinic.access.reader import Reader
from clinic.custody import queries as custody
from clinic.custody.queries import Held
from clinic.languages import _, _n
from clinic.law.custody_clock import Clock, CustodyClock
from clinic.law.rules import RuleSets
from clinic.vocabularies import lists

DAYS_FROM = 72


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One child who is held, ready to be shown. `state` is calm, near, missed or unknown; `share` is 0 to 100."""

    case_id: uuid.UUID
    name: str
    note: str
    state: str
    left: str
    spent: str
    share: int
    about: bool
    unconfirmed: bool
    hours_left: float


def held_now(rule_sets: RuleSets, now: datetime, *, reader: Reader) -> list[HeldLine]:
    """The children held now in the cases of the reader, those with the least time left first."""
    lines = [_line(one, one.clock(rule_sets, now), now) for one in custody.held(reader=reader)]
    return sorted(lines, key=lambda line: (line.hours_left, line.name))


def _line(one: Held, clock: CustodyClock | None, now: datetime) -> HeldLine:
    running = clock.running if clock else None
    return HeldLine(
        case_id=one.case.id,
        name=one.case.child.name or one.case.reference,
        note=" · ".join(part for part in (_age(one, now), _where(one), _since(clock, now)) if part),
        state=_state(running),
        left=_left(running),
        spent=_spent(clock, running, now),
        share=round(running.spent_share * 100) if running else 0,
        about=running.about if running else False,
        unconfirmed=not running.confirmed if running else False,
        hours_left=running.hours_left if running else float("inf"),
    )


def _age(one: Held, now: datetime) -> str:
    years = one.case.child.age_on(now.date())
    return formats.age(years) if years is not None else ""


def _where(one: Held) -> str:
    if one.place:
        return lists.label("custody_place", one.place)
    return lists.label("police_station", one.police_station) if one.police_station else _("not known where")


def _since(clock: CustodyClock | None, now: datetime) -> str:
    return _("held for %(span)s", span=_span(clock.hours_held(now))) if clock else ""


def _span(hours: float) -> str:
    return (
        _n("%(num)d day", "%(num)d days", int(hours // 24)) if hours >= DAYS_FROM else formats.hours_and_minutes(hours)
    )


def _state(running: Clock | None) -> str:
    if running is None:
        return "unknown"
    if running.missed:
        return "missed"
    return "near" if running.near or running.perhaps_missed else "calm"


def _left(running: Clock | None) -> str:
    if running is None:
        return _("No limit of the law runs")
    if running.perhaps_missed:
        return _("Perhaps over the limit")
    return formats.span_left(running.hours_left)


def _spent(clock: CustodyClock | None, running: Clock | None, now: datetime) -> str:
    """What the bar shows, in words: which limit, and how much of it is gone."""
    if clock is None or running is None:
        return _("Nothing to count against")
    return _(
        "%(limit)s: %(share)s spent", limit=str(running.limit.name), share=formats.percent(running.spent_share * 100)
    )
