"""The clinic itself, its people, their sessions and refused sign-ins."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from clinic import clock
from clinic.access.permissions import Role
from clinic.db import Model, Secret


class Clinic(Model):
    """The clinic whose records these are. Its own clinic_id is its id."""

    __tablename__ = "clinic"

    name: Mapped[str]
    prefix: Mapped[str]
    language: Mapped[str]
    is_demonstration: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    names_changed: Mapped[int] = mapped_column(default=0)  # counts changes of names, for the indexes in memory
    lists_changed: Mapped[int] = mapped_column(default=0)  # counts changes of the vocabularies
    staff_changed: Mapped[int] = mapped_column(default=0)  # counts changes of the accounts


class AccountState(StrEnum):
    """Whether an account can be used."""

    WAITING = "waiting"  # made by an import, or with a one-time link that nobody used yet
    OPEN = "open"
    CLOSED = "closed"


class StaffMember(Model):
    """Somebody who works in the clinic and may have an account."""

    __tablename__ = "staff_member"
    __table_args__ = (UniqueConstraint("clinic_id", "username"),)

    username: Mapped[str]
    name: Mapped[str]
    roles: Mapped[tuple[str, ...]]
    language: Mapped[str] = mapped_column(default="ar")
    state: Mapped[AccountState] = mapped_column(default=AccountState.WAITING)
    password_hash: Mapped[str | None]
    link_hash: Mapped[str | None]
    link_until: Mapped[datetime | None]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_signed_in_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    phone = Secret("identity")
    email = Secret("identity")

    def has_role(self, role: Role) -> bool:
        """Whether this person holds the role."""
        return role.value in self.roles


class StaffSession(Model):
    """One signed-in browser, which can be ended from here."""

    __tablename__ = "staff_session"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "clinic_id", "staff_id"))

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    token_hash: Mapped[str]
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[datetime | None]
    device: Mapped[str]
    staff_member: Mapped[StaffMember] = relationship(StaffMember, lazy="joined", innerjoin=True)
    clinic: Mapped[Clinic] = relationship(Clinic, lazy="joined", innerjoin=True)  # its counters, with every request


class RefusedSignIn(Model):
    """A sign-in that failed: counted by account and by device, without keeping either in clear."""

    __tablename__ = "refused_sign_in"
    __table_args__ = (Index(None, "clinic_id", "account_hash", "at"), Index(None, "clinic_id", "device_hash", "at"))

    account_hash: Mapped[str]
    device_hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=clock.now)


class DataKey(Model):
    """A data key of a lane, wrapped by the clinic's master key, which is never in the database."""

    __tablename__ = "data_key"
    __table_args__ = (UniqueConstraint("clinic_id", "number"),)

    lane: Mapped[str]
    number: Mapped[int] = mapped_column(BigInteger)
    wrapped: Mapped[bytes]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    retired_at: Mapped[datetime | None]
