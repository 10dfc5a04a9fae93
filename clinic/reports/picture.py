"""What a picture of a report is: a drawing, a sentence that says what it shows, and the table that it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clinic.reports.drawing import Drawing
from clinic.reports.indicator import Group, Shape


@dataclass(frozen=True)
class Line:
    """One line of a picture's table."""

    label: str
    shown: str
    number: str = ""
    """The number of the figure whose rows it counts, if it opens a list."""
    figure: str = ""
    case_id: Any = None
    """The case that the line leads to, where it exists for the reader."""
    value: float | None = None
    """The number itself, for programs that draw it anew: a workbook's charts."""


@dataclass(frozen=True)
class Beside:
    """The table of a picture as it fits beside the drawing on paper, where that of the page is too long."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Picture:
    """A drawing with its sentence and its table."""

    id: str
    group: Group
    title: str
    sentence: str
    columns: tuple[str, str]
    lines: Sequence[Line]
    drawing: Drawing
    shape: Shape = Shape.NUMBER
    """What the values of the lines are."""
    beside: Beside | None = None

    @property
    def spoken(self) -> str:
        """What somebody hears who does not see it."""
        return f"{self.title}. {self.sentence}"
