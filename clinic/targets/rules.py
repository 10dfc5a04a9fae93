"""What a target says of a figure, and what a target may be."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clinic import formats
from clinic.languages import _, _l
from clinic.refusals import Refusal
from clinic.targets.catalogue import Aim, Section


class Verdict(StrEnum):
    """How a figure stands to its target."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"
    """The period is not over: nothing is missed yet."""


@dataclass(frozen=True)
class Goal:
    """A target as a report shows it beside the figure. `is_at_most`: the figure should not rise above it."""

    indicator: str
    value: float
    is_at_most: bool
    set_by: uuid.UUID
    set_at: datetime

    def verdict(self, actual: object, *, is_over: bool) -> Verdict | None:
        """How a figure stands to it, compared as both are written: to one decimal. None where the figure is not told:
        no number, or one that its edition hides."""
        if isinstance(actual, bool) or not isinstance(actual, int | float):
            return None
        if not is_over:
            return Verdict.RUNNING
        told, wanted = formats.half_up(actual), formats.half_up(self.value)
        is_met = told <= wanted if self.is_at_most else told >= wanted
        return Verdict.MET if is_met else Verdict.MISSED


@dataclass(frozen=True)
class Words:
    """The paragraph of a section, in each language that it was written in."""

    ar: str | None = None
    en: str | None = None

    def told_in(self, language: str) -> str | None:
        """The paragraph in a language; None where nobody wrote it."""
        return self.ar if language == "ar" else self.en


class EndsBeforeItBegins(Refusal):
    """A period whose last day lies before its first."""

    message = _l("The period ends before it begins. Give its first day, then its last.")
    field = "last"


class OutOfReach(Refusal):
    """A target that no figure can reach: a share above 100, half a child."""


def check_period(first: date, last: date) -> None:
    """A period ends on or after its first day."""
    if last < first:
        raise EndsBeforeItBegins


def check_targets(section: Section, values: Mapping[str, float | None]) -> None:
    """Each target is one that its figure can have."""
    for aim in section.aims:
        value = values.get(aim.indicator)
        if value is not None:
            _refuse_out_of_reach(aim, value)


def _refuse_out_of_reach(aim: Aim, value: float) -> None:
    if aim.is_whole and value != int(value):
        raise OutOfReach(_("Write a whole number, such as 45."), field=aim.indicator)
    if value < aim.least or (aim.most is not None and value > aim.most):
        raise OutOfReach(_bounds(aim), field=aim.indicator)


def _bounds(aim: Aim) -> str:
    least = formats.number(aim.least)
    if aim.most is None:
        return _("Write a number of at least %(least)s.", least=least)
    return _("Write a number from %(least)s to %(most)s.", least=least, most=formats.number(aim.most))
