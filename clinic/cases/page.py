"""The page of a case: who and where, what is due, the line of steps and what hangs beside it, in few statements."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from clinic import clock, formats
from clinic.access.lanes import unloaded
from clinic.access.models import LaneShare, Wall
from clinic.access.permissions import Lane
from clinic.access.policy import may
from clinic.access.reader import Reader
from clinic.cases import around, lane_shares, line, parts, queries, rules
from clinic.cases.around import Around
from clinic.cases.cards import Card, card_of
from clinic.cases.kinds import Stage, StepKind, all_kinds
from clinic.cases.labels import STAGES
from clinic.cases.line import LineFact
from clinic.cases.models import CaseFile, Consent, Step, Task, TeamMember
from clinic.cases.parts import Part, Place
from clinic.cases.queries import Seat
from clinic.cases.sharing import Shared, everything_shared
from clinic.children.models import Guardian
from clinic.db import session
from clinic.staff import queries as staff
from clinic.vocabularies.fixed import StepState

PAGE = 25


@dataclass(frozen=True)
class Due:
    """Something that waits: a planned step whose day has passed, a task, a consent to be confirmed."""

    what: str
    on: date | None
    late: bool
    step_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Journey:
    """A stage on the journey as the macro draws it."""

    label: str
    state: str


@dataclass(frozen=True)
class Linked:
    """Another case of the same event, with the child's name."""

    case_id: uuid.UUID
    reference: str
    name: str


@dataclass(frozen=True)
class CasePage:
    """Everything that the page shows, read for one reader."""

    case: CaseFile
    seat: Seat
    today: date
    names: Mapping[uuid.UUID, str]
    journey: Sequence[Journey]
    ahead: Sequence[Card]
    past: Sequence[Card]
    kinds: Sequence[tuple[StepKind, int]]
    total: int
    after: int
    addable: Sequence[StepKind]
    parts: Sequence[Part]
    guardians: Sequence[Guardian]
    team: Sequence[TeamMember]
    consents: Sequence[Consent]
    shared: Sequence[Shared]
    tasks: Sequence[Task]
    linked: Sequence[Linked]
    projects: Sequence[str]
    walls: Sequence[Wall]

    @property
    def strip(self) -> list[Part]:
        """What the rooms put beside who and where."""
        return [part for part in self.parts if part.place is Place.STRIP]

    @property
    def aside(self) -> list[Part]:
        """What the rooms hang beside the line."""
        return [part for part in self.parts if part.place is Place.ASIDE]

    @property
    def next_hearing(self) -> Card | None:
        """The next planned step before a court."""
        return next((c for c in self.ahead if c.kind.stage == Stage.COURT and c.step.on_date >= self.today), None)

    @property
    def next_others(self) -> list[Card]:
        """The two planned steps that come next, hearings apart."""
        coming = [c for c in self.ahead if c.step.on_date >= self.today and c.kind.stage != Stage.COURT]
        return coming[:2]

    @property
    def due(self) -> list[Due]:
        """What waits, the oldest first."""
        late = [Due(c.title, c.step.on_date, True, c.step.id) for c in self.ahead if c.step.on_date < self.today]
        tasks = [
            Due(one.what or "", one.due_on, one.due_on is not None and one.due_on < self.today) for one in self.tasks
        ]
        return sorted([*late, *tasks], key=lambda due: (due.on is None, due.on or self.today))

    @property
    def to_confirm(self) -> list[Consent]:
        """Consents given for now that nobody has confirmed."""
        return [one for one in self.consents if one.waits_for_confirmation]


def page_of(
    case: CaseFile,
    reader: Reader,
    *,
    beside: Around,
    kind: str | None = None,
    after: int = 0,
) -> CasePage:
    """Reads the page of a case: the line filtered by a kind, 25 at a time."""
    seat, today = queries.seat_of(case, reader), clock.today()
    facts = line.line_facts(case.id)
    steps = queries.page_of_line(case.id, seat.lanes, kinds=[kind] if kind else (), after=after, limit=PAGE)
    names = staff.names_of(reader=reader)
    ahead, past = (_cards(each, beside.shares, seat, reader, names) for each in steps)
    counts = Counter(fact.kind for fact in facts if not _is_cancelled_plan(fact))
    hung = parts.parts_of(case, seat, reader, facts)
    return CasePage(
        case=case,
        seat=seat,
        today=today,
        names=names,
        journey=_journey(case, facts, today, next((part.lights for part in hung if part.lights), None)),
        ahead=ahead,
        past=past,
        **_of_the_line(facts, counts, kind),
        after=after,
        addable=kinds_for(seat, case, reader),
        parts=hung,
        guardians=guardians_of(case),
        team=[one for one in case.team if one.serves_on(today)],
        linked=linked_to(case, reader),
        projects=_projects(case, reader),
        **_beside(case, beside, counts),
    )


