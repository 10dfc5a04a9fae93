"""The court's kinds of step: hearing, paper, decision, measure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from clinic import clock
from clinic.access.permissions import Lane
from clinic.cases import dates
from clinic.cases.kinds import Field, Shape, Side, Stage, StepKind, Tag
from clinic.cases.models import CaseFile
from clinic.court import queries, rules
from clinic.court.models import Decision, Filing, Hearing, Measure
from clinic.court.rules import Breach
from clinic.languages import _, _l, _n
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import HearingPurpose, HearingStatus, StepState

_READ_BY = _l(
    "The team of this case and the coordinator read the answers and days. Orders and notes for the defence are read by "
    "the lawyers of this case alone."
)

BREACH_WORDS: Mapping[Breach, str] = {
    Breach.WITHOUT_LAWYER: _l("Without a lawyer"),
    Breach.CHILD_NOT_BROUGHT: _l("The child was not there"),
    Breach.OPEN_TO_THE_PUBLIC: _l("Not behind closed doors"),
    Breach.REPORT_MISSING: _l("Without the social inquiry report"),
}

# The hearing

HEARING_FIELDS = (
    Field("scheduled", _l("Day and time"), Shape.MOMENT, required=True, planned=True, section=_l("When and where")),
    Field("court", _l("Court"), Shape.CODE, list="court", required=True, planned=True,
          question=_l("Before which court?")),
    Field("purpose", _l("Purpose"), Shape.CODE, list="hearing_purpose", planned=True,
          question=_l("What is or was the hearing for?")),
    Field("court_number", _l("The court's own number"), Shape.LINE, planned=True, quiet=True),
    Field("judge", _l("Judge"), Shape.LINE, planned=True, quiet=True),
    Field("status", _l("What became of it"), Shape.CODE, list="hearing_status", required=True,
          section=_l("How it went")),
    Field("adjournment_reason", _l("Why it was adjourned"), Shape.CODE, list="adjournment_reason",
          hint=_l("Only if it was adjourned.")),
    Field("lawyer_attended", _l("Lawyer attended"), Shape.ANSWER, section=_l("Who was there"),
          question=_l("Was the lawyer there?")),
    Field("child_attended", _l("The child was there"), Shape.ANSWER, question=_l("Was the child there?")),
    Field("guardian_present", _l("Guardian present"), Shape.ANSWER, question=_l("Was a guardian there?")),
    Field("protection_counsellor_present", _l("Child protection counsellor present"), Shape.ANSWER,
          question=_l("Was a child protection counsellor there?")),
    Field("closed_session", _l("Behind closed doors"), Shape.ANSWER, quiet=True),
    Field("social_report_there", _l("The social inquiry report was there"), Shape.ANSWER, quiet=True),
    Field("days_extended", _l("Detention extended by, in days"), Shape.NUMBER, least=1, most=180,
          section=_l("What was ordered"), hint=_l("Only at a remand hearing.")),
    Field("bail", _l("Bail"), Shape.CODE, list="bail"),
    Field("bail_amount", _l("Bail, in dinars"), Shape.NUMBER, most=1_000_000, quiet=True),
    Field("order", _l("The order, and what was said"), Shape.TEXT),
    Field("following", _l("Next hearing"), Shape.MOMENT, section=_l("What comes next"), quiet=True,
          hint=_l("Saving puts it on the line as a planned hearing before the same court.")),
    Field("next_purpose", _l("Purpose of the next hearing"), Shape.CODE, list="hearing_purpose", quiet=True),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer")),
)  # fmt: skip


def _check_hearing(values: Mapping[str, Any], _case: CaseFile, state: StepState) -> None:
    if values.get("status") == HearingStatus.HELD:
        dates.refuse_a_day_to_come("scheduled", values.get("scheduled"), state)
    rules.check_hearing(values)


def _hearing_tags(step: Hearing, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    return tuple(
        Tag(str(BREACH_WORDS[breach]), "warn" if breach == Breach.REPORT_MISSING else "alarm")
        for breach in rules.breaches(step)
    )


def _hearing_title(step: Hearing) -> str:
    if step.purpose is None:
        return _("Hearing")
    return _("Hearing: %(purpose)s", purpose=lists.label("hearing_purpose", step.purpose))


_SITTING = Hearing.__table__.c


def _is_appeal() -> ColumnElement[bool]:
    """A hearing for an appeal, or before a court that the clinic's list calls one of appeal."""
    courts = sorted(lists.lists()["court"].codes_with("level", "appeal"))
    return and_(_SITTING.id.is_not(None), or_(_SITTING.purpose == HearingPurpose.APPEAL, _SITTING.court.in_(courts)))


