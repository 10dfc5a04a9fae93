"""The words of the desk: greetings, what a half-typed form was, how a row of a list reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from clinic import clock, formats
from clinic.cases.kinds import Tag, is_kind, kind_of
from clinic.cases.models import CaseFile, ClosingProposal, Intake, Step, Task
from clinic.children.models import Child, LikelyPair
from clinic.clock import Moment
from clinic.conflicts import labels as conflicts
from clinic.desk.rules import PartOfDay, part_of_day
from clinic.languages import _, _n
from clinic.vocabularies import lists


def greeting(name: str, at: datetime) -> str:
    """Good morning, Huda: as people say it at this hour."""
    words: Mapping[PartOfDay, str] = {
        PartOfDay.NIGHT: _("Good evening, %(name)s", name=name),
        PartOfDay.MORNING: _("Good morning, %(name)s", name=name),
        PartOfDay.AFTERNOON: _("Good afternoon, %(name)s", name=name),
        PartOfDay.EVENING: _("Good evening, %(name)s", name=name),
    }
    return words[part_of_day(at)]


_ADDING = re.compile(r"^/cases/[^/]+/steps/(?:add|plan)/([a-z_]+)$")


def what_was_typed(place: str) -> str:
    """What form lies at an address."""
    adding = _ADDING.match(place)
    if adding and is_kind(adding[1]):
        return str(kind_of(adding[1]).label)
    if place.startswith("/steps/"):
        return _("A step that was being changed")
    if place.startswith("/calls"):
        return _("Station call")
    if place.startswith("/targets"):
        return _("Targets")
    return _("A child's file") if place.startswith("/children") else _("A form")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a list on a desk: who, what, when; and where a press on it leads."""

    leads_to: tuple[str, object]  # a sort of page (case, step, complete, intake, pair), and the id
    name: str
    what: str = ""
    reference: str | None = None
    when: Moment | date | None = None
    icon: str = "case"
    tags: tuple[Tag, ...] = ()


def _named(case: CaseFile) -> str:
    return case.child.short_name or case.reference


def place_of(step: Step) -> str | None:
    """Where a planned step is to be, if its kind says so."""
    court = getattr(step, "court", None) if step.kind == "hearing" else None
    return lists.label("court", court) if court else None


def title_of(step: Step) -> str:
    """What a step is, with its purpose if it has one."""
    kind = kind_of(step)
    return kind.title(step) if kind.title else str(kind.label)


def line_of_step(step: Step, *, clashing: Collection[object] = (), complete: bool = False) -> Line:
    """A step in a list: `complete` leads to where it is written down that it took place."""
    clash = (Tag(_("clashes with another appointment"), "warn"),) if step.id in clashing else ()
    where = place_of(step)
    return Line(
        leads_to=("complete" if complete else "step", step.id),
        name=_named(step.case),
        what=" · ".join(part for part in (title_of(step), where) if part),
        reference=step.case.reference,
        when=step.happened or step.on_date,
        icon=kind_of(step).icon,
        tags=clash,
    )


def line_of_answer(step: Step, today: date) -> Line:
    """A referral or complaint that waits for its answer: to whom it went, and since when it is late."""
    due: date = getattr(step, "answer_due_on", None) or today
    days = (today - due).days
    late = Tag(_n("%(num)d day late", "%(num)d days late", days), "warn")
    icon = kind_of(step).icon
    return Line(("step", step.id), _named(step.case), title_of(step), step.case.reference, due, icon, (late,))


@dataclass(frozen=True, slots=True)
class HearingLine:
    """A hearing in the table of those to come."""

    step: Step
    name: str
    purpose: str
    court: str
    clashes: bool


def line_of_hearing(step: Step, clashing: Collection[object]) -> HearingLine:
    """A hearing that lies ahead: before which court, for what."""
    purpose = getattr(step, "purpose", None)
    words = lists.label("hearing_purpose", purpose) if purpose else ""
    return HearingLine(step, _named(step.case), words, place_of(step) or "", step.id in clashing)


def line_of_task(task: Task) -> Line:
    """A task on the day that it is due."""
    name = _named(task.case) if task.case else ""
    what, reference = formats.isolate(task.what or ""), task.case.reference if task.case else None
    return Line(("task", task.id), name, what, reference, icon="tasks")


def line_of_unseen(case: CaseFile, seen: date | None, today: date) -> Line:
    """A child whom nobody saw for long."""
    if seen is None:
        what = _("not seen yet; the case was opened on %(day)s", day=formats.short_day(case.opened_on))
    else:
        days = (today - seen).days
        what = _n("last seen %(num)d day ago", "last seen %(num)d days ago", days)
    return Line(("case", case.id), _named(case), what, case.reference, icon="speech")


def line_of_quiet(case: CaseFile, today: date) -> Line:
    """A case in which nothing happens."""
    days = (today - (case.last_step_on or case.opened_on)).days
    what = _n("nothing for %(num)d day", "nothing for %(num)d days", days)
    return Line(("case", case.id), _named(case), what, case.reference)


def line_of_unassigned(case: CaseFile) -> Line:
    """A case that nobody has."""
    source = lists.label("referral_source", case.referral_source) if case.referral_source else _("Source not known")
    what = _("%(source)s, opened %(day)s", source=source, day=formats.short_day(case.opened_on))
    return Line(("team", case.id), _named(case), what, case.reference)


def line_of_closing(proposal: ClosingProposal, name: str | None) -> Line:
    """A closing that a worker proposes."""
    case, who = proposal.case, formats.isolate(name or _("Somebody"))
    what = _("%(who)s proposes to close: %(reason)s", who=who, reason=lists.label("closure_reason", proposal.reason))
    proposed = clock.local_date(proposal.proposed_at)
    return Line(("closing", case.id), _named(case), what, case.reference, proposed, "check")


def line_of_intake(intake: Intake) -> Line:
    """A referral that waits."""
    urgent = (Tag(_("urgent"), "warn"),) if intake.urgent else ()
    what = lists.label("referral_source", intake.referral_source)
    name = intake.child_name or _("Name not told")
    return Line(("intake", intake.id), name, what, None, intake.received_on, "referral", urgent)


def line_of_ask_first(case: CaseFile) -> Line:
    """A case in which the team waits for the coordinator's word."""
    return Line(("case", case.id), _named(case), str(conflicts.ASK_FIRST), case.reference, icon="info")


def line_of_pair(pair: LikelyPair, first: Child, second: Child) -> Line:
    """Two files that may be of one child."""
    asked = (Tag(_("a colleague asks"), "warn"),) if pair.asked else ()
    name = formats.names_list([first.name, second.name])
    return Line(("pair", pair.id), name, f"{first.reference} · {second.reference}", None, None, "people", asked)
