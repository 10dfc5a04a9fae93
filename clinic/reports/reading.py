"""How a report reads rows: as the driver gives them, so many at a time, and in the order of entry."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from operator import itemgetter, le
from typing import Any, TypeVar

from sqlalchemy import Select

from clinic.db import batches_as_stored
from clinic.reports.facts import Id

T = TypeVar("T")
Stored = tuple[Any, ...]
"""A row as the driver gives it."""


class Same(dict[Any, Any]):
    """One object for each distinct value, however often a column holds it: a driver makes a new text for each row."""

    def __missing__(self, value: Any) -> Any:
        self[value] = value
        return value


def rows_of(wanted: Select[Any]) -> Iterator[Stored]:
    """Every row of a statement."""
    for batch in batches_as_stored(wanted):
        yield from batch


def in_order(
    wanted: Select[Any], put_together: Callable[[list[Stored]], list[T]], of: Container[Id] | None = None
) -> list[T]:
    """What is put together of rows, in the order of the last column: that of entry, as a database mostly gives them.

    `of`: the cases whose rows are wanted, by the second column.
    """
    made: list[T] = []
    entered: list[int] = []
    for batch in batches_as_stored(wanted):
        rows = batch if of is None else [row for row in batch if row[1] in of]
        made += put_together(rows)
        entered += [row[-1] for row in rows]
    if all(map(le, entered, entered[1:])):
        return made
    return [one for _entered, one in sorted(zip(entered, made, strict=True), key=itemgetter(0))]
