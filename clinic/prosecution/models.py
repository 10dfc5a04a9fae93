"""An appearance before the juvenile prosecution."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, composite

from clinic.cases.models import Step
from clinic.clock import Moment, Precision
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, ProsecutionDecision


class ProsecutionAppearance(Step):
    """The child before a prosecutor, who was there, and what was decided."""

    __tablename__ = "prosecution_appearance"
    __mapper_args__ = {"polymorphic_identity": "prosecution_appearance"}

    appeared_at: Mapped[datetime | None]
    appeared_at_precision: Mapped[Precision | None]
    lawyer_attended: Mapped[Answer | None]
    guardian_present: Mapped[Answer | None]
    protection_counsellor_present: Mapped[Answer | None]
    questioned: Mapped[Answer | None]
    told_of_charge: Mapped[Answer | None]
    charges: Mapped[tuple[str, ...] | None]  # codes of the list `offence`
    decision: Mapped[ProsecutionDecision | None]
    days_ordered: Mapped[int | None]
    bail_amount: Mapped[int | None]  # Jordanian dinars
    complainant_consents: Mapped[Answer | None]  # to mediation
    prosecution_office = Secret("identity")
    prosecutor = Secret("identity")
    statement_note = Secret("legal")
    note = Secret("legal")

    appeared: Mapped[Moment | None] = composite("appeared_at", "appeared_at_precision")
