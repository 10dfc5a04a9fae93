"""The kinds of work that rooms bring: what each is called, who may ask for it, what it does, how often it is tried."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from clinic import db
from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.jobs.models import Job
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """A job as its kind meets it: what was asked for, and the person in whose name it is done, as they stand now."""

    job: Job
    reader: Reader | None
    settings: Settings

    @property
    def asked(self) -> Mapping[str, Any]:
        """What was asked for, in codes and ids."""
        return self.job.parameters

    @property
    def person(self) -> Reader:
        """Who asked. Only for kinds that need a permission."""
        if self.reader is None:
            raise LookupError(self.job.kind)
        return self.reader


@dataclass(frozen=True, slots=True)
class Ready:
    """What a job leaves: what waits, sealed, for who asked, as a file if it has a name; and codes and counts."""

    content: bytes | None = None
    name: str | None = None
    mimetype: str | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    used: tuple[uuid.UUID, ...] = ()  # files of who asked that nobody needs any more once the job has ended


def begin_writing() -> None:
    """Ends the reading so far and begins a transaction that writes."""
    db.session.rollback()
    db.begin_writing()


class TryAgain(Exception):
    """What is outside did not answer; the job is tried again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Once a day, from this hour of the clinic on."""

    hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """As soon as this much time went by."""

    span: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """A kind of work. `run` may be carried out again after it broke off, so it leaves nothing half done: what it writes
    goes through the session and is committed together with the job's end.
    """

    code: str
    label: str
    run: Callable[[Work], Ready]
    needs: Permission | None = None  # what who asked must still be allowed when it runs
    attempts: int = 3
    is_weighty: bool = False  # who takes the file proves once more who they are
    regularly: Daily | Every | None = None
    describe: Callable[[Mapping[str, Any]], str] | None = None  # what was asked for, in a few words
    codes_of: Callable[[Collection[Job], Reader], Mapping[uuid.UUID, str]] | None = (
        None  # what tells several of one name apart, looked up as the reader may see it now: nothing is kept of it
    )
    opens: str | None = (
        None  # the page that tells what came of it, an endpoint that takes job_id; else the file is sent
    )


_kinds: dict[str, JobKind] = {}


def register(kinds: Iterable[JobKind]) -> None:
    """Makes kinds of work known. Done once at start."""
    _kinds.update((kind.code, kind) for kind in kinds)


def kind_of(code: str) -> JobKind:
    """The kind of a code."""
    return _kinds[code]


def is_known(code: str) -> bool:
    """Whether a room brings this kind (still)."""
    return code in _kinds


def kinds_that_need() -> list[JobKind]:
    """What not everybody may have done."""
    return [kind for kind in _kinds.values() if kind.needs is not None]


def regular_kinds() -> list[JobKind]:
    """What is to be done again and again."""
    return [kind for kind in _kinds.values() if kind.regularly is not None]
