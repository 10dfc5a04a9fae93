"""The children held now, those with the least time left first, as the desk shows them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from clinic import clock, formats
from clinic.access.reader import Reader
from clinic.custody import queries as custody
from clinic.custody.labels import ClockWords, span, where_held, words_of
from clinic.languages import _
from clinic.law.queries import rule_sets


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One child who is held, ready to be shown."""

    case_id: uuid.UUID
    name: str
    note: str
    words: ClockWords


def held_now(now: datetime, *, reader: Reader) -> list[HeldLine]:
    """The children held now in the cases of the reader; who has no limit running stands last. Three statements."""
    rules, lines = rule_sets(), []
    for held in custody.held(reader=reader):
        running = held.clock(rules, now)
        first = running.running.hours_left if running and running.running else float("inf")
        since = _("held for %(span)s", span=span(running.hours_held(now))) if running else ""
        years = held.case.child.age_on(clock.local_date(now))
        note = " · ".join(part for part in (formats.age(years), where_held(held), since) if part)
        name = held.case.child.name or held.case.reference
        lines.append((first, name, HeldLine(held.case.id, name, note, words_of(running, now))))
    return [line for _first, _name, line in sorted(lines, key=lambda each: each[:2])]
