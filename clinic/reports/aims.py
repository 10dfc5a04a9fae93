"""What targets can be set for: every indicator, in its unit, and whether more of it is better or less."""

from __future__ import annotations

from typing import Final

from clinic.languages import _l
from clinic.reports.indicator import GROUP_LABELS, UNIT_LABELS, Group, Indicator, Shape
from clinic.reports.indicators import of_group
from clinic.targets.catalogue import Aim, Section

LESS_IS_BETTER: Final = frozenset(
    {
        "time_to_lawyer",
        "ill_treatment_alleged",
        "statement_without_lawyer",
        "held_over_police_limit",
        "in_custody_at_end",
        "pre_sentence_detention_days",
        "sentenced_detention_days",
        "not_separated_from_adults",
        "adjournment_rate",
        "adjournment_reasons",
        "time_to_disposition",
        "custodial_sentence_rate",
        "new_case_within_12_months",
    }
)
"""Their targets are ceilings; all others are floors."""
RANGES: Final = {Shape.PERCENTAGE: (0.0, 100.0), Shape.POINTS: (-10.0, 10.0)}
"""The least and the most that a figure of a shape can be; others are 0 or more."""
UNITS: Final = {
    Shape.PERCENTAGE: _l("per cent"),
    Shape.HOURS: _l("hours"),
    Shape.DAYS: _l("days"),
    Shape.POINTS: _l("points"),
}


def sections() -> list[Section]:
    """The groups of the report with what can be aimed at in each."""
    return [
        Section(group.value, GROUP_LABELS[group], tuple(_aim(indicator) for indicator in of_group(group)))
        for group in Group
    ]


def _aim(indicator: Indicator) -> Aim:
    least, most = RANGES.get(indicator.shape, (0.0, None))
    return Aim(
        indicator.id,
        indicator.title,
        indicator.definition,
        UNITS.get(indicator.shape, UNIT_LABELS[indicator.unit]),
        least,
        most,
        is_whole=indicator.shape is Shape.NUMBER,
        is_at_most=indicator.id in LESS_IS_BETTER,
    )
