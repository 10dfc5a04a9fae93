"""What a target can be set for: the indicators of the report, section by section, with the unit of each.

The report lies above this room and hands them over with `register` where the house is wired; nothing here knows how a
figure is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Aim:
    """An indicator as somebody sets a target for it."""

    indicator: str
    title: str
    definition: str
    unit: str
    """What the number counts: children, %, hours."""
    least: float = 0
    most: float | None = None
    is_whole: bool = True
    is_at_most: bool = False
    """Whether less is better, so that the target is a ceiling and not a floor."""


@dataclass(frozen=True)
class Section:
    """A group of indicators of the report: its targets are set, and its paragraph is written, together."""

    code: str
    label: str
    aims: tuple[Aim, ...]


_sections: dict[str, Section] = {}


def register(sections: Iterable[Section]) -> None:
    """Makes these the sections of the report; done once, where the house is wired."""
    _sections.clear()
    _sections.update((section.code, section) for section in sections)


def sections() -> list[Section]:
    """Every section, in the order of the report."""
    return list(_sections.values())


def section_of(code: str) -> Section | None:
    """The section with this code."""
    return _sections.get(code)


def aim_of(indicator: str) -> Aim:
    """The aim of an indicator. Raises KeyError for what is none."""
    return {aim.indicator: aim for each in _sections.values() for aim in each.aims}[indicator]
