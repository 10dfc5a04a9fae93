"""The indicators of the pilot report, by id, in the order of the report."""

from __future__ import annotations

from typing import Final

from clinic.reports.groups import aftercare, counselling, court, custody, others, police, reach, school
from clinic.reports.indicator import Group, Indicator

INDICATORS: Final[dict[str, Indicator]] = {
    indicator.id: indicator
    for room in (reach, police, custody, court, counselling, school, aftercare, others)
    for indicator in room.INDICATORS
}


def of_group(group: Group) -> list[Indicator]:
    """The indicators of one part of the report."""
    return [indicator for indicator in INDICATORS.values() if indicator.group is group]