HEARING = StepKind(
    code="hearing",
    room="court",
    model=Hearing,
    label=_l("Hearing"),
    plural=_l("Hearings"),
    add=_l("Hearing"),
    icon="hearing",
    side=Side.LEGAL,
    when="scheduled",
    fields=HEARING_FIELDS,
    stage=Stage.COURT,
    plannable=True,
    check=_check_hearing,
    tags=_hearing_tags,
    state_of=rules.state_of_hearing,
    title=_hearing_title,
    next_when="following",
    next_from=(("purpose", "next_purpose"),),
    is_appeal=_is_appeal,
    read_by=_READ_BY,
)

# Papers

FILING_FIELDS = (
    Field("what", _l("Which paper"), Shape.CODE, list="paper", required=True, planned=True, section=_l("The paper"),
          hint=_l("A paper that the clinic files, or one that it asks for, such as the social inquiry report.")),
    Field("filed_on", _l("Filed or asked for on"), Shape.DATE, required=True, planned=True),
    Field("with_whom", _l("With whom"), Shape.LINE, planned=True,
          hint=_l("The court, office or child protection counsellor.")),
    Field("number", _l("Number"), Shape.LINE, quiet=True),
    Field("answered_on", _l("Answered or received on"), Shape.DATE, section=_l("The answer"),
          hint=_l("Leave it open while the clinic waits.")),
    Field("result", _l("Result"), Shape.CODE, list="paper_result"),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer")),
)  # fmt: skip


def _check_filing(values: Mapping[str, Any], _case: CaseFile, state: StepState) -> None:
    dates.refuse_a_day_to_come("filed_on", values.get("filed_on"), state)
    rules.check_filing(values)


def waits_for_answer(step: Filing) -> bool:
    """Whether a paper that somebody has to answer or send has not been answered yet."""
    term = lists.lists()["paper"].get(step.what)
    return (
        step.answered_on is None and step.result is None and (term is None or term.attributes.get("waits") is not False)
    )


