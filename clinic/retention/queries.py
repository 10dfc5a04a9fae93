"""Who falls due, and what is held. Everything starts from the cases that exist for the reader."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from clinic import clock
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, CasePeriod
from clinic.cases.queries import is_visible_to
from clinic.children.models import Child
from clinic.db import session
from clinic.retention.models import AgeingFile, AgeingRun, LegalHold, Outcome
from clinic.retention.rules import Retention, years_after
from clinic.vocabularies.fixed import CaseStatus


@dataclass(frozen=True)
class Ended:
    """A closed case, and until when it keeps the child's file."""

    case: CaseFile
    closed_on: date
    reason: str
    kept_until: date


@dataclass(frozen=True)
class Due:
    """A child whose file falls due: its cases, the one that keeps it longest first; whether a hold keeps it."""

    cases: Sequence[Ended]
    is_held: bool

    @property
    def child_id(self) -> uuid.UUID:
        """Whose file it is."""
        return self.cases[0].case.child_id

    @property
    def on(self) -> date:
        """The day on which the whole file falls due."""
        return self.cases[0].kept_until


def due_by(day: date, rules: Retention, *, reader: Reader, of: uuid.UUID | None = None) -> list[Due]:
    """The files that fall due by a day, the earliest first; of one child alone, if named. Two statements."""
    held = {hold.case_id for hold in holds(reader=reader)}
    files: dict[uuid.UUID, dict[uuid.UUID, Ended]] = {}
    for case, period in _closed(day, rules, reader, of):
        ended = _ended(case, period, rules)
        files.setdefault(case.child_id, {})[case.id] = ended
    found = [_due(cases.values(), held) for cases in files.values()]
    return sorted((one for one in found if one.on <= day), key=lambda one: (one.on, one.cases[0].case.reference))


def _due(cases: Iterable[Ended], held: set[uuid.UUID]) -> Due:
    told = sorted(cases, key=lambda one: one.kept_until, reverse=True)
    return Due(told, any(one.case.id in held for one in told))


def _ended(case: CaseFile, period: CasePeriod, rules: Retention) -> Ended:
    reason, closed_on = period.closure_reason or "", period.closed_on or case.opened_on
    of_age_on = rules.of_age_on(case.child, case.opened_on)
    return Ended(case, closed_on, reason, rules.kept_until(reason, closed_on, of_age_on))


def _closed(day: date, rules: Retention, reader: Reader, of: uuid.UUID | None) -> Sequence[tuple[CaseFile, CasePeriod]]:
    """Closed cases with their last period, of children who may be due: nothing of them runs, and all exist for us."""
    last = select(func.max(CasePeriod.closed_on)).where(CasePeriod.case_id == CaseFile.id).correlate(CaseFile)
    wanted = (
        select(CaseFile, CasePeriod)
        .join(CasePeriod, CasePeriod.case_id == CaseFile.id)
        .join(CaseFile.child)
        .where(is_visible_to(reader), CasePeriod.closed_on == last.scalar_subquery())
        .where(CaseFile.merged_into.is_(None), Child.merged_into.is_(None), *_may_be_due(day, rules, reader))
        .options(joinedload(CaseFile.child))
    )
    if of is not None:
        wanted = wanted.where(CaseFile.child_id == of)
    return [(case, period) for case, period in session.execute(wanted).unique()]


def _may_be_due(day: date, rules: Retention, reader: Reader) -> list[ColumnElement[bool]]:
    """What the database knows without opening a birth date."""
    shortest = rules.shortest
    other = aliased(CaseFile)
    runs_or_young = or_(
        other.status != CaseStatus.CLOSED,
        exists().where(
            CasePeriod.case_id == other.id, CasePeriod.closed_on > years_after(day, -shortest.after_closing)
        ),
    )
    visible = select(CaseFile.id).where(is_visible_to(reader)).correlate(None)
    stays = exists().where(other.child_id == Child.id, or_(runs_or_young, other.id.not_in(visible)))
    grown = day.year - rules.of_age - shortest.after_of_age
    return [~stays.correlate(Child), or_(Child.birth_year.is_(None), Child.birth_year <= grown)]


