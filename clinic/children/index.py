"""The name index of this process: one for all threads, made when first asked for, fresh by the database's counter.

The database counts every change of a name; `ensure_fresh` is told the count and fetches what changed since. The index
is dropped when the clinic is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import RLock
from uuid import UUID

from clinic.children.names import NameIndex
from clinic.children.sameness import Person

Change = tuple[UUID, Person | None]
"""A child as they are now; None where they are gone."""

Loader = Callable[[int | None], Iterable[Change]]
"""Answers the children changed since a count of changes, all for None. It may answer a child unchanged, too."""


@dataclass(slots=True)
class _Kept:
    index: NameIndex
    counter: int


_lock = RLock()
_kept: _Kept | None = None


def ensure_fresh(counter: int, loader: Loader) -> NameIndex:
    """The index as of this count of changes at least. Read it inside `reading()` where other threads may refresh it.

    A count that went back means a restored database: all is loaded anew. If the loader fails, what was known stays at
    its count and the next asker tries again; an index half loaded is never kept.
    """
    global _kept
    with _lock:
        kept = _kept
        if kept is None or counter < kept.counter:
            _kept = None
            index = NameIndex()
            _learn(index, loader(None))
            kept = _kept = _Kept(index, counter)
        elif counter > kept.counter:
            _learn(kept.index, list(loader(kept.counter)))
            kept.counter = counter
        return kept.index


def reading() -> AbstractContextManager[object]:
    """Hold the index still: `with reading(): ensure_fresh(…).search(…)`."""
    return _lock


def forget() -> None:
    """Drop every name from memory."""
    global _kept
    with _lock:
        _kept = None


def is_held() -> bool:
    """Whether names are in memory."""
    return _kept is not None


def _learn(index: NameIndex, changes: Iterable[Change]) -> None:
    for child_id, person in changes:
        if person is None:
            index.remove(child_id)
        else:
            index.put(child_id, person)
    index.settle()
