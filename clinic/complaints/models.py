"""Complaints about how the child was treated."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from clinic.cases.models import Step
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, ComplaintStatus


class Complaint(Step):
    """A complaint filed with a body."""

    __tablename__ = "complaint"
    __mapper_args__ = {"polymorphic_identity": "complaint"}
    __table_args__ = (CheckConstraint("answered_on IS NULL OR answered_on >= filed_on", name="answered_after_filed"),)

    filed_on: Mapped[date | None]
    body: Mapped[str | None]
    about: Mapped[tuple[str, ...] | None]
    status: Mapped[ComplaintStatus | None]
    answered_on: Mapped[date | None]
    answer_due_on: Mapped[date | None]
    child_agrees: Mapped[Answer | None]
    medical_report: Mapped[Answer | None]
    number = Secret("identity")
    told = Secret("identity")  # who was told of it
    against = Secret("ill_treatment")
    account = Secret("ill_treatment")
    answer = Secret("ill_treatment")
