"""Writing cases and their steps. Flushes, never commits; each change is noted for the chain."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from clinic import clock, versions
from clinic.access.permissions import Lane, Role
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases import dates, line, queries, rules
from clinic.cases.kinds import Shape, StepKind, kind_of
from clinic.cases.models import CaseFile, CasePeriod, Step, TeamMember
from clinic.children.models import Child
from clinic.children.references import clinic_of_now, next_reference
from clinic.clock import Moment
from clinic.crypto import current, sealing
from clinic.db import session
from clinic.languages import _, _l
from clinic.refusals import AlreadyThere, ChangedMeanwhile, Refusal
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import ChildRole, StepState


class NeedsAWhen(Refusal):
    """A step without the day on which it happened or is to happen."""

    message = _l("Say when. The day is enough.")


class NeedsAnOffence(Refusal):
    """An accused child without an offence."""

    message = _l("Choose what the child is accused of.")
    field = "offences"


class AlreadyWithdrawn(Refusal):
    """A withdrawn step cannot be changed."""

    message = _l("This step was withdrawn and can no longer be changed.")


class NeedsAReason(Refusal):
    """A withdrawal or a step not done without a reason."""

    message = _l("Say why, in a few words.")
    field = "because"


def open_case(
    *,
    child: Child,
    by: Reader,
    opened_on: date,
    role: ChildRole,
    referral_source: str | None,
    offences: Sequence[str] = (),
    offence_on: date | None = None,
    projects: Sequence[str] = (),
    team: Sequence[tuple[uuid.UUID, Role]] = (),
    case_id: uuid.UUID | None = None,
    event_id: uuid.UUID | None = None,
    offences_later: bool = False,
) -> CaseFile:
    """Opens a case for a child, with its first open period and its team.

    Raises NeedsAnOffence, unless what the child is accused of is asked later, as after a call at night.
    """
    if role == ChildRole.ACCUSED and not offences and not offences_later:
        raise NeedsAnOffence
    case = CaseFile(
        id=case_id,
        reference=_reference_of(opened_on.year),
        child=child,
        role=role,
        opened_on=opened_on,
        referral_source=referral_source,
        offences=tuple(offences),
        offence_on=offence_on,
        projects=tuple(projects),
        event_id=event_id,
        age_at_opening=child.age_on(opened_on),
        age_at_offence=child.age_on(offence_on) if offence_on else None,
        recorded_by=by.staff_id,
        entered=entry_order(),
    )
    session.add(case)
    case.periods.append(CasePeriod(opened_on=opened_on, opened_by=by.staff_id, entered=entry_order()))
    session.flush()
    chain.record("case.opened", subject=case)
    for staff_id, team_role in team:
        join_team(case, staff_id=staff_id, role=team_role, by=by, since=min(opened_on, clock.today()))
    return case


def _reference_of(year: int) -> str:
    return next_reference(f"case:{year}", f"{clinic_of_now().prefix}-{year}-", CaseFile.reference)


def join_team(
    case: CaseFile, *, staff_id: uuid.UUID, role: Role, by: Reader, since: date, until: date | None = None
) -> TeamMember:
    """Puts somebody on the team; the first lawyer and counsellor lead."""
    member = TeamMember(
        case_id=case.id, staff_id=staff_id, role=role.value, since=since, until=until, assigned_by=by.staff_id
    )
    session.add(member)
    if role == Role.LAWYER and case.lawyer_id is None:
        case.lawyer_id = staff_id
    if role == Role.COUNSELLOR and case.counsellor_id is None:
        case.counsellor_id = staff_id
    session.flush()
    chain.record("team.joined", subject=member, case_id=case.id, detail=role.value)
    return member


def entry_order() -> int:
    """The order of entry: microseconds since the epoch."""
    return int(clock.now().timestamp() * 1_000_000)


def form_digest(kind: str, values: Mapping[str, Any], state: StepState) -> bytes:
    """A keyed digest of what a form said, by which the same form sent twice is recognised."""
    said = repr((kind, state.value, sorted((name, repr(value)) for name, value in values.items() if value is not None)))
    return sealing.mark(current.ring(), "form", said)


def record(
    kind: StepKind,
    case: CaseFile,
    values: Mapping[str, Any],
    *,
    by: Reader,
    step_id: uuid.UUID | None = None,
    state: StepState = StepState.DONE,
    worker_id: uuid.UUID | None = None,
    follows_id: uuid.UUID | None = None,
    source: str = "web",
    extra: Mapping[str, Any] | None = None,
) -> Step:
    """Adds a step to the line of a case, and the planned one that follows it where its kind has a `next_when`.

    `values` holds fields of the kind by name (see kinds.Shape for their Python values), `extra` further attributes of
    its model. The same id with the same content is answered with the step as it was first saved; with other content
    AlreadyThere is raised. Raises NeedsAWhen and what the kind's own check raises.
    """
    state = kind.state_of(values) if kind.state_of else state
    digest = form_digest(kind.code, values, state)
    if step_id is not None and (there := session.get(Step, step_id)) is not None:
        if there.form_digest == digest and there.case_id == case.id:
            return there
        raise AlreadyThere
    beside = {"worker_id": worker_id or by.staff_id, "follows_id": follows_id, "source": source, "form_digest": digest}
    step = _add(kind, case, values, state, by, id=step_id, **{**beside, **(extra or {})})
    if kind.next_when is not None and state != StepState.PLANNED:
        _plan_next(kind, step, values.get(kind.next_when), by)
    rederive(case, kind)
    return step


def _add(
    kind: StepKind, case: CaseFile, values: Mapping[str, Any], state: StepState, by: Reader, **beside: Any
) -> Step:
    """Puts a step on the line. What is derived from the line is left to the caller."""
    _refuse_unless_fit(kind, case, values, state)
    step = kind.model(
        case_id=case.id,
        state=state,
        child_id=case.child_id,
        child_role=case.role,
        recorded_by=by.staff_id,
        entered=entry_order(),
        lanes_written=(),
        **beside,
    )
    _set(step, kind, values, case)
    session.add(step)
    session.flush()
    chain.record(f"{kind.code}.planned" if state == StepState.PLANNED else f"{kind.code}.recorded", subject=step)
    return step


def _plan_next(kind: StepKind, step: Step, when: date | Moment | None, by: Reader) -> None:
    """Makes the planned step of the next time, with what a planned one says; none if that day has one already."""
    if when is None or queries.is_planned(step.case_id, kind.code, dates.day_of(when)):
        return
    same = {field.name: getattr(step, field.name) for field in kind.fields if field.planned}
    told = {name: value for name, source in kind.next_from if (value := getattr(step, source)) is not None}
    values = {**same, **told, **dict(kind.next_with), kind.when: _as_asked(kind, when)}
    _add(kind, step.case, values, StepState.PLANNED, by, worker_id=step.worker_id, follows_id=step.id)


def _change_next(kind: StepKind, step: Step, when: date | Moment | None, by: Reader) -> None:
    """The next time was changed: the planned step moves with it, or is taken back."""
    planned = queries.planned_after(step.id)
    if planned is None:
        _plan_next(kind, step, when, by)
    elif when is None:
        _take_back(planned, _("The step before was corrected: no next time."), by)
    else:
        _set(planned, kind, {kind.when: _as_asked(kind, when)}, step.case)
        session.flush()
        chain.record(f"{kind.code}.corrected", subject=planned)


def _as_asked(kind: StepKind, when: date | Moment) -> date | Moment:
    """The next time as the field takes it that dates the step: a moment, or a day."""
    if kind.by_name[kind.when].shape is Shape.MOMENT:
        return when if isinstance(when, Moment) else Moment.of_day(when)
    return dates.day_of(when)


def _refuse_unless_fit(kind: StepKind, case: CaseFile, values: Mapping[str, Any], state: StepState) -> None:
    if values.get(kind.when) is None:
        raise NeedsAWhen(field=kind.when)
    if kind.next_when is not None:
        dates.refuse_next_not_later(values[kind.when], kind.next_when, values.get(kind.next_when))
    kind.check(values, case, state)


def _set(step: Step, kind: StepKind, values: Mapping[str, Any], case: CaseFile) -> None:
    """Puts the values of a kind's fields on a step and derives when it happened and which lanes were written."""
    for name in kind.by_name:
        if name in values:
            setattr(step, name, values[name])
    for name, value in (kind.also(values, case) if kind.also else {}).items():
        setattr(step, name, value)
    when = getattr(step, kind.when)
    if isinstance(when, Moment):
        step.on_date, step.happened_at, step.happened_at_precision = when.local_date, when.at, when.precision
    else:
        step.on_date = when
    written = {kind.lane(name).value for name in kind.by_name if name in values and values[name] not in (None, ())}
    untouched = {kind.lane(name).value for name in kind.by_name if name not in values} & set(step.lanes_written or ())
    step.lanes_written = tuple(sorted((written | untouched) - {Lane.FACTS.value, Lane.IDENTITY.value}))


