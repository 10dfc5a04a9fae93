"""Which children are held, and what is known of their detention. Desk, clock, case and call all ask here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import aliased, contains_eager

from clinic import clock
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, Step
from clinic.cases.queries import is_visible_to
from clinic.children.models import Child
from clinic.clock import Moment, Precision
from clinic.court.models import Hearing
from clinic.custody.models import CustodyPeriod
from clinic.db import Id, UtcDateTime, session
from clinic.law.custody_clock import CustodyClock, Extension, Facts, Hold, custody_clock
from clinic.law.rules import RuleSets
from clinic.police.models import PoliceAttendance
from clinic.prosecution.models import ProsecutionAppearance
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import (
    Apprehension,
    HearingPurpose,
    HearingStatus,
    LegalBasis,
    ProsecutionDecision,
    StepState,
)

Since = datetime | BindParameter[datetime]

YOUNG = timedelta(days=30)
"""How long an arrest that nobody ended counts as a child held; an older one is a gap to be filled."""

_BEFORE_THE_COURT = frozenset(
    {HearingPurpose.PLEA, HearingPurpose.TRIAL, HearingPurpose.VERDICT, HearingPurpose.APPEAL}
)
_HIGHER = ("first_instance", "appeal")  # courts that the magistrate's limits do not bind

_STEP = Step.__table__.c
_POLICE = PoliceAttendance.__table__.c
_PERIOD = CustodyPeriod.__table__.c
_APPEARANCE = ProsecutionAppearance.__table__.c
_HEARING = Hearing.__table__.c


@dataclass(frozen=True)
class Held:
    """A child who is held now in one case: where, on whose word, by which step, and the facts that the clock counts."""

    case: CaseFile  # with its child
    step_id: uuid.UUID  # the custody period, or else the police attendance
    since: Moment  # of this period, or of the arrest
    legal_basis: LegalBasis
    place: str | None
    police_station: str | None
    holding_body: str | None
    facts: Facts

    def clock(self, rule_sets: RuleSets, now: datetime) -> CustodyClock | None:
        """The custody clock; None only where the detention begins later than now."""
        return custody_clock(self.facts, rule_sets, now)


def held(*, reader: Reader) -> list[Held]:
    """The children held now in cases that exist for the reader, the longest held first. One statement."""
    asked = {"since": clock.now() - YOUNG}
    return _told_by(session.execute(_steps_of_all_held(reader, clock.today()), asked))


@lru_cache(maxsize=64)
def _steps_of_all_held(reader: Reader, _today: date) -> Select[Any]:
    """Put together once for a reader and a day: every desk of a lawyer asks it."""
    return _steps_of_who_is_held(is_visible_to(reader), bindparam("since", type_=UtcDateTime))


def held_in_case(case_id: uuid.UUID) -> Held | None:
    """How the child is held in a case that the reader was found able to see; None for a child who is free."""
    asked = {"of_case": case_id, "since": clock.now() - YOUNG}
    return next(iter(_told_by(session.execute(_steps_of_a_case_held(), asked))), None)


@lru_cache(maxsize=1)
def _steps_of_a_case_held() -> Select[Any]:
    """Put together once: it is asked on every page of a case, and mostly finds the child free."""
    return _steps_of_who_is_held(CaseFile.id == bindparam("of_case", type_=Id), bindparam("since", type_=UtcDateTime))


def cases_with_child_held(reader: Reader) -> Select[uuid.UUID]:
    """The ids of the cases that exist for the reader and whose child is held now."""
    return select(CaseFile.id).where(is_visible_to(reader), is_held())


def is_held() -> ColumnElement[bool]:
    """The condition on case_file that its child is held now (architecture.md, the data)."""
    return _is_held(clock.now() - YOUNG)


def _is_held(since: Since) -> ColumnElement[bool]:
    return or_(_has_open_period(), _has_arrest(since=since))


def is_arrest_without_end() -> ColumnElement[bool]:
    """The condition on police_attendance that it is such an arrest."""
    return and_(_ended_by_nothing(), PoliceAttendance.arrested_at < clock.now() - YOUNG)


# Who is held


def _has_open_period() -> ColumnElement[bool]:
    """Looked for among the steps of the case: the index of periods by their end leads to every child who is held."""
    step, period = Step.__table__.alias(), CustodyPeriod.__table__.alias()
    has_no_end = select(period.c.id).where(period.c.id == step.c.id, period.c.ended_at.is_(None))
    return (
        select(step.c.id)
        .where(
            step.c.case_id == CaseFile.id,
            step.c.kind == CustodyPeriod.__tablename__,
            step.c.state == StepState.DONE,
            step.c.withdrawn_at.is_(None),
            has_no_end.exists(),
        )
        .exists()
    )


def _has_arrest(*, since: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return (
        select(PoliceAttendance.id)
        .where(PoliceAttendance.case_id == CaseFile.id, PoliceAttendance.arrested_at >= since, _ended_by_nothing())
        .exists()
    )


def _ended_by_nothing() -> ColumnElement[bool]:
    """An attendance by arrest that the child did not leave, with no custody of its own and no later step."""
    own, later = aliased(CustodyPeriod, flat=True), aliased(Step)
    of_its_own = select(own.id).where(
        own.case_id == PoliceAttendance.case_id,
        own.withdrawn_at.is_(None),
        or_(own.follows_id == PoliceAttendance.id, own.on_date >= PoliceAttendance.on_date),
    )
    followed = select(later.id).where(
        later.case_id == PoliceAttendance.case_id,
        later.id != PoliceAttendance.id,
        later.state == StepState.DONE,
        later.withdrawn_at.is_(None),
        or_(later.on_date > PoliceAttendance.on_date, _surely_later(later)),
    )
    return and_(
        PoliceAttendance.state == StepState.DONE,
        PoliceAttendance.withdrawn_at.is_(None),
        PoliceAttendance.apprehension == Apprehension.ARREST,
        PoliceAttendance.left_police_at.is_(None),
        ~of_its_own.exists(),
        ~followed.exists(),
    )


def _surely_later(step: Any) -> ColumnElement[bool]:
    """A step of the same day whose hour, like that of the arrest, is known."""
    return and_(
        step.happened_at > PoliceAttendance.arrested_at,
        step.happened_at_precision != Precision.DAY,
        PoliceAttendance.arrested_at_precision != Precision.DAY,
    )


def _steps_of_who_is_held(of: ColumnElement[bool], since: Since) -> Select[Any]:
    """The legal steps of the cases of the condition whose child is held, each with its case.

    Those cases stand first: PostgreSQL keeps to the order in which many tables are named, and would read every step.
    """
    cases = select(CaseFile.id).where(of, _is_held(since)).correlate(None).subquery()
    return (
        _legal_steps(CaseFile, of=cases)
        .join(CaseFile, CaseFile.id == _STEP.case_id)
        .join(Child, Child.id == CaseFile.child_id)
        .options(contains_eager(CaseFile.child))
    )


def _told_by(rows: Iterable[Any]) -> list[Held]:
    """The children whose legal steps these are, with what the steps say, the longest held first."""
    lines: dict[uuid.UUID, list[Line]] = defaultdict(list)
    found: dict[uuid.UUID, CaseFile] = {}
    for row in rows:
        found[row.case_id] = row.CaseFile
        lines[row.case_id].append(row)
    children = [_held_in(case, lines[case.id]) for case in found.values()]
    return sorted(children, key=lambda one: one.facts.arrested_at.at if one.facts.arrested_at else one.since.at)


# What is known of a detention

Line = Any  # a row of the statement below
LEGAL: tuple[Any, ...] = (PoliceAttendance, CustodyPeriod, ProsecutionAppearance, Hearing)


def _lines(case_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, list[Line]]:
    """The legal steps of these cases that say something of a detention, the earliest first. One statement."""
    lines: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for row in session.execute(_legal_steps().where(_STEP.case_id.in_(case_ids) if case_ids else false())):
        lines[row.case_id].append(row)
    return lines


def _legal_steps(*beside: Any, of: FromClause | None = None) -> Select[*tuple[Any, ...]]:
    """The legal steps that say something of a detention, the earliest first, with further entities beside.

    `of`: the ids of the cases whose steps are meant, each once; of all where none are named.
    """
    joined: FromClause = Step.__table__ if of is None else of.join(Step.__table__, _STEP.case_id == of.c.id)
    for kind in LEGAL:
        joined = joined.outerjoin(kind.__table__, kind.__table__.c.id == _STEP.id)
    return (
        select(
            _STEP.id, _STEP.case_id, _STEP.kind, _STEP.happened_at, _STEP.happened_at_precision,
            _POLICE.apprehension, _POLICE.police_station, _POLICE.left_police_at, _POLICE.left_police_at_precision,
            _POLICE.holding_body.label("police_body"),
            _PERIOD.place, _PERIOD.legal_basis, _PERIOD.holding_body, _PERIOD.ended_at, _PERIOD.ended_at_precision,
            _PERIOD.order_ends_on, _APPEARANCE.decision, _APPEARANCE.days_ordered,
            _HEARING.court, _HEARING.purpose, _HEARING.status, _HEARING.days_extended, *beside,
        )
        .select_from(joined)
        .where(
            _STEP.kind.in_([kind.__tablename__ for kind in LEGAL]),
            _STEP.state == StepState.DONE,
            _STEP.withdrawn_at.is_(None),
            _STEP.happened_at.is_not(None),
        )
        .order_by(_STEP.happened_at, _STEP.entered)
    )  # fmt: skip


def _held_in(case: CaseFile, lines: Sequence[Line]) -> Held:
    """The child's place now: the last period that goes on, else the last arrest."""
    arrests = [line for line in lines if line.kind == "police_attendance"]
    running = [line for line in lines if line.kind == "custody_period" and line.ended_at is None]
    now = running[-1] if running else arrests[-1]
    last = arrests[-1] if arrests else None
    at_police = not running or now.legal_basis == LegalBasis.POLICE
    return Held(
        case=case,
        step_id=now.id,
        since=_when(now),
        legal_basis=(now.legal_basis or LegalBasis.POLICE) if running else LegalBasis.POLICE,
        place=now.place if running else None,
        police_station=last.police_station if last is not None and at_police else None,
        holding_body=now.holding_body or (last.police_body if last is not None and at_police else None),
        facts=_facts(lines),
    )


