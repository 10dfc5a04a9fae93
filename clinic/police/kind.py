"""The police attendance as a kind of step: its questions in the order in which the facts come to the lawyer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.access.permissions import Lane
from clinic.cases import dates
from clinic.cases.kinds import Field, Shape, Side, Stage, StepKind, Tag
from clinic.cases.models import CaseFile
from clinic.languages import _, _l
from clinic.law.rules import police_limit_hours
from clinic.police import rules
from clinic.police.models import PoliceAttendance
from clinic.police.rules import Breach
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer, StepState

BREACH_WORDS: Mapping[Breach, str] = {
    Breach.HELD_OVER_THE_LIMIT: _l("Held over the limit"),
    Breach.QUESTIONED_BEFORE_LAWYER: _l("Questioned before the lawyer came"),
    Breach.WITHOUT_LAWYER: _l("Without a lawyer"),
    Breach.NOT_TOLD_OF_RIGHTS: _l("Not told of rights"),
    Breach.GUARDIAN_SENT_OUT: _l("Guardian sent out"),
    Breach.BODY_NOT_AUTHORISED: _l("Held by a body that may not hold children"),
    Breach.ILL_TREATMENT: _l("Ill-treatment alleged"),
    Breach.INJURIES: _l("Injuries seen"),
}

FIELDS = (
    Field("apprehension", _l("Arrest or summons"), Shape.CODE, list="apprehension",
          section=_l("How the child was taken"), question=_l("Was the child arrested or summoned?")),
    Field("arrested", _l("Taken at"), Shape.MOMENT, required=True,
          hint=_l("The minute the child was taken, or came on a summons. The hours of custody count from here.")),
    Field("police_station", _l("Police station"), Shape.CODE, list="police_station", required=True,
          question=_l("At which police station?")),
    Field("holding_body", _l("Body that holds the child"), Shape.CODE, list="holding_body",
          question=_l("Which body holds or held the child?")),
    Field("ordered_by", _l("Who ordered it"), Shape.LINE, quiet=True,
          hint=_l("Name and office, as told at the station."), question=_l("Who ordered that the child be held?")),
    Field("lawyer_notified", _l("Lawyer told at"), Shape.MOMENT, section=_l("The lawyer"),
          question=_l("When was the lawyer told?")),
    Field("lawyer_attended", _l("Lawyer attended"), Shape.ANSWER, question=_l("Did the lawyer reach the child?")),
    Field("lawyer_arrived", _l("Lawyer arrived at"), Shape.MOMENT, question=_l("When did the lawyer arrive?")),
    Field("told_of_rights", _l("Told of rights"), Shape.ANSWER, section=_l("Rights and questioning"),
          question=_l("Was the child told of the right to silence and to a lawyer?")),
    Field("told_of_charge", _l("Told of the charge"), Shape.ANSWER, question=_l("Was the child told of the charge?")),
    Field("questioned_before_lawyer", _l("Questioned before the lawyer came"), Shape.ANSWER,
          question=_l("Was the child questioned before the lawyer came?")),
    Field("questioned", _l("Questioning began at"), Shape.MOMENT, question=_l("When did the questioning begin?")),
    Field("guardian_present", _l("Guardian present at the questioning"), Shape.ANSWER,
          section=_l("Family and protection"), hint=_l("A guardian who came and was sent out was not present."),
          question=_l("Was a guardian present at the questioning?")),
    Field("guardian_sent_out", _l("Guardian came and was sent out"), Shape.ANSWER,
          question=_l("Did a guardian come and was sent out?")),
    Field("family_told", _l("Family told"), Shape.ANSWER, question=_l("Was the family told where the child is?")),
    Field("family_told_when", _l("Family told at"), Shape.MOMENT, quiet=True, question=_l("When was the family told?")),
    Field("protection_counsellor_present", _l("Child protection counsellor present"), Shape.ANSWER,
          question=_l("Was a child protection counsellor present?")),
    Field("injuries_seen", _l("Injuries seen"), Shape.ANSWER, section=_l("Treatment"),
          question=_l("Were injuries seen on the child?")),
    Field("injuries_note", _l("What was seen"), Shape.TEXT,
          hint=_l("Where on the body, how large, what colour, and how the child says it came.")),
    Field("medical_examination", _l("Seen by a doctor"), Shape.ANSWER, question=_l("Was the child seen by a doctor?")),
    Field("ill_treatment_alleged", _l("Ill-treatment alleged"), Shape.ANSWER,
          question=_l("Does the child say they were ill-treated?")),
    Field("ill_treatment_kinds", _l("Kinds of ill-treatment"), Shape.CODES, list="ill_treatment",
          question=_l("What kinds of ill-treatment does the child tell of?")),
    Field("account", _l("The child's account of the treatment"), Shape.TEXT,
          hint=_l("In the child's own words, as far as possible.")),
    Field("statement_signed", _l("A statement was signed"), Shape.ANSWER, section=_l("Statement and confession"),
          question=_l("Did the child sign a statement?")),
    Field("statement_language", _l("Language of the paper signed"), Shape.CODE, list="paper_language", quiet=True,
          question=_l("In which language was the paper that the child signed?")),
    Field("confession", _l("The child confessed"), Shape.ANSWER, question=_l("Did the child confess?")),
    Field("confession_note", _l("About the confession"), Shape.TEXT,
          hint=_l("What was said, to whom, and under what pressure.")),
    Field("left_police", _l("Left the police at"), Shape.MOMENT, section=_l("Leaving the police"),
          hint=_l("Leave it open while the child is still there."),
          question=_l("When did the child leave the police?")),
    Field("police_outcome", _l("Outcome at the police"), Shape.CODE, list="police_outcome",
          question=_l("What did the police do with the child in the end?")),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer"),
          hint=_l("What the defence needs to know.")),
)  # fmt: skip


def _check(values: Mapping[str, Any], _case: CaseFile, state: StepState) -> None:
    for moment in ("arrested", "lawyer_arrived", "left_police"):
        dates.refuse_a_day_to_come(moment, values.get(moment), state)
    rules.check(values)


def breach_words(step: PoliceAttendance) -> list[str]:
    """The rights that were missed, in words; read from the facts alone."""
    limit = police_limit_hours(step.arrested.local_date) if step.arrested else None
    authorised = lists.lists()["holding_body"].codes_with("authorised")
    return [str(BREACH_WORDS[breach]) for breach in rules.breaches(step, limit_hours=limit, authorised=authorised)]


def _tags(step: PoliceAttendance, held: frozenset[Lane]) -> tuple[Tag, ...]:
    tags = [Tag(words, "alarm") for words in breach_words(step)]
    if Lane.ILL_TREATMENT in held and "with_adults" in (step.ill_treatment_kinds or ()):
        tags.append(Tag(_("Held with adults"), "alarm"))
    if Lane.LEGAL in held and step.confession == Answer.YES:
        tags.append(Tag(_("Confession"), "warn"))
    return tuple(tags)


ATTENDANCE = StepKind(
    code="police_attendance",
    room="police",
    model=PoliceAttendance,
    label=_l("At the police station"),
    plural=_l("At police stations"),
    add=_l("Police station"),
    icon="police",
    side=Side.LEGAL,
    when="arrested",
    fields=FIELDS,
    stage=Stage.POLICE,
    check=_check,
    tags=_tags,
    paper="police.note",
    read_by=_l(
        "The team of this case and the coordinator read the answers and times. What the child tells of the treatment, "
        "and the notes for the defence, are read by the lawyers of this case alone."
    ),
)
