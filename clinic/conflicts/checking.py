"""What a check finds: who in a case is called like somebody whom the clinic stands by, and who stands on two sides.

It reads everything that the clinic knows, whoever may see it, and answers ids alone: whom that is shown to is decided
where it is shown. Names are compared in the memory of the process that checks, never in the database.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased, selectinload

from clinic.cases.models import CaseFile
from clinic.children import index
from clinic.children.models import Child, Guardian
from clinic.children.names import Found as NameFound
from clinic.children.names import Heard, NameIndex, Parts, Person
from clinic.children.queries import names
from clinic.conflicts import rules
from clinic.conflicts.models import OtherPerson, Reason
from clinic.crypto import current, sealing
from clinic.db import current_clinic, session
from clinic.jobs import progress
from clinic.staff.models import AccountState, StaffMember
from clinic.vocabularies.fixed import CaseStatus, ChildRole

AT_ONCE = 200
"""So many of other people, or of those who answer for children, are compared before the next are read."""
PART = "checking"


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that is alike: who here, who there, how alike."""

    reason: Reason
    here_id: uuid.UUID
    there_id: uuid.UUID
    score: int


@dataclass(frozen=True, slots=True)
class Between:
    """What a possible conflict lies between: the case where somebody is named, and a child or a colleague."""

    named_case_id: uuid.UUID
    other_child_id: uuid.UUID | None
    colleague_id: uuid.UUID | None = None


Found = dict[Between, list[Ground]]


@dataclass(frozen=True)
class Asked:
    """Which cases are checked: these, and the children whose cases they are; or all."""

    cases: frozenset[uuid.UUID] = frozenset()
    children: frozenset[uuid.UUID] = frozenset()
    all: bool = False

    def takes_in(self, cases: Any) -> ColumnElement[bool]:
        """Whether a case is asked for."""
        return true() if self.all else cases.in_(self.cases)

    def takes_in_child(self, children: Any) -> ColumnElement[bool]:
        """Whether the cases of a child are asked for."""
        return true() if self.all else children.in_(self.children)


ALL = Asked(all=True)


def about(cases: Collection[uuid.UUID], children: Collection[uuid.UUID]) -> Asked:
    """These cases, those of these children, and whose they are."""
    ours = (CaseFile.clinic_id == current_clinic.get(), CaseFile.merged_into.is_(None))
    meant = or_(CaseFile.id.in_(cases), CaseFile.child_id.in_(children))
    rows = session.execute(select(CaseFile.id, CaseFile.child_id).where(*ours, meant)).all()
    return Asked(frozenset(row.id for row in rows), frozenset(row.child_id for row in rows))


def find(asked: Asked) -> Found:
    """Everything that may be a conflict of interest in these cases."""
    found: Found = defaultdict(list)
    for pairs in _pairs(asked):
        _compare(pairs, found)
    _colleagues(asked, found)
    _two_sides(asked, found)
    return found


# --- who may be meant: pairs of somebody named in a case and a child of the clinic


_Pairs = set[tuple[uuid.UUID, uuid.UUID]]


def _pairs(asked: Asked) -> Iterator[_Pairs]:
    """Pairs that a name or an equal phone brings together. Both ways: who is named in the cases that are asked for,
    against all children; and, unless all are asked for anyway, their children against all who are named."""
    alike, whole, done = rules.Alike(), _count_named(asked), 0
    for people in _named(asked):
        progress.tell(PART, done, whole)
        done += len(people)
        with index.reading():
            known = Known(names(), alike)
            yield {(one.id, child_id) for one in people for child_id in known.like([one.name])}
    for side in (asked.takes_in(OtherPerson.case_id), asked.takes_in_child(Guardian.child_id)):
        yield {(person_id, child_id) for person_id, child_id in session.execute(_one_phone(side))}
    if asked.children:
        yield _named_like(_children(asked.children))


def _named(asked: Asked) -> Iterator[Sequence[OtherPerson]]:
    """Who is named in the cases that are asked for, a handful at a time."""
    wanted = select(OtherPerson).where(_stands(), asked.takes_in(OtherPerson.case_id))
    wanted = wanted.order_by(OtherPerson.id).limit(AT_ONCE)
    people = session.scalars(wanted).all()
    while people:
        yield people
        people = session.scalars(wanted.where(OtherPerson.id > people[-1].id)).all()


