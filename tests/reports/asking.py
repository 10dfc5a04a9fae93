"""Asking a report of a population, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from clinic.clock import Precision, from_local
from clinic.law import rules
from clinic.reports.editions import Edition
from clinic.reports.facts import At, Attendance, Case, Child, Custody, Population, local_day, moment
from clinic.reports.report import Question, Report, law_of, rule_sets_of
from clinic.reports.scope import Period, Scope
from clinic.vocabularies import lists

LATER = datetime(2030, 1, 1, tzinfo=UTC)
LAW = law_of(rules.shipped(), lists.shipped())


def day(text: str) -> date:
    """A date."""
    return date.fromisoformat(text)


def at(text: str) -> At:
    """A local moment: to the minute, about (`~`), or a date alone."""
    if len(text) == 10:
        return moment(from_local(datetime.fromisoformat(text)), Precision.DAY)
    precision = Precision.ABOUT if text.startswith("~") else Precision.MINUTE
    return moment(from_local(datetime.fromisoformat(text.removeprefix("~"))), precision)


def scope(population: Population, first: str, last: str, as_of: datetime = LATER) -> Scope:
    """The scope of a period."""
    return Scope(population, Period(day(first), day(last)), as_of, LAW)


def report(
    population: Population,
    first: str,
    last: str,
    *,
    keys: Sequence[str] = (),
    as_of: datetime = LATER,
    edition: Edition = Edition.INTERNAL,
) -> Report:
    """The report of a period."""
    asked = scope(population, first, last, as_of)
    question = Question(asked.period, as_of, tuple(keys), edition=edition)
    return Report(question, asked, rule_sets_of(asked.period, rules.shipped()))


ALI = Child("ali", "male", "dheisheh", "registered", "attending")
NOUR = Child("nour", "female", "aida", "registered", "out_of_school")
CASE = Case("K-1", ALI, day("2015-01-10"))


def attendance(arrested: str, **facts: Any) -> Attendance:
    """A police attendance of which nothing else is known."""
    taken = at(arrested)
    return Attendance(facts.pop("case", CASE), local_day(taken), taken, **facts)


def custody(began: str, ended: str | None = None, **facts: Any) -> Custody:
    """A custody period."""
    begins, ends = at(began), at(ended) if ended else None
    return Custody(
        facts.pop("id", f"{began}/{ended}"),
        facts.pop("case", CASE),
        local_day(begins),
        begins,
        local_day(ends) if ends else None,
        ends,
        **facts,
    )


def figure(name: str, population: Population, first: str = "2015-01-01", last: str = "2015-12-31", **asked: Any) -> Any:
    """One figure of a year."""
    return report(population, first, last, **asked).fields[name]