def correct(
    step: Step,
    values: Mapping[str, Any],
    *,
    version: int,
    because: str | None,
    by: Reader,
    state: StepState | None = None,
) -> Step:
    """Corrects a step, or completes a planned one (`state` done): the state before is kept with the reason.

    `version` is the one that the form was made from: ChangedMeanwhile if somebody saved since.
    """
    kind = kind_of(step)
    if step.is_withdrawn:
        raise AlreadyWithdrawn
    if step.version != version:
        raise ChangedMeanwhile
    was = step.state
    state = kind.state_of(values) if kind.state_of else state or step.state
    _refuse_unless_fit(kind, step.case, {kind.when: getattr(step, kind.when), **values}, state)
    next_before = getattr(step, kind.next_when) if kind.next_when else None
    with versions.giving_reason(_sealed_reason(kind, step, because)):
        _set(step, kind, values, step.case)
        step.state = state
        if was == StepState.PLANNED and state == StepState.DONE:
            step.worker_id = step.worker_id or by.staff_id
        session.flush()
    done = was == StepState.PLANNED and state != StepState.PLANNED
    chain.record(f"{kind.code}.completed" if done else f"{kind.code}.corrected", subject=step)
    next_now = getattr(step, kind.next_when) if kind.next_when else None
    if next_now != next_before and state != StepState.PLANNED:
        _change_next(kind, step, next_now, by)
    rederive(step.case, kind)
    return step


