"""The kind of step of the community: visits at home, meetings of the family, mediation, placements, recreation."""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, Shape, Side, Stage, StepKind, Tag
from clinic.community import rules
from clinic.community.models import CommunityFollowup
from clinic.languages import _, _l
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import Answer


def _title(followup: CommunityFollowup) -> str:
    kind = followup.community_kind
    return lists.label("community_kind", kind) if kind else _("Community follow-up")


def _tags(followup: Any, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    return (Tag(_("Child not seen"), "warn"),) if followup.child_seen == Answer.NO else ()


FOLLOWUP = StepKind(
    code="community_followup",
    room="community",
    model=CommunityFollowup,
    label=_l("Community follow-up"),
    plural=_l("Community follow-ups"),
    add=_l("Record a visit or meeting"),
    icon="community",
    side=Side.SOCIAL,
    stage=Stage.COMMUNITY,
    when="held_on",
    plannable=True,
    next_when="next_on",
    check=rules.check,
    tags=_tags,
    title=_title,
    read_by=_l("The team of this case reads this; only its counsellors read the note."),
    fields=(
        Field("held_on", _l("Day of the visit or meeting"), Shape.DATE, required=True),
        Field("community_kind", _l("What was it?"), Shape.CODE, list="community_kind", required=True, planned=True),
        Field("child_seen", _l("Did you see the child?"), Shape.ANSWER),
        Field("result", _l("What came of it"), Shape.TEXT),
        Field("note", _l("Note"), Shape.TEXT),
        Field(
            "next_on",
            _l("Next visit or meeting"),
            Shape.DATE,
            seldom=True,
            section=_l("Until next time"),
            hint=_l("It is put on the line of the case and on your desk."),
        ),
    ),
)