def _facts(lines: Sequence[Line]) -> Facts:
    arrests = [line for line in lines if line.kind == "police_attendance"]
    last = arrests[-1] if arrests else None
    return Facts(
        arrested_at=_when(last) if last is not None else None,
        left_police_at=_moment(last.left_police_at, last.left_police_at_precision) if last is not None else None,
        holds=[_hold(line) for line in lines if line.kind == "custody_period"],
        extensions=[order for line in lines if (order := _order(line)) is not None],
        referred_to_court=any(_is_before_the_court(line) for line in lines),
    )


def _hold(line: Line) -> Hold:
    basis = line.legal_basis or LegalBasis.POLICE
    return Hold(basis, _when(line), _moment(line.ended_at, line.ended_at_precision))


def _order(line: Line) -> Extension | None:
    """The order to hold on that a step tells of."""
    if line.kind == "hearing":
        return _order_of_a_hearing(line)
    if line.kind == "custody_period" and line.order_ends_on is not None:
        basis = line.legal_basis or LegalBasis.POLICE
        return Extension(_when(line), Moment.of_day(line.order_ends_on), basis=basis)
    if line.kind == "prosecution_appearance" and line.days_ordered is not None:
        return Extension(_when(line), _after(line, line.days_ordered), basis=LegalBasis.PROSECUTION)
    return None


