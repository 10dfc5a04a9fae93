"""How the value of a cell is made of what the database holds: of one row, or of a whole column of many rows at once.

Taking a register out makes some seven million cells. Made column by column each costs a tenth of a microsecond, row by
row and column by column half of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clinic.clock import Moment, Precision
from clinic.register.cells import Value, moment_text, text_of

Cell = str | int | date | None
"""What stands in a cell that is written: a text, a whole number, a date, or nothing."""
Columns = Sequence[Sequence[Any]]
"""What was selected of many rows, column by column."""
WRITTEN_AS_THEY_ARE = frozenset({str, int, date, type(None)})


@dataclass(frozen=True, slots=True)
class Take:
    """How a column of a sheet is taken from the columns that were selected."""

    at: tuple[int, ...]
    """Where they stand."""
    make: Callable[..., Value] | None = None
    """Makes a value of one value of each; none where the value is taken as it stands."""
    write_many: Callable[..., Sequence[Cell]] | None = None
    """Makes the cells of many rows at once, where that is shorter than by way of their values."""
    is_written_as_it_is: bool = True
    """Whether the values are texts, whole numbers, dates or nothing."""

    def of_row(self) -> Callable[[Sequence[Any]], Value]:
        """What takes the value from a row."""
        make: Callable[..., Value] = self.make or _nothing_for_empty
        first = self.at[0]
        if len(self.at) == 1:
            return lambda row: make(row[first])
        second = self.at[1]
        return lambda row: make(row[first], row[second])

    def cells_of(self, columns: Columns) -> Sequence[Cell]:
        """The cells of many rows, as they are written."""
        there = [columns[place] for place in self.at]
        if self.write_many is not None:
            return self.write_many(*there)
        values: Sequence[Any] = there[0] if self.make is None else list(map(self.make, *there))
        if self.is_written_as_it_is:
            return values
        return [value if type(value) in WRITTEN_AS_THEY_ARE else text_of(value) for value in values]


def _nothing_for_empty(value: Value) -> Value:
    return None if value in ((), "") else value


def named(
    at: int,
    names: Mapping[Any, str],
    name: Callable[[Any], Value],
    name_many: Callable[[Sequence[Any]], Sequence[Cell]] | None = None,
) -> Take:
    """What a reference is called: by these names, and where it has none by `name`, or `name_many` for many at once."""
    others = name_many or (lambda without: [text_of(name(stored)) for stored in without])

    def named_many(column: Sequence[Any]) -> Sequence[Cell]:
        found = list(map(names.get, column)) if names else [None] * len(column)
        without = [stored for stored, one in zip(column, found, strict=True) if one is None and stored is not None]
        if not without:
            return found
        made = others(without)
        if len(made) == len(column):
            return made
        left = iter(made)
        pairs = zip(column, found, strict=True)
        return [one if one is not None or stored is None else next(left) for stored, one in pairs]

    return Take((at,), lambda stored: None if stored is None else name(stored), named_many)


def moment(at: int, precision: int) -> Take:
    """A moment, of when it was and how well that is known."""
    return Take((at, precision), _moment, _moments_as_texts)


def _moment(at: Any, precision: Any) -> Value:
    return None if at is None else Moment(at, Precision(precision))


def _moments_as_texts(moments: Sequence[Any], precisions: Sequence[Any]) -> Sequence[Cell]:
    told = zip(moments, precisions, strict=True)
    return [None if at is None else moment_text(at, precision) for at, precision in told]


def opened(at: int, row_id: int, open_many: Callable[..., Sequence[str | None]], *, is_date: bool) -> Take:
    """What is sealed for its row. A date is sealed as it is written."""

    def make(sealed: bytes | None, stored: Any) -> Value:
        (text,) = open_many((sealed,), (stored,))
        return date.fromisoformat(text) if is_date and text is not None else text

    return Take((at, row_id), make, write_many=open_many)
