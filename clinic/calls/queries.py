"""What was left open at night and is asked next day, one at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.access.lanes import unloaded
from clinic.access.permissions import Lane, Role
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.calls import rules
from clinic.cases import around
from clinic.cases.kinds import Field, Shape, Side, StepKind, all_kinds, kind_of
from clinic.cases.models import CaseFile, Step, TeamMember
from clinic.cases.queries import LINE, Seat, cases_visible_to
from clinic.cases.shown import shown_to
from clinic.children.listed import ListedChild
from clinic.children.models import Child
from clinic.children.names import Likely
from clinic.children.queries import Resemblance, likely_same, search, seen
from clinic.children.rules import ChildTold
from clinic.children.sameness import person_of
from clinic.children.spelling import skeleton, tokens
from clinic.db import Id, UtcDateTime, session
from clinic.languages import _l
from clinic.vocabularies.fixed import CaseStatus, ChildRole, StepState

ASKED_FOR: Final = timedelta(days=30)
"""So long what was left open is asked of the team; after that it is a gap in the coordinator's list."""

_SINCE: Final = bindparam("questions_since", type_=UtcDateTime)

CASE_QUESTIONS: Final = {
    "offences": _l("What is the child accused of?"),
    "referral_source": _l("Who called the clinic?"),
}


@dataclass(frozen=True)
class OpenQuestion:
    """Something that was left open: of a step, or of the case itself (no step)."""

    case_id: uuid.UUID
    reference: str
    child: Child
    step_id: uuid.UUID | None
    name: str
    text: str
    about: str  # the kind of step, in words
    is_answer: bool = False  # yes, no or not known is enough

    @property
    def child_name(self) -> str:
        """Of whom it is asked; opened where it is said: a desk says four of all that it counts."""
        return self.child.short_name


def open_questions(*, reader: Reader, limit: int | None = None) -> list[OpenQuestion]:
    """What was left open in the last 30 days in the cases on whose team the reader is, the newest case first.

    One statement for each role of the reader.
    """
    found: list[OpenQuestion] = []
    for role in (Role.LAWYER, Role.COUNSELLOR):
        if reader.has(role):
            of_role = LINE.case_id.in_(_led_by(reader, role)), LINE.kind.in_(_kinds(role))
            wanted = _recent(select(LINE), LINE, clock.now() - ASKED_FOR).where(*of_role)
            beside = joinedload(LINE.case).joinedload(CaseFile.child)
            wanted = wanted.options(*unloaded(LINE, LANES[role]), beside)
            found += _in_each_case(session.scalars(wanted).all())
    return found[:limit] if limit is not None else found


def open_questions_in(case: CaseFile, seat: Seat) -> list[OpenQuestion]:
    """What was left open in one case, for who has this seat in it. One statement, where a step may ask anything."""
    if not seat.on_team:
        return []
    steps = _asking_in(case, seat) if around.there_may_be("questions", case.id) else ()
    return [*_of_case(case), *(one for step in _as_asked(steps) for one in _of_step(step, case, seat.lanes))]


def may_be_open(case_id: ColumnElement[uuid.UUID]) -> ColumnElement[bool]:
    """Whether a step may ask something: one that was written down in a case lately, whoever reads."""
    return _recent(select(Step.id), Step, _SINCE).where(Step.case_id == case_id).order_by(None).exists()


def since() -> dict[str, Any]:
    """What that is asked with."""
    return {"questions_since": clock.now() - ASKED_FOR}


def _asking_in(case: CaseFile, seat: Seat) -> list[Step]:
    return shown_to(seat.lanes).read(_recent_in_a_case(seat.lanes, seat.roles), {"of_case": case.id, **since()})


def _kinds(role: Role) -> list[str]:
    """The kinds of step that this role records and that ask something again."""
    own = {Role.LAWYER: Side.LEGAL, Role.COUNSELLOR: Side.SOCIAL}.get(role)
    return [kind.code for kind in all_kinds() if kind.side == own and any(field.question for field in kind.fields)]


def _led_by(reader: Reader, role: Role) -> Select[uuid.UUID]:
    """The ids of the open cases on whose team the reader is today in this role."""
    today = clock.today()
    on_team = select(TeamMember.case_id).where(
        TeamMember.clinic_id == reader.clinic_id,
        TeamMember.staff_id == reader.staff_id,
        TeamMember.role == role.value,
        TeamMember.since <= today,
        or_(TeamMember.until.is_(None), TeamMember.until >= today),
    )
    return cases_visible_to(reader).where(CaseFile.id.in_(on_team), CaseFile.status != CaseStatus.CLOSED)


