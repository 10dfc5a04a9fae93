"""The case: its file, open periods, team, consents, intakes, links, tasks, and the line of dated steps."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, column_property, composite, mapped_column, relationship

from clinic import clock
from clinic.children.models import Child
from clinic.clock import Moment, Precision
from clinic.db import Id, Model, Secret, UtcDateTime
from clinic.versions import Versioned
from clinic.vocabularies.fixed import CaseStatus, ChildRole, ProceedingStatus, StepState


class CaseFile(Versioned):
    """One case of one child. `opened_on` is the start of its first open period; what is derived stands beside it."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("clinic_id", "reference"),
        Index(None, "child_id"),
        Index(None, "clinic_id", "status", "last_step_on"),
        Index(None, "clinic_id", "last_step_on", "opened_on"),  # lists: where no step is, the day of opening
        Index(None, "clinic_id", "lawyer_id", "status"),
        Index(None, "clinic_id", "counsellor_id", "status"),
        Index(None, "clinic_id", "event_id"),
        CheckConstraint("(disposition IS NULL) = (disposition_on IS NULL)", name="disposition_has_its_date"),
    )

    reference: Mapped[str]
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    role: Mapped[ChildRole] = mapped_column(default=ChildRole.ACCUSED)
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    opened_on: Mapped[date]
    referral_source: Mapped[str | None]
    offences: Mapped[tuple[str, ...]]
    offence_on: Mapped[date | None]
    projects: Mapped[tuple[str, ...]]
    lawyer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))  # who leads, of the team
    counsellor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    event_id: Mapped[uuid.UUID | None]  # cases of one event share it
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_file.id"))
    # Derived, and kept by cases.actions:
    proceeding_status: Mapped[ProceedingStatus] = mapped_column(default=ProceedingStatus.NONE)
    age_at_opening: Mapped[int | None]
    age_at_offence: Mapped[int | None]
    disposition: Mapped[str | None]
    disposition_on: Mapped[date | None]
    last_step_on: Mapped[date | None]
    aged_on: Mapped[date | None]  # since when nothing but facts is left of it (clinic.retention)
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    source: Mapped[str] = mapped_column(default="web")
    entered: Mapped[int] = mapped_column(BigInteger)
    row_digest: Mapped[bytes | None]
    version: Mapped[int] = mapped_column(default=1)
    court_number = Secret("identity")
    prosecution_number = Secret("identity")
    summary = Secret("identity")

    __mapper_args__ = {"version_id_col": version}

    child: Mapped[Child] = relationship(Child, back_populates="cases")
    periods: Mapped[list[CasePeriod]] = relationship(
        "CasePeriod", back_populates="case", order_by="(CasePeriod.opened_on, CasePeriod.id)"
    )
    team: Mapped[list[TeamMember]] = relationship("TeamMember", back_populates="case", order_by="TeamMember.since")

    @property
    def main_offence(self) -> str | None:
        """The first of the offences."""
        return self.offences[0] if self.offences else None

    @property
    def is_closed(self) -> bool:
        """Whether the clinic closed it."""
        return self.status == CaseStatus.CLOSED

    @property
    def current_period(self) -> CasePeriod:
        """The period that runs, or that ran last."""
        return self.periods[-1]