def _beside(case: CaseFile, beside: Around, kinds: Collection[str]) -> dict[str, Any]:
    """What stands around the line, and what was shared under a consent or without one."""
    shared = everything_shared(case.id, beside.consents, kinds)
    return {"consents": beside.consents, "shared": shared, "tasks": beside.tasks, "walls": beside.walls}


def _of_the_line(facts: Sequence[LineFact], counts: Mapping[str, int], kind: str | None) -> dict[str, Any]:
    """How many steps there are of which kind, and of the one that is shown."""
    shown = (fact for fact in facts if fact.state != StepState.PLANNED and kind in (None, fact.kind))
    return {
        "kinds": [(each, counts[each.code]) for each in all_kinds() if counts[each.code]],
        "total": sum(1 for _fact in shown),
    }


def _cards(
    steps: Sequence[Step], shares: Sequence[LaneShare], seat: Seat, reader: Reader, names: Mapping[uuid.UUID, str]
) -> list[Card]:
    """The cards of steps, each with what is shared of it, which alone opens lanes that the reader has not."""
    given = lane_shares.given_to(shares, seat, reader)
    lane_shares.load(steps, given, seat.lanes)
    told: dict[uuid.UUID, tuple[str, ...]] = {}
    for one in shares:
        told[one.step_id] = (*told.get(one.step_id, ()), lane_shares.in_words(one, names))
    return [
        card_of(step, seat.lanes | given.get(step.id, frozenset()), names, shared=told.get(step.id, ()))
        for step in steps
    ]


def _projects(case: CaseFile, reader: Reader) -> list[str]:
    """What funds a case, by name."""
    named = queries.project_names(reader=reader) if case.projects else {}
    return [formats.isolate(named.get(code, code)) for code in case.projects]


def _is_cancelled_plan(fact: LineFact) -> bool:
    return fact.withdrawn and fact.state == StepState.PLANNED


def kinds_for(seat: Seat, case: CaseFile, reader: Reader) -> list[StepKind]:
    """The kinds of step that this reader may add to this case."""
    return [
        kind
        for kind in all_kinds()
        if may(reader, kind.permission, case) and kind.fields_for(seat.lanes) and case.role.value in kind.for_roles
    ]


def _journey(case: CaseFile, facts: Sequence[LineFact], today: date, held_at: Stage | None) -> list[Journey]:
    staged = [fact for each in facts if (fact := each.stage_fact) is not None]
    places = rules.journey(staged, case.proceeding_status, case.status, today, held_at)
    return [Journey(str(STAGES[place.stage]), place.mark or "none") for place in places]


def guardians_of(case: CaseFile) -> Sequence[Guardian]:
    """Who answers for the child today."""
    return [one for one in case.child.guardians if one.ended_on is None]


def consents_of(case_id: uuid.UUID) -> Sequence[Consent]:
    """The ledger of consents of a case with what was shared under each, the latest first."""
    return around.every("consents", case_id)


def linked_to(case: CaseFile, reader: Reader) -> list[Linked]:
    """Other cases of the same event that the reader sees."""
    if case.event_id is None:
        return []
    wanted = (
        select(CaseFile)
        .where(CaseFile.event_id == case.event_id, CaseFile.id != case.id, queries.is_visible_to(reader))
        .options(joinedload(CaseFile.child))
        .order_by(CaseFile.reference)
    )
    return [Linked(one.id, one.reference, one.child.short_name) for one in session.scalars(wanted)]


def whole_line(case_id: uuid.UUID, held: frozenset[Lane]) -> Sequence[Step]:
    """Every step of a case that was not withdrawn, the oldest first: for paper."""
    steps = queries.LINE
    return session.scalars(
        select(steps)
        .where(steps.case_id == case_id, steps.withdrawn_at.is_(None))
        .options(*unloaded(steps, held))
        .order_by(steps.on_date, steps.happened_at, steps.entered)
    ).all()
