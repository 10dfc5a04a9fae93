"""Lists of cases: mine, or all that the reader may see, narrowed by what a person looks for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, func, inspect, or_, select, union_all

from clinic import clock
from clinic.access.reader import Reader
from clinic.cases import parts
from clinic.cases.kinds import Stage, all_kinds
from clinic.cases.models import CaseFile, Step
from clinic.cases.queries import is_visible_to, on_team
from clinic.children.models import Child
from clinic.db import Model
from clinic.prepared import send
from clinic.shown import Columns, Kind, constant
from clinic.vocabularies.fixed import CaseStatus, StepState

PAGE = 25
MOST_COUNTED = 500  # a page says how many there are up to here
RUNNING = "running"  # open, or proposed to be closed
NOBODY = "nobody"  # a case without lawyer and counsellor


_OF_A_CASE = {
    *("id", "child_id", "reference", "role", "status", "offences", "proceeding_status", "lawyer_id", "counsellor_id"),
    *("opened_on", "last_step_on"),
}
_OF_A_CHILD = {"id", "clinic_id", "given_name_sealed", "family_name_sealed", "name_latin_sealed"}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed by: codes, ids and days alone, so that they may stand in an address."""

    mine: bool = True
    status: str | None = RUNNING  # RUNNING, or a code of case_status; None for all
    stage: str | None = None  # a code of proceeding_status
    held: bool = False
    offence: str | None = None
    worker: str | None = None  # an id, or NOBODY
    hearing_within: int | None = None  # days from today
    quiet_for: int | None = None  # days without a step


@dataclass(frozen=True)
class Row:
    """A case of a list, with its child and the day of its next hearing."""

    case: CaseFile
    next_on: date | None


@dataclass(frozen=True)
class Found:
    """A page of a list and how many cases there are in all: up to MOST_COUNTED, one more for all beyond."""

    rows: Sequence[Row]
    total: int
    after: int

    @property
    def is_beyond_counting(self) -> bool:
        """Whether there are more than anybody counts on a page."""
        return self.total > MOST_COUNTED

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return self.after + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.after + len(self.rows)


def find_cases(wanted: Wanted, *, reader: Reader, after: int = 0) -> Found:
    """A page of 25, the one with the latest step first; two statements however many there are."""
    made = _statements if not wanted.held else _statements.__wrapped__  # who is held is a matter of the minute
    count, page = made(wanted, reader, clock.today(), is_first=not after)
    return Found(page.rows(after), send(count).scalar() or 0, after)


class _Page:
    """How the rows of a list are read: cases with their children, to look at, and the day of the next hearing."""

    def __init__(self, ids: Select[uuid.UUID]) -> None:
        self._columns = Columns()
        self._case, self._child = self._kind(CaseFile, _OF_A_CASE), self._kind(Child, _OF_A_CHILD)
        self._next_on = self._columns.place(next_hearing())
        self._wanted = (
            self._columns.select()
            .join_from(CaseFile.__table__, Child.__table__, Child.id == CaseFile.child_id)
            .where(CaseFile.id.in_(ids))
            .order_by(func.coalesce(CaseFile.last_step_on, CaseFile.opened_on).desc(), CaseFile.id.desc())
        )

    def _kind(self, model: type[Model], told: Set[str]) -> Kind:
        every = inspect(model).column_attrs
        columns = {name: one.columns[0] for name, one in every.items() if name in told}
        return self._columns.kind(inspect(model), columns, set(every.keys()) - told)

    def rows(self, after: int) -> list[Row]:
        """The rows of a page."""
        rows, readers = self._columns.rows(self._wanted, {"after": after, "reaching": after + PAGE} if after else {})
        read_day = readers[self._next_on]
        found = []
        for row in rows:
            case: CaseFile = self._case.made(row, readers)
            vars(case)["child"] = self._child.made(row, readers)
            day = row[self._next_on]
            found.append(Row(case, day if day is None or read_day is None else read_day(day)))
        return found


