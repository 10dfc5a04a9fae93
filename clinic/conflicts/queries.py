"""Reading who else a case is about, whether its team is to ask the coordinator, and what waits to be decided.

A possible conflict exists for a coordinator who sees both sides of it. A team learns of it only that it is to ask; and
not even that where the other side is behind a wall for the reader.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.cases.queries import cases_visible_to, children_walled_from, is_visible_to, on_team
from clinic.children.models import Child, Guardian
from clinic.conflicts.models import ConflictCheck, ConflictState, OtherPerson, PossibleConflict
from clinic.db import Id, session
from clinic.staff.queries import names_of

PAGE = 25
_Named = aliased(CaseFile)


def must_ask(reader: Reader) -> ColumnElement[bool]:
    """Whether who works in a case is to ask the coordinator first; a condition on case_file, for cases that exist for
    the reader. What lies only between it and a child behind a wall for the reader says nothing."""
    waits = and_(PossibleConflict.state == ConflictState.OPEN, PossibleConflict.tells_team.is_(True))
    return is_between(reader, waits)


def is_between(reader: Reader, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a possible conflict of these lies between a case and somebody, neither of whom a wall keeps from the
    reader; a condition on case_file, for cases that exist for the reader."""
    walled = children_walled_from(reader)
    other = PossibleConflict.other_child_id
    seen_from_here = and_(
        PossibleConflict.named_case_id == CaseFile.id,
        or_(other.is_(None), other == CaseFile.child_id, other.not_in(walled)),
    )
    seen_from_there = and_(
        other == CaseFile.child_id, or_(_Named.child_id == CaseFile.child_id, _Named.child_id.not_in(walled))
    )
    return (
        exists()
        .where(
            PossibleConflict.clinic_id == CaseFile.clinic_id,
            which,
            _Named.id == PossibleConflict.named_case_id,
            or_(seen_from_here, seen_from_there),
        )
        .correlate(CaseFile)
    )


@dataclass(frozen=True)
class AroundCase:
    """Who else a case is about, and whether its team is to ask the coordinator before it goes on."""

    people: Sequence[OtherPerson]
    must_ask: bool


NOBODY = AroundCase((), must_ask=False)


