"""What the policy says of every cell: who may open which address in which verb, seen from a seat.

A cell follows from the guard of the page (its finders, its permission), from `clinic.access.policy` and from the seat,
in the order of the guard: what does not exist for the reader is 404, what they see and may not do is 403. A page that
asks for more than its guard says so in `BESIDES`, with the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clinic.access.permissions import Lane, Permission, Role
from clinic.access.policy import GRANTS
from clinic.cases.lane_shares import LANE_OF
from tests.site.seats import Seat

OF_THE_CASE = {
    "clinic.cases.queries.find_case",
    "clinic.cases.queries.find_case_to_show",
    "clinic.cases.queries.find_case_with_family",
    "clinic.cases.queries.find_step",
    "clinic.cases.consent.find_consent",
    "clinic.cases.lane_shares.find_share",
    "clinic.cases.team.find_member",
    "clinic.cases.walls.find_wall",
    "clinic.children.queries.find_child",
    "clinic.conflicts.queries.find_person",
    "clinic.children.queries.find_guardian",
    "clinic.desk.queries.find_task",
    "clinic.emergency.queries.find_access",
    "clinic.referrals.queries.find_referral",
    "clinic.retention.queries.find_hold",
}
"""Finders of what exists for whoever sees the case."""
OF_THE_CLINIC = {
    "clinic.activities.queries.find_activity",
    "clinic.cases.projects.find_project",
    "clinic.cases.intake.find_intake",
    "clinic.oversight.queries.find_person",
    "clinic.retention.queries.find_run",
    "clinic.staff.agreements.find_request",
    "clinic.staff.queries.find_member",
    "clinic.targets.queries.find_plan",
}
"""Finders of what exists for everybody who works here."""
OF_ITS_OWNER = {
    "clinic.jobs.queries.find_own": "lawyer",
    "clinic.register.views.find_outcome": None,
    "clinic.register.views.find_upload": None,
    "clinic.staff.passkeys.find_own": "lawyer",
    "clinic.staff.queries.find_own_session": "lawyer",
    "clinic.web.drafts.find_own": "lawyer",
}
"""Finders of what exists for one person alone: whose the one of the small clinic is."""
Exists = Callable[[Seat], bool]
SEEN_BY: dict[str, Exists] = {
    "clinic.children.queries.find_pair": lambda seat: Role.COORDINATOR in seat.roles,  # two children without a case
    "clinic.conflicts.queries.find_conflict": lambda seat: seat.sees_the_case and Role.COORDINATOR in seat.roles,
    "clinic.counselling.queries.find_group": lambda seat: seat.sees_the_case and Role.COUNSELLOR in seat.on_team_as,
}


def holds(seat: Seat, permission: Permission) -> bool:
    """Whether a role of theirs grants it."""
    return any(permission in GRANTS[role] for role in seat.roles)


def exists(seat: Seat, finder: Any) -> bool:
    """Whether what a finder looks for exists for somebody. A new finder needs a line above."""
    name = f"{finder.__module__}.{finder.__qualname__}"
    if name in OF_ITS_OWNER:
        return OF_ITS_OWNER[name] == seat.name
    if name in SEEN_BY:
        return SEEN_BY[name](seat)
    if name in OF_THE_CASE:
        return seat.sees_the_case
    assert name in OF_THE_CLINIC, f"{name} finds something new: say here for whom that exists"
    return True


def _records_legal_steps(seat: Seat) -> str:
    """The step of these addresses is a hearing or an attendance, which its kind says who may record."""
    return "y" if holds(seat, Permission.STEP_RECORD_LEGAL) else "n"


def _shows_the_defence(seat: Seat) -> str:
    """Who is on the team as the role whose lane it is shows a note and takes it back; not in an emergency."""
    roles = {role for role, lane in LANE_OF.items() if lane is Lane.LEGAL}
    return "y" if roles & set(seat.on_team_as) else "n"


BESIDES: dict[str, Callable[[Seat], str]] = {
    "calls.question": _records_legal_steps,
    "desk.answer": _records_legal_steps,
    "steps.add": _records_legal_steps,
    "steps.plan": _records_legal_steps,
    "steps.complete": _records_legal_steps,
    "steps.correct": _records_legal_steps,
    "steps.not_done": _records_legal_steps,
    "steps.withdraw": _records_legal_steps,
    "steps.share": _shows_the_defence,
    "steps.unshare": _shows_the_defence,
    "desk.whole": lambda seat: "y" if {Role.LAWYER, Role.COUNSELLOR} & set(seat.roles) else "-",  # the desk's own part
    "emergency.end": lambda seat: "y" if holds(seat, Permission.CASE_ASSIGN) else "n",  # or whose access it is
    "jobs.result": lambda _seat: "-",  # nothing came of it yet
}


def cell(view: Any, endpoint: str, seat: Seat) -> str:
    """`-`: does not exist for them. `n`: they may not. `y`: it opens."""
    if view.needs is None:
        return "y"
    if view.finders and not all(exists(seat, finder) for finder in view.finders.values()):
        return "-"
    if not holds(seat, view.needs):
        return "n"
    return BESIDES[endpoint](seat) if endpoint in BESIDES else "y"