def _filing_tags(step: Filing, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    days = rules.days_waiting(step.filed_on, step.answered_on, clock.today())
    if days is None or step.is_planned:
        return ()
    if waits_for_answer(step):
        return (Tag(_n("Waiting for %(num)d day", "Waiting for %(num)d days", days), "warn"),)
    if step.answered_on is not None:
        return (Tag(_n("Answered after %(num)d day", "Answered after %(num)d days", days)),)
    return ()


def _filing_title(step: Filing) -> str:
    return lists.label("paper", step.what) if step.what else _("Paper")


FILING = StepKind(
    code="filing",
    room="court",
    model=Filing,
    label=_l("Paper"),
    plural=_l("Papers"),
    add=_l("Paper filed or asked for"),
    icon="filing",
    side=Side.LEGAL,
    when="filed_on",
    fields=FILING_FIELDS,
    plannable=True,
    check=_check_filing,
    tags=_filing_tags,
    title=_filing_title,
    read_by=_READ_BY,
)

# The decision

DECISION_FIELDS = (
    Field("decided_on", _l("Decided on"), Shape.DATE, required=True, section=_l("The decision")),
    Field("disposition", _l("Decision"), Shape.CODE, list="disposition", required=True),
    Field("court", _l("Court"), Shape.CODE, list="court", hint=_l("Leave it open if the prosecution decided.")),
    Field("number", _l("Number of the decision"), Shape.LINE, quiet=True),
    Field("length_days", _l("Length, in days"), Shape.NUMBER, least=1, most=7300,
          hint=_l("Of a sentence or measure that lasts.")),
    Field("amount", _l("Amount, in dinars"), Shape.NUMBER, most=1_000_000, quiet=True),
    Field("appeal_until", _l("Appeal until"), Shape.DATE, section=_l("Appeal")),
    Field("appealed_on", _l("Appealed on"), Shape.DATE),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer")),
)  # fmt: skip


def _check_decision(values: Mapping[str, Any], case: CaseFile, state: StepState) -> None:
    dates.refuse_a_day_to_come("decided_on", values.get("decided_on"), state)
    rules.check_decision(values, case.opened_on)


def _decision_tags(step: Decision, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    term = lists.lists()["disposition"].get(step.disposition)
    tags = [Tag(_("Deprives of liberty"), "warn")] if term is not None and term.has("custodial") else []
    if step.appealed_on is not None:
        tags.append(Tag(_("Appealed")))
    elif step.appeal_until is not None and step.appeal_until >= clock.today():
        days = (step.appeal_until - clock.today()).days
        tags.append(Tag(_n("%(num)d day left to appeal", "%(num)d days left to appeal", days), "warn"))
    return tuple(tags)


def _decision_title(step: Decision) -> str:
    if step.disposition is None:
        return _("Decision")
    return _("Decision: %(disposition)s", disposition=lists.label("disposition", step.disposition))


def _derive_disposition(case: CaseFile) -> None:
    decision = queries.last_decision(case.id)
    case.disposition = decision.disposition if decision else None
    case.disposition_on = decision.decided_on if decision else None


DECISION = StepKind(
    code="decision",
    room="court",
    model=Decision,
    label=_l("Decision"),
    plural=_l("Decisions"),
    add=_l("Decision"),
    icon="decision",
    side=Side.LEGAL,
    when="decided_on",
    fields=DECISION_FIELDS,
    check=_check_decision,
    tags=_decision_tags,
    derive=_derive_disposition,
    title=_decision_title,
    read_by=_READ_BY,
)

# The measure

MEASURE_FIELDS = (
    Field("measure", _l("Measure or sentence"), Shape.CODE, list="disposition", required=True,
          section=_l("The measure")),
    Field("began_on", _l("Began on"), Shape.DATE, required=True),
    Field("due_to_end_on", _l("Due to end on"), Shape.DATE),
    Field("supervised_by", _l("Who supervises it"), Shape.LINE,
          hint=_l("For example the child protection counsellor or the care home.")),
    Field("ended_on", _l("Ended on"), Shape.DATE, section=_l("The end"), hint=_l("Leave it open while it runs.")),
    Field("ending", _l("How it ended"), Shape.CODE, list="measure_ending"),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer")),
)  # fmt: skip


def _check_measure(values: Mapping[str, Any], _case: CaseFile, state: StepState) -> None:
    dates.refuse_a_day_to_come("began_on", values.get("began_on"), state)
    rules.check_measure(values)


def _measure_tags(step: Measure, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    if step.ended_on is not None:
        return ()
    if step.due_to_end_on is not None and step.due_to_end_on < clock.today():
        return (Tag(_("Past its end"), "warn"),)
    return (Tag(_("Running")),)


def _measure_title(step: Measure) -> str:
    if step.measure is None:
        return _("Measure")
    return _("Measure: %(measure)s", measure=lists.label("disposition", step.measure))


_RUN = Measure.__table__.c

MEASURE = StepKind(
    code="measure",
    room="court",
    model=Measure,
    label=_l("Measure"),
    plural=_l("Measures"),
    add=_l("Measure or sentence"),
    icon="measure",
    side=Side.LEGAL,
    when="began_on",
    fields=MEASURE_FIELDS,
    stage=Stage.MEASURE,
    for_roles=frozenset({"accused"}),
    check=_check_measure,
    tags=_measure_tags,
    title=_measure_title,
    runs=and_(_RUN.id.is_not(None), _RUN.ended_on.is_(None)),
    read_by=_READ_BY,
)
