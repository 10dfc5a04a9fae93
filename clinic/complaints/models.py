"""Complaints about how the child was treated."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from clinic import clock
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
    status: Mapped[ComplaintStatus] = mapped_column(default=ComplaintStatus.FILED)
    answered_on: Mapped[date | None]
    answer_due_on: Mapped[date | None]
    child_agrees: Mapped[Answer | None]
    medical_report: Mapped[Answer | None]
    number = Secret("identity")
    against = Secret("ill_treatment")
    account = Secret("ill_treatment")
    answer = Secret("ill_treatment")
