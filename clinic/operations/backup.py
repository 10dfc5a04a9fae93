"""The clinic copied to another place: encrypted on its way to the public keys of two persons (age), kept by rule.

Nothing lies on the disk in clear meanwhile: what is read goes through a pipe into the encryption. The clinic's own key
is not in a copy; whoever brings one back needs it and the private key of one of the two.
"""

from __future__ import annotations

import contextlib
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from clinic.operations.places import BadSettings, Copy, NoBackup, NoRoom, Place
from clinic.staff import clinics
from config.settings import Settings

KEPT = {"daily": 7, "weekly": 5, "monthly": 12}
FEWEST_KEYS = 2
PARTIAL = ".backup.age.partial"


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
    recipients, place = _recipients(settings), Place(settings)
    stem = f"sanad-{clock.now():%Y%m%dT%H%M%SZ}"
    name, partial = f"{stem}.backup.age", settings.home / f"{stem}{PARTIAL}"
    try:
        rows = _encrypted_to(partial, copying.lines(_head(settings)), recipients)
        size = partial.stat().st_size
        with partial.open("rb") as file:
            place.put(name, file, size)
    except OSError as problem:
        raise NoRoom(f"The backup could not be written: {problem.strerror}. Nothing old was removed.") from None
    finally:
        partial.unlink(missing_ok=True)
    _let_old_ones_go(place, but=name)
    begin_writing()  # only now: nobody waits for a copy
    made = BackupMade(made_at=clock.now(), name=name, size=size, rows=rows)
    db.session.add(made)
    audit.record("backup.made", subject=made)
    return made


def _let_old_ones_go(place: Place, *, but: str) -> None:
    """Only after a new one is there, which stays whatever the clock says. What cannot go today goes tomorrow."""
    with contextlib.suppress(NoBackup):
        copies = place.copies()
        kept = to_be_kept(copies)
        for copy in copies:
            if copy.name not in kept and not copy.name.endswith(but):
                place.remove(copy.name)


def _head(settings: Settings) -> dict[str, Any]:
    """What a copy says of itself; with the salt of a passphrase, without which the passphrase makes no key."""
    clinic = clinics.the_clinic()
    slots = settings.slots_path.read_text("utf-8") if KeySlots.read(settings.slots_path).has_passphrase else None
    return {"clinic": clinic.id.hex, "is_demonstration": clinic.is_demonstration, "slots": slots}


def _recipients(settings: Settings) -> list[Any]:
    try:
        keys = [x25519.Recipient.from_str(key) for key in settings.backup_keys]
    except pyrage.RecipientError:
        raise BadSettings("CLINIC_BACKUP_KEYS holds something that is no public key of age (age1…).") from None
    if len(set(settings.backup_keys)) < FEWEST_KEYS:
        raise BadSettings(
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
    if Path(name).is_file():
        return Path(name).open("rb")
    return Place(settings).get(name)


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
