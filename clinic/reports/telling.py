"""The report as a page tells it: each figure with its words, group by group. What the templates are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from clinic import formats
from clinic.languages import _, current_language
from clinic.reports import labels
from clinic.reports.completeness import KIND_LABELS
from clinic.reports.editions import Edition
from clinic.reports.indicator import GROUP_LABELS, Group, Indicator
from clinic.reports.indicators import of_group
from clinic.reports.keys import AGE_BANDS, OF_TIME, Names
from clinic.reports.measures import Fields
from clinic.reports.periods import in_words
from clinic.reports.report import Report
from clinic.reports.unicef import ANSWER_LABELS, FIFTEEN
from clinic.targets.rules import Verdict
from clinic.vocabularies import lists

HEADLINES: Final = (
    "children_served",
    "lawyer_before_questioning",
    "time_to_lawyer",
    "diversion_rate",
    "returned_to_school",
)
"""The five figures at the head of the page."""


@dataclass(frozen=True)
class Told:
    """One figure in words."""

    id: str
    title: str
    definition: str
    value: str
    under: str
    spread: str
    breakdowns: tuple[Table, ...] = ()
    target: str = ""
    """What was aimed at and whether it was reached, in words; empty without a target."""
    goal: str = ""
    """What was aimed at alone."""
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Table:
    """One breakdown of a figure: parts with what they are called, their number and what stands under it."""

    key: str
    label: str
    rows: tuple[tuple[str, str, str, str], ...]
    """Code, name, value, under."""


@dataclass(frozen=True)
class ToldGroup:
    """One part of the report."""

    group: Group
    label: str
    figures: tuple[Told, ...]
    words: str = ""
    """The coordinator's paragraph in the language of the moment; empty where nobody wrote one."""


def told(report: Report, indicator: Indicator, names: Names) -> Told:
    """A figure of the report in words."""
    fields = report.says(indicator.id)
    breakdown: Any = fields.get("breakdown", {})
    goal, verdict = report.targets.get(indicator.id), report.verdict(indicator.id)
    return Told(
        indicator.id,
        str(indicator.title),
        str(indicator.definition),
        _value(indicator, fields),
        labels.under(indicator, fields),
        labels.spread_in_words(indicator.shape, fields),
        tuple(table_of(indicator, key, parts, names) for key, parts in breakdown.items()),
        target=labels.target_in_words(indicator.shape, goal, verdict) if goal else "",
        goal=labels.goal_in_words(indicator.shape, goal) if goal else "",
        verdict=verdict,
    )


def _value(indicator: Indicator, fields: Fields) -> str:
    return labels.quantity(indicator.shape, fields["value"])


def table_of(indicator: Indicator, key: str, parts: Mapping[str, Fields], names: Names) -> Table:
    """A breakdown in words."""
    rows = tuple(
        (
            part,
            labels.part_label(key, part, names),
            _value(indicator, fields),
            labels.under(indicator, fields) if "numerator" in fields or "n" in fields else "",
        )
        for part, fields in parts.items()
    )
    return Table(key, labels.key_label(key), tuple(sorted(rows, key=lambda row: place_of(key, row[0], row[1]))))


def place_of(key: str, part: str, name: str) -> tuple[int, str]:
    """Where a part stands: as its list, the ages and the calendar have it, else by name; what is not known last."""
    if part == lists.UNKNOWN:
        return len(_order(key)) + 1, ""
    order = _order(key)
    return order.index(part) if part in order else len(order), part if key in OF_TIME else name


def _order(key: str) -> tuple[str, ...]:
    return AGE_BANDS if key == "age" else lists.lists()[labels.LISTS[key]].codes if key in labels.LISTS else ()


def groups_of(report: Report, names: Names) -> list[ToldGroup]:
    """Every figure in words, group by group."""
    return [
        ToldGroup(
            group,
            str(GROUP_LABELS[group]),
            tuple(told(report, indicator, names) for indicator in of_group(group)),
            _words(report, group),
        )
        for group in Group
    ]


def _words(report: Report, group: Group) -> str:
    words = report.narrative.get(group)
    return (words and words.told_in(current_language().code)) or ""


def _own_alone() -> str:
    return _("The cases alone that are open to whoever asked; activities are those of the whole clinic.")


def about(report: Report, names: Names) -> dict[str, Any]:
    """What a reader must know of a report besides its figures, and what its templates are given."""
    question = report.question
    return {
        "kind_labels": KIND_LABELS,
        "answer_labels": ANSWER_LABELS,
        "fifteen": FIFTEEN,
        "period": in_words(question.period),
        "days": _(
            "%(first)s to %(last)s", first=formats.day(question.period.first), last=formats.day(question.period.last)
        ),
        "as_of": formats.day_and_time(question.as_of),
        "is_public": question.edition is Edition.PUBLIC,
        "narrowed": [
            labels.part_label(key, part, names)
            for key, part in (("project", question.project), ("lawyer", question.lawyer))
            if part
        ],
        "own_alone": "" if report.is_of_all else _own_alone(),
        "rule_sets": [(str(one.name), one.confirmed) for one in report.rule_sets],
    }
