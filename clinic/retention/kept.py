"""What stays of a file whose time is over: the columns that figures read, and what holds the rows together.

Everything else of these tables is emptied. A row of any other table that belongs to the child, one of its cases or
steps goes as a whole, unless it stands in `ELSEWHERE`; so a new table is thought of by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Table

from clinic.db import Model
from clinic.versions import twin_name

_ROW: Final = frozenset({"id", "clinic_id", "known_from", "known_to"})
_RECORD: Final = _ROW | {"reference", "entered", "version", "recorded_at", "source"}

CHILD: Final = _RECORD | {
    *("sex", "locality", "refugee_status", "education_at_intake", "merged_into", "names_at"),
}
CASE: Final = _RECORD | {
    *("child_id", "role", "status", "opened_on", "referral_source", "offences", "projects", "lawyer_id"),
    *("counsellor_id", "merged_into", "proceeding_status", "age_at_opening", "disposition", "disposition_on"),
    *("last_step_on", "aged_on"),
}
PERIOD: Final = _ROW | {"case_id", "opened_on", "closed_on", "closure_reason", "entered"}
TEAM: Final = _ROW | {"case_id", "staff_id", "role", "since", "until", "assigned_at"}
WALL: Final = _ROW | {"case_id", "staff_id", "built_by", "built_at", "lifted_by", "lifted_at"}
STEP: Final = _RECORD | {
    *("case_id", "kind", "state", "on_date", "not_done_reason", "worker_id", "child_id", "child_role"),
    *("lanes_written", "withdrawn_at", "withdrawn_by"),
}
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "police_attendance": _ROW
    | {
        *("arrested_at", "arrested_at_precision", "lawyer_arrived_at", "lawyer_arrived_at_precision"),
        *("questioned_at", "questioned_at_precision", "left_police_at", "left_police_at_precision"),
        *("police_station", "lawyer_attended", "guardian_present", "protection_counsellor_present"),
        *("ill_treatment_alleged", "statement_signed", "police_outcome", "moved_by"),
    },
    "prosecution_appearance": _ROW | {"lawyer_attended"},
    "custody_period": _ROW
    | {
        *("began_at", "began_at_precision", "ended_at", "ended_at_precision", "place", "legal_basis"),
        *("separated_from_adults", "family_visit", "education_access", "moved_by"),
    },
    "hearing": _ROW | {"status", "court", "adjournment_reason", "lawyer_attended"},
    "counselling_session": _ROW | {"session_kind", "wellbeing_score"},
    "school_followup": _ROW | {"school_status"},
    "community_followup": _ROW | {"community_kind"},
    "referral": _ROW | {"service", "status"},
    "complaint": _ROW | {"about", "status"},
}
"""The kinds of step that a figure reads. Steps of any other kind go."""

TO_THE_DAY: Final = frozenset({"recorded_at", "withdrawn_at", "assigned_at", "built_at", "lifted_at"})
"""Moments that a row must have, or that say who did something: of them the day stays."""

ELSEWHERE: Final = frozenset({"audit_entry", "readings.reading", "ageing_file"})
"""What names a child, a case or a step by its id alone and is chained, or tells of the run."""

OWNERS: Final = {"child": "child_id", "case_file": "case_id", "step": "step_id"}
"""What a row may belong to, and what the column that says so is called."""


def table_named(name: str) -> Table:
    """A table of the house."""
    return Model.metadata.tables[name]


def with_twin(name: str) -> Iterator[Table]:
    """A table, and the one that keeps its past states where it has one."""
    yield table_named(name)
    twin = Model.metadata.tables.get(twin_name(table_named(name)))
    if twin is not None:
        yield twin


def tables() -> list[str]:
    """Every table that a run empties or removes rows from, as the database calls it."""
    mains = [table for table in Model.metadata.sorted_tables if not table.name.endswith("_version")]
    owned = [table.key for table in mains if any(columns_of(one, table) for one in OWNERS)]
    further = [key for name in owned if not stays(name) for key, _column in hanging_on(name)]
    named = dict.fromkeys([*owned, *further, "job"])
    return [one.name for name in named if name not in ELSEWHERE for one in with_twin(name)]


def stays(name: str) -> bool:
    """Whether something of a table stays."""
    return name in {"child", "case_file", "case_period", "team_member", "wall", "step", *KINDS}


def columns_of(owner: str, table: Table) -> list[str]:
    """The columns by which a row belongs to a child, a case or a step."""
    return [
        column.name
        for column in table.columns
        if column.name == OWNERS[owner] or any(key.column.table.name == owner for key in column.foreign_keys)
    ]


def hanging_on(name: str) -> list[tuple[str, str]]:
    """The tables of which nothing stays that point at a table, and the column by which they do."""
    return [
        (table.key, column.name)
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if not stays(table.key) and any(key.column.table.key == name for key in column.foreign_keys)
    ]
