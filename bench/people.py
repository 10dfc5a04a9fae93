"""Who signs in to a measured clinic, and what its data say: run in a process of its own on the clinic's settings.

    python -m bench.people > people.json

Everybody in it is invented, as is the register.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Role
from clinic.cases.models import CaseFile, TeamMember
from clinic.children.models import Child
from clinic.operations import starting
from clinic.staff import actions
from clinic.staff.models import Clinic, StaffMember
from config.settings import Settings

PASSWORD = "olive-thyme-almond-swift"
COORDINATOR = "coordinator.bench"
SEARCHED = 40
SPELT = str.maketrans("أإآةىؤئ", "اااهيوي")  # as people type who do not look for the right letter
MISSPELT = (("ou", "u"), ("ee", "i"), ("kh", "k"), ("aa", "a"), ("-", " "))


def opened(username: str, role: Role) -> StaffMember:
    """An account that can sign in."""
    member = actions.find_account(username) or actions.add_account(username=username, name=username, roles=[role])
    actions.set_password(member, PASSWORD)
    return member


def cases_of(member: StaffMember) -> list[tuple[str, str]]:
    """Id and reference of the running cases of a person's team."""
    rows = db.session.execute(
        select(CaseFile.id, CaseFile.reference)
        .join(TeamMember, TeamMember.case_id == CaseFile.id)
        .where(TeamMember.staff_id == member.id, TeamMember.until.is_(None))
        .order_by(CaseFile.reference.desc())
    )
    return [(str(case_id), reference) for case_id, reference in rows]


def spelt_otherwise(children: Iterable[Child]) -> list[tuple[str, str]]:
    """What somebody types who looks for a child, in Arabic or Latin letters, and the name that is to be found."""
    typed = []
    for turn, child in enumerate(children):
        if turn % 2 and child.name_latin:
            text = child.name_latin.lower()
            for right, wrong in MISSPELT:
                text = text.replace(right, wrong)
            typed.append((text, child.name_latin))
        else:
            typed.append((child.name.translate(SPELT), child.name))
    return typed


def everything() -> dict[str, Any]:
    """What the measures need to know of this clinic."""
    clinic = starting.open_clinic(Settings.from_environment())
    with db.acting(clinic.id):
        db.session.get_one(Clinic, clinic.id).factor_required_of = ()  # a client has no second factor
        lawyer = opened("lawyer.rana", Role.LAWYER)
        opened(COORDINATOR, Role.COORDINATOR)
        db.session.commit()
        ids = list(db.session.scalars(select(Child.id).order_by(Child.reference)))
        some = ids[:: max(1, len(ids) // SEARCHED)][:SEARCHED]
        children = db.session.scalars(select(Child).where(Child.id.in_(some))).all()
        return {
            "lawyer": lawyer.username,
            "coordinator": COORDINATOR,
            "password": PASSWORD,
            "cases": cases_of(lawyer),
            "children": spelt_otherwise(children),
            "newest": db.session.scalar(
                select(CaseFile.reference)
                .where(CaseFile.last_step_on.is_not(None))
                .order_by(CaseFile.last_step_on.desc(), CaseFile.id.desc())
                .limit(1)
            ),
            "today": clock.today().isoformat(),
        }


if __name__ == "__main__":
    json.dump(everything(), sys.stdout, ensure_ascii=False)
