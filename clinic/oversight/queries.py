"""Who looked at what: the log of readings, by person and day, and what is unusual in it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from clinic import clock, db
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.audit.models import reading
from clinic.cases.models import CaseFile, TeamMember
from clinic.cases.queries import cases_walled_from, is_visible_to
from clinic.db import session
from clinic.oversight import rules
from clinic.oversight.models import LookReview
from clinic.oversight.rules import Day, Look, Pattern, Unusual
from clinic.staff.models import StaffMember

LOOKS_BACK = 30
"""Days that are looked through for what is unusual."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One look; `case` where the reader may see that case."""

    at: datetime
    what: str
    case: tuple[uuid.UUID, str] | None


def days(*, reader: Reader) -> list[Day]:
    """What each person opened in the last 30 days, by day, the latest first."""
    begin = clock.day_begins(clock.today() - timedelta(days=LOOKS_BACK))
    wanted = select(reading.c.who, reading.c.at, reading.c.case_id).where(
        reading.c.clinic_id == reader.clinic_id,
        reading.c.id >= clock.earliest_id(begin),
        reading.c.who.is_not(None),
        or_(reading.c.case_id.is_not(None), reading.c.what == readings.HELD_BACK),
    )
    hidden = cases_walled_from(reader)
    with db.database().readings.connect() as connection:
        rows = connection.execute(wanted).all()
    looks = [Look(row.who, row.at, row.case_id) for row in rows if row.case_id not in hidden]
    return rules.days_of(looks, _teams(reader) if looks else {})


def _teams(reader: Reader) -> Mapping[uuid.UUID, frozenset[uuid.UUID]]:
    rows = session.execute(
        select(TeamMember.case_id, TeamMember.staff_id).where(TeamMember.clinic_id == reader.clinic_id)
    )
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for row in rows:
        found.setdefault(row.case_id, set()).add(row.staff_id)
    return {case_id: frozenset(people) for case_id, people in found.items()}


def to_be_asked(of: Sequence[Day], *, reader: Reader) -> list[Unusual]:
    """The unusual days that nobody has looked into yet."""
    earliest = clock.today() - timedelta(days=LOOKS_BACK)
    rows = session.execute(
        select(LookReview.staff_id, LookReview.day, LookReview.pattern).where(
            LookReview.clinic_id == reader.clinic_id, LookReview.day >= earliest
        )
    )
    done = {(row.staff_id, row.day, row.pattern) for row in rows}
    return [one for one in rules.unusual(of) if (one.who, one.day, one.pattern.value) not in done]


def reviews(*, reader: Reader, limit: int = 20) -> Sequence[LookReview]:
    """What was looked into, the latest first."""
    wanted = select(LookReview).where(LookReview.clinic_id == reader.clinic_id)
    return session.scalars(wanted.order_by(LookReview.reviewed_at.desc()).limit(limit)).all()


def find_unusual(staff_id: uuid.UUID, day: date, pattern: Pattern, *, reader: Reader) -> Unusual | None:
    """An unusual day that still waits for somebody to ask."""
    waiting = to_be_asked(days(reader=reader), reader=reader)
    return next((one for one in waiting if (one.who, one.day, one.pattern) == (staff_id, day, pattern)), None)


def find_person(staff_id: uuid.UUID, *, reader: Reader) -> StaffMember | None:
    """Somebody who works or worked in the clinic."""
    return session.scalar(
        select(StaffMember).where(StaffMember.id == staff_id, StaffMember.clinic_id == reader.clinic_id)
    )


def looks_of(staff_id: uuid.UUID, *, reader: Reader, before: int | None = None) -> tuple[list[Seen], int | None]:
    """What a person opened, the latest first, 50 at a time; and the number from which the next page goes on.

    Looks at a case that a wall keeps from the reader do not exist for them, their own of before neither.
    """
    wanted = select(reading).where(reading.c.clinic_id == reader.clinic_id, reading.c.who == staff_id)
    if hidden := cases_walled_from(reader):
        wanted = wanted.where(or_(reading.c.case_id.is_(None), reading.c.case_id.not_in(hidden)))
    if before is not None:
        wanted = wanted.where(reading.c.number < before)
    with db.database().readings.connect() as connection:
        rows = connection.execute(wanted.order_by(reading.c.number.desc()).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    cases = _references({row.case_id for row in shown if row.case_id is not None}, reader)
    seen = [Seen(row.at, row.what, cases.get(row.case_id)) for row in shown]
    return seen, shown[-1].number if len(rows) > PAGE else None


def _references(ids: Collection[uuid.UUID], reader: Reader) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    wanted = select(CaseFile.id, CaseFile.reference).where(CaseFile.id.in_(ids), is_visible_to(reader))
    return {row.id: (row.id, row.reference) for row in session.execute(wanted)} if ids else {}
