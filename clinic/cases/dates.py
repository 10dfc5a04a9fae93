"""Rules of days that every room shares: what took place lies behind us, and no end comes before its beginning."""

from __future__ import annotations

from datetime import date

from clinic import clock
from clinic.clock import Moment
from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import StepState


class NotYet(Refusal):
    """A step that took place on a day to come."""

    message = _l("This day lies ahead. What is still to come is planned, not recorded.")


class EndBeforeBeginning(Refusal):
    """An end, an answer or a next time that lies before what it follows."""

    message = _l("This day lies before the one on which it began.")


class NextNotLater(Refusal):
    """The next time is not after this one."""

    message = _l("The next time must be on a later day than this one.")


def refuse_a_day_to_come(field: str, day: date | Moment | None, state: StepState = StepState.DONE) -> None:
    """Raises NotYet if what took place lies ahead."""
    if state == StepState.DONE and day is not None and day_of(day) > clock.today():
        raise NotYet(field=field)


def refuse_an_end_before(began: date | None, field: str, ended: date | None) -> None:
    """Raises EndBeforeBeginning if the end lies before the beginning."""
    if began is not None and ended is not None and ended < began:
        raise EndBeforeBeginning(field=field)


def refuse_next_not_later(this: date | Moment | None, field: str, following: date | Moment | None) -> None:
    """Raises NextNotLater unless the next time lies on a later day than this one."""
    if this is not None and following is not None and day_of(following) <= day_of(this):
        raise NextNotLater(field=field)


def day_of(when: date | Moment) -> date:
    """The clinic's day of a day or a moment."""
    return when.local_date if isinstance(when, Moment) else when
