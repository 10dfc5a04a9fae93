"""How far the work at hand is: told by whoever does it, in whatever room, and read by who waits.

Outside of a job nobody listens, so a room tells without asking where it runs.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple, TypeVar

from sqlalchemy import delete, insert, select, update

from clinic import db
from clinic.jobs.models import job_progress

AT_MOST_EVERY = 0.5  # seconds
T = TypeVar("T")
Listener = Callable[[str, int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


class Progress(NamedTuple):
    """So much of so much is done of a part of the work. Of a part without a whole nobody knows."""

    part: str
    done: int
    whole: int


def tell(part: str, done: int = 0, whole: int = 0) -> None:
    """Says how far the work is; `part` is a code of `clinic.jobs.labels.PARTS`."""
    listener = _listener.get()
    if listener is not None:
        listener(part, done, whole)


def counted(part: str, things: Iterable[T], whole: int | None = None) -> Iterator[T]:
    """The same things, each told as it is done."""
    if whole is None:
        whole = len(things) if isinstance(things, Sized) else 0
    for number, thing in enumerate(things):
        tell(part, number, whole)
        yield thing
    tell(part, whole, whole)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """What is told inside reaches the listener."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class Teller:
    """Writes the progress of a job down, not more often than somebody could read it."""

    def __init__(self, job_id: uuid.UUID) -> None:
        self._job_id = job_id
        self._last: tuple[float, str] = (0.0, "")

    def __call__(self, part: str, done: int, whole: int) -> None:
        at, before = self._last
        if part == before and time.monotonic() - at < AT_MOST_EVERY:
            return
        self._last = (time.monotonic(), part)
        values = {"part": part, "done": done, "whole": whole}
        with db.make_room(db.database().readings) as connection:
            written = update(job_progress).where(job_progress.c.job_id == self._job_id).values(values)
            if not connection.execute(written).rowcount:
                own = {"job_id": self._job_id, "clinic_id": db.current_clinic.get()}
                connection.execute(insert(job_progress).values(values | own))


def of_jobs(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """How far jobs are, those that said so."""
    if not ids:
        return {}
    columns = (job_progress.c.job_id, job_progress.c.part, job_progress.c.done, job_progress.c.whole)
    with db.database().readings.connect() as connection:
        rows = connection.execute(select(*columns).where(job_progress.c.job_id.in_(ids)))
        return {row.job_id: Progress(row.part, row.done, row.whole) for row in rows}


def forget(job_id: uuid.UUID) -> None:
    """Nobody waits for this job any more."""
    with db.make_room(db.database().readings) as connection:
        connection.execute(delete(job_progress).where(job_progress.c.job_id == job_id))
