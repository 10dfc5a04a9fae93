"""What stands around the line of a case: consents, tasks, what is shown across lanes, who is kept out, who is in by
emergency.

Most cases have little of it. One statement asks which of it there is, and only that is read: what is rare, together.
Rooms above have it asked for theirs as well: see `Further`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import joinedload

from clinic import clock
from clinic.access.models import EmergencyAccess, LaneShare, Wall
from clinic.cases.models import CaseFile, Consent, Task
from clinic.db import Id, UtcDateTime, session
from clinic.prepared import send


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one case now."""

    shares: Sequence[LaneShare]
    walls: Sequence[Wall]
    emergencies: Sequence[EmergencyAccess]
    consents: Sequence[Consent]
    tasks: Sequence[Task]
    further: frozenset[str] = frozenset()
    """What else there may be, by the names under which rooms above look for it."""


@dataclass(frozen=True, slots=True)
class Further:
    """What a room above looks for around a case: a condition that holds wherever there is any of it for anybody.

    It gets the id of the case; `asked` gives the values of what else it is bound to.
    """

    there_is: Callable[[BindParameter[uuid.UUID]], ColumnElement[bool]]
    asked: Callable[[], Mapping[str, Any]] = dict


_further: dict[str, Further] = {}


def look_for(**further: Further) -> None:
    """Has these asked for as well; done once, where the house is wired."""
    _further.clear()
    _further.update(further)
    _which_there_is.cache_clear()


_RARE = (LaneShare, Wall, EmergencyAccess)


def read(case_id: uuid.UUID) -> Around:
    """Reads all of it and keeps it for the rooms that ask in the same request."""
    asked = _asked(case_id)
    values = (value for further in _further.values() for value in further.asked().items())
    there = send(_which_there_is(), {**asked, **dict(values)}).one()
    rare = session.execute(_rare_together(), asked).all() if there.rare else []
    shares, walls, emergencies = (_once(row[place] for row in rare) for place in range(len(_RARE)))
    consents, tasks = (every(name, case_id) if there._mapping[name] else () for name in ("consents", "tasks"))
    others = frozenset(name for name in _further if there._mapping[name])
    found = Around(shares, walls, emergencies, consents, tasks, others)
    session.info[_key(case_id)] = found
    return found


def kept(case_id: uuid.UUID) -> Around | None:
    """What `read` found in this request, if it was asked."""
    found: Around | None = session.info.get(_key(case_id))
    return found


def there_may_be(name: str, case_id: uuid.UUID) -> bool:
    """Whether a room above need look for what it has around this case; yes, where `read` was not asked."""
    found = kept(case_id)
    return found is None or name in found.further


def every(name: str, case_id: uuid.UUID) -> Sequence[Any]:
    """All that there is of one of these."""
    return session.scalars(_wanted()[name], _asked(case_id)).unique().all()


def _asked(case_id: uuid.UUID) -> dict[str, Any]:
    return {"of_case": case_id, "now": clock.now(), "today": clock.today()}


def _case() -> BindParameter[uuid.UUID]:
    return bindparam("of_case", type_=Id)


def _that_are_rare() -> list[ColumnElement[bool]]:
    """Which of the rare ones are meant, one condition each."""
    now, today = bindparam("now", type_=UtcDateTime), bindparam("today", type_=Date)
    return [
        and_(LaneShare.case_id == _case(), LaneShare.until >= today, LaneShare.ended_at.is_(None)),
        and_(Wall.case_id == _case(), Wall.lifted_at.is_(None)),
        and_(EmergencyAccess.case_id == _case(), EmergencyAccess.until > now),
    ]


@cache
def _rare_together() -> Select[*tuple[Any, ...]]:
    """What is shown across lanes, who is kept out and who is in by emergency: a row for each that meets each."""
    wanted: Select[*tuple[Any, ...]] = select(*_RARE).select_from(CaseFile)
    for model, meant in zip(_RARE, _that_are_rare(), strict=True):
        wanted = wanted.outerjoin(model, meant)
    orders = (LaneShare.shared_at, LaneShare.id, Wall.built_at.desc(), Wall.id, EmergencyAccess.until)
    return wanted.where(CaseFile.id == _case()).order_by(*orders, EmergencyAccess.id)


@cache
def _wanted() -> dict[str, Select[Any]]:
    """How the others are read, and who is in by emergency where nothing else is asked; by its name."""
    *_others, running = _that_are_rare()
    ledger = select(Consent).where(Consent.case_id == _case()).options(joinedload(Consent.sharings))
    to_do = select(Task).where(Task.case_id == _case(), Task.done_at.is_(None))
    return {
        "consents": ledger.order_by(Consent.given_on.desc(), Consent.recorded_at.desc()),
        "tasks": to_do.order_by(Task.due_on, Task.id),
        "emergencies": select(EmergencyAccess).where(running).order_by(EmergencyAccess.until, EmergencyAccess.id),
    }


@cache
def _which_there_is() -> Select[*tuple[Any, ...]]:
    """Whether there is any of each, and any of the rare ones."""
    rare = (exists().where(meant) for meant in _that_are_rare())
    often = (_wanted()[name].order_by(None).exists().label(name) for name in ("consents", "tasks"))
    others = (one.there_is(_case()).label(name) for name, one in _further.items())
    return select(or_(*rare).label("rare"), *often, *others)


def _once(found: Iterable[Any]) -> list[Any]:
    return list({one.id: one for one in found if one is not None}.values())


def _key(case_id: uuid.UUID) -> tuple[str, uuid.UUID]:
    return "around", case_id
