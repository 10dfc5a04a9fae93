"""What an account needs: a second factor by its roles, a coordinator's agreement for a role that reads children."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from clinic.access.permissions import Role
from clinic.access.policy import LANES
from clinic.staff.models import Clinic, StaffMember

FACTOR_REQUIRED_OF = (Role.ADMINISTRATOR, Role.COORDINATOR)


def roles_that_need_a_factor(clinic: Clinic) -> frozenset[Role]:
    """Whose sign-in needs a second factor. A demonstration asks it of nobody: its passwords are on its sign-in page."""
    if clinic.factor_required_of is not None:
        return frozenset(Role(code) for code in clinic.factor_required_of)
    return frozenset() if clinic.is_demonstration else frozenset(FACTOR_REQUIRED_OF)


def must_set_up_a_factor(member: StaffMember, clinic: Clinic) -> bool:
    """Whether this person can do nothing else until they have a second factor."""
    return member.factor_since is None and any(role.value in member.roles for role in roles_that_need_a_factor(clinic))


def with_a_lane(roles: Iterable[Role]) -> frozenset[Role]:
    """Those of the roles that read something of a child."""
    return frozenset(role for role in roles if LANES[role])


def needs_agreement(held: Collection[str], wanted: Iterable[Role]) -> bool:
    """Whether an administrator alone may not give these roles: one that reads children is among the new ones."""
    return any(role.value not in held for role in with_a_lane(wanted))
