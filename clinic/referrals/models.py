"""Referrals out: to whom, for what service, and what became of them."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from clinic.cases.models import Step
from clinic.db import Secret
from clinic.vocabularies.fixed import ReferralStatus, Service


class Referral(Step):
    """The child is referred to another organisation."""

    __tablename__ = "referral"
    __mapper_args__ = {"polymorphic_identity": "referral"}
    __table_args__ = (
        CheckConstraint("completed_on IS NULL OR completed_on >= referred_on", name="completed_after_referred"),
    )

    referred_on: Mapped[date | None]
    service: Mapped[Service | None]
    status: Mapped[ReferralStatus | None]
    completed_on: Mapped[date | None]
    answer_due_on: Mapped[date | None]
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))
    agency = Secret("identity")
    contact_person = Secret("identity")
    shared = Secret("identity")  # what was told to the agency
    without_consent = Secret("identity")  # why it went without a consent to it
    note = Secret("social")
