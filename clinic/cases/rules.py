"""Decisions about a case that need no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinic.cases.kinds import Stage
from clinic.vocabularies.fixed import CaseStatus, ProceedingStatus, StepState

SOCIAL_STAGES = (Stage.COUNSELLING, Stage.SCHOOL, Stage.COMMUNITY)
LIT_FOR = timedelta(days=60)  # architecture.md: a social stage is lit while a step is planned or younger than 60 days


@dataclass(frozen=True, slots=True)
class StageFact:
    """What a step says of the proceeding: its stage, state and day; of an interval, whether it still runs."""

    stage: Stage
    state: StepState
    on_date: date
    runs: bool = False
    is_appeal: bool = False


def proceeding_status(
    facts: Iterable[StageFact], disposition_group: str | None, disposition_on: date | None
) -> ProceedingStatus:
    """Where the proceeding stands, from done steps and the disposition; never typed.

    A running measure says measure_running; a decision says decided, or ended where nothing follows it (dismissed,
    acquitted, diverted) or its measure has ended; an appeal hearing after it says appealed; before that the furthest
    of police, prosecution and court that was reached.
    """
    done = [fact for fact in facts if fact.state == StepState.DONE]
    if disposition_on is not None:
        return _after_the_decision(done, disposition_group, disposition_on)
    reached = {fact.stage for fact in facts if fact.state in (StepState.DONE, _REACHES.get(fact.stage))}
    for stage, status in _FURTHEST:
        if stage in reached:
            return status
    return ProceedingStatus.NONE


_REACHES = {Stage.COURT: StepState.PLANNED}  # a hearing that is fixed has reached the court; a cancelled one has not

_FURTHEST = (
    (Stage.COURT, ProceedingStatus.COURT),
    (Stage.PROSECUTION, ProceedingStatus.PROSECUTION),
    (Stage.POLICE, ProceedingStatus.POLICE),
)


def _after_the_decision(done: Sequence[StageFact], group: str | None, decided: date) -> ProceedingStatus:
    if any(fact.is_appeal and fact.on_date >= decided for fact in done):
        return ProceedingStatus.APPEALED
    measures = [fact for fact in done if fact.stage == Stage.MEASURE]
    if any(fact.runs for fact in measures):
        return ProceedingStatus.MEASURE_RUNNING
    if measures or group != "sentence":
        return ProceedingStatus.ENDED
    return ProceedingStatus.DECIDED


@dataclass(frozen=True, slots=True)
class Place:
    """A stage as drawn on the journey: `done`, `now` or `` (not reached)."""

    stage: str
    mark: str


def journey(
    facts: Sequence[StageFact],
    status: ProceedingStatus,
    case_status: CaseStatus,
    today: date,
    held_at: Stage | None = None,
) -> tuple[Place, ...]:
    """The stages with the child's place: several may be lit at once (architecture.md, the data).

    `held_at` is the stage on whose word the child is held now.
    """
    reached = {fact.stage for fact in facts if fact.state == StepState.DONE}
    lit = _lit(facts, status, today) | ({held_at} if held_at else set())
    if case_status == CaseStatus.CLOSED:
        lit = set()
    places = [Place(stage.value, "now" if stage in lit else "done" if stage in reached else "") for stage in Stage]
    return (*places, Place("closed", "now" if case_status == CaseStatus.CLOSED else ""))


def _lit(facts: Sequence[StageFact], status: ProceedingStatus, today: date) -> set[Stage]:
    lit = {
        fact.stage
        for fact in facts
        if fact.stage in SOCIAL_STAGES
        and (fact.state == StepState.PLANNED or (fact.state == StepState.DONE and today - fact.on_date < LIT_FOR))
    }
    legal = _STAGE_OF_STATUS.get(status)
    if legal is not None:
        lit.add(legal)
    if status in _UNDECIDED and (last := _last_appearance(facts)) is not None:
        lit.add(last)
    return lit


def _last_appearance(facts: Sequence[StageFact]) -> Stage | None:
    """Where the child appeared last: that stage is lit until the next appearance, whatever is planned."""
    appearances = [fact for fact in facts if fact.state == StepState.DONE and fact.stage in _ORDER]
    last = max(appearances, key=lambda fact: (fact.on_date, _ORDER.index(fact.stage)), default=None)
    return last.stage if last is not None else None


_ORDER = (Stage.POLICE, Stage.PROSECUTION, Stage.COURT)
_UNDECIDED = (ProceedingStatus.POLICE, ProceedingStatus.PROSECUTION, ProceedingStatus.COURT)

_STAGE_OF_STATUS = {
    ProceedingStatus.POLICE: Stage.POLICE,
    ProceedingStatus.PROSECUTION: Stage.PROSECUTION,
    ProceedingStatus.COURT: Stage.COURT,
    ProceedingStatus.APPEALED: Stage.COURT,
    ProceedingStatus.DECIDED: Stage.MEASURE,
    ProceedingStatus.MEASURE_RUNNING: Stage.MEASURE,
}