def soon(today: date, rules: Retention) -> date:
    """The last day that the list looks at."""
    return today + timedelta(days=rules.soon_days)


def holds(*, reader: Reader) -> Sequence[LegalHold]:
    """The holds that stand, the latest first, on cases that exist for the reader."""
    wanted = (
        select(LegalHold)
        .join(LegalHold.case)
        .where(LegalHold.clinic_id == reader.clinic_id, LegalHold.lifted_at.is_(None), is_visible_to(reader))
        .options(joinedload(LegalHold.case))
        .order_by(LegalHold.placed_at.desc())
    )
    return session.scalars(wanted).all()


def find_hold(hold_id: uuid.UUID, *, reader: Reader) -> LegalHold | None:
    """A hold on a case that exists for the reader."""
    return session.scalar(select(LegalHold).join(LegalHold.case).where(LegalHold.id == hold_id, is_visible_to(reader)))


# --- runs


OPEN_FOR = timedelta(hours=24)
RUNS_SHOWN = 20


def find_run(run_id: uuid.UUID, *, reader: Reader) -> AgeingRun | None:
    """A run of the reader's clinic."""
    return session.scalar(select(AgeingRun).where(AgeingRun.id == run_id, AgeingRun.clinic_id == reader.clinic_id))


def open_run(*, reader: Reader) -> AgeingRun | None:
    """The run that waits for a second person, or that has begun and not ended."""
    waits = and_(AgeingRun.agreed_at.is_(None), AgeingRun.proposed_at > clock.now() - OPEN_FOR)
    runs = and_(AgeingRun.agreed_at.is_not(None), AgeingRun.ended_at.is_(None))
    mine = AgeingRun.clinic_id == reader.clinic_id, AgeingRun.withdrawn_at.is_(None), or_(waits, runs)
    return session.scalar(select(AgeingRun).where(*mine).order_by(AgeingRun.proposed_at.desc()).limit(1))


def runs_ended(*, reader: Reader) -> Sequence[AgeingRun]:
    """The last runs that were carried out, the latest first."""
    mine = AgeingRun.clinic_id == reader.clinic_id, AgeingRun.ended_at.is_not(None)
    return session.scalars(select(AgeingRun).where(*mine).order_by(AgeingRun.ended_at.desc()).limit(RUNS_SHOWN)).all()


def outcomes_of(runs: Iterable[AgeingRun]) -> dict[uuid.UUID, dict[Outcome | None, int]]:
    """How many files of each run were aged, kept, or wait for their turn."""
    found: dict[uuid.UUID, dict[Outcome | None, int]] = {run.id: {} for run in runs}
    columns = AgeingFile.run_id, AgeingFile.outcome
    wanted = select(*columns, func.count()).where(AgeingFile.run_id.in_(found)).group_by(*columns)
    for run_id, outcome, number in session.execute(wanted):
        found[run_id][outcome] = number
    return found


def references_in(run: AgeingRun, *, reader: Reader) -> Sequence[CaseFile]:
    """The cases of a run that exist for the reader; of the aged ones nothing is listed."""
    children = select(AgeingFile.child_id).where(AgeingFile.run_id == run.id)
    wanted = select(CaseFile).where(CaseFile.child_id.in_(children), is_visible_to(reader))
    return session.scalars(wanted.order_by(CaseFile.reference)).all()


def next_file(run_id: uuid.UUID) -> AgeingFile | None:
    """A file of a run whose turn has not come."""
    waits = AgeingFile.run_id == run_id, AgeingFile.outcome.is_(None)
    return session.scalar(select(AgeingFile).where(*waits).order_by(AgeingFile.id).limit(1))
