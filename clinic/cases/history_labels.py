"""The sentences of the history: what each deed is called, and the fields of case and child in words."""

from __future__ import annotations

from collections.abc import Mapping

from clinic.cases.kinds import Field, Shape
from clinic.languages import _l

SOMETHING = _l("%(who)s changed something in this case.")

DEEDS: Mapping[str, str] = {
    "case.opened": _l("%(who)s opened the case."),
    "case.corrected": _l("%(who)s corrected what the case says."),
    "case.closed": _l("%(who)s approved the closing."),
    "case.closed_alone": _l("%(who)s proposed and approved the closing: nobody else works here."),
    "case.reopened": _l("%(who)s opened the case again."),
    "case.linked": _l("%(who)s opened a case for another child of the same event."),
    "case.imported": _l("%(who)s imported the case."),
    "closing.proposed": _l("%(who)s proposed to close the case."),
    "closing.sent_back": _l("%(who)s sent the proposal to close back."),
    "closing.taken_back": _l("%(who)s took the proposal to close back."),
    "team.joined": _l("%(who)s put somebody on the team."),
    "team.joined_oneself": _l("%(who)s put themself on the team."),
    "team.left": _l("%(who)s took somebody off the team."),
    "wall.built": _l("%(who)s kept somebody from this case."),
    "wall.lifted": _l("%(who)s no longer keeps somebody from this case."),
    "note.shared": _l("%(who)s shared a note with others of the team."),
    "note.share_ended": _l("%(who)s took back what was shared with others of the team."),
    "emergency.opened": _l("%(who)s opened the case in an emergency."),
    "emergency.ended": _l("%(who)s ended an emergency access."),
    "emergency.reviewed": _l("%(who)s looked into an emergency access."),
    "hold.placed": _l("%(who)s placed a hold: the file stays."),
    "hold.lifted": _l("%(who)s lifted the hold on the file."),
    "consent.given": _l("%(who)s noted a consent."),
    "consent.refused": _l("%(who)s noted that consent was refused."),
    "consent.confirmed": _l("%(who)s noted that a consent was confirmed."),
    "consent.shared": _l("%(who)s noted what was shared under a consent."),
    "consent.withdrawn": _l("%(who)s noted that a consent was withdrawn."),
    "intake.accepted": _l("%(who)s accepted the referral to us."),
    "task.added": _l("%(who)s added a task."),
    "task.handed_over": _l("%(who)s gave a task to somebody else."),
    "step.handed_over": _l("%(who)s gave a planned step to somebody else."),
    "task.done": _l("%(who)s did a task."),
    "child.registered": _l("%(who)s registered the child."),
    "child.corrected": _l("%(who)s corrected who the child is."),
    "child.file_asked_for": _l("%(who)s asked for the child's own file, to hand it over."),
    "child.handed_over": _l("%(who)s handed the child's own file over."),
    "child.joined": _l("%(who)s joined two files of this child."),
    "guardian.added": _l("%(who)s added a guardian."),
    "guardian.corrected": _l("%(who)s corrected a guardian."),
    "other_person.added": _l("%(who)s noted somebody on another side."),
    "other_person.corrected": _l("%(who)s corrected somebody on another side."),
    "other_person.withdrawn": _l("%(who)s took somebody out who has nothing to do with the case."),
    "conflicts.checked": _l("%(who)s checked the case for conflicts of interest."),
}

OF_A_STEP: Mapping[str, str] = {
    "planned": _l("%(who)s planned: %(what)s."),
    "recorded": _l("%(who)s recorded: %(what)s."),
    "completed": _l("%(who)s completed: %(what)s."),
    "corrected": _l("%(who)s corrected: %(what)s."),
    "not_done": _l("%(who)s noted that it did not take place: %(what)s."),
    "withdrawn": _l("%(who)s withdrew: %(what)s."),
}

UNDER_EMERGENCY = _l("(in an emergency)")
LOOKED_AT: Mapping[str, str] = {
    "case.read": _l("%(who)s looked at the case."),
    "step.read": _l("%(who)s looked at a step."),
    "history.read": _l("%(who)s looked at the history."),
    "case.printed": _l("%(who)s looked at the summary for paper."),
    "child.file_made": _l("%(who)s made the child's own file, to hand it over."),
    "intake.read": _l("%(who)s looked at the referral to us."),
    "child.read": _l("%(who)s looked at the child's page."),
}

Described = tuple[str, Shape, str | None]

FIELDS: Mapping[str, Mapping[str, Described]] = {
    "case_file": {
        "role": (_l("The child is"), Shape.CODE, "child_role"),
        "status": (_l("Case"), Shape.CODE, "case_status"),
        "opened_on": (_l("Opened on"), Shape.DATE, None),
        "referral_source": (_l("Who sent the child to us"), Shape.CODE, "referral_source"),
        "offences": (_l("Accused of"), Shape.CODES, "offence"),
        "offence_on": (_l("Day of the alleged offence"), Shape.DATE, None),
        "disposition": (_l("Decision"), Shape.CODE, "disposition"),
        "disposition_on": (_l("Day of the decision"), Shape.DATE, None),
        "court_number": (_l("Number at the court"), Shape.LINE, None),
        "prosecution_number": (_l("Number at the prosecution"), Shape.LINE, None),
        "summary": (_l("In a few words"), Shape.TEXT, None),
    },
    "child": {
        "given_name": (_l("Given name"), Shape.LINE, None),
        "father_name": (_l("Father's name"), Shape.LINE, None),
        "grandfather_name": (_l("Grandfather's name"), Shape.LINE, None),
        "family_name": (_l("Family name"), Shape.LINE, None),
        "name_latin": (_l("Name in Latin letters"), Shape.LINE, None),
        "sex": (_l("Girl or boy"), Shape.CODE, "sex"),
        "born_on": (_l("Born"), Shape.LINE, None),
        "estimated_age": (_l("Or about how old"), Shape.NUMBER, None),
        "age_basis": (_l("The age is taken from"), Shape.CODE, "age_basis"),
        "locality": (_l("Lives in"), Shape.CODE, "locality"),
        "refugee_status": (_l("Refugee status"), Shape.CODE, "refugee_status"),
        "unrwa_number": (_l("Card number"), Shape.LINE, None),
        "disability": (_l("Lives with a disability"), Shape.ANSWER, None),
        "education_at_intake": (_l("School or work now"), Shape.CODE, "education"),
        "school_type": (_l("Kind of school"), Shape.CODE, "school_type"),
        "school_name": (_l("Name of the school"), Shape.LINE, None),
    },
}


def as_field(name: str, label: str, shape: Shape, vocabulary: str | None) -> Field:
    """A field of case or child, described as those of a step are."""
    return Field(name, label, shape, list=vocabulary)
