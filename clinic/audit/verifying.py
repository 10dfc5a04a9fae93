"""Walking both chains: what is wrong with them, and the file that can be checked elsewhere without the clinic."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Table, select

from clinic import db
from clinic.audit import chain, signing
from clinic.audit.chain import CHANGES, READINGS, Chain, Fault
from clinic.audit.models import AuditEntry, AuditHead, reading, reading_head
from clinic.languages import _, _l

LABELS = {CHANGES: _l("Changes"), READINGS: _l("Readings")}
BATCH = 2_000


def faults() -> Iterator[Fault]:
    """What is wrong with the audit of the clinic that is acted for: every fault, as it is met."""
    heads, keys = signing.signed_heads(), signing.public_keys()
    yield from (Fault("unsigned", day=head["day"]) for head in heads if not _is_signed(head, keys))
    for name in (CHANGES, READINGS):
        walked = Chain(name, chain.signed_numbers(heads, name))
        with _connection(name) as connection:
            head = _end(connection, name)
            for entry in _entries(connection, name):
                yield from walked.take(entry)
        yield from walked.end(*head)


def sentence(fault: Fault) -> str:
    """A fault in the language of the reader."""
    said = {**fault.__dict__, "chain": LABELS.get(fault.chain, fault.chain)}
    return _(chain.SENTENCES[fault.code], **said)


def exported() -> Iterator[str]:
    """The lines of a file that `chain.py` checks alone: keys, signed heads and ends; then an entry a line."""
    ends: dict[str, Any] = {}
    for name in (CHANGES, READINGS):
        with _connection(name) as connection:
            ends[f"{name}_number"], ends[f"{name}_hash"] = _end(connection, name)
    top = {"format": chain.FORMAT, "keys": signing.public_keys(), "heads": signing.signed_heads(), **ends}
    yield json.dumps(top)
    for name in (CHANGES, READINGS):
        with _connection(name) as connection:
            for entry in _entries(connection, name, until=ends[f"{name}_number"]):
                yield json.dumps({**entry, "chain": name})


def _is_signed(head: dict[str, Any], keys: list[str]) -> bool:
    for key in keys:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(
                bytes.fromhex(head["signature"]), chain.head_text(head)
            )
        except InvalidSignature:
            continue
        return True
    return False


_TABLES: dict[str, tuple[Any, Any]] = {
    CHANGES: (AuditEntry.__table__, AuditHead.__table__),
    READINGS: (reading, reading_head),
}


def _connection(name: str) -> Connection:
    of = db.database()
    return (of.main if name == CHANGES else of.readings).connect()


def _end(connection: Connection, name: str) -> tuple[int, str]:
    head: Table = _TABLES[name][1]
    of_clinic = head.c.clinic_id == db.current_clinic.get()
    found = connection.execute(select(head.c.number, head.c.hash).where(of_clinic)).one_or_none()
    return (int(found.number), bytes(found.hash).hex()) if found else (0, "")


def _entries(connection: Connection, name: str, *, until: int | None = None) -> Iterator[dict[str, Any]]:
    """Every entry in the order of the numbers, ties as they lie, a batch in memory at a time."""
    table: Table = _TABLES[name][0]
    wanted = select(table).where(table.c.clinic_id == db.current_clinic.get()).order_by(table.c.number, table.c.id)
    wanted = wanted if until is None else wanted.where(table.c.number <= until)
    for row in connection.execution_options(yield_per=BATCH).execute(wanted):
        yield chain.plain({key: value for key, value in row._mapping.items() if key != "salt"})
