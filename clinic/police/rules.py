"""What must hold between the answers of a police attendance, and what in them is a right that was missed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from clinic import clock
from clinic.clock import Moment
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import Answer


class NeedsTheArrival(Refusal):
    """The lawyer attended, but it is not said when."""

    message = _l("Say when the lawyer arrived. The day is enough.")
    field = "lawyer_arrived"


class LeftBeforeTaken(Refusal):
    """The child left the station before being taken there."""

    message = _l("The child cannot leave before being taken. Check the day and the time.")
    field = "left_police"


class SentOutIsNotPresent(Refusal):
    """A guardian who came and was sent out was not present."""

    message = _l("A guardian who was sent out was not present: answer “No” to one of the two.")
    field = "guardian_sent_out"


def check(values: Mapping[str, Any]) -> None:
    """Raises the refusal of the first two answers that cannot both be true (docs/register.md)."""
    if values.get("lawyer_attended") == Answer.YES and values.get("lawyer_arrived") is None:
        raise NeedsTheArrival
    taken, left = values.get("arrested"), values.get("left_police")
    if taken is not None and left is not None and clock.is_after(taken, left):
        raise LeftBeforeTaken
    if values.get("guardian_present") == Answer.YES and values.get("guardian_sent_out") == Answer.YES:
        raise SentOutIsNotPresent


class FirstHours(Protocol):
    """What the facts lane knows of a child's first hours with the police."""

    arrested: Moment | None
    lawyer_attended: Answer | None
    lawyer_arrived: Moment | None
    told_of_rights: Answer | None
    questioned_before_lawyer: Answer | None
    questioned: Moment | None
    guardian_sent_out: Answer | None
    holding_body: str | None
    left_police: Moment | None
    ill_treatment_alleged: Answer | None
    injuries_seen: Answer | None


class Breach(StrEnum):
    """A right of the first hours that was missed, as far as is known."""

    HELD_OVER_THE_LIMIT = "held_over_the_limit"
    QUESTIONED_BEFORE_LAWYER = "questioned_before_lawyer"
    WITHOUT_LAWYER = "without_lawyer"
    NOT_TOLD_OF_RIGHTS = "not_told_of_rights"
    GUARDIAN_SENT_OUT = "guardian_sent_out"
    BODY_NOT_AUTHORISED = "body_not_authorised"
    ILL_TREATMENT = "ill_treatment"
    INJURIES = "injuries"


def questioned_first(hours: FirstHours) -> bool:
    """Whether the child was questioned before the lawyer came: said so, or by the two times."""
    if hours.questioned_before_lawyer is not None:
        return hours.questioned_before_lawyer == Answer.YES
    if hours.questioned is None or hours.lawyer_arrived is None:
        return False
    return clock.is_after(hours.lawyer_arrived, hours.questioned) is True


def held_over(hours: FirstHours, limit_hours: int | None) -> bool:
    """Whether the child left later than the police may hold: known to the minute at both ends."""
    if limit_hours is None or hours.arrested is None or hours.left_police is None:
        return False
    held = clock.hours_between(hours.arrested, hours.left_police)
    return held is not None and held > limit_hours


def breaches(hours: FirstHours, *, limit_hours: int | None, authorised: Collection[str]) -> Iterable[Breach]:
    """The rights that were missed, the gravest for the custody itself first."""
    missed: tuple[tuple[Breach, Callable[[], bool]], ...] = (
        (Breach.HELD_OVER_THE_LIMIT, lambda: held_over(hours, limit_hours)),
        (Breach.QUESTIONED_BEFORE_LAWYER, lambda: questioned_first(hours)),
        (Breach.WITHOUT_LAWYER, lambda: hours.lawyer_attended == Answer.NO),
        (Breach.NOT_TOLD_OF_RIGHTS, lambda: hours.told_of_rights == Answer.NO),
        (Breach.GUARDIAN_SENT_OUT, lambda: hours.guardian_sent_out == Answer.YES),
        (Breach.BODY_NOT_AUTHORISED, lambda: hours.holding_body is not None and hours.holding_body not in authorised),
        (Breach.ILL_TREATMENT, lambda: hours.ill_treatment_alleged == Answer.YES),
        (Breach.INJURIES, lambda: hours.injuries_seen == Answer.YES),
    )
    return [breach for breach, is_so in missed if is_so()]
