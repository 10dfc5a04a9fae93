"""The kinds of picture: bars, columns with a trend, hours with their median, spans on an axis of time.

Each says its numbers beside what they belong to, and draws nothing but what it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from clinic import formats
from clinic.reports.drawing import LINE, WIDTH, Drawing, Sheet, lines_of, width_of

BAR: Final = 16
APART: Final = 8
WIDEST_LABEL: Final = 170
BOLD: Final = 1.12
"""How wide a bold letter is beside another."""
PLOT: Final = 120
"""How high columns stand at most."""
MOST_NUMBERS: Final = 16
"""With more columns only the highest has its number."""
STRAND: Final = 10
SMALLER: Final = 0.8
"""How wide a letter of the small text at the end of a strand is beside another."""
TICKS: Final = (1, 2, 3, 6, 12, 24, 48, 72, 120, 168, 240, 336, 720)
"""Hours that may lie between two marks of an axis."""
MOST_TICKS: Final = 7


@dataclass(frozen=True)
class Bar:
    """One row of a picture: what it is called, its number in words, its share of the longest, of 0 to 100."""

    label: str
    shown: str
    share: float
    tone: str = "c1"


def bars(rows: Sequence[Bar], *, of_hundred: bool = False) -> Drawing:
    """Bars one under the other; `of_hundred` shows how much there could be."""
    sheet, top = Sheet(), 0.0
    labels = [lines_of(row.label, WIDEST_LABEL) for row in rows]
    begins = max(width_of(line) for lines in labels for line in lines) + APART
    room = WIDTH - begins - max(width_of(row.shown) for row in rows) * BOLD - APART
    for row, lines in zip(rows, labels, strict=True):
        height = max(BAR, LINE * len(lines))
        for number, line in enumerate(lines):
            sheet.words(0, top + (height - LINE * len(lines)) / 2 + LINE * number + 12.5, line)
        middle, length = top + (height - BAR) / 2, room * row.share / 100
        if of_hundred:
            sheet.bar(begins, middle, room, BAR, "track")
        sheet.bar(begins, middle, length, BAR, row.tone)
        sheet.words(begins + (room if of_hundred else length) + 6, middle + 12.5, row.shown, tone="strong")
        top += height + APART
    return sheet.finish(top - APART)


@dataclass(frozen=True)
class Column:
    """One of several columns side by side; `below` stands under its label, and begins with it."""

    label: str
    number: int
    below: str = ""


def columns(rows: Sequence[Column], trend: Sequence[float | None] = ()) -> Drawing:
    """Columns side by side, from where reading begins, with a line through the values of a trend."""
    sheet, most = Sheet(), max(row.number for row in rows) or 1
    step = min(WIDTH / len(rows), 60)
    left = (WIDTH - step * len(rows)) / 2
    for place, row in enumerate(rows):
        height, middle = PLOT * row.number / most, left + step * (place + 0.5)
        sheet.bar(middle - step * 0.36, LINE + PLOT - height, step * 0.72, height, "c1")
        if len(rows) <= MOST_NUMBERS or row.number == most:
            is_within = height > LINE + 4  # at its foot, where no line of a trend crosses it
            baseline = LINE + PLOT - (6 if is_within else height + 4)
            sheet.words(middle, baseline, formats.number(row.number), "middle", "within" if is_within else "strong")
        sheet.words(middle, LINE * 2 + PLOT, row.label, "middle", "quiet")
        if row.below:
            is_last = middle + width_of(row.below) > WIDTH
            at, side = (middle + step * 0.36, "end") if is_last else (middle - step * 0.36, "start")
            sheet.words(at, LINE * 3 + PLOT, row.below, side, "quiet")  # type: ignore[arg-type]
    sheet.stroke("axis", (0, LINE + PLOT), (WIDTH, LINE + PLOT))
    points = [
        (left + step * (place + 0.5), LINE + PLOT - PLOT * value / most)
        for place, value in enumerate(trend)
        if value is not None
    ]
    if len(points) > 1:
        sheet.stroke("trend", *points)
    return sheet.finish(LINE * (3 if any(row.below for row in rows) else 2) + PLOT + 6)


@dataclass(frozen=True)
class Bins:
    """Hours in steps of the same length: how many values lie in each, the last step without an end."""

    step: float
    counts: tuple[int, ...]
    is_open: bool
    """Whether the last step holds all that is longer."""


def in_bins(values: Sequence[float], *, most: int = 12) -> Bins:
    """Values from 0 on in at most so many steps, of the shortest length that leaves nine in ten within them."""
    ordered = sorted(values)
    reach = ordered[int(0.9 * (len(ordered) - 1))]
    step = next((tick for tick in TICKS if reach < tick * most), TICKS[-1])
    number = min(most, int(ordered[-1] // step) + 1)
    counts = [0] * number
    for value in values:
        counts[min(int(value // step), number - 1)] += 1
    return Bins(step, tuple(counts), ordered[-1] >= step * number)


def distribution(bins: Bins, median: float, said: str, unit: str) -> Drawing:
    """How values are spread: a column a step, and a line where half are below; `said` stands at the line."""
    sheet, most, step = Sheet(), max(bins.counts), WIDTH / len(bins.counts)
    below = LINE * 2 + PLOT
    for place, number in enumerate(bins.counts):
        height = PLOT * number / most
        sheet.bar(step * place + 1, below - height, step - 2, height, "c1")
        if number:
            sheet.words(step * (place + 0.5), below - height - 4, formats.number(number), "middle", "strong")
    sheet.stroke("axis", (0, below), (WIDTH, below))
    every = 2 if len(bins.counts) > 8 else 1
    for place in range(0, len(bins.counts) + (not bins.is_open), every):
        side = {0: "start", len(bins.counts): "end"}.get(place, "middle")
        sheet.words(step * place, below + LINE, formats.number(_plain(bins.step * place)), side, "quiet")  # type: ignore[arg-type]
    sheet.words(WIDTH / 2, below + LINE * 2, unit, "middle", "quiet")
    _median(sheet, min(median / bins.step, len(bins.counts)) * step, said, below)
    return sheet.finish(below + LINE * 2 + 6)


def _median(sheet: Sheet, along: float, said: str, below: float) -> None:
    """The line of the median, and what it is, on the side where there is room."""
    sheet.stroke("median", (along, LINE - 4), (along, below))
    if along > WIDTH / 2:
        sheet.words(along - 6, LINE - 6, said, "end", "strong")
    else:
        sheet.words(along + 6, LINE - 6, said, "start", "strong")


def spread(quarter: float, median: float, three_quarters: float, said: str, unit: str) -> Drawing:
    """Between what the middle half of values lies, and their median; nothing of the least and the greatest."""
    sheet = Sheet()
    step = next((tick for tick in TICKS if tick * MOST_TICKS > three_quarters * 1.2), TICKS[-1])
    reach = step * (int(three_quarters * 1.2 // step) + 1)
    below = float(LINE * 2 + 26)
    start, end = (WIDTH * value / reach for value in (quarter, three_quarters))
    sheet.bar(start, LINE + 8, end - start, 26, "box")
    _axis(sheet, reach, step, (0, WIDTH), below)
    sheet.words(WIDTH / 2, below + LINE * 2, unit, "middle", "quiet")
    _median(sheet, WIDTH * median / reach, said, below)
    return sheet.finish(below + LINE * 2 + 6)


def _axis(
    sheet: Sheet, reach: float, step: float, between: tuple[float, float], below: float, *, per: float = 1
) -> None:
    """An axis between two places, with a mark each step."""
    begins, ends = between
    sheet.stroke("axis", (begins, below), (ends, below))
    mark = 0.0
    while mark <= reach:
        along = begins + (ends - begins) * mark / reach
        sheet.stroke("axis", (along, below), (along, below + 4))
        side = "end" if along > WIDTH - 10 else "start" if along < 10 else "middle"
        sheet.words(along, below + LINE + 3, formats.number(_plain(mark / per)), side, "quiet")  # type: ignore[arg-type]
        mark += step


def _plain(number: float) -> float | int:
    return int(number) if number == int(number) else number


@dataclass(frozen=True)
class Strand:
    """A span of time: what it is called, its length in words, its parts as (tone, from, to) in hours."""

    label: str
    shown: str
    parts: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Reach:
    """The axis of strands: its hours, its limit with what that is, and what its numbers are."""

    hours: float
    limit: float | None = None
    limit_said: str = ""
    unit: str = ""
    per: float = 1
    """How many hours the unit has."""


def strands(rows: Sequence[Strand], reach: Reach, key: Sequence[tuple[str, str]]) -> Drawing:
    """Spans one under the other on one axis of time, a dashed line at a limit, and what the colours stand for.

    How long each is stands in a column of its own at the end, where no line crosses it.
    """
    sheet = Sheet()
    begins = max(width_of(row.label) for row in rows) + APART
    ends = WIDTH - max(width_of(row.shown) for row in rows) * SMALLER - APART
    room = ends - begins
    top = float(LINE + 2 if reach.limit is not None else 0)
    first = top
    for row in rows:
        sheet.words(begins - APART, top + 10, row.label, "end", "quiet")
        for tone, start, end in row.parts:
            sheet.bar(begins + room * start / reach.hours, top, room * (end - start) / reach.hours, STRAND, tone)
        sheet.words(WIDTH, top + 10, row.shown, "end", "small")
        top += STRAND + 8
    if reach.limit is not None:
        along = begins + room * reach.limit / reach.hours
        sheet.stroke("goal", (along, first - 4), (along, top))
        sheet.words(along, first - 7, reach.limit_said, "start" if along < WIDTH / 2 else "end", "quiet")
    step = next(tick for tick in (*TICKS, reach.hours) if tick * MOST_TICKS >= reach.hours and tick % reach.per == 0)
    _axis(sheet, reach.hours, step, (begins, ends), top, per=reach.per)
    sheet.words(begins + room / 2, top + LINE * 2 + 3, reach.unit, "middle", "quiet")
    return sheet.finish(_key(sheet, key, top + LINE * 3 + 8))


def _key(sheet: Sheet, key: Sequence[tuple[str, str]], top: float) -> float:
    """What the colours stand for, in as many lines as it takes; answers where it ends."""
    along = 0.0
    for tone, label in key:
        wide = 16 + width_of(label)
        if along and along + wide > WIDTH:
            along, top = 0.0, top + LINE + 4
        sheet.bar(along, top, 11, 11, tone)
        sheet.words(along + 16, top + 10, label, "start", "quiet")
        along += wide + 12
    return top + LINE
