"""The clinic copied to another place: encrypted on its way to the public keys of two persons (age), kept by rule.

Nothing lies on the disk in clear meanwhile: what is read goes through a pipe into the encryption. The clinic's own key
is not in a copy; whoever brings one back needs it and the private key of one of the two.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pyrage
from pyrage import x25519

from clinic import clock, db
from clinic.audit import actions as audit
from clinic.crypto.slots import KeySlots
from clinic.jobs.kinds import begin_writing
from clinic.operations import copying
from clinic.operations.models import BackupMade
from clinic.staff import clinics
from config.settings import Settings

KEPT = {"daily": 7, "weekly": 5, "monthly": 12}
FEWEST_KEYS = 2
_NAME = re.compile(r"sanad-(\d{8}T\d{6}Z)\.backup\.age")


class NoBackup(Exception):
    """The copy cannot be made, found or opened; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that lies in its place."""

    name: str
    made_at: datetime


# --- where copies lie


def store_of(settings: Settings) -> Any:
    """The folder or the bucket that the settings name. Raises NoBackup."""
    from obstore.exceptions import BaseError
    from obstore.store import LocalStore, from_url

    if not settings.backup_to:
        raise NoBackup("CLINIC_BACKUP_TO is not set. Set it to a folder outside CLINIC_HOME, or to s3://bucket/folder.")
    try:
        if settings.backup_to.startswith("s3://"):
            return from_url(settings.backup_to)
        return LocalStore(Path(settings.backup_to).expanduser(), mkdir=True)
    except (BaseError, OSError) as problem:
        raise NoBackup(f"{settings.backup_to} cannot be used for backups: {problem}") from None


def copies_in(store: Any) -> list[Copy]:
    """The copies that lie there, the newest first."""
    import obstore

    found = []
    for batch in obstore.list(store):
        for each in batch:
            said = _NAME.fullmatch(each["path"].rpartition("/")[2])
            if said:
                made_at = datetime.strptime(said.group(1) + "+0000", "%Y%m%dT%H%M%SZ%z")
                found.append(Copy(each["path"], made_at))
    return sorted(found, key=lambda copy: copy.made_at, reverse=True)


def to_be_kept(copies: Iterable[Copy]) -> set[str]:
    """The names that the rule keeps: the newest of each of 7 days, 5 weeks and 12 months."""
    newest_first = sorted(copies, key=lambda copy: copy.made_at, reverse=True)
    keep: set[str] = set()
    periods: dict[str, Callable[[datetime], object]] = {
        "daily": clock.local_date,
        "weekly": lambda at: clock.local_date(at).isocalendar()[:2],
        "monthly": lambda at: (clock.local_date(at).year, clock.local_date(at).month),
    }
    for name, period in periods.items():
        seen: dict[object, str] = {}
        for copy in newest_first:
            seen.setdefault(period(copy.made_at), copy.name)
        keep.update(list(seen.values())[: KEPT[name]])
    return keep


# --- making one


def make(settings: Settings) -> BackupMade:
    """Copies the clinic that is open to where the settings say, and lets old copies go. The caller commits.

    Raises NoBackup.
    """
    import obstore

    recipients, store = _recipients(settings), store_of(settings)
    name = f"sanad-{clock.now():%Y%m%dT%H%M%SZ}.backup.age"
    partial = settings.home / f"{name}.partial"
    try:
        rows = _encrypted_to(partial, copying.lines(_head(settings)), recipients)
        with partial.open("rb") as file:
            obstore.put(store, name, file)
        size = partial.stat().st_size
    except OSError as problem:
        raise NoBackup(f"The backup could not be written: {problem.strerror}. Nothing old was removed.") from None
    finally:
        partial.unlink(missing_ok=True)
    copies = copies_in(store)
    for copy in copies:
        if copy.name not in to_be_kept(copies):
            obstore.delete(store, copy.name)
    begin_writing()  # only now: nobody waits for a copy
    made = BackupMade(made_at=clock.now(), name=name, size=size, rows=rows)
    db.session.add(made)
    audit.record("backup.made", subject=made)
    return made


def _head(settings: Settings) -> dict[str, Any]:
    """What a copy says of itself; with the salt of a passphrase, without which the passphrase makes no key."""
    clinic = clinics.the_clinic()
    slots = settings.slots_path.read_text("utf-8") if KeySlots.read(settings.slots_path).has_passphrase else None
    return {"clinic": clinic.id.hex, "is_demonstration": clinic.is_demonstration, "slots": slots}


def _recipients(settings: Settings) -> list[Any]:
    try:
        keys = [x25519.Recipient.from_str(key) for key in settings.backup_keys]
    except pyrage.RecipientError:
        raise NoBackup("CLINIC_BACKUP_KEYS holds something that is no public key of age (age1…).") from None
    if len(set(settings.backup_keys)) < FEWEST_KEYS:
        raise NoBackup(
            "CLINIC_BACKUP_KEYS must name the public keys of two persons, so that one lost key loses nothing. "
            "Make them with `clinic backup key`."
        )
    return keys


def _encrypted_to(path: Path, said: Iterator[str], recipients: Sequence[Any]) -> int:
    """Writes the lines compressed and encrypted; gives the number of rows."""
    sink = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    outlet, inlet = os.pipe()
    problems: list[BaseException] = []
    with os.fdopen(sink, "wb") as file, os.fdopen(outlet, "rb") as source:
        encrypting = threading.Thread(target=_encrypt, args=(source, file, recipients, problems))
        encrypting.start()
        try:
            with os.fdopen(inlet, "wb") as pipe:
                last = _compress(said, pipe)
        finally:
            encrypting.join()
        if problems:
            raise problems[0]
        file.flush()
        os.fsync(file.fileno())
    return int(last.removeprefix('{"sum": ').removesuffix("}"))


def _encrypt(source: IO[bytes], file: IO[bytes], recipients: Sequence[Any], problems: list[BaseException]) -> None:
    try:
        pyrage.encrypt_io(source, file, list(recipients))
    except BaseException as problem:  # noqa: BLE001 - told to who waits for it
        problems.append(problem)
        with contextlib.suppress(OSError):
            while source.read(1 << 16):
                pass


def _compress(said: Iterator[str], pipe: IO[bytes]) -> str:
    packer, line = zlib.compressobj(6, wbits=31), ""  # 31: as gzip
    for line in said:
        pipe.write(packer.compress(line.encode() + b"\n"))
    pipe.write(packer.flush())
    return line


# --- opening one


def source_of(settings: Settings, name: str) -> IO[bytes]:
    """A copy to read: a file, or one of those that lie where the settings say. Raises NoBackup."""
    import obstore
    from obstore.exceptions import BaseError

    if Path(name).is_file():
        return Path(name).open("rb")
    try:
        return io.BufferedReader(_Stream(iter(obstore.get(store_of(settings), name).stream())))
    except (BaseError, OSError):
        raise NoBackup(f"There is no copy called {name}. List them with `clinic backup list`.") from None


class _Stream(io.RawIOBase):
    """Parts that arrive one after the other, as a file to read."""

    def __init__(self, parts: Iterator[Any]) -> None:
        self._parts, self._rest = parts, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, place: Any) -> int:
        if not self._rest:
            self._rest = memoryview(bytes(next(self._parts, b"")))
        taken = min(len(place), len(self._rest))
        place[:taken], self._rest = self._rest[:taken], self._rest[taken:]
        return taken


def identity_of(path: Path) -> Any:
    """The private key in a file as `clinic backup key` writes it. Raises NoBackup."""
    try:
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        return next(x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-"))
    except (OSError, UnicodeDecodeError, StopIteration, pyrage.IdentityError):
        raise NoBackup(f"{path} holds no private key of age (AGE-SECRET-KEY-…).") from None


def opened(source: IO[bytes], identity: Any) -> Iterator[str]:
    """The lines of a copy, decrypted on their way; nothing lies in clear. Closes the source. Raises NoBackup."""
    outlet, inlet = os.pipe()
    problems: list[BaseException] = []

    def decrypt() -> None:
        with os.fdopen(inlet, "wb") as pipe, source:
            try:
                pyrage.decrypt_io(source, pipe, [identity])
            except BaseException as problem:  # noqa: BLE001 - told to who reads
                problems.append(problem)

    decrypting = threading.Thread(target=decrypt, daemon=True)
    decrypting.start()
    with os.fdopen(outlet, "rb") as pipe:
        try:
            yield from _unpacked(pipe)
        finally:
            with contextlib.suppress(OSError):
                while pipe.read(1 << 16):
                    pass
            decrypting.join()
    if problems:
        raise NoBackup("The backup does not open with this private key, or was changed on its way.") from problems[0]


def _unpacked(pipe: IO[bytes]) -> Iterator[str]:
    unpacker, rest = zlib.decompressobj(wbits=31), b""
    try:
        while chunk := pipe.read(1 << 16):
            *whole, rest = (rest + unpacker.decompress(chunk)).split(b"\n")
            yield from (line.decode() for line in whole)
    except (zlib.error, UnicodeDecodeError):
        raise copying.Damaged("The backup is damaged: it does not unpack.") from None
    if rest:
        yield rest.decode()
