"""The law by its date: sets of limits, as config/rules/*.toml gives them and a lawyer of the clinic confirms them.

Until a set is confirmed its limits are shown as unconfirmed: 48 hours, 45 days and 6 months were read in print, the
others are believed, and the limits of the law of 2016 itself (Art. 20) could not be read.
"""

from __future__ import annotations

import calendar
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from clinic.clock import ZONE
from clinic.languages import current_language

FOLDER: Final = Path(__file__).parents[2] / "config" / "rules"


class LimitCode(StrEnum):
    """What a limit is about."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    COURT_EXTENSION = "court_extension"
    COURT_TOTAL = "court_total"
    TOTAL = "total"


class BadRuleSet(ValueError):
    """A rule set that cannot be read, or that overlaps another."""


@dataclass(frozen=True, slots=True)
class BilingualText:
    """A text in both languages; as text, that of the current one."""

    en: str
    ar: str

    def __str__(self) -> str:
        return self.ar if current_language().code == "ar" else self.en


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a child may be held: real hours, or months of the calendar. `near_hours` before its end it runs out."""

    code: LimitCode
    name: BilingualText
    basis: BilingualText
    near_hours: int
    hours: int | None = None
    months: int | None = None

    def after(self, start: datetime) -> datetime:
        """When the limit ends that begins now. Months end on the same local day and time, or the month's last day."""
        if self.hours is not None:
            return start + timedelta(hours=self.hours)
        wall = start.astimezone(ZONE)
        year, month = divmod(wall.year * 12 + wall.month - 1 + (self.months or 0), 12)
        day = min(wall.day, calendar.monthrange(year, month + 1)[1])
        return wall.replace(year=year, month=month + 1, day=day).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The limits of one law, in force from a day to a day, both included; and who of the clinic confirmed them."""

    code: str
    name: BilingualText
    in_force_from: date | None
    in_force_to: date | None
    limits: tuple[Limit, ...]
    confirmed_by: str | None = None
    confirmed_on: date | None = None

    @property
    def confirmed(self) -> bool:
        return self.confirmed_by is not None

    def limit(self, code: LimitCode) -> Limit | None:
        """The limit of this name; None where the law sets none."""
        return next((limit for limit in self.limits if limit.code == code), None)

    def is_in_force_on(self, day: date) -> bool:
        return (self.in_force_from or date.min) <= day <= (self.in_force_to or date.max)

    @property
    def digest(self) -> str:
        """A mark of what was read: a confirmation holds for this text of the set and no other."""
        content = [
            self.code,
            [self.name.en, self.name.ar, str(self.in_force_from), str(self.in_force_to)],
            [
                [lim.code, lim.hours, lim.months, lim.name.en, lim.name.ar, lim.basis.en, lim.basis.ar]
                for lim in self.limits
            ],
        ]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class RuleSets:
    """All rule sets, oldest first, never two on one day."""

    sets: tuple[RuleSet, ...]

    def __post_init__(self) -> None:
        for earlier, later in zip(self.sets, self.sets[1:], strict=False):
            if (earlier.in_force_to or date.max) >= (later.in_force_from or date.min):
                raise BadRuleSet(f"{earlier.code} and {later.code} are in force on the same day")

    def __iter__(self) -> Iterator[RuleSet]:
        return iter(self.sets)

    def on(self, day: date) -> RuleSet | None:
        """The set in force on a day; None where the clinic knows none."""
        return next((one for one in self.sets if one.is_in_force_on(day)), None)

    def confirmed(self, confirmations: Mapping[tuple[str, str], tuple[str, date]]) -> RuleSets:
        """The same sets with who confirmed them and when, given by code and digest."""
        return RuleSets(tuple(_with_confirmation(one, confirmations.get((one.code, one.digest))) for one in self.sets))

    def police_limit_hours(self, day: date) -> int | None:
        """How many hours the police may hold a child arrested on a day."""
        rules = self.on(day)
        limit = rules.limit(LimitCode.POLICE) if rules else None
        return limit.hours if limit else None


def _with_confirmation(rules: RuleSet, confirmation: tuple[str, date] | None) -> RuleSet:
    if confirmation is None:
        return rules
    return replace(rules, confirmed_by=confirmation[0], confirmed_on=confirmation[1])


def load_rule_sets(folder: Path = FOLDER) -> RuleSets:
    """The rule sets of a folder. Raises BadRuleSet, naming the file."""
    sets = []
    for path in sorted(folder.glob("*.toml")):
        try:
            sets.append(_rule_set(tomllib.loads(path.read_text(encoding="utf-8"))))
        except (KeyError, TypeError, ValueError) as problem:
            raise BadRuleSet(f"{path.name}: {problem}") from problem
    return RuleSets(tuple(sorted(sets, key=lambda one: one.in_force_from or date.min)))


def _rule_set(content: Mapping[str, Any]) -> RuleSet:
    limits = tuple(_limit(LimitCode(code), entry) for code, entry in content["limit"].items())
    return RuleSet(
        content["code"],
        BilingualText(**content["name"]),
        content.get("in_force_from"),
        content.get("in_force_to"),
        limits,
        content.get("confirmed_by"),
        content.get("confirmed_on"),
    )


def _limit(code: LimitCode, entry: Mapping[str, Any]) -> Limit:
    hours, months = entry.get("hours"), entry.get("months")
    if (hours is None) == (months is None) or (hours or months or 0) <= 0:
        raise ValueError(f"{code} needs hours or months, one of them, above 0")
    return Limit(code, BilingualText(**entry["name"]), BilingualText(**entry["basis"]), entry["near"], hours, months)


@cache
def shipped() -> RuleSets:
    """The rule sets of config/rules, read once a process; nobody has confirmed them."""
    return load_rule_sets()


def rule_set_on(day: date) -> RuleSet | None:
    """The shipped set in force on a day."""
    return shipped().on(day)


def police_limit_hours(day: date) -> int | None:
    """How many hours the police may hold a child arrested on a day."""
    return shipped().police_limit_hours(day)
