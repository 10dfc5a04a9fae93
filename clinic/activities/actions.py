"""Writing activities: added, corrected, withdrawn; every earlier state is kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from clinic import clock, versions
from clinic.access.reader import Reader
from clinic.activities import rules
from clinic.activities.models import Activity
from clinic.audit import actions as chain
from clinic.children.references import clinic_of_now, next_reference
from clinic.crypto import current, sealing
from clinic.db import session
from clinic.languages import _l
from clinic.refusals import AlreadyThere, ChangedMeanwhile, Refusal

FIELDS = (
    "held_on",
    "kind",
    "audience",
    "participants_female",
    "participants_male",
    "projects",
    "title",
    "place",
    "note",
)


class AlreadyWithdrawn(Refusal):
    """A withdrawn activity cannot be changed."""

    message = _l("This activity was withdrawn and can no longer be changed.")


def record(values: Mapping[str, Any], *, by: Reader, activity_id: uuid.UUID | None = None) -> Activity:
    """Adds an activity. The same id with the same content is answered with what was saved, else AlreadyThere."""
    said = {name: values.get(name) for name in FIELDS}
    if activity_id is not None and (there := session.get(Activity, activity_id)) is not None:
        if all(getattr(there, name) == value for name, value in said.items()):
            return there
        raise AlreadyThere
    rules.check(values)
    start = f"{clinic_of_now().prefix}-A"
    activity = Activity(
        id=activity_id,
        reference=next_reference("activity", start, Activity.reference),
        recorded_by=by.staff_id,
        entered=int(clock.now().timestamp() * 1_000_000),
        **said,
    )
    session.add(activity)
    session.flush()
    chain.record("activity.recorded", subject=activity)
    return activity


def correct(
    activity: Activity, values: Mapping[str, Any], *, version: int, because: str | None, by: Reader
) -> Activity:
    """Corrects an activity; the state before is kept with the reason."""
    _refuse_unless_free(activity, version)
    rules.check(values)
    with versions.giving_reason(_sealed(activity, because)):
        for name in FIELDS:
            setattr(activity, name, values.get(name))
        session.flush()
    chain.record("activity.corrected", subject=activity)
    return activity


def withdraw(activity: Activity, *, version: int, because: str | None, by: Reader) -> Activity:
    """Takes an activity back: it is counted nowhere, and its last state is kept with the reason."""
    _refuse_unless_free(activity, version)
    with versions.giving_reason(_sealed(activity, because)):
        activity.withdrawn_at, activity.withdrawn_by = clock.now(), by.staff_id
        session.flush()
    chain.record("activity.withdrawn", subject=activity)
    return activity


def _refuse_unless_free(activity: Activity, version: int) -> None:
    if activity.withdrawn_at is not None:
        raise AlreadyWithdrawn
    if activity.version != version:
        raise ChangedMeanwhile


def _sealed(activity: Activity, because: str | None) -> bytes | None:
    if not because:
        return None
    place = sealing.place(activity.clinic_id, "activity_version", "because", activity.id)
    return sealing.seal(current.ring(), "facts", place, because)
