"""A lawyer's attendance at a police station: the first hours, minute by minute."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, composite

from clinic.cases.models import Step
from clinic.clock import Moment, Precision
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, Apprehension, PoliceOutcome


class PoliceAttendance(Step):
    """What happened to the child at the station; it happened when the child was taken (`arrested`).

    A blank answer was left open and is asked again; `unknown` was asked and is not known.
    """

    __tablename__ = "police_attendance"
    __mapper_args__ = {"polymorphic_identity": "police_attendance"}
    __table_args__ = (
        CheckConstraint("guardian_sent_out != 'yes' OR guardian_present != 'yes'", name="sent_out_was_not_present"),
    )

    arrested_at: Mapped[datetime | None]
    arrested_at_precision: Mapped[Precision | None]
    apprehension: Mapped[Apprehension | None]
    police_station: Mapped[str | None]
    holding_body: Mapped[str | None]
    lawyer_notified_at: Mapped[datetime | None]
    lawyer_notified_at_precision: Mapped[Precision | None]
    lawyer_attended: Mapped[Answer | None]
    lawyer_arrived_at: Mapped[datetime | None]
    lawyer_arrived_at_precision: Mapped[Precision | None]
    told_of_rights: Mapped[Answer | None]
    told_of_charge: Mapped[Answer | None]
    questioned_before_lawyer: Mapped[Answer | None]
    questioned_at: Mapped[datetime | None]
    questioned_at_precision: Mapped[Precision | None]
    guardian_present: Mapped[Answer | None]
    guardian_sent_out: Mapped[Answer | None]
    family_told: Mapped[Answer | None]
    family_told_at: Mapped[datetime | None]
    family_told_at_precision: Mapped[Precision | None]
    protection_counsellor_present: Mapped[Answer | None]
    statement_signed: Mapped[Answer | None]
    statement_language: Mapped[str | None]  # a code of the list `paper_language`
    injuries_seen: Mapped[Answer | None]
    medical_examination: Mapped[Answer | None]
    ill_treatment_alleged: Mapped[Answer | None]
    ill_treatment_kinds: Mapped[tuple[str, ...] | None]
    confession: Mapped[Answer | None]
    left_police_at: Mapped[datetime | None]
    left_police_at_precision: Mapped[Precision | None]
    police_outcome: Mapped[PoliceOutcome | None]
    moved_by: Mapped[int | None]  # of an aged case: by how many seconds its moments lie too early (clinic.retention)
    ordered_by = Secret("identity")
    injuries_note = Secret("ill_treatment")
    account = Secret("ill_treatment")
    confession_note = Secret("legal")
    note = Secret("legal")

    arrested: Mapped[Moment | None] = composite("arrested_at", "arrested_at_precision")
    lawyer_notified: Mapped[Moment | None] = composite("lawyer_notified_at", "lawyer_notified_at_precision")
    lawyer_arrived: Mapped[Moment | None] = composite("lawyer_arrived_at", "lawyer_arrived_at_precision")
    questioned: Mapped[Moment | None] = composite("questioned_at", "questioned_at_precision")
    family_told_when: Mapped[Moment | None] = composite("family_told_at", "family_told_at_precision")
    left_police: Mapped[Moment | None] = composite("left_police_at", "left_police_at_precision")
