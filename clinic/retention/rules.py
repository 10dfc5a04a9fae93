"""How long a file stays: by why its case was closed and how old the child is, as config/retention.toml says it."""

from __future__ import annotations

import calendar
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from clinic.children.models import Child
from clinic.vocabularies.fixed import DatePrecision
from config.settings import SettingsProblem

SHIPPED: Final = Path(__file__).parents[2] / "config" / "retention.toml"
LONGEST: Final = 100


class BadRetention(SettingsProblem):
    """The rules cannot be read; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Span:
    """How many years after the closing, and after the child comes of age; both must be over."""

    after_closing: int
    after_of_age: int


@dataclass(frozen=True, slots=True)
class Retention:
    """The rules of a clinic."""

    of_age: int
    youngest: int
    soon_days: int
    kept: Span
    reasons: Mapping[str, Span]

    def span_for(self, closure_reason: str) -> Span:
        """The span of a reason of closing."""
        return self.reasons.get(closure_reason, self.kept)

    @property
    def shortest(self) -> Span:
        """No file is due before these are over."""
        spans = (self.kept, *self.reasons.values())
        return Span(min(one.after_closing for one in spans), min(one.after_of_age for one in spans))

    def kept_until(self, closure_reason: str, closed_on: date, of_age_on: date) -> date:
        """The day on which a file falls due."""
        span = self.span_for(closure_reason)
        return max(years_after(closed_on, span.after_closing), years_after(of_age_on, span.after_of_age))

    def of_age_on(self, child: Child, opened_on: date) -> date:
        """The latest day on which the child may come of age, by what is known of its birth."""
        born = child.birth_date
        if born is not None:
            return years_after(_last_day(born, child.birth_precision), self.of_age)
        if child.estimated_age is not None and child.estimated_on is not None:
            return years_after(child.estimated_on, self.of_age - child.estimated_age)
        return years_after(opened_on, self.of_age - self.youngest)


def _last_day(born: date, precision: DatePrecision | None) -> date:
    """The last day on which a child may have been born."""
    if precision == DatePrecision.YEAR:
        return born.replace(month=12, day=31)
    if precision == DatePrecision.MONTH:
        return born.replace(day=calendar.monthrange(born.year, born.month)[1])
    return born


def years_after(day: date, years: int) -> date:
    """The same day of another year; of 29 February the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def read(path: Path) -> Retention:
    """The rules of a file. Raises BadRetention, naming it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Retention(
            of_age=_years(content["of_age"]),
            youngest=_years(content["youngest"]),
            soon_days=_whole(content["soon_days"], 3660),
            kept=_span(content["kept"]),
            reasons={code: _span(entry) for code, entry in content.get("reason", {}).items()},
        )
    except (OSError, KeyError, TypeError, ValueError) as problem:
        raise BadRetention(f"{path}: {type(problem).__name__}: {problem}") from problem


def _span(entry: Mapping[str, Any]) -> Span:
    return Span(_years(entry["after_closing"]), _years(entry["after_of_age"]))


def _years(value: Any) -> int:
    return _whole(value, LONGEST)


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(f"a whole number from 0 to {most} is wanted, not {value!r}")
    return value


_own: Path | None = None


def use(path: Path | None) -> None:
    """Makes a clinic's own file its rules; None: those that are shipped. Raises BadRetention."""
    global _own
    in_force_from(path or SHIPPED)
    _own = path


def in_force() -> Retention:
    """The rules of this clinic."""
    return in_force_from(_own or SHIPPED)


@cache
def in_force_from(path: Path) -> Retention:
    """The rules of a file, read once a process."""
    return read(path)
