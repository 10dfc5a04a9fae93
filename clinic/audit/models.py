"""What was done and what was looked at: two chains of entries without personal text.

Changes lie in the main database and are written in the transaction of the change. Readings lie apart (on SQLite in a
second file) so that writing one never waits for a long import.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db import READINGS, Codes, Id, Model, Secret, UtcDateTime


class AuditEntry(Model):
    """One change: who, when, what, of which record, which fields. No typed text."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "clinic_id", "number", unique=True),
        Index(None, "clinic_id", "case_id", "number"),
    )

    number: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    who: Mapped[uuid.UUID | None]
    what: Mapped[str]
    subject: Mapped[str | None]
    subject_id: Mapped[uuid.UUID | None]
    case_id: Mapped[uuid.UUID | None]
    fields: Mapped[tuple[str, ...]]
    detail: Mapped[str | None]  # codes and counts, e.g. the digest of an import's list of changes
    salt: Mapped[bytes]
    digest: Mapped[bytes]  # of the state that was replaced, salted, so that it can be erased and the chain still holds
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class AuditHead(Model):
    """The end of a clinic's chain of changes. Its row is taken last in each transaction."""

    __tablename__ = "audit_head"

    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes]


class AuditSigner(Model):
    """The key that signs the heads of the chains, day by day. The public half is printed and kept elsewhere."""

    __tablename__ = "audit_signer"

    made_at: Mapped[datetime]
    public: Mapped[bytes]
    private = Secret("facts")


class SignedHead(Model):
    """How far both chains had come on a day, signed, so that a cut-off or rewritten end shows."""

    __tablename__ = "signed_head"
    __table_args__ = (Index(None, "clinic_id", "day", unique=True),)

    day: Mapped[date]
    at: Mapped[datetime]
    changes_number: Mapped[int] = mapped_column(BigInteger)
    changes_hash: Mapped[bytes]
    readings_number: Mapped[int] = mapped_column(BigInteger)
    readings_hash: Mapped[bytes]
    signature: Mapped[bytes]


metadata: MetaData = Model.metadata

reading = Table(
    "reading",
    metadata,
    Column("id", Id, primary_key=True),
    Column("clinic_id", Id, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Id, nullable=True),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=True),
    Column("subject_id", Id, nullable=True),
    Column("case_id", Id, nullable=True),
    Column("lanes", Codes, nullable=False),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index("ix_reading_clinic_id_number", "clinic_id", "number", unique=True),
    Index("ix_reading_clinic_id_case_id_number", "clinic_id", "case_id", "number"),
    Index("ix_reading_clinic_id_who_number", "clinic_id", "who", "number"),
    schema=READINGS,
)

reading_head = Table(
    "reading_head",
    metadata,
    Column("clinic_id", Id, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    schema=READINGS,
)
