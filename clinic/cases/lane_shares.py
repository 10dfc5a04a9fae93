"""Showing a step's notes of one lane on purpose to another role of the team, or to one person on it, until a day.

A share is of one step and one lane, and for reading on the line and on the step's own page alone: no correction, no
history and no paper. Who is on the team no longer, or is outside it in an emergency, has nothing of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from clinic import clock, formats
from clinic.access.models import LaneShare
from clinic.access.permissions import Lane, Role
from clinic.access.policy import LANES
from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.cases.models import CaseFile, Step
from clinic.cases.queries import Seat, is_visible_to, seat_of
from clinic.cases.shown import complete, shown_to
from clinic.db import session
from clinic.languages import _, _l
from clinic.refusals import Refusal
from clinic.staff import notices
from clinic.staff.models import StaffMember

USUALLY: Final = timedelta(days=14)
AT_MOST: Final = timedelta(days=90)
LANE_OF: Final = {Role.LAWYER: Lane.LEGAL, Role.COUNSELLOR: Lane.SOCIAL}
"""The lane that each role can show. How a child was treated is told in a complaint, never this way."""

Given = Mapping[uuid.UUID, frozenset[Lane]]
"""The lanes that are shown to a reader beside their own, by step."""


class NotOnTheTeam(Refusal):
    """Shown to somebody who is not on the team."""

    message = _l("Choose somebody on the team of this case.")
    field = "to"


class TooLong(Refusal):
    """Shown for too long, or until a day that has passed."""

    message = _l("Choose a day from today on, within 90 days.")
    field = "until"


class SharedAlready(Refusal):
    """The same to the same twice."""

    message = _l("This is shared with them already. Take that back first.")
    field = "to"


def lanes_to_share(step: Step, seat: Seat) -> list[Lane]:
    """The lanes of a step in which something is written and that this reader can show to others."""
    if not seat.on_team or seat.in_emergency:
        return []
    return [lane for role, lane in LANE_OF.items() if role in seat.roles and lane.value in step.lanes_written]


def share(step: Step, *, lane: Lane, to: Role | uuid.UUID, until: date, because: str, by: Reader) -> LaneShare:
    """Shows the notes of a lane of a step. Raises NotOnTheTeam, TooLong, SharedAlready."""
    people = _reached(step.case, lane, to) - {by.staff_id}
    if not people:
        raise NotOnTheTeam
    if not clock.today() <= until <= clock.today() + AT_MOST:
        raise TooLong
    made = LaneShare(case_id=step.case_id, step_id=step.id, lane=lane.value, shared_by=by.staff_id)
    made.to_role, made.to_staff_id = (to.value, None) if isinstance(to, Role) else (None, to)
    made.until, made.because = until, because
    if any(_same(one, made) for one in shares_in(step.case_id, step.id)):
        raise SharedAlready
    session.add(made)
    session.flush()
    chain.record("note.shared", subject=made, case_id=step.case_id, detail=lane.value)
    for member in session.scalars(select(StaffMember).where(StaffMember.id.in_(people))):
        notices.tell(member, "note_shared", case_id=step.case_id)
    return made


def _same(one: LaneShare, other: LaneShare) -> bool:
    return (one.lane, one.to_role, one.to_staff_id) == (other.lane, other.to_role, other.to_staff_id)


def _reached(case: CaseFile, lane: Lane, to: Role | uuid.UUID) -> set[uuid.UUID]:
    """Who of the team reads it then and does not read it anyway."""
    return {
        one.staff_id
        for one in case.team
        if one.serves_on(clock.today()) and to in (one.staff_id, one.role) and lane not in LANES[Role(one.role)]
    }


def choices_for(case: CaseFile, lane: Lane, names: Mapping[uuid.UUID, str]) -> list[tuple[str, str]]:
    """To whom the notes of a lane can be shown: a role, or one person, of those who do not read it anyway."""
    today = clock.today()
    others = [one for one in case.team if one.serves_on(today) and lane not in LANES[Role(one.role)]]
    roles = [(role, str(_WHOM[Role(role)])) for role in sorted({one.role for one in others})]
    return roles + [(str(one.staff_id), names.get(one.staff_id, "")) for one in others]


_WHOM = {
    Role.LAWYER: _l("the lawyers of this case"),
    Role.COUNSELLOR: _l("the counsellors of this case"),
}


def take_back(made: LaneShare, *, by: Reader) -> None:
    """Ends it at once; what has ended stays as it is."""
    if made.ended_at is None:
        made.ended_at, made.ended_by = clock.now(), by.staff_id
        session.flush()
        chain.record("note.share_ended", subject=made, case_id=made.case_id, detail=made.lane)


def find_share(share_id: uuid.UUID, *, reader: Reader) -> LaneShare | None:
    """What is shown in a case that exists for the reader."""
    wanted = select(LaneShare).join(CaseFile, CaseFile.id == LaneShare.case_id)
    return session.scalar(wanted.where(LaneShare.id == share_id, is_visible_to(reader)))


def may_take_back(made: LaneShare, *, reader: Reader) -> bool:
    """Who holds the lane in the case as one of its team takes it back."""
    seat = seat_of(session.get_one(CaseFile, made.case_id), reader)
    return seat.on_team and not seat.in_emergency and Lane(made.lane) in seat.lanes


def shares_in(case_id: uuid.UUID, step_id: uuid.UUID | None = None) -> Sequence[LaneShare]:
    """What is shown today of a case, or of one of its steps."""
    wanted = select(LaneShare).where(
        LaneShare.case_id == case_id, LaneShare.until >= clock.today(), LaneShare.ended_at.is_(None)
    )
    if step_id is not None:
        wanted = wanted.where(LaneShare.step_id == step_id)
    return session.scalars(wanted.order_by(LaneShare.shared_at, LaneShare.id)).all()


def given_to(shares: Iterable[LaneShare], seat: Seat, reader: Reader) -> Given:
    """What of these is shown to this reader, who must be on the team."""
    given: dict[uuid.UUID, frozenset[Lane]] = {}
    for one in shares if seat.on_team and not seat.in_emergency else ():
        if one.to_staff_id == reader.staff_id or one.to_role in seat.roles:
            given[one.step_id] = given.get(one.step_id, frozenset()) | {Lane(one.lane)}
    return {step_id: lanes - seat.lanes for step_id, lanes in given.items() if lanes - seat.lanes}


def all_lanes(given: Given) -> frozenset[Lane]:
    """The lanes that are shown in any step: what the log of readings says."""
    return frozenset[Lane]().union(*given.values())


def load(steps: Iterable[Step], given: Given, held: frozenset[Lane]) -> None:
    """Loads the lanes that are shown, of the steps in which they are, and of no other."""
    wanted: dict[frozenset[Lane], dict[uuid.UUID, Step]] = {}
    for step in steps:
        if step.id in given:
            wanted.setdefault(given[step.id], {})[step.id] = step
    for lanes, by_id in wanted.items():
        wider = shown_to(held | lanes)
        for told in wider.read(wider.wanted.where(Step.id.in_(list(by_id)))):
            complete(by_id[told.id], told)


def in_words(made: LaneShare, names: Mapping[uuid.UUID, str]) -> str:
    """With whom it is shared and until when, for both sides."""
    whom = str(_WHOM[Role(made.to_role)]) if made.to_role else formats.isolate(names.get(made.to_staff_id, ""))  # type: ignore[arg-type]
    who = formats.isolate(names.get(made.shared_by, ""))
    day = formats.day(made.until)
    if made.lane == Lane.LEGAL:
        return _("%(who)s shows the lawyers' note to %(whom)s until %(day)s.", who=who, whom=whom, day=day)
    return _("%(who)s shows the counsellors' note to %(whom)s until %(day)s.", who=who, whom=whom, day=day)
