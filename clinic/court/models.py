"""The court: hearings, papers filed and asked for, decisions, and the measures that follow."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, composite, validates

from clinic.cases.models import Step
from clinic.clock import Moment, Precision
from clinic.db import Secret
from clinic.vocabularies.fixed import Answer, HearingPurpose, HearingStatus, StepState

CANCELLED = "cancelled"  # of the list `not_done_reason`: why a cancelled hearing did not take place


class Hearing(Step):
    """One sitting of a court. Its status is the court's; the step's state follows it."""

    __tablename__ = "hearing"
    __mapper_args__ = {"polymorphic_identity": "hearing"}
    __table_args__ = (
        Index(None, "scheduled_at"),
        CheckConstraint("adjournment_reason IS NULL OR status = 'adjourned'", name="only_adjourned_has_a_reason"),
    )

    court: Mapped[str | None]
    scheduled_at: Mapped[datetime | None]
    scheduled_at_precision: Mapped[Precision | None]
    purpose: Mapped[HearingPurpose | None]
    status: Mapped[HearingStatus | None]  # none where it is not known
    adjournment_reason: Mapped[str | None]
    lawyer_attended: Mapped[Answer | None]
    child_attended: Mapped[Answer | None]
    guardian_present: Mapped[Answer | None]
    protection_counsellor_present: Mapped[Answer | None]
    closed_session: Mapped[Answer | None]
    social_report_there: Mapped[Answer | None]
    bail: Mapped[str | None]  # a code of the list `bail`
    bail_amount: Mapped[int | None]  # Jordanian dinars
    days_extended: Mapped[int | None]
    next_at: Mapped[datetime | None]  # the hearing that the court set next; saving makes a planned one of it
    next_at_precision: Mapped[Precision | None]
    next_purpose: Mapped[HearingPurpose | None]
    court_number = Secret("identity")
    judge = Secret("identity")
    order = Secret("legal")
    note = Secret("legal")

    scheduled: Mapped[Moment | None] = composite("scheduled_at", "scheduled_at_precision")
    following: Mapped[Moment | None] = composite("next_at", "next_at_precision")

    @validates("state")
    def _status_follows(self, _name: str, state: StepState) -> StepState:
        """A hearing that is planned is scheduled; one that is not done was cancelled."""
        if state == StepState.PLANNED and self.status is None:
            self.status = HearingStatus.SCHEDULED
        if state == StepState.NOT_DONE:
            self.status = HearingStatus.CANCELLED
        return state

    @validates("status")
    def _reason_follows(self, _name: str, status: HearingStatus | str | None) -> HearingStatus | None:
        """A cancelled hearing has its reason for not being done, whatever the form said."""
        if status == HearingStatus.CANCELLED:
            self.not_done_reason = self.not_done_reason or CANCELLED
        elif self.not_done_reason == CANCELLED:
            self.not_done_reason = None
        return HearingStatus(status) if status is not None else None


class Filing(Step):
    """A paper: filed with a court or office, or asked of one, such as the social inquiry report."""

    __tablename__ = "filing"
    __mapper_args__ = {"polymorphic_identity": "filing"}

    filed_on: Mapped[date | None]  # filed, or asked for
    what: Mapped[str | None]  # a code of the list `paper`
    answered_on: Mapped[date | None]  # answered, or received
    result: Mapped[str | None]  # a code of the list `paper_result`
    with_whom = Secret("identity")
    number = Secret("identity")
    note = Secret("legal")


class Decision(Step):
    """What a court or the prosecution decided in the end."""

    __tablename__ = "decision"
    __mapper_args__ = {"polymorphic_identity": "decision"}

    decided_on: Mapped[date | None]
    disposition: Mapped[str | None]
    court: Mapped[str | None]
    length_days: Mapped[int | None]
    amount: Mapped[int | None]  # Jordanian dinars
    appeal_until: Mapped[date | None]
    appealed_on: Mapped[date | None]
    number = Secret("identity")
    note = Secret("legal")


class Measure(Step):
    """An interval in which a measure or sentence runs."""

    __tablename__ = "measure"
    __mapper_args__ = {"polymorphic_identity": "measure"}
    __table_args__ = (CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name="ends_after_it_began"),)

    measure: Mapped[str | None]  # a code of the list `disposition`
    began_on: Mapped[date | None]
    due_to_end_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ending: Mapped[str | None]  # a code of the list `measure_ending`
    supervised_by = Secret("identity")
    note = Secret("legal")