class CasePeriod(Versioned):
    """From an opening to its closing; reopening starts the next."""

    __tablename__ = "case_period"
    __table_args__ = (
        Index(None, "case_id"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opened"),
        CheckConstraint("(closed_on IS NULL) = (closure_reason IS NULL)", name="closing_has_its_reason"),
    )

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    closure_reason: Mapped[str | None]
    opened_by: Mapped[uuid.UUID | None]
    closed_by: Mapped[uuid.UUID | None]
    entered: Mapped[int] = mapped_column(BigInteger)
    note = Secret("identity")

    case: Mapped[CaseFile] = relationship("CaseFile", back_populates="periods")


class ClosingAnswer(StrEnum):
    """What the coordinator said to a proposed closing."""

    APPROVED = "approved"
    SENT_BACK = "sent_back"
    TAKEN_BACK = "taken_back"


class ClosingProposal(Model):
    """A worker proposes to close; the coordinator approves or sends it back."""

    __tablename__ = "closing_proposal"
    __table_args__ = (Index(None, "case_id"), Index(None, "clinic_id", "answer"))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    closed_on: Mapped[date]
    reason: Mapped[str]
    proposed_by: Mapped[uuid.UUID]
    proposed_at: Mapped[datetime] = mapped_column(default=clock.now)
    answer: Mapped[ClosingAnswer | None]
    answered_by: Mapped[uuid.UUID | None]
    answered_at: Mapped[datetime | None]
    note = Secret("identity")
    answer_note = Secret("identity")

    case: Mapped[CaseFile] = relationship("CaseFile")


class TeamMember(Model):
    """Somebody on the team of a case, as lawyer or counsellor, from a day, for good or until a day."""

    __tablename__ = "team_member"
    __table_args__ = (Index(None, "clinic_id", "staff_id", "case_id"), Index(None, "case_id"))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    role: Mapped[str]  # lawyer or counsellor
    since: Mapped[date]
    until: Mapped[date | None]  # the last day
    assigned_by: Mapped[uuid.UUID | None]
    assigned_at: Mapped[datetime] = mapped_column(default=clock.now)
    note = Secret("identity")

    case: Mapped[CaseFile] = relationship("CaseFile", back_populates="team")

    def serves_on(self, day: date) -> bool:
        """Whether this person is on the team on a day."""
        return self.since <= day and (self.until is None or self.until >= day)


class ConsentPurpose(StrEnum):
    """What is consented to."""

    SERVICE = "service"
    REFERRAL = "referral"
    STATISTICS = "statistics"
    STORY = "story"


class ConsentForm(StrEnum):
    """How consent was given."""

    WRITTEN = "written"
    VERBAL = "verbal"
    PROVISIONAL = "provisional"  # verbal, at night; to be confirmed by a day


class Consent(Model):
    """One line of the ledger: for what, by whom, how, until when, withdrawn when."""

    __tablename__ = "consent"
    __table_args__ = (
        Index(None, "case_id"),
        CheckConstraint("form != 'provisional' OR confirm_by IS NOT NULL", name="provisional_has_its_day"),
    )

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    purpose: Mapped[ConsentPurpose]
    given_by_guardian: Mapped[bool]
    given_by_child: Mapped[bool]
    form: Mapped[ConsentForm]
    refused: Mapped[bool] = mapped_column(default=False)
    given_on: Mapped[date]
    until: Mapped[date | None]
    confirm_by: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    to_whom = Secret("identity")
    note = Secret("identity")
    withdrawn_because = Secret("identity")

    case: Mapped[CaseFile] = relationship("CaseFile")
    sharings: Mapped[list[Sharing]] = relationship(
        "Sharing", back_populates="consent", order_by="(Sharing.shared_on, Sharing.id)"
    )

    @property
    def waits_for_confirmation(self) -> bool:
        """Given for now, and neither confirmed nor withdrawn."""
        return self.form == ConsentForm.PROVISIONAL and self.confirmed_on is None and self.withdrawn_on is None

    def stands_on(self, day: date) -> bool:
        """Whether it is in force on a day: given, not refused, not withdrawn, not run out."""
        if self.refused or self.given_on > day or (self.until is not None and self.until < day):
            return False
        return self.withdrawn_on is None or self.withdrawn_on > day


class Sharing(Model):
    """Something told to somebody outside under a consent: what, to whom, when. It is never taken away."""

    __tablename__ = "sharing"
    __table_args__ = (Index(None, "case_id"),)

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"))
    shared_on: Mapped[date]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    to_whom = Secret("identity")
    what = Secret("identity")

    consent: Mapped[Consent] = relationship("Consent", back_populates="sharings")


class IntakeAnswer(StrEnum):
    """What became of an inbound referral."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Intake(Model):
    """An inbound referral: from whom, when, the name as told, what is wished, what was answered."""

    __tablename__ = "intake"
    __table_args__ = (Index(None, "clinic_id", "answer", "received_on"),)

    received_on: Mapped[date]
    referral_source: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[IntakeAnswer] = mapped_column(default=IntakeAnswer.WAITING)
    answered_by: Mapped[uuid.UUID | None]
    answered_at: Mapped[datetime | None]
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_file.id"))
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    referrer = Secret("identity")
    referrer_phone = Secret("identity")
    child_name = Secret("identity")
    child_about = Secret("identity")  # age, where from, guardian's phone, as told
    wish = Secret("identity")
    answer_note = Secret("identity")

    case: Mapped[CaseFile | None] = relationship("CaseFile")


class Task(Model):
    """Something to be done by somebody by a day, in a case or beside the cases."""

    __tablename__ = "task"
    __table_args__ = (Index(None, "clinic_id", "assigned_to", "done_at", "due_on"), Index(None, "case_id"))

    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_file.id"))
    due_on: Mapped[date | None]
    assigned_to: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    made_by: Mapped[uuid.UUID | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None]
    what = Secret("identity")

    case: Mapped[CaseFile | None] = relationship("CaseFile")


class Project(Model):
    """A funding project that cases and activities count for, named in both languages where the clinic has done so."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("clinic_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    name_ar: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_on: Mapped[date | None]


class Step(Versioned):
    """One dated step in a case. The rooms' kinds hold their details in tables of their own.

    It happened at a moment (`happened`, UTC with its precision) or on a day; `on_date` is its local date either way.
    """

    __tablename__ = "step"
    __table_args__: Any = (
        Index(None, "case_id", "on_date"),
        Index(None, "follows_id"),
        Index(None, "clinic_id", "kind", "state", "on_date"),
        Index(None, "clinic_id", "worker_id", "state", "on_date"),
        Index(None, "clinic_id", "child_id", "kind", "on_date"),
        UniqueConstraint("clinic_id", "reference"),
        CheckConstraint("state != 'not_done' OR not_done_reason IS NOT NULL", name="not_done_has_a_reason"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_by_somebody"),
    )

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str]
    state: Mapped[StepState] = mapped_column(default=StepState.DONE)
    on_date: Mapped[date]
    happened_at: Mapped[datetime | None]
    happened_at_precision: Mapped[Precision | None]
    not_done_reason: Mapped[str | None]
    worker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))  # whose work it was
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("step.id"))  # the step that this one was made from
    # Derived from the case, for what reports group by:
    child_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("child.id"))
    child_role: Mapped[ChildRole]
    lanes_written: Mapped[tuple[str, ...]]  # lanes beside facts in which something was written
    not_known: Mapped[tuple[str, ...] | None]  # fields that were asked again, and nobody knows
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    source: Mapped[str] = mapped_column(default="web")  # web, phone or import
    reference: Mapped[str | None]  # step_ref of the register
    row_digest: Mapped[bytes | None]  # keyed digest of the row as imported
    form_digest: Mapped[bytes | None]  # keyed digest of the form as first sent
    entered: Mapped[int] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    withdrawn_because = Secret("identity")

    happened: Mapped[Moment | None] = composite("happened_at", "happened_at_precision")
    case: Mapped[CaseFile] = relationship("CaseFile")

    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}

    def __init_subclass__(cls, **options: Any) -> None:
        """Each kind's own table has the id of the step, and repeats the clinic and since when the state is known."""
        cls.id = mapped_column(ForeignKey("step.id"), primary_key=True, sort_order=-20)
        clinic_id = Column("clinic_id", Id, ForeignKey("clinic.id"), nullable=False)
        cls.clinic_id = column_property(clinic_id, Step.__table__.c.clinic_id)
        known_from = Column("known_from", UtcDateTime, nullable=False)
        cls.known_from = column_property(known_from, Step.__table__.c.known_from)
        super().__init_subclass__(**options)

    @property
    def is_planned(self) -> bool:
        """Whether it lies ahead."""
        return self.state == StepState.PLANNED

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back; it is still shown, and never counted."""
        return self.withdrawn_at is not None


class Note(Step):
    """A note in a case, in one lane."""

    __tablename__ = "note"
    __mapper_args__ = {"polymorphic_identity": "note"}

    noted_on: Mapped[date | None]
    legal_text = Secret("legal")
    social_text = Secret("social")
    team_text = Secret("identity")
