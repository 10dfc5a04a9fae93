"""The heads of both chains, signed day by day with a key of the clinic (Ed25519).

A head that was printed or mailed out says for good what had been written until then. The private half lies sealed in
the database; the public half is printed.
"""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from clinic import clock, db
from clinic.audit import chain
from clinic.audit.models import AuditHead, AuditSigner, SignedHead, reading_head
from clinic.db import session


def sign_today() -> SignedHead:
    """Today's signed head; made now where today has none yet. Called within `db.acting`; the caller commits."""
    clinic_id = db.current_clinic.get()
    today = clock.today()
    signed = session.scalar(select(SignedHead).where(SignedHead.clinic_id == clinic_id, SignedHead.day == today))
    if signed is not None:
        return signed
    changes, readings = _end_of_changes(), _end_of_readings()
    signed = SignedHead(
        day=today,
        at=clock.now(),
        changes_number=changes[0],
        changes_hash=changes[1],
        readings_number=readings[0],
        readings_hash=readings[1],
    )
    signed.signature = _signer().sign(chain.head_text(as_exported(signed)))
    session.add(signed)
    session.flush()
    return signed


def as_exported(head: SignedHead) -> dict[str, Any]:
    """A signed head as a file, a sheet of paper or a mail has it."""
    names = ("day", "at", "changes_number", "changes_hash", "readings_number", "readings_hash", "signature")
    return chain.plain({"clinic": head.clinic_id, **{name: getattr(head, name, None) for name in names}})


def as_text(head: SignedHead) -> str:
    """A signed head with the public key, to print or to send."""
    said = {**as_exported(head), "key": public_keys()[-1]}
    return "\n".join(f"{name}: {value}" for name, value in said.items())


def signed_heads() -> list[dict[str, Any]]:
    """Every signed head of the clinic, oldest first, as exported."""
    of_clinic = SignedHead.clinic_id == db.current_clinic.get()
    return [as_exported(head) for head in session.scalars(select(SignedHead).where(of_clinic).order_by(SignedHead.day))]


def public_keys() -> list[str]:
    """The public halves, in hex, of every key that has signed heads, the newest last."""
    of_clinic = AuditSigner.clinic_id == db.current_clinic.get()
    keys = session.scalars(select(AuditSigner.public).where(of_clinic).order_by(AuditSigner.made_at))
    return [bytes(key).hex() for key in keys]


def _signer() -> Ed25519PrivateKey:
    of_clinic = AuditSigner.clinic_id == db.current_clinic.get()
    kept = session.scalar(select(AuditSigner).where(of_clinic).order_by(AuditSigner.made_at.desc()).limit(1))
    if kept is not None:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(kept.private or ""))
    key = Ed25519PrivateKey.generate()
    private = base64.b64encode(key.private_bytes_raw()).decode()
    session.add(AuditSigner(made_at=clock.now(), public=key.public_key().public_bytes_raw(), private=private))
    return key


def _end_of_changes() -> tuple[int, bytes]:
    head = session.get(AuditHead, db.current_clinic.get())
    return (head.number, bytes(head.hash)) if head else (0, b"")


def _end_of_readings() -> tuple[int, bytes]:
    with db.database().readings.connect() as connection:
        of_clinic = reading_head.c.clinic_id == db.current_clinic.get()
        head = connection.execute(select(reading_head.c.number, reading_head.c.hash).where(of_clinic)).one_or_none()
    return (head.number, bytes(head.hash)) if head else (0, b"")
