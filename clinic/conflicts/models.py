"""Who else a case is about, and what a check for conflicts of interest found, with what was decided of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.cases.models import CaseFile
from clinic.db import Model, Secret
from clinic.versions import Versioned


class OtherPerson(Versioned):
    """Somebody on another side of a case: who complains, was harmed, is a witness, stands against the child."""

    __tablename__ = "other_person"
    __table_args__ = (Index(None, "case_id"), Index(None, "clinic_id", "phone_hash"))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    role: Mapped[str]  # a code of the list `other_person_role`
    phone_hash: Mapped[bytes | None]
    recorded_by: Mapped[uuid.UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None]
    version: Mapped[int] = mapped_column(default=1)
    name = Secret("identity")
    phone = Secret("identity")
    about = Secret("identity")  # who this is: a neighbour, the owner of the shop, a guard of the prison

    __mapper_args__ = {"version_id_col": version}

    case: Mapped[CaseFile] = relationship("CaseFile")


class Occasion(StrEnum):
    """Why a check was made."""

    OPENED = "opened"
    PERSON = "person"
    FAMILY = "family"
    CORRECTED = "corrected"
    WHOLE = "whole"


class ConflictCheck(Model):
    """One check, of one case or of all: when, why, and who did what it was made for. It is never taken away."""

    __tablename__ = "conflict_check"
    __table_args__ = (Index(None, "case_id"), Index(None, "clinic_id", "asked_by", "checked_at"))

    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_file.id"))  # none: all cases
    occasion: Mapped[Occasion]
    asked_by: Mapped[uuid.UUID | None]
    checked_at: Mapped[datetime] = mapped_column(default=clock.now)


class ConflictState(StrEnum):
    """What became of a possible conflict."""

    OPEN = "open"
    GONE = "gone"  # a name was corrected, and nothing is alike any more
    NONE = "none"  # another person
    SAME_PERSON = "same_person"  # the same person, and no conflict
    CONFLICT = "conflict"


class Consequence(StrEnum):
    """What follows from a conflict."""

    WALL = "wall"
    TEAM = "team"
    DECLINE = "decline"
    OTHER = "other"


class PossibleConflict(Versioned):
    """A case, and a child or colleague of the clinic whom somebody in it may be. It belongs to no case's history: to
    those who are kept from one of the two it does not exist.
    """

    __tablename__ = "possible_conflict"
    __table_args__ = (
        Index(None, "clinic_id", "state", "found_at"),
        Index(None, "named_case_id"),
        Index(None, "other_child_id"),
    )

    named_case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))  # where somebody is named
    other_child_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("child.id"))
    other_case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_file.id"))  # of that child
    colleague_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    check_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("conflict_check.id"))  # none: came with a register
    tells_team: Mapped[bool] = mapped_column(default=True)  # no: who typed many names in an hour is not told
    state: Mapped[ConflictState] = mapped_column(default=ConflictState.OPEN)
    consequence: Mapped[Consequence | None]
    found_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    finding = Secret("identity")

    __mapper_args__ = {"version_id_col": version}

    grounds: Mapped[list[ConflictGround]] = relationship(
        "ConflictGround", back_populates="conflict", order_by="(ConflictGround.score.desc(), ConflictGround.id)"
    )


class Reason(StrEnum):
    """What makes two cases, or a case and a colleague, look like a conflict."""

    CHILD = "child"  # somebody named here is called like a child of the clinic
    GUARDIAN = "guardian"  # … like somebody who answers for a child of the clinic
    OWN_GUARDIAN = "own_guardian"  # … like somebody who answers for the child of this very case
    PHONE = "phone"  # … and has the phone of somebody who answers for a child
    COLLEAGUE = "colleague"  # … like somebody who works here
    ROLES = "roles"  # one child is accused in one case, and complains or is a witness in another
    EVENT = "event"  # two children of one event stand on two sides


class ConflictGround(Model):
    """One thing that was alike: who here, who there, how alike. Ids alone; names are read where they stand."""

    __tablename__ = "conflict_ground"
    __table_args__ = (Index(None, "conflict_id"),)

    conflict_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("possible_conflict.id"))
    reason: Mapped[Reason]
    here_id: Mapped[uuid.UUID]
    there_id: Mapped[uuid.UUID]
    score: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(default=clock.now)

    conflict: Mapped[PossibleConflict] = relationship("PossibleConflict", back_populates="grounds")
