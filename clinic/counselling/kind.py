"""The kinds of step of counselling."""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, OwnPage, Shape, Side, Stage, StepKind, Tag
from clinic.counselling import rules
from clinic.counselling.models import Assessment, CounsellingSession
from clinic.languages import _, _l
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer

_COUNSELLORS = _l("Only the counsellors of this case read this.")
_NEXT_TIME = _l("Until next time")


def _session_title(session: CounsellingSession) -> str:
    if session.session_kind is None:
        return _("Counselling session")
    return _("Counselling session: %(kind)s", kind=lists.label("session_kind", session.session_kind))


def _assessment_title(assessment: Assessment) -> str:
    kind = assessment.assessment_kind
    return lists.label("assessment_kind", kind) if kind else _("Assessment")


def _assessment_tags(assessment: Any, held: frozenset[Lane]) -> tuple[Tag, ...]:
    if Lane.SOCIAL not in held:
        return ()
    tags = []
    if assessment.safe_at_home == Answer.NO:
        tags.append(Tag(_("Not safe at home"), "alarm"))
    level = lists.lists()["risk_level"].get(assessment.risk_level)
    if level is not None and level.has("high"):
        tags.append(Tag(_("High risk"), "warn"))
    return tuple(tags)


def _session_pages(session: CounsellingSession) -> tuple[OwnPage, ...]:
    if session.group_id is None:
        return ()
    return (OwnPage(_("The whole group"), "people", "counselling.group", {"group_id": session.group_id}),)


SESSION = StepKind(
    code="counselling_session",
    room="counselling",
    model=CounsellingSession,
    label=_l("Counselling session"),
    plural=_l("Counselling sessions"),
    add=_l("Record a session"),
    icon="counselling",
    side=Side.SOCIAL,
    stage=Stage.COUNSELLING,
    when="held_on",
    plannable=True,
    next_when="next_on",
    check=rules.check_session,
    title=_session_title,
    pages=_session_pages,
    read_by=_COUNSELLORS,
    fields=(
        Field("held_on", _l("Day of the session"), Shape.DATE, required=True),
        Field("session_kind", _l("Who sat together"), Shape.CODE, list="session_kind", required=True, planned=True),
        Field("setting", _l("Where"), Shape.CODE, list="session_setting", planned=True),
        Field("duration_minutes", _l("Minutes"), Shape.NUMBER, least=0, most=rules.LONGEST, quiet=True),
        Field(
            "wellbeing_score",
            _l("How the child is"),
            Shape.NUMBER,
            least=0,
            most=rules.BEST,
            section=_l("What was said"),
            hint=_l("The child's own answer, from 0, very bad, to 10, very well. Open if the child gave none."),
        ),
        Field("themes", _l("What it was about"), Shape.CODES, list="session_theme", hint=_l("Press all that apply.")),
        Field("note", _l("Note"), Shape.TEXT, hint=_l("What you will want to know next time.")),
        Field(
            "agreed",
            _l("Agreed until next time"),
            Shape.TEXT,
            section=_NEXT_TIME,
            hint=_l("Only the counsellors of this case read this."),
        ),
        Field(
            "next_on",
            _l("Next appointment"),
            Shape.DATE,
            seldom=True,
            hint=_l("It is put on the line of the case and on your desk."),
        ),
    ),
)

ASSESSMENT = StepKind(
    code="assessment",
    room="counselling",
    model=Assessment,
    label=_l("Assessment"),
    plural=_l("Assessments"),
    add=_l("Record an assessment"),
    icon="assessment",
    side=Side.SOCIAL,
    stage=Stage.COUNSELLING,
    when="assessed_on",
    plannable=True,
    next_when="review_on",
    check=rules.check_assessment,
    tags=_assessment_tags,
    title=_assessment_title,
    read_by=_COUNSELLORS,
    fields=(
        Field("assessed_on", _l("Day of the assessment"), Shape.DATE, required=True),
        Field(
            "assessment_kind", _l("Kind of assessment"), Shape.CODE, list="assessment_kind", required=True, planned=True
        ),
        Field("safe_at_home", _l("Is the child safe at home?"), Shape.ANSWER, section=_l("What was found")),
        Field("risk_level", _l("Risk"), Shape.CODE, list="risk_level"),
        Field("needs", _l("What the child needs"), Shape.CODES, list="service", hint=_l("Press all that apply.")),
        Field("strengths", _l("What supports the child"), Shape.TEXT),
        Field("note", _l("Note"), Shape.TEXT),
        Field("review_on", _l("Assess again on"), Shape.DATE, seldom=True, section=_NEXT_TIME, quiet=True),
    ),
)
