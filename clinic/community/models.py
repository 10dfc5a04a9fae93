"""Follow-up at home and in the community."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from clinic.cases.models import Step
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, CommunityKind


class CommunityFollowup(Step):
    """A home visit, a family meeting, a mediation in the community, a placement, recreation."""

    __tablename__ = "community_followup"
    __mapper_args__ = {"polymorphic_identity": "community_followup"}

    held_on: Mapped[date | None]
    community_kind: Mapped[CommunityKind | None]
    child_seen: Mapped[Answer | None]
    next_on: Mapped[date | None]
    result = Secret("identity")
    note = Secret("social")