@lru_cache(maxsize=256)
def _statements(wanted: Wanted, reader: Reader, _today: date, *, is_first: bool) -> tuple[Select[int], _Page]:
    """How many cases are wanted, and a page of them: put together once for a reader, a day and what is looked for.

    The first page names codes, day and numbers as parts of the statement: PostgreSQL keeps how it is done then.
    """
    conditions = _conditions(wanted, reader)
    newest = CaseFile.last_step_on.desc()  # most of what is looked for is there
    some = select(CaseFile.id).where(*conditions).order_by(newest).limit(constant(MOST_COUNTED + 1)).subquery()
    return select(func.count()).select_from(some), _Page(_latest(conditions, is_first=is_first))


def _latest(conditions: Sequence[ColumnElement[bool]], *, is_first: bool) -> Select[uuid.UUID]:
    """The ids of a page of cases by their latest step, or by the day of opening where there is none yet.

    Each of the two is read along its index and no further than the page reaches.
    """
    after: ColumnElement[int] = constant(0) if is_first else bindparam("after", type_=Integer)
    reaching: ColumnElement[int] = constant(PAGE) if is_first else bindparam("reaching", type_=Integer)
    parts = []
    for day, has_step in ((CaseFile.last_step_on, True), (CaseFile.opened_on, False)):
        of_kind = CaseFile.last_step_on.is_not(None) if has_step else CaseFile.last_step_on.is_(None)
        wanted = select(CaseFile.id.label("id"), day.label("latest_on")).where(*conditions, of_kind)
        part = wanted.order_by(day.desc(), CaseFile.id.desc()).limit(reaching).subquery()
        parts.append(select(part.c.id, part.c.latest_on))
    both = union_all(*parts).subquery()
    return select(both.c.id).order_by(both.c.latest_on.desc(), both.c.id.desc()).offset(after).limit(constant(PAGE))


def next_hearing() -> ColumnElement[date]:
    """The day of the next planned step before a court, of a case."""
    hearings = [constant(kind.code) for kind in all_kinds() if kind.stage == Stage.COURT and kind.plannable]
    return (
        select(func.min(Step.on_date))
        .where(
            Step.clinic_id == CaseFile.clinic_id,
            Step.case_id == CaseFile.id,
            Step.kind.in_(hearings),
            Step.state == constant(StepState.PLANNED),
            Step.withdrawn_at.is_(None),
            Step.on_date >= constant(clock.today().isoformat()),
        )
        .correlate(CaseFile)
        .scalar_subquery()
    )


def _conditions(wanted: Wanted, reader: Reader) -> list[ColumnElement[bool]]:
    simple = [
        is_visible_to(reader),
        _mine(wanted, reader),
        _status(wanted.status),
        CaseFile.proceeding_status == wanted.stage if wanted.stage else None,
        CaseFile.offences.contains(f";{wanted.offence};") if wanted.offence else None,
        _worker(wanted.worker),
        _hearing(wanted.hearing_within),
        _quiet(wanted.quiet_for),
        _held(wanted, reader),
    ]
    return [condition for condition in simple if condition is not None]


def _mine(wanted: Wanted, reader: Reader) -> ColumnElement[bool] | None:
    return CaseFile.id.in_(on_team(reader)) if wanted.mine and reader.sees_all_cases else None


def _status(status: str | None) -> ColumnElement[bool] | None:
    if status is None:
        return None
    if status == RUNNING:  # named one by one: by these the index leads to open cases without a step
        return CaseFile.status.in_([constant(each) for each in CaseStatus if each is not CaseStatus.CLOSED])
    return CaseFile.status == CaseStatus(status)


def _worker(worker: str | None) -> ColumnElement[bool] | None:
    if worker is None:
        return None
    if worker == NOBODY:
        return and_(CaseFile.lawyer_id.is_(None), CaseFile.counsellor_id.is_(None))
    leader = uuid.UUID(worker)
    return or_(CaseFile.lawyer_id == leader, CaseFile.counsellor_id == leader)


def _hearing(days: int | None) -> ColumnElement[bool] | None:
    return next_hearing() <= clock.today() + timedelta(days=days) if days else None


def _quiet(days: int | None) -> ColumnElement[bool] | None:
    if not days:
        return None
    return func.coalesce(CaseFile.last_step_on, CaseFile.opened_on) <= clock.today() - timedelta(days=days)


def _held(wanted: Wanted, reader: Reader) -> ColumnElement[bool] | None:
    held: Select[uuid.UUID] | None = parts.held_now(reader) if wanted.held else None
    return CaseFile.id.in_(held) if held is not None else None
