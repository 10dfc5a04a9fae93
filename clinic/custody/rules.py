"""What must hold between the answers of a custody period, and what in them is a right that was missed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from clinic import clock
from clinic.clock import Moment
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import Answer


class EndsBeforeItBegan(Refusal):
    """The period ends before it began."""

    message = _l("The end lies before the beginning. Check the day and the time.")
    field = "ended"


class ReasonWithoutEnd(Refusal):
    """A reason of release while the child is still held."""

    message = _l("Say when it ended, or leave the reason of the release open.")
    field = "ended"


def check(values: Mapping[str, Any]) -> None:
    """Raises the refusal of the first two answers that cannot both be true."""
    began, ended = values.get("began"), values.get("ended")
    if began is not None and ended is not None and clock.is_after(began, ended):
        raise EndsBeforeItBegan
    if values.get("release_reason") and "ended" in values and ended is None:
        raise ReasonWithoutEnd


class Period(Protocol):
    """What the facts lane knows of a period."""

    place: str | None
    holding_body: str | None
    began: Moment | None
    ended: Moment | None
    order_ends_on: date | None
    separated_from_adults: Answer | None
    family_visit: Answer | None
    education_access: Answer | None
    lawyer_visit: Answer | None


class Breach(StrEnum):
    """A right of a child in custody that was missed."""

    ORDER_OVER = "order_over"
    WITH_ADULTS = "with_adults"
    BODY_NOT_AUTHORISED = "body_not_authorised"
    NO_FAMILY_VISIT = "no_family_visit"
    NO_LAWYER_VISIT = "no_lawyer_visit"
    NO_EDUCATION = "no_education"


def order_is_over(period: Period, today: date) -> bool:
    """Whether the child is or was held after the last day that the order allows."""
    if period.order_ends_on is None:
        return False
    until = period.ended.local_date if period.ended else today
    return until > period.order_ends_on


def breaches(period: Period, *, today: date, authorised: Collection[str]) -> Iterable[Breach]:
    """The rights that were missed, as far as is known."""
    missed = (
        (Breach.ORDER_OVER, order_is_over(period, today)),
        (Breach.WITH_ADULTS, period.separated_from_adults == Answer.NO),
        (Breach.BODY_NOT_AUTHORISED, period.holding_body is not None and period.holding_body not in authorised),
        (Breach.NO_FAMILY_VISIT, period.family_visit == Answer.NO),
        (Breach.NO_LAWYER_VISIT, period.lawyer_visit == Answer.NO),
        (Breach.NO_EDUCATION, period.education_access == Answer.NO),
    )
    return [breach for breach, is_so in missed if is_so]