def _sealed_reason(kind: StepKind, step: Step, because: str | None) -> bytes | None:
    """A reason is sealed in the kind's most confidential lane: it may say what a note says."""
    if not because:
        return None
    return sealing.seal(current.ring(), reason_lane(kind).value, reason_place(step), because)


def reason_lane(kind: StepKind) -> Lane:
    """The lane that the reason of a change is sealed in: that of the kind's first paragraphs."""
    return next((kind.lane(field.name) for field in kind.fields if field.shape is Shape.TEXT), Lane.IDENTITY)


def reason_place(step: Step) -> bytes:
    """The place that the reason of a change of a step is bound to."""
    return sealing.place(step.clinic_id, "step_version", "because", step.id)


def mark_not_done(step: Step, *, version: int, because: str | None, by: Reader) -> Step:
    """A planned step that did not take place, and why (a code of the list `not_done_reason`)."""
    if not because:
        raise NeedsAReason
    if step.version != version:
        raise ChangedMeanwhile
    step.state, step.not_done_reason = StepState.NOT_DONE, because
    session.flush()
    chain.record(f"{step.kind}.not_done", subject=step, detail=because)
    rederive(step.case, kind_of(step))
    return step


def withdraw(step: Step, *, version: int, because: str | None, by: Reader) -> Step:
    """Takes a step back, with a reason, and the planned one made from it. It stays on the line and is never counted."""
    if not because:
        raise NeedsAReason
    if step.is_withdrawn:
        raise AlreadyWithdrawn
    if step.version != version:
        raise ChangedMeanwhile
    _take_back(step, because, by)
    if kind_of(step).next_when is not None and (planned := queries.planned_after(step.id)) is not None:
        _take_back(planned, because, by)
    rederive(step.case, kind_of(step))
    return step


def _take_back(step: Step, because: str, by: Reader) -> None:
    step.withdrawn_at, step.withdrawn_by, step.withdrawn_because = clock.now(), by.staff_id, because
    session.flush()
    chain.record(f"{step.kind}.withdrawn", subject=step)


def rederive(case: CaseFile, kind: StepKind | None = None) -> None:
    """Brings what is derived from the steps of a case up to date: disposition, last step, proceeding status."""
    with session.no_autoflush:  # the steps are flushed; the case is written once
        if kind is not None and kind.derive is not None:
            kind.derive(case)
        facts = [fact for fact in line.line_facts(case.id) if not fact.withdrawn]
    done = [fact.on_date for fact in facts if fact.state == StepState.DONE]
    case.last_step_on = max(done, default=None)
    term = lists.lists()["disposition"].get(case.disposition)
    group = str(term.attributes.get("group")) if term else None
    staged = [told for fact in facts if (told := fact.stage_fact) is not None]
    case.proceeding_status = rules.proceeding_status(staged, group, case.disposition_on)
    session.flush()