def _count_named(asked: Asked) -> int:
    wanted = select(func.count()).select_from(OtherPerson).where(_stands(), asked.takes_in(OtherPerson.case_id))
    return session.scalar(wanted) or 0


def _stands() -> ColumnElement[bool]:
    return and_(OtherPerson.clinic_id == current_clinic.get(), OtherPerson.withdrawn_at.is_(None))


class Known:
    """An index of names that is asked for many, one after the other, while it is held still."""

    def __init__(self, index_of_names: NameIndex, alike: rules.Alike) -> None:
        self._index, self._alike = index_of_names, alike
        self._heard: Heard = {}

    def like(self, called: Sequence[str | None]) -> set[uuid.UUID]:
        """Who is called like somebody, or has beside their own the name of somebody who is."""
        questions = {question for name in called if name for question in rules.asked_for(name)}
        hits = {hit.child_id for question in questions for hit in self._search(question)}
        return {one for one in hits if self._alike(called, _names_of(self._index.person(one)))}

    def _search(self, question: str) -> list[NameFound]:
        return self._index.search(question, limit=_LOOKED_AT, heard=self._heard)


_LOOKED_AT = 60


def _names_of(person: Person) -> list[str | None]:
    return [" ".join(part for part in person.parts if part), person.latin, *person.further]


def _named_like(children: Iterable[Child]) -> _Pairs:
    """Who is named in any case and is called like one of these children or of those who answer for them."""
    others = NameIndex()
    for person_id, name in _everybody_named():
        given, _space, more = name.partition(" ")
        others.put(person_id, Person(Parts(given, None, None, more or None)))
    if not others:
        return set()
    known = Known(others, rules.Alike())
    return {(person_id, child.id) for child in children for person_id in known.like(_all_names(child))}


def _everybody_named() -> Iterator[tuple[uuid.UUID, str]]:
    """Who is named in any case of the clinic, opened one by one."""
    sealed = OtherPerson.__table__.c["name"]
    rows = session.execute(select(OtherPerson.id, OtherPerson.clinic_id, sealed).where(_stands(), sealed.is_not(None)))
    for person_id, clinic_id, value in rows:
        where = sealing.place(clinic_id, OtherPerson.__tablename__, "name", person_id)
        yield person_id, (sealing.open_(current.ring(), where, bytes(value)) or "").strip()


def _all_names(child: Child) -> list[str | None]:
    return [*_writings(child), *(one.name for one in _answering(child))]


def _writings(child: Child) -> list[str | None]:
    return [child.name, child.name_latin]


def _answering(child: Child) -> list[Guardian]:
    return [one for one in child.guardians if one.ended_on is None]


def _one_phone(side: ColumnElement[bool]) -> Any:
    """Who is named in a case with the phone of somebody who answers for a child."""
    same = and_(Guardian.clinic_id == OtherPerson.clinic_id, Guardian.phone_hash == OtherPerson.phone_hash)
    return (
        select(OtherPerson.id, Guardian.child_id)
        .join(Guardian, same)
        .where(_stands(), Guardian.ended_on.is_(None), side)
    )


def _children(ids: Iterable[uuid.UUID]) -> Sequence[Child]:
    wanted = select(Child).where(Child.id.in_(set(ids)), Child.merged_into.is_(None))
    return session.scalars(wanted.options(selectinload(Child.guardians))).all()


# --- whether they are


def _compare(pairs: _Pairs, found: Found) -> None:
    """Looks closely at pairs, and keeps of each person the likeliest."""
    if not pairs:
        return
    alike = rules.Alike()
    children = {child.id: child for child in _children(child_id for _person, child_id in pairs)}
    people = _with_own_child({person_id for person_id, _child in pairs})
    of_each: dict[uuid.UUID, list[tuple[int, uuid.UUID, list[Ground]]]] = defaultdict(list)
    for person_id, child_id in sorted(pairs):
        if child_id in children and person_id in people:
            grounds = _grounds(*people[person_id], children[child_id], alike)
            if grounds:
                of_each[person_id].append((max(one.score for one in grounds), child_id, grounds))
    for person_id, matches in of_each.items():
        person, _own = people[person_id]
        for _score, child_id, grounds in sorted(matches, key=lambda one: (-one[0], one[1]))[: rules.MOST_EACH]:
            found[Between(person.case_id, child_id)] += grounds


