"""Finding a case that does not exist for the reader, and the emergency accesses that run or wait to be looked into."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from clinic import clock, db
from clinic.access.models import EmergencyAccess
from clinic.access.reader import Reader
from clinic.audit.models import AuditEntry, reading
from clinic.cases import around
from clinic.cases.models import CaseFile
from clinic.cases.queries import children_walled_from, is_visible_to
from clinic.children import index
from clinic.children.models import Child
from clinic.children.queries import names
from clinic.db import session
from clinic.emergency import rules
from clinic.typed import plain
from clinic.vocabularies.fixed import CaseStatus

NOT_FOUND: Final = "emergency.not_found"
COMPARED: Final = 40
TRIES: Final = 5
WITHIN: Final = timedelta(hours=1)


def find_case_for(looked: str, birth_year: int | None, *, reader: Reader) -> CaseFile | None:
    """The one case that somebody means who cannot see it: by its reference, or the child's full name and birth year.

    A child behind a wall is left out by the statements that look; they are the same, and as many, whoever is there.
    """
    by_reference = session.scalar(
        select(CaseFile.child_id).where(
            CaseFile.clinic_id == reader.clinic_id,
            CaseFile.reference == plain(looked).upper(),
            CaseFile.child_id.not_in(children_walled_from(reader)),
        )
    )
    by_name = _called(looked, birth_year, reader)
    child_id = by_reference or (by_name[0] if len(by_name) == 1 else uuid.UUID(int=0))
    return newest_case_of(child_id, reader=reader)


def _called(name: str, birth_year: int | None, reader: Reader) -> list[uuid.UUID]:
    """The children whose full name and birth year these are; nobody behind a wall."""
    with index.reading():
        ids = [found.child_id for found in names().search(name, limit=COMPARED)]
    wanted = select(Child).where(
        Child.clinic_id == reader.clinic_id, Child.id.in_(ids), Child.id.not_in(children_walled_from(reader))
    )
    children = session.scalars(wanted).all()
    if birth_year is None or not rules.is_full(name):
        return []
    return [child.id for child in children if rules.is_born_in(birth_year, child) and rules.is_called(name, child)]


def newest_case_of(child_id: uuid.UUID, *, reader: Reader) -> CaseFile | None:
    """The case of a child that is opened in an emergency: an open one before a closed one, the newest first.

    The one place that finds a case which does not exist for the reader: what follows is told to coordinator and team.
    """
    return session.scalar(
        select(CaseFile)
        .where(
            CaseFile.clinic_id == reader.clinic_id,
            CaseFile.child_id == child_id,
            CaseFile.merged_into.is_(None),
            CaseFile.aged_on.is_(None),
            CaseFile.child_id.not_in(children_walled_from(reader)),
        )
        .order_by(CaseFile.status == CaseStatus.CLOSED, CaseFile.opened_on.desc(), CaseFile.entered.desc())
        .limit(1)
    )


def tried_too_often(*, reader: Reader) -> bool:
    """Whether this person asked for files in vain more often than is let pass in an hour."""
    now = clock.now()
    tries = select(func.count()).where(
        AuditEntry.clinic_id == reader.clinic_id,
        AuditEntry.id.between(clock.earliest_id(now - WITHIN), clock.earliest_id(now + clock.SKEW)),
        AuditEntry.who == reader.staff_id,
        AuditEntry.what == NOT_FOUND,
    )
    return (session.scalar(tries) or 0) >= TRIES


def running_in(case_id: uuid.UUID) -> Sequence[EmergencyAccess]:
    """Who has a case open in an emergency now, the one that ends first before."""
    kept = around.kept(case_id)
    return kept.emergencies if kept is not None else around.every("emergencies", case_id)


@dataclass(frozen=True)
class Opened:
    """An emergency access with the case that it opened."""

    access: EmergencyAccess
    reference: str


def to_be_reviewed(*, reader: Reader) -> list[Opened]:
    """What nobody has looked into yet, the oldest first; of cases that exist for the reader."""
    rows = session.execute(
        select(EmergencyAccess, CaseFile.reference)
        .join(CaseFile, CaseFile.id == EmergencyAccess.case_id)
        .where(EmergencyAccess.clinic_id == reader.clinic_id, EmergencyAccess.reviewed_at.is_(None))
        .where(is_visible_to(reader))
        .order_by(EmergencyAccess.began_at, EmergencyAccess.id)
    )
    return [Opened(access, reference) for access, reference in rows]


def find_access(access_id: uuid.UUID, *, reader: Reader) -> EmergencyAccess | None:
    """An emergency access to a case that exists for the reader."""
    return session.scalar(
        select(EmergencyAccess)
        .join(CaseFile, CaseFile.id == EmergencyAccess.case_id)
        .where(EmergencyAccess.id == access_id, is_visible_to(reader))
    )


def reference_of(access: EmergencyAccess) -> str:
    """The reference of the case that was opened."""
    return session.get_one(CaseFile, access.case_id).reference


def looks_under(access: EmergencyAccess) -> list[tuple[str, datetime]]:
    """What was opened of the case meanwhile, the latest first."""
    wanted = select(reading.c.what, reading.c.at).where(
        reading.c.clinic_id == access.clinic_id,
        reading.c.case_id == access.case_id,
        reading.c.who == access.staff_id,
        reading.c.at >= access.began_at,
        reading.c.at <= access.until,
    )
    with db.database().readings.connect() as connection:
        rows = connection.execute(wanted.order_by(reading.c.number.desc()).limit(50)).all()
    return [(row.what, row.at) for row in rows]