def is_about_others(case_id: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Whether there may be something for `around`, whoever asks."""
    named = exists().where(OtherPerson.case_id == case_id, OtherPerson.withdrawn_at.is_(None))
    child = select(CaseFile.child_id).where(CaseFile.id == case_id).scalar_subquery()
    here, there = PossibleConflict.named_case_id == case_id, PossibleConflict.other_child_id == child
    waits = (PossibleConflict.state == ConflictState.OPEN, PossibleConflict.tells_team.is_(True))
    return or_(named, exists().where(here, *waits), exists().where(there, *waits))


def around(case_id: uuid.UUID, reader: Reader) -> AroundCase:
    """Both, in one statement. For who was found able to see the case."""
    rows = session.execute(_around_a_case(reader), {"of_case": case_id}).all()
    return AroundCase([row[0] for row in rows if row[0] is not None], any(row[1] for row in rows))


@lru_cache(maxsize=256)
def _around_a_case(reader: Reader) -> Select[OtherPerson, bool]:
    """The statement, put together once a reader: every case page asks it."""
    of_case = and_(OtherPerson.case_id == CaseFile.id, OtherPerson.withdrawn_at.is_(None))
    wanted = select(OtherPerson, must_ask(reader)).select_from(CaseFile).outerjoin(OtherPerson, of_case)
    wanted = wanted.where(CaseFile.id == bindparam("of_case", type_=Id))
    return wanted.order_by(OtherPerson.recorded_at, OtherPerson.id)


def find_person(person_id: uuid.UUID, *, reader: Reader) -> OtherPerson | None:
    """Somebody named in a case that exists for the reader."""
    wanted = select(OtherPerson).join(CaseFile, CaseFile.id == OtherPerson.case_id)
    wanted = wanted.where(OtherPerson.id == person_id, is_visible_to(reader))
    return session.scalar(wanted.options(joinedload(OtherPerson.case)))


# --- for the team: where to ask first


def to_ask_about(reader: Reader) -> Select[Any]:
    """The reader's own cases in which they are to ask the coordinator, the latest first."""
    own = (is_visible_to(reader), CaseFile.id.in_(on_team(reader)))
    wanted = select(CaseFile).where(*own, must_ask(reader)).options(joinedload(CaseFile.child))
    return wanted.order_by(CaseFile.opened_on.desc(), CaseFile.id)


# --- for the coordinator: what to decide


def exists_for(reader: Reader) -> tuple[ColumnElement[bool], ...]:
    """The possible conflicts of which the reader sees both sides."""
    other = PossibleConflict.other_child_id
    return (
        PossibleConflict.clinic_id == reader.clinic_id,
        PossibleConflict.named_case_id.in_(cases_visible_to(reader)),
        or_(PossibleConflict.other_case_id.is_(None), PossibleConflict.other_case_id.in_(cases_visible_to(reader))),
        or_(other.is_(None), other.not_in(children_walled_from(reader))),
    )


@dataclass(frozen=True)
class Row:
    """A possible conflict in a list: the case where somebody is named, its child, and the child on the other side."""

    conflict: PossibleConflict
    named: CaseFile
    child: Child
    other_child: Child | None


def _of_state(states: Iterable[ConflictState], *, reader: Reader) -> Select[PossibleConflict, CaseFile, Child, Child]:
    """Possible conflicts with both sides, the latest first: the columns of a `Row`."""
    own, other = aliased(Child), aliased(Child)
    return (
        select(PossibleConflict, _Named, own, other)
        .join(_Named, _Named.id == PossibleConflict.named_case_id)
        .join(own, own.id == _Named.child_id)
        .outerjoin(other, other.id == PossibleConflict.other_child_id)
        .where(PossibleConflict.state.in_(list(states)), *exists_for(reader))
        .order_by(PossibleConflict.found_at.desc(), PossibleConflict.id)
    )


def list_conflicts(states: Iterable[ConflictState], *, reader: Reader, after: int = 0) -> tuple[list[Row], bool]:
    """A page of possible conflicts with what speaks for each, and whether there are more."""
    wanted = _of_state(states, reader=reader).options(selectinload(PossibleConflict.grounds))
    rows = session.execute(wanted.offset(after).limit(PAGE + 1)).all()
    return [Row(*row) for row in rows[:PAGE]], len(rows) > PAGE


def how_many_wait(*, reader: Reader) -> Select[int]:
    """How many wait for the reader to decide."""
    open_ones = PossibleConflict.state == ConflictState.OPEN
    return select(func.count(PossibleConflict.id)).where(open_ones, *exists_for(reader))


def find_conflict(conflict_id: uuid.UUID, *, reader: Reader) -> PossibleConflict | None:
    """A possible conflict of which a coordinator sees both sides; for nobody else is there any."""
    if not reader.sees_all_cases:
        return None
    wanted = select(PossibleConflict).where(PossibleConflict.id == conflict_id, *exists_for(reader))
    return session.scalars(wanted.options(joinedload(PossibleConflict.grounds))).unique().one_or_none()


@dataclass(frozen=True)
class Whole:
    """A possible conflict with everybody whom it names."""

    conflict: PossibleConflict
    check: ConflictCheck | None
    named: CaseFile
    other: CaseFile | None
    other_child: Child | None
    people: Mapping[uuid.UUID, OtherPerson]
    guardians: Mapping[uuid.UUID, Guardian]
    names: Mapping[uuid.UUID, str]
    """Of those who work here."""


def whole(conflict: PossibleConflict, *, reader: Reader) -> Whole:
    """A possible conflict with both cases and everybody whom it names. For who was found able to see it."""
    ids = {one.here_id for one in conflict.grounds} | {one.there_id for one in conflict.grounds}
    case_ids = [one for one in (conflict.named_case_id, conflict.other_case_id) if one is not None]
    wanted = select(CaseFile).where(CaseFile.id.in_(case_ids)).options(joinedload(CaseFile.child))
    cases = {case.id: case for case in session.scalars(wanted.options(joinedload(CaseFile.team))).unique()}
    people = session.scalars(select(OtherPerson).where(OtherPerson.id.in_(ids)))
    guardians = session.scalars(select(Guardian).where(Guardian.id.in_(ids)))
    return Whole(
        conflict=conflict,
        check=session.get(ConflictCheck, conflict.check_id) if conflict.check_id is not None else None,
        named=cases[conflict.named_case_id],
        other=cases.get(conflict.other_case_id) if conflict.other_case_id is not None else None,
        other_child=session.get(Child, conflict.other_child_id) if conflict.other_child_id is not None else None,
        people={one.id: one for one in people},
        guardians={one.id: one for one in guardians},
        names=names_of(reader=reader),
    )