def _with_own_child(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[OtherPerson, uuid.UUID]]:
    """Other people, each with the child whose case they are named in."""
    wanted = select(OtherPerson, CaseFile.child_id).join(CaseFile, CaseFile.id == OtherPerson.case_id)
    return {one.id: (one, own) for one, own in session.execute(wanted.where(OtherPerson.id.in_(ids)))}


def _grounds(person: OtherPerson, own_child: uuid.UUID, child: Child, alike: rules.Alike) -> list[Ground]:
    """What speaks for somebody who is named in a case being a child of the clinic, or answering for one."""
    grounds = []
    is_own = own_child == child.id
    if not is_own and (score := alike([person.name], _writings(child))):
        grounds.append(Ground(Reason.CHILD, person.id, child.id, score))
    for guardian in _answering(child):
        reason = Reason.OWN_GUARDIAN if is_own else Reason.GUARDIAN
        if score := alike([person.name], [guardian.name]):
            grounds.append(Ground(reason, person.id, guardian.id, score))
        if person.phone_hash is not None and person.phone_hash == guardian.phone_hash:
            grounds.append(Ground(Reason.PHONE, person.id, guardian.id, 100))
    return grounds


def _colleagues(asked: Asked, found: Found) -> None:
    """Who is named in these cases, or answers for their children, and is called like somebody who works here."""
    wanted = select(StaffMember.id, StaffMember.name).where(
        StaffMember.clinic_id == current_clinic.get(), StaffMember.state != AccountState.CLOSED
    )
    alike = rules.Alike()
    staff = rules.Colleagues(((one.id, one.name) for one in session.execute(wanted)), alike)
    for case_id, person_id, name in _everybody_in(asked):
        for colleague_id, score in staff.called_like(name):
            found[Between(case_id, None, colleague_id)].append(Ground(Reason.COLLEAGUE, person_id, colleague_id, score))


def _everybody_in(asked: Asked) -> Iterator[tuple[uuid.UUID, uuid.UUID, str]]:
    for people in _named(asked):
        for one in people:
            yield one.case_id, one.id, one.name or ""
    wanted = select(Guardian, CaseFile.id).join(CaseFile, CaseFile.child_id == Guardian.child_id)
    ours = and_(Guardian.clinic_id == current_clinic.get(), Guardian.ended_on.is_(None))
    wanted = wanted.where(ours, asked.takes_in_child(Guardian.child_id)).execution_options(yield_per=AT_ONCE)
    for guardian, case_id in session.execute(wanted):
        yield case_id, guardian.id, guardian.name or ""


def _two_sides(asked: Asked, found: Found) -> None:
    """One child on two sides in two running cases; two children on two sides of one event."""
    one, other = aliased(CaseFile), aliased(CaseFile)
    both_run = and_(one.status != CaseStatus.CLOSED, other.status != CaseStatus.CLOSED)
    same_child = and_(one.child_id == other.child_id, both_run)
    same_event = and_(one.clinic_id == other.clinic_id, one.event_id == other.event_id, one.child_id != other.child_id)
    here = (one.clinic_id == current_clinic.get(), one.role == ChildRole.ACCUSED, one.merged_into.is_(None))
    there = (other.role.in_(rules.AGAINST_THE_ACCUSED), other.merged_into.is_(None))
    for reason, joined in ((Reason.ROLES, same_child), (Reason.EVENT, same_event)):
        for side in (asked.takes_in(one.id), asked.takes_in(other.id)):
            wanted = select(one.id, one.child_id, other.id).join_from(one, other, joined).where(*here, *there, side)
            for accused_case, accused, other_case in session.execute(wanted):
                found[Between(other_case, accused)].append(Ground(reason, other_case, accused_case, 100))


def newest_cases(children: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Of each child the case that matters: one that runs before a closed one, the newest first."""
    wanted = select(CaseFile.child_id, CaseFile.id).where(CaseFile.child_id.in_(children))
    wanted = wanted.where(CaseFile.merged_into.is_(None))
    newest_last = wanted.order_by(CaseFile.status != CaseStatus.CLOSED, CaseFile.opened_on, CaseFile.entered)
    return {row.child_id: row.id for row in session.execute(newest_last)}
