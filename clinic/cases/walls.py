"""Walls: a person is kept from a case for a reason. For them it does not exist from then on, on no page and in no list.

That it does not exist is said in `queries.is_visible_to`; here is who builds and lifts a wall, and what it takes away.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from clinic import clock
from clinic.access.models import Wall
from clinic.access.permissions import Role
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases import emergencies, team, unfinished
from clinic.cases.models import CaseFile
from clinic.cases.queries import is_visible_to
from clinic.db import session
from clinic.jobs import actions as work
from clinic.jobs import queries as jobs
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.staff import notices
from clinic.staff import queries as staff


class FromOneself(Refusal):
    """A coordinator keeps themself from a case: who would lift the wall?"""

    message = _l("You cannot keep yourself from a case. Ask another coordinator to do it.")
    field = "person"


class FromTheOnlyCoordinator(Refusal):
    """The only coordinator of the clinic keeps themself from a case."""

    message = _l(
        "You are the only coordinator who sees this case: without you nobody could assign it or lift the wall. "
        "The clinic needs another coordinator first."
    )
    field = "person"


class StandsAlready(Refusal):
    """A second wall between the same two."""

    message = _l("This person is kept from this case already.")
    field = "person"


class NothingToKeepFrom(Refusal):
    """A wall for somebody who sees no case anyway."""

    message = _l("This person does not work with cases. Choose another.")
    field = "person"


class NeedsAReason(Refusal):
    """A wall built or lifted without a reason."""

    message = _l("Say why, in a few words.")
    field = "because"


def walls_of(case_id: uuid.UUID) -> Sequence[Wall]:
    """The walls around a case, those that stand first, then the latest. For who was found able to see the case."""
    wanted = select(Wall).where(Wall.case_id == case_id)
    return session.scalars(wanted.order_by(Wall.lifted_at.is_not(None), Wall.built_at.desc(), Wall.id)).all()


def standing(walls: Sequence[Wall]) -> list[Wall]:
    """Those that are not lifted."""
    return [one for one in walls if one.lifted_at is None]


def who_can_be_kept_out(case_id: uuid.UUID, *, reader: Reader) -> list[tuple[uuid.UUID, str]]:
    """Everybody who works with cases and is not kept from this one, the reader apart."""
    kept_out = {one.staff_id for one in standing(walls_of(case_id))} | {reader.staff_id}
    people = {one for role in Role if LANES[role] for one in staff.people_with(role, reader=reader)}
    return sorted((one for one in people if one[0] not in kept_out), key=lambda one: one[1])


def find_wall(wall_id: uuid.UUID, *, reader: Reader) -> Wall | None:
    """A wall that stands, if its case exists for the reader."""
    wanted = select(Wall).join(CaseFile, CaseFile.id == Wall.case_id)
    return session.scalar(wanted.where(Wall.id == wall_id, Wall.lifted_at.is_(None), is_visible_to(reader)))


def build_wall(case: CaseFile, *, person: uuid.UUID, because: str | None, by: Reader) -> Wall:
    """Keeps a person from a case: off its team, without drafts and notices of it, tasks there and results that wait.

    Raises FromOneself, FromTheOnlyCoordinator, NothingToKeepFrom, StandsAlready, NeedsAReason.
    """
    _refuse_unless_fit(case, person, because, by)
    wall = Wall(case_id=case.id, staff_id=person, built_by=by.staff_id, because=because)
    session.add(wall)
    session.flush()
    chain.record("wall.built", subject=wall, case_id=case.id)
    _take_off(case, person)
    emergencies.end_at_once(case.id, person, by=by)
    unfinished.hand_on(case.id, of=person, to=unfinished.heir_of(case, by, but=person))
    team.remove_lost_drafts(case.id)
    notices.take_back(person, case_id=case.id)
    _throw_results_away(person)
    session.flush()
    return wall


def _refuse_unless_fit(case: CaseFile, person: uuid.UUID, because: str | None, by: Reader) -> None:
    if person == by.staff_id:
        others = [one for one, _name in staff.people_with(Role.COORDINATOR, reader=by) if one != person]
        raise FromOneself if others else FromTheOnlyCoordinator
    if team.is_kept_from(case.id, person):
        raise StandsAlready
    if person not in {one for one, _name in who_can_be_kept_out(case.id, reader=by)}:
        raise NothingToKeepFrom
    if not because:
        raise NeedsAReason


def _take_off(case: CaseFile, person: uuid.UUID) -> None:
    """Yesterday was their last day: from now on they are on the team no longer."""
    today = clock.today()
    for member in case.team:
        if member.staff_id == person and (member.until is None or member.until >= today):
            team.take_off_team(case, member, last_day=today - timedelta(days=1))


def _throw_results_away(person: uuid.UUID) -> None:
    """Registers and reports that were made for them until now may hold the case; they ask for them again."""
    for job in jobs.list_begun_for(person):
        work.drop(job)


def lift_wall(wall: Wall, *, because: str | None, by: Reader) -> None:
    """The case exists for the person again. Being off its team they see it only if they are put on it, or coordinate.

    Raises NeedsAReason.
    """
    if not because:
        raise NeedsAReason
    wall.lifted_at, wall.lifted_by, wall.lifted_because = clock.now(), by.staff_id, because
    session.flush()
    chain.record("wall.lifted", subject=wall, case_id=wall.case_id)
