"""The worker: claims jobs and has each carried out by a process of its own, forked from the one that it is in.

A job's process gives its memory back when it ends, and can be stopped at any moment: nothing of it is committed before
its end. The worker itself never waits: whoever has it gives it a turn, and is told when the next one is due. So it
lives beside other work in one process. It looks for work once a second, and once a minute for regular work.
"""

from __future__ import annotations

import contextlib
import sys
import time
import uuid
from collections.abc import Iterator
from functools import partial
from types import FrameType

from sqlalchemy.exc import DBAPIError

from clinic import db, sizes
from clinic.jobs import actions, queries, running
from clinic.jobs.rules import LEASE
from clinic.processes import begin, has_ended, kill
from config.settings import Settings

LOOK_EVERY = 1.0  # seconds
REGULAR_EVERY = 60.0
RENEW_EVERY = LEASE.total_seconds() / 4
_GLANCE = 0.1


class AtHand:
    """A job that a process of its own carries out."""

    def __init__(self, job_id: uuid.UUID, attempt: int, process: int) -> None:
        self.job_id, self.attempt, self.process = job_id, attempt, process
        self._renewed = self._looked = time.monotonic()

    def is_wanted(self) -> bool:
        """Whether nobody dropped it meanwhile, asked once in a while; keeps hold of it."""
        now = time.monotonic()
        if now - self._looked > LOOK_EVERY:
            self._looked = now
            if not _is_wanted(self.job_id, self.attempt):
                return False
        if now - self._renewed > RENEW_EVERY:
            self._renewed = now
            with contextlib.suppress(DBAPIError):  # the job itself may be writing for long
                actions.renew(self.job_id, self.attempt)
        return True


class Worker:
    """Runs jobs one after the other, in the turns that it is given. For a process without other threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stops = False
        self._regular_at = self._look_at = 0.0
        self._knows_sizes = False
        self._at_hand: AtHand | None = None

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ends `work`."""
        self._stops = True

    def work(self) -> None:
        """Works until stopped, where there is nothing else to do."""
        try:
            while not self._stops:
                time.sleep(self.turn())
        finally:
            self.end()

    def turn(self) -> float:
        """Does what is to be done now. Result: for how many seconds there is nothing more to do.

        A database that does not answer for a while is asked again.
        """
        with self._outliving_the_database():
            if not self._knows_sizes:
                self._knows_sizes = True
                _learn_sizes()
            elif self._at_hand is not None:
                self._look_after(self._at_hand)
            elif time.monotonic() >= self._look_at:
                self._look_at = time.monotonic() + LOOK_EVERY
                self._look_for_work()
        return _GLANCE if self._at_hand is not None else max(0.0, self._look_at - time.monotonic())

    def end(self) -> None:
        """Stops the job at hand, which the next worker begins anew."""
        with self._outliving_the_database():
            if self._at_hand is not None:
                self._let_go(self._at_hand, is_over=has_ended(self._at_hand.process), blameless=True)

    @contextlib.contextmanager
    def _outliving_the_database(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as problem:
            to_the_log(f"The work in the background waits for the database ({type(problem).__name__}).")
        finally:
            with contextlib.suppress(DBAPIError):
                db.session.rollback()

    def _look_for_work(self) -> None:
        """Begins one job, if there is one."""
        if time.monotonic() - self._regular_at > REGULAR_EVERY or not self._regular_at:
            self._regular_at = time.monotonic()
            actions.begin_regular_work()
        if queries.is_there_work():
            claimed = actions.claim()
            if claimed is not None:
                self._begin(*claimed)

    def _begin(self, job_id: uuid.UUID, attempt: int) -> None:
        db.let_go()
        child = begin(partial(_as_the_job, job_id, attempt, self._settings))
        self._at_hand = AtHand(job_id, attempt, child)

    def _look_after(self, job: AtHand) -> None:
        """Keeps hold of a job until its process has ended; stops it where it is not wanted."""
        if has_ended(job.process):
            self._let_go(job, is_over=True)
        elif not job.is_wanted():
            self._let_go(job, is_over=False)

    def _let_go(self, job: AtHand, *, is_over: bool, blameless: bool = False) -> None:
        self._at_hand, self._look_at = None, 0.0
        if not is_over:
            kill(job.process)
        actions.give_back(job.job_id, job.attempt, blameless=blameless and not is_over)  # nothing, where it has ended


def _learn_sizes() -> None:
    """What each start of the server owes the database, and no page waits for."""
    with db.make_room(db.database().main) as connection:
        sizes.learn(connection)


def _is_wanted(job_id: uuid.UUID, attempt: int) -> bool:
    """Whether nobody dropped the job meanwhile. A database that does not answer leaves it alone."""
    try:
        return actions.is_held(job_id, attempt)
    except DBAPIError:
        return True
    finally:
        db.session.rollback()


def _as_the_job(job_id: uuid.UUID, attempt: int, settings: Settings) -> None:
    """What the process of a job does."""
    try:
        broke = running.run(job_id, attempt, settings)
    except Exception as problem:
        to_the_log(f"A job broke off and is tried again: {type(problem).__name__}")
        raise
    if broke is not None:
        to_the_log(f"A job broke off and is tried again: {broke}")


def to_the_log(sentence: str) -> None:
    """A line in the log of the server."""
    print(sentence, file=sys.stderr, flush=True)
