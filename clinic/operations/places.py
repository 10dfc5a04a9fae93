"""Where copies of the clinic lie: a folder, or a bucket of a service that speaks S3. What goes wrong is a sentence.

A copy counts as there only once the place itself says how large it is. The kinds of NoBackup are what the desk of the
administrator tells; the command adds the names of the settings.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from clinic.languages import _l
from clinic.refusals import Refusal
from config.settings import Settings

if TYPE_CHECKING:
    from obstore.store import RetryConfig

_NAME = re.compile(r"sanad-(\d{8}T\d{6}Z)\.backup\.age")
PART = 5 << 20
"""Bytes of a part, the least that S3 takes: on a slow line each part must arrive within PATIENCE."""
AT_ONCE = 2
PATIENCE = "600s"
TRIES: RetryConfig = {"max_retries": 4, "retry_timeout": timedelta(minutes=2)}


class NoBackup(Refusal):
    """The copy cannot be made, found or opened; the message says why and what to do."""

    message = _l("The backup could not be made. Type “clinic backup now” on the clinic's computer to see why.")
    may_pass = False
    """Whether trying again later may help."""


class BadSettings(NoBackup):
    """A setting is missing, or is none."""

    message = _l("A setting of the backup is missing or wrong. “clinic backup now” on the clinic's computer names it.")


class PlaceRefuses(NoBackup):
    """The service does not take the credentials."""

    message = _l("The place for copies refuses the clinic's name or password. Ask who runs it, then set them anew.")


class NoSuchPlace(NoBackup):
    """The bucket is not there."""

    message = _l("The place for copies is not there. Look at its name in the settings, or make it.")


class PlaceSilent(NoBackup):
    """The service does not answer, or broke off."""

    message = _l("The place for copies does not answer. Look at the network, or at the disk on which the copies lie.")
    may_pass = True


class NoRoom(NoBackup):
    """A disk is full, or does not take what is written."""

    message = _l("The copy could not be written: a disk is full, or fails. Make room on it.")
    may_pass = True


class NotWhole(NoBackup):
    """What arrived is not what was sent."""

    message = _l("The copy did not arrive whole, and was taken away again.")
    may_pass = True


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that lies in its place."""

    name: str
    made_at: datetime


class Place:
    """The folder or the bucket that the settings name. Everything here raises NoBackup."""

    def __init__(self, settings: Settings) -> None:
        if not settings.backup_to:
            raise BadSettings(
                "CLINIC_BACKUP_TO is not set. Set it to a folder outside CLINIC_HOME, or to s3://bucket/folder."
            )
        self.name = settings.backup_to
        with self._telling():
            self._store = self._bucket() if self.name.startswith("s3://") else self._folder()

    def _folder(self) -> Any:
        from obstore.store import LocalStore

        return LocalStore(Path(self.name).expanduser(), mkdir=True)

    def _bucket(self) -> Any:
        from obstore.store import S3Store

        missing = [each for each in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not os.environ.get(each)]
        if missing:
            raise BadSettings(f"{' and '.join(missing)}: not set. {self.name} asks for them.")
        plain = os.environ.get("AWS_ALLOW_HTTP") == "true"  # else nothing goes over an open line
        return S3Store.from_url(
            self.name, client_options={"timeout": PATIENCE, "allow_http": plain}, retry_config=TRIES
        )

    def copies(self) -> list[Copy]:
        """The copies that lie there, the newest first."""
        import obstore

        found = []
        with self._telling():
            for batch in obstore.list(self._store):
                for each in batch:
                    said = _NAME.fullmatch(each["path"].rpartition("/")[2])
                    if said:
                        made_at = datetime.strptime(said.group(1) + "+0000", "%Y%m%dT%H%M%SZ%z")
                        found.append(Copy(each["path"], made_at))
        return sorted(found, key=lambda copy: copy.made_at, reverse=True)

    def put(self, name: str, file: IO[bytes], size: int) -> None:
        """Brings a copy there, whole or not at all."""
        import obstore

        with self._telling():
            obstore.put(self._store, name, file, chunk_size=PART, max_concurrency=AT_ONCE)
            arrived = obstore.head(self._store, name)["size"]
            if arrived != size:
                obstore.delete(self._store, name)
                raise NotWhole(f"{self.name} kept {arrived} of {size} bytes. They were taken away again.")

    def get(self, name: str) -> IO[bytes]:
        """A copy to read."""
        import obstore
        from obstore.exceptions import NotFoundError

        with self._telling():
            try:
                found = obstore.get(self._store, name)
            except (NotFoundError, FileNotFoundError):
                raise NoBackup(f"There is no copy called {name}. List them with `clinic backup list`.") from None
            return io.BufferedReader(_Stream(self._parts(found)))

    def _parts(self, found: Any) -> Iterator[bytes]:
        with self._telling():
            yield from map(bytes, found.stream())

    def remove(self, name: str) -> None:
        """Lets a copy go."""
        import obstore

        with self._telling():
            obstore.delete(self._store, name)

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        """Turns what goes wrong there into a sentence."""
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as problem:
            raise _told(problem, self.name) from None


def _told(problem: Exception, place: str) -> NoBackup:
    said = str(problem).partition("\n\nDebug source")[0]
    if re.search(r"\b(401|403)\b|SignatureDoesNotMatch|InvalidAccessKeyId|AccessDenied|Unauthenticated", said):
        return PlaceRefuses(
            f"{place} refuses the credentials. Look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and their rights."
        )
    if re.search(r"\b404\b|NoSuchBucket|not found", said, re.IGNORECASE):
        return NoSuchPlace(f"{place} is not there. Make it, or look at CLINIC_BACKUP_TO.")
    if re.search(r"os error 28|No space left", said):
        return NoRoom(f"There is no room left in {place}. Nothing old was removed.")
    if "builder error" in said:
        return BadSettings("AWS_ENDPOINT must begin with https://. For a service in this house: AWS_ALLOW_HTTP=true.")
    if place.startswith("s3://"):
        return PlaceSilent(
            f"{place} does not answer, or broke off. Look at the network and at AWS_ENDPOINT. Nothing old was removed."
        )
    return PlaceSilent(f"{place} cannot be used for backups: {said.splitlines()[0]}")


class _Stream(io.RawIOBase):
    """Parts that arrive one after the other, as a file to read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._parts, b""))
        taken = min(len(place), len(self._rest))
        place[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken
