"""The kind of step of the school: how the child stands there, asked without telling the school of the case."""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, Shape, Side, Stage, StepKind, Tag
from clinic.languages import _, _l
from clinic.school import rules
from clinic.school.models import SchoolFollowup
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer, SchoolStatus


def _title(followup: SchoolFollowup) -> str:
    if followup.school_status is None:
        return _("School follow-up")
    return _("School: %(status)s", status=lists.label("school_status", followup.school_status))


def _tags(followup: Any, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    tags = []
    if followup.school_status == SchoolStatus.RE_ENROLLED:
        tags.append(Tag(_("Back in school"), "good"))
    if followup.school_status == SchoolStatus.OUT_OF_SCHOOL:
        tags.append(Tag(_("Out of school"), "warn"))
    if followup.case_not_revealed == Answer.NO:
        tags.append(Tag(_("The school knows of the case"), "warn"))
    return tuple(tags)


FOLLOWUP = StepKind(
    code="school_followup",
    room="school",
    model=SchoolFollowup,
    label=_l("School follow-up"),
    plural=_l("School follow-ups"),
    add=_l("Record a school follow-up"),
    icon="school",
    side=Side.SOCIAL,
    stage=Stage.SCHOOL,
    when="visited_on",
    plannable=True,
    next_when="next_on",
    check=rules.check,
    tags=_tags,
    title=_title,
    read_by=_l("The team of this case reads this; only its counsellors read the note."),
    fields=(
        Field("visited_on", _l("Day of the visit or call"), Shape.DATE, required=True),
        Field("contact", _l("Whom you speak to"), Shape.CODE, list="school_contact", planned=True),
        Field(
            "said_as",
            _l("As what you present the visit"),
            Shape.LINE,
            seldom=True,
            planned=True,
            quiet=True,
            hint=_l("What the school hears instead of the case, e.g. a visit to all children of the quarter."),
        ),
        Field(
            "case_not_revealed",
            _l("Did the visit leave the case unmentioned?"),
            Shape.ANSWER,
            quiet=True,
            question=_l("Did the visit to the school leave the case unmentioned?"),
            hint=_l("The school need not know why you ask. Leave your badge, papers and the word “case” outside."),
        ),
        Field("child_seen", _l("Did you see the child?"), Shape.ANSWER),
        Field(
            "school_status",
            _l("How the child stands in school"),
            Shape.CODE,
            list="school_status",
            required=True,
            section=_l("How it stands"),
        ),
        Field("obstacle", _l("What stands in the way"), Shape.CODE, list="school_obstacle"),
        Field("action", _l("What you did about it"), Shape.TEXT),
        Field("note", _l("Note"), Shape.TEXT, hint=_l("Only counsellors read it.")),
        Field(
            "next_on",
            _l("Next visit"),
            Shape.DATE,
            seldom=True,
            section=_l("Until next time"),
            hint=_l("It is put on the line of the case and on your desk."),
        ),
    ),
)
