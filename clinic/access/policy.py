"""Who may do what: one table that a person who does not program can read.

A permission is granted to roles; those in CONDITIONS also need each predicate to hold for the record. What is not in
the table is not allowed. Whether a record exists at all for a reader is decided before, by the finder (404, not 403).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clinic.access.permissions import Lane, Permission, Role
from clinic.access.reader import Reader

P = Permission
_TEAM = frozenset(
    {P.SIGNED_IN, P.DESK_READ, P.TASK_WRITE, P.CHILD_READ, P.CHILD_WRITE, P.CASE_READ, P.CASE_OPEN, P.CASE_WRITE}
)
_TEAM_ACTS = frozenset(
    {P.CASE_PROPOSE_CLOSING, P.STEP_READ, P.STEP_RECORD, P.ACTIVITY_READ, P.ACTIVITY_WRITE, P.RULES_READ}
    | {P.EMERGENCY_OPEN, P.NOTE_SHARE}
)

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.LAWYER: _TEAM
    | _TEAM_ACTS
    | {P.STEP_RECORD_LEGAL, P.CALL_TAKE, P.RULES_CONFIRM, P.CASE_HAND_OVER, P.REPORT_READ, P.REGISTER_EXPORT},
    Role.COUNSELLOR: _TEAM | _TEAM_ACTS | {P.STEP_RECORD_SOCIAL, P.GROUP_SESSION, P.REPORT_READ, P.REGISTER_EXPORT},
    Role.COORDINATOR: _TEAM
    | {P.STEP_READ, P.STEP_RECORD, P.ACTIVITY_READ, P.ACTIVITY_WRITE, P.RULES_READ, P.VOCABULARY_EDIT}
    | {P.CASE_ASSIGN, P.CASE_CLOSE, P.CASE_PROPOSE_CLOSING, P.INTAKE_READ, P.INTAKE_ANSWER, P.DUPLICATES_DECIDE}
    | {P.CONFLICT_DECIDE}
    | {P.CASE_HAND_OVER, P.RETENTION_MANAGE, P.RETENTION_AGREE}
    | {P.REPORT_READ, P.TARGET_EDIT, P.REGISTER_IMPORT, P.REGISTER_EXPORT, P.STAFF_READ, P.STAFF_AGREE, P.AUDIT_READ},
    Role.ADMINISTRATOR: frozenset(
        {P.SIGNED_IN, P.DESK_READ, P.STAFF_READ, P.STAFF_WRITE, P.RULES_READ, P.RETENTION_AGREE}
    ),
}

# The lanes that a role brings in a case where the reader is on the team as that role; a coordinator in every case.
LANES: Mapping[Role, frozenset[Lane]] = {
    Role.LAWYER: frozenset({Lane.FACTS, Lane.IDENTITY, Lane.LEGAL, Lane.ILL_TREATMENT}),
    Role.COUNSELLOR: frozenset({Lane.FACTS, Lane.IDENTITY, Lane.SOCIAL}),
    Role.COORDINATOR: frozenset({Lane.FACTS, Lane.IDENTITY}),
    Role.ADMINISTRATOR: frozenset(),
}

Predicate = Callable[[Reader, Any], bool]


CONDITIONS: Mapping[Permission, tuple[Predicate, ...]] = {}


def may(reader: Reader | None, permission: Permission, record: Any = None) -> bool:
    """Whether this reader may; a record is one that the reader was found able to see."""
    if reader is None or not is_granted(reader.roles, permission):
        return False
    return record is None or all(holds(reader, record) for holds in CONDITIONS.get(permission, ()))


def is_granted(roles: frozenset[Role], permission: Permission) -> bool:
    """Whether one of these roles brings the permission, whatever the record."""
    return any(permission in GRANTS[role] for role in roles)


def lanes_of_roles(roles: frozenset[Role]) -> frozenset[Lane]:
    """The lanes that these roles bring together."""
    return frozenset[Lane]().union(*(LANES[role] for role in roles))
