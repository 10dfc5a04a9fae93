"""The worker: a process beside the server that claims jobs and has each carried out by a process of its own.

A job's process gives its memory back when it ends, and can be stopped at any moment: nothing of it is committed before
its end. The worker itself stays small. It looks for work once a second, and once a minute for regular work.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

from sqlalchemy.exc import DBAPIError

from clinic import db, sizes
from clinic.jobs import actions, queries, running
from clinic.jobs.rules import LEASE
from clinic.processes import end_with, has_ended, kill
from config.settings import Settings

LOOK_EVERY = 1.0  # seconds
REGULAR_EVERY = 60.0
RENEW_EVERY = LEASE.total_seconds() / 4
_GLANCE = 0.1


class Worker:
    """Runs jobs one after the other until it is told to stop."""

    def __init__(self, settings: Settings, *, beat: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._beat = beat
        self._stops = False
        self._regular_at = 0.0

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Ends the worker; the job at hand is stopped and begun anew by the next one."""
        self._stops = True

    def work(self) -> None:
        """Works until stopped."""
        with self._outliving_the_database():
            _learn_sizes()
        while not self._stops:
            self._beat()
            with self._outliving_the_database():
                if self._once():
                    continue
            time.sleep(LOOK_EVERY)

    @contextlib.contextmanager
    def _outliving_the_database(self) -> Iterator[None]:
        """A database that does not answer for a while is asked again."""
        try:
            yield
        except DBAPIError as problem:
            to_the_log(f"The work in the background waits for the database ({type(problem).__name__}).")
        finally:
            with contextlib.suppress(DBAPIError):
                db.session.rollback()

    def _once(self) -> bool:
        """Carries one job out, if there is one."""
        if time.monotonic() - self._regular_at > REGULAR_EVERY or not self._regular_at:
            self._regular_at = time.monotonic()
            actions.begin_regular_work()
        if not queries.is_there_work():
            db.session.rollback()
            return False
        claimed = actions.claim()
        if claimed is not None:
            self._carry_out(*claimed)
        return claimed is not None

    def _carry_out(self, job_id: uuid.UUID, attempt: int) -> None:
        db.let_go()
        parent = os.getpid()
        child = os.fork()
        if not child:
            _as_the_job(job_id, attempt, self._settings, parent=parent)
        ended = self._wait_for(child, job_id, attempt)
        actions.give_back(job_id, attempt, blameless=self._stops and not ended)  # nothing, where the job has ended

    def _wait_for(self, child: int, job_id: uuid.UUID, attempt: int) -> bool:
        """Keeps hold of a job until its process has ended; stops it where it is not wanted. Whether it ended itself."""
        renewed = looked = time.monotonic()
        while not has_ended(child):
            time.sleep(_GLANCE)
            self._beat()
            now = time.monotonic()
            is_wanted = not self._stops
            if is_wanted and now - looked > LOOK_EVERY:
                looked, is_wanted = now, _is_wanted(job_id, attempt)
            if not is_wanted:
                kill(child)
                return False
            if now - renewed > RENEW_EVERY:
                renewed = now
                with contextlib.suppress(DBAPIError):  # the job itself may be writing for long
                    actions.renew(job_id, attempt)
        return True


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


def _as_the_job(job_id: uuid.UUID, attempt: int, settings: Settings, *, parent: int) -> NoReturn:
    """What the process of a job does: it ends with its parent, and leaves Ctrl-C to it."""
    status = 1
    try:
        end_with(parent)
        broke = running.run(job_id, attempt, settings)
        if broke is not None:
            to_the_log(f"A job broke off and is tried again: {broke}")
        status = 0
    except Exception as problem:
        to_the_log(f"A job broke off and is tried again: {type(problem).__name__}")
    finally:
        os._exit(status)  # nothing of the parent is cleaned up here


def to_the_log(sentence: str) -> None:
    """A line in the log of the server."""
    print(sentence, file=sys.stderr, flush=True)
