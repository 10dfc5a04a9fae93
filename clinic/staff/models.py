"""The clinic itself, its people, what they prove themselves with, their sessions, and sign-ins that were refused."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, false
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
    keys_changed: Mapped[int] = mapped_column(default=0, server_default="0")  # counts changes of the data keys
    factor_required_of: Mapped[tuple[str, ...] | None]  # the roles that need a second factor; None: as rules say
    derived_by: Mapped[str | None]  # by which program and which lists what is derived in the cases was derived last


class AccountState(StrEnum):
    """Whether an account can be used."""

    WAITING = "waiting"  # made by an import, or with a one-time link that nobody used yet
    OPEN = "open"
    LEAVING = "leaving"  # nobody signs in with it any more, and its open cases wait to be handed over
    CLOSED = "closed"


GONE = (AccountState.LEAVING, AccountState.CLOSED)


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
    link_renews_factor: Mapped[bool] = mapped_column(default=False, server_default=false())  # the old one was lost
    factor_since: Mapped[datetime | None]  # since when there is a second factor; kept by what adds and removes one
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_signed_in_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    results_waiting: Mapped[int] = mapped_column(default=0, server_default="0")  # of work in the background
    emergency_until: Mapped[datetime | None]  # the latest end of an emergency access: asked for further only till then
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
    means: Mapped[str | None]  # what the person proved themselves with: password, code, recovery, passkey, link
    proved_at: Mapped[datetime | None]  # when they last did; a weighty act asks again after five minutes
    staff_member: Mapped[StaffMember] = relationship(StaffMember, lazy="joined", innerjoin=True)
    clinic: Mapped[Clinic] = relationship(Clinic, lazy="joined", innerjoin=True)  # its counters, with every request


class RefusedSignIn(Model):
    """A sign-in that failed: counted by account, device and address, without keeping one of them in clear."""

    __tablename__ = "refused_sign_in"
    __table_args__ = (
        Index(None, "clinic_id", "account_hash", "at"),
        Index(None, "clinic_id", "device_hash", "at"),
        Index(None, "clinic_id", "address_hash", "at"),
    )

    account_hash: Mapped[str]
    device_hash: Mapped[str]
    address_hash: Mapped[str | None]
    known_device: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # who owns the account used it before
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


class CodeApp(Model):
    """An app on somebody's phone that counts one-time codes with us (TOTP, RFC 6238). One a person."""

    __tablename__ = "code_app"
    __table_args__ = (UniqueConstraint("clinic_id", "staff_id"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    secret = Secret("identity")
    last_step: Mapped[int] = mapped_column(BigInteger)  # of the last code that was used: it and older ones are refused
    made_at: Mapped[datetime] = mapped_column(default=clock.now)


class RecoveryCode(Model):
    """A code on paper for the day on which the phone is lost. Works once; only its keyed hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index(None, "clinic_id", "staff_id"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    code_hash: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]


class Passkey(Model):
    """The public half of a key that somebody's phone, computer or stick holds (WebAuthn)."""

    __tablename__ = "passkey"
    __table_args__ = (UniqueConstraint("clinic_id", "credential_id"), Index(None, "clinic_id", "staff_id"))

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    device: Mapped[str]  # what the browser said of itself when the key was made
    made_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]
    staff_member: Mapped[StaffMember] = relationship(StaffMember, lazy="joined", innerjoin=True)


class SpentChallenge(Model):
    """A challenge that a passkey has answered: it is not taken a second time."""

    __tablename__ = "spent_challenge"
    __table_args__ = (UniqueConstraint("clinic_id", "challenge_hash"),)

    challenge_hash: Mapped[str]
    spent_at: Mapped[datetime] = mapped_column(default=clock.now)


class Wish(StrEnum):
    """What an administrator asks a coordinator to agree to."""

    ROLES = "roles"
    LINK = "link"


class AccountRequest(Model):
    """What an administrator may not do alone: a role that reads children, or a new link for who holds one."""

    __tablename__ = "account_request"
    __table_args__ = (Index(None, "clinic_id", "answered_at"), Index(None, "clinic_id", "staff_id"))

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    wish: Mapped[Wish]
    roles: Mapped[tuple[str, ...]]  # those that the person is to have; of a link, those that they hold
    renews_factor: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    agreed: Mapped[bool | None]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_member.id"))
    answered_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]  # when the link that it allows was made
    staff_member: Mapped[StaffMember] = relationship(
        StaffMember, foreign_keys=[staff_id], lazy="joined", innerjoin=True
    )


class StaffNotice(Model):
    """Something that somebody must hear, of their account or of a case: told at the next sign-in, listed till old."""

    __tablename__ = "staff_notice"
    __table_args__ = (Index(None, "clinic_id", "staff_id", "at"),)

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_member.id"))
    what: Mapped[str]
    number: Mapped[int | None]
    case_id: Mapped[uuid.UUID | None]  # of which case, where it is of one
    at: Mapped[datetime] = mapped_column(default=clock.now)
    told_at: Mapped[datetime | None]
