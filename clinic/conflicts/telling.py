"""Who hears what a coordinator decided: the teams who waited, and everybody who must know that something follows.

They read that they are to speak with the coordinator, or that they may go on: never what was alike, or with whom.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, or_, select

from clinic import clock
from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile, TeamMember
from clinic.cases.queries import is_visible_to, on_team
from clinic.conflicts.models import ConflictState, PossibleConflict
from clinic.conflicts.queries import is_between, must_ask
from clinic.db import session
from clinic.staff import notices
from clinic.staff.models import AccountState, StaffMember

_Condition = Callable[[Reader], ColumnElement[bool]]
Concerned = Mapping[uuid.UUID, list[uuid.UUID]]
"""Of each person on a team, the cases about which they hear."""


def concerned_by(conflict: PossibleConflict, *, but: uuid.UUID) -> Concerned:
    """Who works on either side of a conflict, as far as no wall keeps the other side from them."""
    return _of_whom(conflict, but, lambda reader: is_between(reader, PossibleConflict.id == conflict.id))


def who_waits(conflict: PossibleConflict, *, but: uuid.UUID) -> Concerned:
    """Who waits on either side: asked to, because of this conflict or of another, or told of a decision."""
    if conflict.state == ConflictState.CONFLICT:
        return concerned_by(conflict, but=but)
    return _of_whom(conflict, but, must_ask)


def tell_of_decision(conflict: PossibleConflict, *, waited: Concerned, by: Reader) -> None:
    """Tells who must know: of a conflict, everybody whom it concerns; else who waited and need not any longer."""
    if conflict.state == ConflictState.CONFLICT:
        _tell("conflict_decided", concerned_by(conflict, but=by.staff_id))
        return
    waits = who_waits(conflict, but=by.staff_id)
    go_on = {who: [one for one in cases if one not in waits.get(who, ())] for who, cases in waited.items()}
    _tell("conflict_settled", {who: cases for who, cases in go_on.items() if cases})


def _tell(what: str, concerned: Concerned) -> None:
    for staff_id, cases in concerned.items():
        member = session.get_one(StaffMember, staff_id)
        for case_id in cases:
            notices.tell(member, what, case_id=case_id)


def _of_whom(conflict: PossibleConflict, but: uuid.UUID, condition: _Condition) -> Concerned:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    sides = or_(CaseFile.id == conflict.named_case_id, CaseFile.child_id == conflict.other_child_id)
    for reader in _on_teams(sides):
        if reader.staff_id != but:
            wanted = select(CaseFile.id).where(sides, is_visible_to(reader), CaseFile.id.in_(on_team(reader)))
            found[reader.staff_id] += session.scalars(wanted.where(condition(reader)).order_by(CaseFile.id))
    return {who: cases for who, cases in found.items() if cases}


def _on_teams(sides: ColumnElement[bool]) -> list[Reader]:
    """Everybody who serves today on the team of one of these cases, as they read."""
    today = clock.today()
    serves = select(TeamMember.staff_id).join(CaseFile, CaseFile.id == TeamMember.case_id).where(sides)
    serves = serves.where(TeamMember.since <= today, or_(TeamMember.until.is_(None), TeamMember.until >= today))
    members = session.scalars(
        select(StaffMember)
        .where(StaffMember.id.in_(serves), StaffMember.state != AccountState.CLOSED)
        .order_by(StaffMember.id)
    )
    return [
        Reader(one.id, one.clinic_id, one.name, frozenset(Role(role) for role in one.roles), one.language)
        for one in members
    ]