@lru_cache(maxsize=64)
def _recent_in_a_case(held: frozenset[Lane], roles: frozenset[Role]) -> Select[*tuple[Any, ...]]:
    """Put together once: it is asked on every page of a case."""
    of_case = bindparam("of_case", type_=Id)
    kinds = [code for role in sorted(roles) for code in _kinds(role)]
    return _recent(shown_to(held).wanted, Step, _SINCE).where(Step.case_id == of_case, Step.kind.in_(kinds))


Wanted = TypeVar("Wanted", bound=Select[Any])


def _recent(wanted: Wanted, step: Any, since: Any) -> Wanted:
    """Steps that took place and were written down here since a moment, the newest first."""
    taken = step.state == StepState.DONE, step.withdrawn_at.is_(None)
    here = step.source != "import", step.recorded_at >= since
    return wanted.where(*taken, *here).order_by(step.recorded_at.desc(), step.entered.desc())


def _in_each_case(steps: Sequence[Step]) -> Iterator[OpenQuestion]:
    """The questions case by case, those about the case itself first."""
    by_case: dict[uuid.UUID, list[Step]] = {}
    for step in steps:
        by_case.setdefault(step.case_id, []).append(step)
    for of_case in by_case.values():
        case = of_case[0].case
        yield from _of_case(case)
        for step in _as_asked(of_case):
            yield from _of_step(step, case, LANES[_role_of(step)])


def _as_asked(steps: Iterable[Step]) -> list[Step]:
    """The newest day first; of one day the step that was entered first: a night's attendance before its custody."""
    return sorted(steps, key=lambda step: (-step.on_date.toordinal(), step.entered))


def _role_of(step: Step) -> Role:
    return Role.LAWYER if kind_of(step).side == Side.LEGAL else Role.COUNSELLOR


def _of_case(case: CaseFile) -> Iterator[OpenQuestion]:
    open_names = [name for name in CASE_QUESTIONS if not getattr(case, name)]
    if case.role != ChildRole.ACCUSED:
        open_names = [name for name in open_names if name != "offences"]
    for name in open_names:
        yield _question(case, None, name, str(CASE_QUESTIONS[name]), "")


def _of_step(step: Step, case: CaseFile, held: Iterable[Any]) -> Iterator[OpenQuestion]:
    kind, lanes = kind_of(step), frozenset(held)
    for field in kind.fields_for(lanes):
        if _is_open(kind, field, step):
            one = _question(case, step.id, field.name, str(field.question), str(kind.label))
            yield replace(one, is_answer=field.shape is Shape.ANSWER)


def _is_open(kind: StepKind, field: Field, step: Step) -> bool:
    left_open = field.question is not None and getattr(step, field.name) in (None, ())
    return left_open and field.name not in (step.not_known or ()) and rules.is_worth_asking(kind.code, field.name, step)


def _question(case: CaseFile, step_id: uuid.UUID | None, name: str, text: str, about: str) -> OpenQuestion:
    return OpenQuestion(case.id, case.reference, case.child, step_id, name, text, about)


# Whom the clinic may know

OFFERED: Final = 4


def who_it_may_be(told: ChildTold, name: str, *, reader: Reader, but: uuid.UUID | None = None) -> Resemblance:
    """Who may be the child of a call: the likely same, and of those whom the reader sees also who is called so.

    At night two names of four are known, too few to say that it is the same child, enough to offer one's own.
    """
    person = person_of(told.parts, told.name_latin, None, None, None)
    alike = likely_same(person, None, reader=reader, but=but)
    if len(rules.name_words(name)) < 2:
        return alike
    known = {hit.child.id for hit in alike.shown} | {but}
    found = [hit for hit in search(name, reader=reader) if hit.child.id not in known and _called_so(told, hit.child)]
    return replace(alike, shown=(*alike.shown, *found[:OFFERED]))


def _called_so(told: ChildTold, child: ListedChild) -> bool:
    """Whether the child's own name is the one that was told, in either script."""
    own = {skeleton(name) for text in (child.given_name, child.name_latin) for name in tokens(text or "")[:1]}
    return not own.isdisjoint(skeleton(name) for name in tokens(told.given_name or "")[:1])


def likeliest_hidden(alike: Resemblance, *, reader: Reader) -> Likely | None:
    """The likeliest of those who may be the child and whom the reader does not see; nobody behind a wall."""
    shown = {hit.child.id for hit in alike.shown}
    ids = [like.child_id for like in alike.everybody if like.child_id not in shown]
    walled = set(session.scalars(seen().walled_from(reader))) if ids else set()
    hidden = [like for like in alike.everybody if like.child_id in ids and like.child_id not in walled]
    return max(hidden, key=lambda like: like.score, default=None)
