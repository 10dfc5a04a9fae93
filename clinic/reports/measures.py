"""How rows become a figure. A tally keeps the rows it counted, so that number, parts and list are one thing.

Spreads take their quartiles by linear interpolation, inclusive (type 7). Values are unrounded.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from clinic.reports.scope import Row, Scope

Fields = dict[str, object]
Codes = Callable[[Scope, Row], Iterable[str]]


class Tally(Protocol):
    """The rows of a figure, sorted by what they say."""

    @property
    def fields(self) -> Fields:
        """The figure as the machine-readable form holds it."""

    def rows_of(self, number: str) -> Sequence[Row]:
        """The rows behind one of its numbers: `value`, `numerator`, `unknown`, `by:theft` and so on."""


class Measure(Protocol):
    """What is done with the rows that are looked at."""

    def tally(self, scope: Scope, rows: Sequence[Row]) -> Tally:
        """Sorts the rows."""


@dataclass(frozen=True)
class Count:
    """Counts rows; `parts` names further tables of the same rows by code."""

    parts: Mapping[str, Codes] = field(default_factory=dict)

    def tally(self, scope: Scope, rows: Sequence[Row]) -> Counted:
        """Counts them all."""
        return Counted(scope, rows, self.parts)


@dataclass(frozen=True)
class Counted:
    """A count and its tables by code."""

    scope: Scope
    rows: Sequence[Row]
    parts: Mapping[str, Codes]

    @property
    def fields(self) -> Fields:
        """The number, then the tables."""
        told: Fields = {"value": len(self.rows)}
        for name, codes in self.parts.items():
            told[name] = dict(Counter(code for row in self.rows for code in codes(self.scope, row)))
        return told

    def rows_of(self, number: str) -> Sequence[Row]:
        """All rows, or those of one code of one table."""
        name, _, code = number.partition(":")
        if not code:
            return self.rows
        return [row for row in self.rows if code in self.parts[name](self.scope, row)]


@dataclass(frozen=True)
class Total:
    """Adds up several numbers of each row; blanks add nothing."""

    parts: Mapping[str, Callable[[Row], int | None]]

    def tally(self, scope: Scope, rows: Sequence[Row]) -> Totalled:
        """Adds them up."""
        return Totalled(rows, {name: sum(of(row) or 0 for row in rows) for name, of in self.parts.items()})


@dataclass(frozen=True)
class Totalled:
    """A sum of its parts."""

    rows: Sequence[Row]
    parts: Mapping[str, int]

    @property
    def fields(self) -> Fields:
        """The sum and its parts."""
        return {"value": sum(self.parts.values()), "by": dict(self.parts)}

    def rows_of(self, number: str) -> Sequence[Row]:
        """The rows added up."""
        return self.rows


def always(_scope: Scope, _row: Row) -> bool:
    """All rows are known."""
    return True


@dataclass(frozen=True)
class Share:
    """A percentage: of the known rows, those that count. What `counts` answers with None is not known either."""

    counts: Callable[[Scope, Row], bool | None]
    known: Callable[[Scope, Row], bool] = always

    def tally(self, scope: Scope, rows: Sequence[Row]) -> Shared:
        """Says of each row whether it counts, does not or is not known."""
        is_known, counts, verdicts = self.known, self.counts, bytearray()
        for row in rows:
            verdict = counts(scope, row) if is_known(scope, row) else None
            verdicts.append(_NOT_KNOWN if verdict is None else _COUNTS if verdict else _DOES_NOT)
        return Shared(rows, bytes(verdicts))


_DOES_NOT, _COUNTS, _NOT_KNOWN = range(3)


@dataclass(frozen=True)
class Shared:
    """A percentage with its rows, and beside them a byte for each: lists of the three would be eight times as large."""

    rows: Sequence[Row]
    verdicts: bytes

    @property
    def fields(self) -> Fields:
        """The percentage, null without a known row, and what it is made of."""
        counted, unknown = self.verdicts.count(_COUNTS), self.verdicts.count(_NOT_KNOWN)
        known = len(self.verdicts) - unknown
        return {
            "value": 100 * counted / known if known else None,
            "numerator": counted,
            "denominator": known,
            "unknown": unknown,
        }

    def rows_of(self, number: str) -> Sequence[Row]:
        """The rows of each of the three."""
        wanted = {"numerator": (_COUNTS,), "unknown": (_NOT_KNOWN,)}.get(number, (_DOES_NOT, _COUNTS))
        return [row for row, verdict in zip(self.rows, self.verdicts, strict=True) if verdict in wanted]


@dataclass(frozen=True)
class Spread:
    """How a quantity of each row is spread. `of` answers None where it is not known."""

    of: Callable[[Scope, Row], float | None]
    names_unknown: bool = False
    """Whether the unknown are named even where there are none."""

    def tally(self, scope: Scope, rows: Sequence[Row]) -> Spreading:
        """Takes the quantity of each row."""
        known, values, unknown = [], array("d"), []
        for row in rows:
            value = self.of(scope, row)
            if value is None:
                unknown.append(row)
            else:
                known.append(row)
                values.append(value)
        return Spreading(known if unknown else rows, values, unknown, self.names_unknown)


@dataclass(frozen=True)
class Spreading:
    """Quantities with their rows."""

    known: Sequence[Row]
    values: Sequence[float]
    unknown: Sequence[Row]
    names_unknown: bool

    @property
    def fields(self) -> Fields:
        """The median and the rest; null and n 0 without a known row."""
        ordered = sorted(self.values)
        median = quantile(ordered, 0.5)
        told: Fields = {
            "value": median,
            "n": len(ordered),
            "median": median,
            "q1": quantile(ordered, 0.25),
            "q3": quantile(ordered, 0.75),
            "min": ordered[0] if ordered else None,
            "max": ordered[-1] if ordered else None,
        }
        if self.names_unknown or self.unknown:
            told["unknown"] = len(self.unknown)
        return told

    def rows_of(self, number: str) -> Sequence[Row]:
        """The rows measured, or those that could not be."""
        return self.unknown if number == "unknown" else self.known


@dataclass(frozen=True)
class Change:
    """How a score of each row has changed. `of` answers None where it is not known."""

    of: Callable[[Scope, Row], int | None]

    def tally(self, scope: Scope, rows: Sequence[Row]) -> Changed:
        """Takes the change of each row."""
        changes = [(row, self.of(scope, row)) for row in rows]
        return Changed(
            [(row, change) for row, change in changes if change is not None],
            [row for row, change in changes if change is None],
        )


@dataclass(frozen=True)
class Changed:
    """Changes with their rows."""

    known: Sequence[tuple[Row, int]]
    unknown: Sequence[Row]

    @property
    def fields(self) -> Fields:
        """The mean, and how many went which way."""
        changes = [change for _, change in self.known]
        mean = sum(changes) / len(changes) if changes else None
        return {
            "value": mean,
            "mean": mean,
            "n": len(changes),
            "unknown": len(self.unknown),
            "improved": sum(map(_rose, changes)),
            "unchanged": sum(map(_stayed, changes)),
            "worse": sum(map(_fell, changes)),
        }

    def rows_of(self, number: str) -> Sequence[Row]:
        """The rows that went each way, all whose change is known, or those not known."""
        if number == "unknown":
            return self.unknown
        went = {"improved": _rose, "unchanged": _stayed, "worse": _fell}.get(number)
        return [row for row, change in self.known if went is None or went(change)]


def _rose(change: int) -> bool:
    return change > 0


def _stayed(change: int) -> bool:
    return change == 0


def _fell(change: int) -> bool:
    return change < 0


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """A quantile of values in order, by linear interpolation, inclusive (type 7)."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * share
    below = int(place)
    if below + 1 >= len(ordered):
        return ordered[-1]
    return ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])
