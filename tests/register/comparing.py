"""Two clinics compared: every table, but for passwords, the logs, files, and when and by whom a row was kept."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Table, select

from clinic import db
from clinic.crypto import current, sealing
from clinic.db import Model, current_clinic

NOT_CARRIED = frozenset(
    {
        # the logs, and what was made of them
        "audit_entry",
        "audit_head",
        "audit_signer",
        "reading",
        "reading_head",
        "signed_head",
        "look_review",
        "conflict_check",
        "conflict_ground",
        # access for a while, whose history is in the log
        "emergency_access",
        "lane_share",
        # signing in
        "staff_session",
        "refused_sign_in",
        "spent_challenge",
        "passkey",
        "code_app",
        "recovery_code",
        "account_request",
        "staff_notice",
        # this installation and its work
        "clinic",
        "data_key",
        "draft",
        "ageing_file",
        "ageing_run",
        "job",
        "job_progress",
        "regular_run",
        "backup_made",
        "backup_rehearsed",
        "seal_request",
        "reference_counter",  # the next number is found from the references in use
    }
)
"""What by its nature stays: docs/register.md says so under "Not written"."""
OF_THE_KEEPING = frozenset(
    {
        "clinic_id",
        "recorded_by",
        "recorded_at",
        "known_from",
        "entered",
        "version",
        "source",
        "row_digest",
        "form_digest",
        "names_at",
        "card_hash",
        "phone_hash",
        "made_at",
        "check_id",
    }
)
OF_ACCOUNTS = frozenset(
    {
        "password_hash",
        "link_hash",
        "link_until",
        "link_renews_factor",
        "factor_since",
        "last_signed_in_at",
        "results_waiting",
        "emergency_until",
        "state",
    }
)
KEEP_THEIR_IDS = frozenset({"step", "guardian", "consent", "sharing", "task", "intake", "other_person"})
"""What other rows may point to by its id."""

Row = dict[str, Any]


def everything() -> dict[str, list[Row]]:
    """Every row of every table as it can be compared with another clinic's, in an order of its own."""
    names = _names()
    return {table.name: sorted((_row(table, row, names) for row in _rows(table)), key=repr) for table in carried()}


def carried() -> list[Table]:
    """Every table of which a register carries the rows: all but the past of records, and what by its nature stays."""
    tables = Model.metadata.sorted_tables
    return [one for one in tables if not one.name.endswith("_version") and one.name not in NOT_CARRIED]


def _rows(table: Table) -> list[Any]:
    return list(db.session.execute(select(table).where(table.c.clinic_id == current_clinic.get())).mappings())


def _names() -> dict[uuid.UUID, str]:
    """How children, cases and people are called."""
    found: dict[uuid.UUID, str] = {}
    for name, column in (("child", "reference"), ("case_file", "reference"), ("staff_member", "username")):
        found |= {row["id"]: row[column] for row in _rows(Model.metadata.tables[name])}
    plans = _rows(Model.metadata.tables["target_plan"])
    return found | {row["id"]: f"{row['first']}/{row['last']}/{row['project']}" for row in plans}


def _row(table: Table, row: Any, names: dict[uuid.UUID, str]) -> Row:
    keeps_id = table.name in KEEP_THEIR_IDS or any(key.column.table.name == "step" for key in table.c.id.foreign_keys)
    left_out = OF_THE_KEEPING | (OF_ACCOUNTS if table.name == "staff_member" else set())
    return {
        name: _value(table, name, row, names) for name in row if name not in left_out and (name != "id" or keeps_id)
    }


def _value(table: Table, name: str, row: Any, names: dict[uuid.UUID, str]) -> Any:
    value = row[name]
    if name in _secrets(table) and value is not None:
        place = sealing.place(row["clinic_id"], table.name, name, row["id"])
        return sealing.open_(current.ring(), place, bytes(value))
    return names.get(value, value) if isinstance(value, uuid.UUID) else value


def _secrets(table: Table) -> set[str]:
    return {
        name
        for mapper in Model.registry.mappers
        if mapper.local_table is table
        for name in mapper.class_.secrets
        if name in table.c
    }
