"""Writing targets and paragraphs; what stood before is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from clinic import clock
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.db import session
from clinic.refusals import ChangedMeanwhile
from clinic.targets import queries, rules
from clinic.targets.catalogue import Section
from clinic.targets.models import Narrative, Target, TargetPlan
from clinic.targets.rules import Words


def begin(project: str | None, first: date, last: date, *, by: Reader) -> TargetPlan:
    """The plan of these days and this project, or of the whole clinic; made if there is none."""
    rules.check_period(first, last)
    there = queries.plan_of(first, last, project, reader=by)
    if there is not None:
        return there
    plan = TargetPlan(project=project or "", first=first, last=last, made_by=by.staff_id)
    session.add(plan)
    session.flush()
    chain.record("targets.begun", subject=plan)
    return plan


def save(
    plan: TargetPlan,
    section: Section,
    *,
    targets: Mapping[str, float | None],
    words: Words,
    version: int,
    by: Reader,
) -> None:
    """Sets the targets of a section and writes its paragraph. Raises ChangedMeanwhile for another version than this."""
    kept = queries.kept_of(plan, [section])[section.code]
    if kept.version != version:
        raise ChangedMeanwhile
    rules.check_targets(section, targets)
    for aim in section.aims:
        _set(plan, kept.targets.get(aim.indicator), aim.indicator, targets.get(aim.indicator), by)
    _write(plan, kept.narrative, section.code, words, by)


def _set(plan: TargetPlan, target: Target | None, indicator: str, value: float | None, by: Reader) -> None:
    if value == (target.value if target else None):
        return
    now = clock.now()
    if target is None:
        target = Target(plan_id=plan.id, indicator=indicator, value=value, set_by=by.staff_id, set_at=now)
        session.add(target)
    else:
        target.value, target.set_by, target.set_at = value, by.staff_id, now
    session.flush()
    chain.record("targets.set" if value is not None else "targets.taken_back", subject=target, detail=indicator)


def _write(plan: TargetPlan, narrative: Narrative | None, section: str, words: Words, by: Reader) -> None:
    before = Words(narrative.ar, narrative.en) if narrative else Words()
    if before == words:
        return
    now = clock.now()
    if narrative is None:
        narrative = Narrative(plan_id=plan.id, section=section, written_by=by.staff_id, written_at=now)
        session.add(narrative)
    else:
        narrative.written_by, narrative.written_at = by.staff_id, now
    narrative.ar, narrative.en = words.ar, words.en
    session.flush()
    chain.record("targets.written", subject=narrative, detail=section)
