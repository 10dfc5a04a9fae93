"""A period in which the child is held, in one place on one legal basis."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, composite

from clinic.cases.models import Step
from clinic.clock import Moment, Precision
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, LegalBasis


class CustodyPeriod(Step):
    """An interval: a change of place or of legal basis starts a new one. Without an end the child is held now."""

    __tablename__ = "custody_period"
    __mapper_args__ = {"polymorphic_identity": "custody_period"}
    __table_args__ = (
        Index(None, "ended_at"),
        CheckConstraint(  # of times that are not exact only the days can be compared, which the rules do
            "ended_at IS NULL OR ended_at >= began_at"
            " OR began_at_precision != 'minute' OR ended_at_precision != 'minute'",
            name="ends_after_it_began",
        ),
    )

    place: Mapped[str | None]
    legal_basis: Mapped[LegalBasis | None]
    holding_body: Mapped[str | None]
    began_at: Mapped[datetime | None]
    began_at_precision: Mapped[Precision | None]
    ended_at: Mapped[datetime | None]
    ended_at_precision: Mapped[Precision | None]
    order_ends_on: Mapped[date | None]  # the last day that the order in force allows
    release_reason: Mapped[str | None]  # a code of the list `release_reason`
    separated_from_adults: Mapped[Answer | None]
    family_visit: Mapped[Answer | None]
    family_visit_on: Mapped[date | None]
    education_access: Mapped[Answer | None]
    lawyer_visit: Mapped[Answer | None]
    solitary: Mapped[Answer | None]
    moved_by: Mapped[int | None]  # of an aged case: by how many seconds its moments lie too early (clinic.retention)
    ordered_by = Secret("identity")
    order_number = Secret("identity")
    conditions_note = Secret("ill_treatment")
    note = Secret("legal")

    began: Mapped[Moment | None] = composite("began_at", "began_at_precision")
    ended: Mapped[Moment | None] = composite("ended_at", "ended_at_precision")
