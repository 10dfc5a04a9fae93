"""Counselling: sessions and assessments. What is written here the counsellors of the case read, nobody else."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from clinic.cases.models import Step
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, SessionKind


class CounsellingSession(Step):
    """A session with the child, the family or a group. A group's is one step in each case, joined by group_id."""

    __tablename__ = "counselling_session"
    __mapper_args__ = {"polymorphic_identity": "counselling_session"}
    __table_args__ = (
        Index(None, "group_id"),
        CheckConstraint("wellbeing_score IS NULL OR wellbeing_score BETWEEN 0 AND 10", name="score_of_ten"),
        CheckConstraint("duration_minutes IS NULL OR duration_minutes >= 0", name="minutes_not_negative"),
    )

    held_on: Mapped[date | None]
    session_kind: Mapped[SessionKind | None]
    duration_minutes: Mapped[int | None]
    wellbeing_score: Mapped[int | None]
    themes: Mapped[tuple[str, ...] | None]  # codes of the list `session_theme`
    setting: Mapped[str | None]  # a code of the list `session_setting`
    next_on: Mapped[date | None]
    group_id: Mapped[uuid.UUID | None]
    agreed = Secret("social")  # agreed until next time
    note = Secret("social")


class Assessment(Step):
    """An assessment of risk and needs."""

    __tablename__ = "assessment"
    __mapper_args__ = {"polymorphic_identity": "assessment"}

    assessed_on: Mapped[date | None]
    assessment_kind: Mapped[str | None]  # a code of the list `assessment_kind`
    risk_level: Mapped[str | None]  # a code of the list `risk_level`
    safe_at_home: Mapped[Answer | None]
    needs: Mapped[tuple[str, ...] | None]  # codes of the list `service`
    review_on: Mapped[date | None]
    strengths = Secret("social")
    note = Secret("social")