def _order_of_a_hearing(line: Line) -> Extension | None:
    """A remand hearing that was held, after which the child is still there, extended the detention, to whatever day."""
    remand = line.purpose == HearingPurpose.REMAND and line.status == HearingStatus.HELD
    if not remand and line.days_extended is None:
        return None
    court = lists.lists()["court"].get(line.court)
    higher = court is not None and court.attributes.get("level") in _HIGHER
    until = _after(line, line.days_extended) if line.days_extended is not None else None
    return Extension(_when(line), until, by_magistrate=not higher)


def _is_before_the_court(line: Line) -> bool:
    if line.kind == "prosecution_appearance":
        return bool(line.decision == ProsecutionDecision.REFER_TO_COURT)
    took_place = line.status in (HearingStatus.HELD, HearingStatus.ADJOURNED)
    return line.kind == "hearing" and took_place and line.purpose in _BEFORE_THE_COURT


def _when(line: Line) -> Moment:
    return Moment(line.happened_at, line.happened_at_precision or Precision.DAY)


def _moment(at: datetime | None, precision: Precision | None) -> Moment | None:
    return None if at is None else Moment(at, precision or Precision.DAY)


def _after(line: Line, days: int) -> Moment:
    return Moment(line.happened_at + timedelta(days=days), line.happened_at_precision or Precision.DAY)
