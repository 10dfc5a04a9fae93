"""Whoever reads: the person in whose name a query is asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from clinic.access.permissions import Role


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with the roles that they hold now. Every query of children or cases takes one."""

    staff_id: uuid.UUID
    clinic_id: uuid.UUID
    name: str
    roles: frozenset[Role]
    language: str = "ar"
    holds_key: bool = False  # the command line with the clinic's key: all lanes, all cases; recorded
    emergencies: frozenset[tuple[uuid.UUID, Role]] = frozenset()  # cases open now by emergency access, and as what

    @property
    def initials(self) -> str:
        """The first letter of the name, for the round mark beside it."""
        return self.name.strip()[:1]

    def has(self, role: Role) -> bool:
        """Whether this person holds the role."""
        return role in self.roles

    @property
    def sees_all_cases(self) -> bool:
        """A coordinator sees every case; whoever holds the key too."""
        return self.holds_key or Role.COORDINATOR in self.roles

    def emergency_roles(self, case_id: uuid.UUID) -> frozenset[Role]:
        """The roles that an emergency access that runs brings in a case."""
        return frozenset(role for case, role in self.emergencies if case == case_id and role in self.roles)
