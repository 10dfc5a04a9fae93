"""How a report reads rows: as the driver gives them, so many at a time, and in the order of entry."""

from __future__ import annotations

import uuid
from array import array
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import compress
from operator import le
from typing import Any, TypeVar, cast

from sqlalchemy import Select

from clinic.db import pack_id
from clinic.reports.facts import Id, OpenPeriod
from clinic.rows import batches_as_stored

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


_ID = 16  # bytes


def _mark(case_id: Id) -> int:
    return hash(case_id) & 0xFFFFFFFF


def _id_at(place: int) -> slice:
    return slice(_ID * place, _ID * (place + 1))


class InOrder(list[T]):
    """Facts in the order of entry, with when each was entered, and of steps their ids: side by side, 16 bytes each.

    As an object each id would take 64, and there are ten times as many as a page ever tells.
    """

    def __init__(self, rows: Iterable[T] = (), entered: Iterable[int] = (), ids: bytes | bytearray = b"") -> None:
        super().__init__(rows)
        self.entered = array("q", entered)
        self.ids = bytearray(ids)
        self._marks: array[int] | None = None

    @property
    def marks(self) -> array[int]:
        """A number for the case of each, side by side: to look for a case in the facts visits all of memory.

        Two cases may have one number.
        """
        if self._marks is None:
            rows: list[Any] = self
            self._marks = array("I", [_mark(row.case.id) for row in rows])
        return self._marks

    def with_others(self, stale: Iterable[Id], fresh: InOrder[Any]) -> InOrder[T]:
        """The same with the facts of some cases replaced by fresh ones, in their places; itself if they are equal."""
        gone = sorted({place for case_id in stale for place in self.places_of(case_id)}, reverse=True)
        if self._are(gone[::-1], fresh):
            return self
        made = type(self)(self, ids=self.ids)
        made.entered, made._marks = self.entered[:], self.marks[:]
        for place in gone:
            made.lose(place)
        for place, (row, entered) in enumerate(zip(fresh, fresh.entered, strict=True)):
            made.gain(row, entered, fresh.ids[_id_at(place)])
        return made

    def _are(self, places: Sequence[int], others: InOrder[Any]) -> bool:
        """Whether what stands at these places is the same, of the same steps and in the same order."""
        return (
            [self[place] for place in places] == others
            and [self.entered[place] for place in places] == others.entered.tolist()
            and b"".join(self.ids[_id_at(place)] for place in places) == others.ids
        )

    def places_of(self, case_id: Id) -> Iterator[int]:
        """Where the facts of a case stand."""
        mark, rows, place = _mark(case_id), cast("list[Any]", self), -1
        with suppress(ValueError):
            while True:
                place = self.marks.index(mark, place + 1)
                if rows[place].case.id == case_id:
                    yield place

    def id_of(self, row: Any) -> uuid.UUID:
        """The id of a step, by one of these very facts."""
        place = next(place for place in self.places_of(row.case.id) if self[place] is row)
        return uuid.UUID(bytes=bytes(self.ids[_id_at(place)]))

    def lose(self, place: int) -> None:
        """Takes one out."""
        del self[place], self.entered[place], self.marks[place], self.ids[_id_at(place)]

    def gain(self, row: Any, entered: int, id_: bytes | bytearray) -> None:
        """Puts one where it belongs; `id_` is empty where these have no ids."""
        place = self.place_of(row, entered)
        self.insert(place, row)
        self.entered.insert(place, entered)
        self.marks.insert(place, _mark(row.case.id))
        self.ids[_id_at(place).start : _id_at(place).start] = id_

    def that(self, fits: Callable[[T], bool]) -> InOrder[T]:
        """Those of them that fit."""
        chosen = [fits(row) for row in self]
        ids = [self.ids[_id_at(place)] for place in range(len(self.ids) // _ID)]
        return type(self)(compress(self, chosen), compress(self.entered, chosen), b"".join(compress(ids, chosen)))

    def place_of(self, _row: T, entered: int) -> int:
        """Where one that was entered then belongs."""
        return bisect_right(self.entered, entered)


class ByBegin(InOrder[OpenPeriod]):
    """Open periods by when they began, those of one day in the order of entry."""

    def place_of(self, row: OpenPeriod, entered: int) -> int:
        begun = (row.began_on, entered)
        return bisect_right(range(len(self)), begun, key=lambda at: (self[at].began_on, self.entered[at]))


def in_order(
    batches: Iterable[list[Stored]],
    put_together: Callable[[list[Stored]], list[T]],
    of: Container[Id] | None = None,
) -> InOrder[T]:
    """What is put together of rows, in the order of the last column: that of entry, as a database mostly gives them.

    `of`: the cases whose steps are wanted, by the second column; the first is the id of the step.
    """
    made: InOrder[T] = InOrder()
    entered = made.entered
    for batch in batches:
        rows = batch if of is None else [row for row in batch if row[1] in of]
        made += put_together(rows)
        entered.extend([row[-1] for row in rows])
        if of is not None:
            made.ids += b"".join([pack_id(row[0]) for row in rows])
    if all(map(le, entered, entered[1:])):
        return made
    places = sorted(range(len(made)), key=entered.__getitem__)
    ids = b"".join(made.ids[_id_at(place)] for place in places)
    return InOrder((made[place] for place in places), (entered[place] for place in places), ids)
