"""The report: a question, its figures, and their machine-readable form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from clinic import clock
from clinic.languages import _, _l
from clinic.law.rules import RuleSet, RuleSets
from clinic.memory import collection_at_rest
from clinic.refusals import Refusal
from clinic.reports import editions
from clinic.reports.editions import Edition, PublicHasTotalsAlone
from clinic.reports.indicator import Figure, Group
from clinic.reports.indicators import INDICATORS
from clinic.reports.keys import KEYS
from clinic.reports.measures import Fields
from clinic.reports.scope import Law, Period, Scope
from clinic.targets.rules import Goal, Verdict, Words
from clinic.vocabularies.lists import Lists


class NoSuchKey(Refusal):
    """A breakdown by what nothing can be broken down by."""

    def __init__(self, key: str) -> None:
        super().__init__(_("There is no breakdown by %(key)s. Choose from: %(keys)s", key=key, keys=", ".join(KEYS)))


class EndsBeforeItBegins(Refusal):
    """A period whose last day lies before its first."""

    message = _l("The period ends before it begins. Give its first day, then its last.")


@dataclass(frozen=True)
class Question:
    """What is asked: the days, the knowledge, the parts, whose cases, for whom."""

    period: Period
    as_of: datetime
    keys: tuple[str, ...] = ()
    project: str | None = None
    lawyer: str | None = None
    edition: Edition = Edition.INTERNAL

    def __post_init__(self) -> None:
        if self.period.last < self.period.first:
            raise EndsBeforeItBegins
        for key in self.keys:
            if key not in KEYS:
                raise NoSuchKey(key)
        if self.keys and self.edition is Edition.PUBLIC:
            raise PublicHasTotalsAlone


@dataclass(frozen=True)
class Report:
    """Every figure of a question. A figure is read when it is looked at."""

    question: Question
    scope: Scope
    rule_sets: Sequence[RuleSet] = ()
    k: int = editions.K
    targets: Mapping[str, Goal] = field(default_factory=dict)
    """What was aimed at, by the id of the indicator: of these very days and this project, as it stood then. Empty in a
    report of some cases alone (a lawyer's, a reader's own), to which a target of the whole does not speak."""
    narrative: Mapping[Group, Words] = field(default_factory=dict)
    """What the coordinator wrote to each group, in each language. Empty in the public edition, which has no free text,
    and wherever `targets` is."""
    is_of_all: bool = True
    """Whether it counts the cases of the whole clinic; else those alone that are open to whoever asked."""
    figures: dict[str, Figure] = field(default_factory=dict)
    """The figures by the id of their indicator, in the order of the report; those that were read of this scope before
    are given, and are not read again."""

    def __post_init__(self) -> None:
        if not self.figures:
            self.figures.update((name, indicator.read(self.scope)) for name, indicator in INDICATORS.items())

    @property
    def is_over(self) -> bool:
        """Whether the period had ended when the report was asked for."""
        return self.question.as_of >= clock.day_ends(self.question.period.last)

    def verdict(self, name: str) -> Verdict | None:
        """How a figure, as its edition tells it, stands to its target; None without a target or without a number."""
        goal = self.targets.get(name)
        return goal.verdict(self.says(name)["value"], is_over=self.is_over) if goal else None

    @cached_property
    def fields(self) -> dict[str, Fields]:
        """What each figure says, as its edition may tell it."""
        with collection_at_rest():
            told = {name: self._told(figure) for name, figure in self.figures.items()}
        return told if self.question.edition is Edition.INTERNAL else editions.public(told, self.k)

    def says(self, name: str) -> Fields:
        """What one figure says; in the internal edition no other is worked out for it."""
        if "fields" in self.__dict__ or self.question.edition is not Edition.INTERNAL:
            return self.fields[name]
        with collection_at_rest():
            return self._told(self.figures[name])

    def _told(self, figure: Figure) -> Fields:
        keys = [key for key in self.question.keys if key in figure.indicator.keys]
        if not keys:
            return figure.fields
        return {**figure.fields, "breakdown": {key: figure.breakdown(key) for key in keys}}

    def as_object(self) -> dict[str, Any]:
        """The one object of the machine-readable form."""
        period = self.question.period
        return {
            "period": {"from": period.first.isoformat(), "to": period.last.isoformat()},
            "as_of": self.question.as_of.astimezone(UTC).isoformat(timespec="seconds"),
            "edition": self.question.edition.value,
            "rule_sets": [_rule_set(one) for one in self.rule_sets],
            "indicators": self.fields,
        }

    def as_json(self) -> str:
        """The same as text."""
        return json.dumps(self.as_object(), ensure_ascii=False, indent=1)


def _rule_set(one: RuleSet) -> dict[str, object]:
    return {
        "code": one.code,
        "in_force_from": one.in_force_from and one.in_force_from.isoformat(),
        "in_force_to": one.in_force_to and one.in_force_to.isoformat(),
        "confirmed": one.confirmed,
    }


@dataclass(frozen=True)
class _PoliceLimit:
    """The police limit of a day; that of equal rules is equal."""

    rules: RuleSets

    def __call__(self, day: date) -> float | None:
        return self.rules.police_limit_hours(day)


def law_of(rules: RuleSets, lists: Lists) -> Law:
    """What figures take from the rule sets and from the list of dispositions."""
    dispositions = lists["disposition"]
    return Law(
        police_limit_hours=_PoliceLimit(rules),
        sentences=dispositions.codes_with("group", "sentence"),
        custodial=dispositions.codes_with("custodial"),
    )


def rule_sets_of(period: Period, sets: Iterable[RuleSet]) -> list[RuleSet]:
    """The rule sets in force on some day of the period."""
    return [
        one
        for one in sets
        if (one.in_force_from is None or one.in_force_from <= period.last)
        and (one.in_force_to is None or one.in_force_to >= period.first)
    ]
