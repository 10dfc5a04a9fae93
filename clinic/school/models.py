"""Follow-up in school."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from clinic.cases.models import Step
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, SchoolStatus


class SchoolFollowup(Step):
    """A visit or contact that tells how the child stands in school, without revealing the case."""

    __tablename__ = "school_followup"
    __mapper_args__ = {"polymorphic_identity": "school_followup"}

    visited_on: Mapped[date | None]
    school_status: Mapped[SchoolStatus | None]
    obstacle: Mapped[str | None]
    contact: Mapped[str | None]  # a code of the list `school_contact`
    child_seen: Mapped[Answer | None]
    case_not_revealed: Mapped[Answer | None]
    next_on: Mapped[date | None]
    action = Secret("identity")
    said_as = Secret("identity")  # as what the visitor presented the visit
    note = Secret("social")
