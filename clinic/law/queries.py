"""The rule sets with who of the clinic confirmed them."""

from __future__ import annotations

from sqlalchemy import select

from clinic import clock
from clinic.db import current_clinic, session
from clinic.law.models import RuleSetConfirmation
from clinic.law.rules import RuleSets, shipped
from clinic.staff.models import StaffMember


def rule_sets() -> RuleSets:
    """The shipped rule sets as the clinic at work has confirmed them. One statement."""
    rows = session.execute(
        select(RuleSetConfirmation.code, RuleSetConfirmation.digest, StaffMember.name, RuleSetConfirmation.confirmed_at)
        .join(StaffMember, StaffMember.id == RuleSetConfirmation.confirmed_by)
        .where(RuleSetConfirmation.clinic_id == current_clinic.get())
    )
    return shipped().confirmed({(code, digest): (name, clock.local_date(at)) for code, digest, name, at in rows})
