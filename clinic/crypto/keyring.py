"""The keys of a clinic: one master key kept away from the data, and the data keys that it wraps.

The master key never touches a value. It wraps one data key a lane (and one for keyed hashes), and secrets of the
process are derived from it. The wrapped keys lie in the database beside the data; without the master key they are
noise.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import os
import secrets
import stat
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_LENGTH = 32
LOOKUP = "lookup"
"""The ring's own lane: the key of the keyed hashes by which unique numbers are found."""
PROCESS = "process"
"""The ring's own lane: what the secrets of a process are derived from, so that a new master key signs nobody out."""

PREFIX = "sanad-key-1:"
DEMO_PREFIX = "sanad-demo-key-1:"
_FILE_LIMIT = 4096
_WRAP_VERSION = b"\x01"
_FINGERPRINT_LENGTH = 4
_NONCE_LENGTH = 12
_HIGHEST_NUMBER = 2**31 - 1  # fits a signed INTEGER of either database


class KeyProblem(Exception):
    """Something is the matter with a key."""


class KeyFileProblem(KeyProblem):
    """The key file cannot be used or made; the message says why and what to do."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class WrongKey(KeyProblem):
    """This master key did not wrap these data keys: it belongs to another clinic, or to the demo."""


class DamagedKey(KeyProblem):
    """A wrapped data key was changed, or moved to another lane or number."""


class UnknownKey(KeyProblem):
    """The ring has no key of this lane or number."""


class MasterKey:
    """32 bytes that open everything. Its text never shows in a repr, an error or a log."""

    __slots__ = ("_secret", "fingerprint", "is_demonstration")

    def __init__(self, secret: bytes, *, is_demonstration: bool = False) -> None:
        if len(secret) != KEY_LENGTH:
            raise ValueError(f"a master key has {KEY_LENGTH} bytes")
        self._secret = bytes(secret)
        self.is_demonstration = is_demonstration
        self.fingerprint = self.derive("fingerprint", _FINGERPRINT_LENGTH)

    @classmethod
    def generate(cls, *, is_demonstration: bool = False) -> MasterKey:
        """A new key of the system's randomness."""
        return cls(secrets.token_bytes(KEY_LENGTH), is_demonstration=is_demonstration)

    @classmethod
    def from_text(cls, text: str) -> MasterKey:
        """Read the one line of a key file. Raises ValueError for anything else."""
        line = text.strip()
        is_demonstration = line.startswith(DEMO_PREFIX)
        if not is_demonstration and not line.startswith(PREFIX):
            raise ValueError(f"the line does not begin with {PREFIX}")
        encoded = line.split(":", 1)[1].rstrip("=")
        try:
            secret = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("the key is not written in base64url") from None
        return cls(secret, is_demonstration=is_demonstration)

    def as_demonstration(self) -> MasterKey:
        """The same key, marked as a demonstration's."""
        return MasterKey(self._secret, is_demonstration=True)

    @property
    def text(self) -> str:
        """The one line of its key file: to be written there, or handed to a process of this clinic."""
        prefix = DEMO_PREFIX if self.is_demonstration else PREFIX
        return prefix + base64.urlsafe_b64encode(self._secret).decode("ascii").rstrip("=")

    @classmethod
    def from_file(cls, path: str | Path) -> MasterKey:
        """Read a key file that only its owner can open. Raises KeyFileProblem."""
        path = Path(path)
        text = _read_private(path)
        try:
            return cls.from_text(text)
        except ValueError as problem:
            raise KeyFileProblem(path, f"this is not a whole key file ({problem}); bring back its copy") from None

    def write(self, path: str | Path) -> None:
        """Make a key file with mode 0600. A file that exists is never overwritten: it may open a clinic."""
        path = Path(path)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise KeyFileProblem(path, "this file exists already and is kept; choose another place") from None
        except OSError as problem:
            raise KeyFileProblem(path, f"the key file cannot be made ({problem.strerror})") from None
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(self.text + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as problem:
            with contextlib.suppress(OSError):
                path.unlink()
            raise KeyFileProblem(path, f"the key file cannot be written ({problem.strerror})") from None

    def derive(self, purpose: str, length: int = KEY_LENGTH) -> bytes:
        """A secret for one purpose (HKDF-SHA256, RFC 5869); it tells nothing of the key or of another purpose."""
        return _derive(self._secret, purpose, length)

    def __repr__(self) -> str:
        return "MasterKey(…)"

    def __reduce__(self) -> str:
        raise TypeError("a master key is not pickled")


def _derive(secret: bytes, purpose: str, length: int) -> bytes:
    info = b"sanad/1/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret)


def _read_private(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise KeyFileProblem(path, "this is not a file")
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise KeyFileProblem(path, "there is no key file here; check the setting CLINIC_KEY") from None
    except OSError as problem:
        raise KeyFileProblem(path, f"the key file cannot be opened ({problem.strerror})") from None
    with os.fdopen(handle, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise KeyFileProblem(path, f"others can open this key file (mode {mode:04o}); do: chmod 600 {path}")
        try:
            return file.read(_FILE_LIMIT).decode("ascii")
        except UnicodeDecodeError:
            raise KeyFileProblem(path, "this is not a key file") from None


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """One data key as the database keeps it. `number` is the key id at the head of every value sealed with it."""

    id: uuid.UUID
    lane: str
    number: int
    wrapped: bytes
    created_at: datetime
    retired_at: datetime | None = None


class KeyRing:
    """The opened data keys of one clinic: the current one of each lane seals, the retired ones still open."""

    __slots__ = ("_ciphers", "_current", "_hash_keys", "_master", "_process_key", "_rows")

    def __init__(self, master: MasterKey) -> None:
        self._master: MasterKey | None = master
        self._rows: dict[int, WrappedKey] = {}
        self._ciphers: dict[int, AESGCM] = {}
        self._hash_keys: dict[int, bytes] = {}
        self._process_key: bytes | None = None
        self._current: dict[str, int] = {}

    @classmethod
    def new(cls, master: MasterKey, lanes: Iterable[str], *, at: datetime | None = None) -> KeyRing:
        """A ring with a first key for each lane, one for keyed hashes and one for the secrets of a process."""
        ring = cls(master)
        ring.complete(lanes, at=at)
        return ring

    def complete(self, lanes: Iterable[str], *, at: datetime | None = None) -> list[WrappedKey]:
        """Gives each lane that has no key yet its first, and tells which were made."""
        wanted = dict.fromkeys((*lanes, LOOKUP, PROCESS))
        return [self.add(lane, at=at) for lane in wanted if lane not in self._current]

    @classmethod
    def open(cls, master: MasterKey, wrapped_rows: Iterable[WrappedKey]) -> KeyRing:
        """The ring whose wrapped keys the database kept. Raises WrongKey, DamagedKey."""
        ring = cls(master)
        for row in sorted(wrapped_rows, key=lambda row: (row.created_at, row.number)):
            ring._take(row, _unwrap(master, row))
        return ring

    def wrapped_rows(self) -> list[WrappedKey]:
        """What the database is to keep; after `add` it holds the new row, and the time at which the old one retired."""
        return list(self._rows.values())

    def add(self, lane: str, *, at: datetime | None = None) -> WrappedKey:
        """Give the lane a new current key. The one before retires: it opens what it sealed and seals no more."""
        master, at = self._opened_by(), at or datetime.now(UTC)
        number = self._free_number()
        unwrapped = uuid.uuid4(), lane, number
        secret = secrets.token_bytes(KEY_LENGTH)
        row = WrappedKey(*unwrapped, _wrap(master, secret, *unwrapped), at)
        before = self._current.get(lane)
        if before is not None:
            self._rows[before] = replace(self._rows[before], retired_at=at)
        self._take(row, secret)
        return row

    def derive(self, purpose: str, length: int = KEY_LENGTH) -> bytes:
        """A secret of this process for one purpose, such as signing forms: the same at every start of this clinic."""
        if self._process_key is None:
            return self._opened_by().derive(f"derived/{purpose}", length)
        return _derive(self._process_key, f"derived/{purpose}", length)

    def rewrapped(self, master: MasterKey) -> list[WrappedKey]:
        """The same keys with their same numbers, wrapped by another master key."""
        before = self._opened_by()
        return [
            replace(row, wrapped=_wrap(master, _unwrap(before, row), row.id, row.lane, row.number))
            for row in self._rows.values()
        ]

    def learn(self, rows: Iterable[WrappedKey], reopen: Callable[[], MasterKey]) -> None:
        """Takes in keys that another process made. `reopen` is asked where the master key was changed meanwhile too."""
        for row in sorted(rows, key=lambda row: (row.created_at, row.number)):
            known = self._rows.get(row.number)
            if known is None:
                self._take(row, self._unwrapped(row, reopen))
            elif known != row:
                self._rows[row.number] = row

    def _unwrapped(self, row: WrappedKey, reopen: Callable[[], MasterKey]) -> bytes:
        try:
            return _unwrap(self._opened_by(), row)
        except WrongKey:
            self._master = reopen()
            return _unwrap(self._master, row)

    @property
    def lanes(self) -> frozenset[str]:
        """The lanes that this ring can seal."""
        return frozenset(self._current)

    def current_number(self, lane: str) -> int:
        """The id of the key that seals this lane now. Raises UnknownKey."""
        try:
            return self._current[lane]
        except KeyError:
            raise UnknownKey(f"no key for lane {lane}") from None

    def lane_of(self, number: int) -> str:
        """The lane whose key this is. Raises UnknownKey."""
        try:
            return self._rows[number].lane
        except KeyError:
            raise UnknownKey(f"no key with the number {number}") from None

    def retired(self) -> list[int]:
        """The keys that open what they sealed and seal no more."""
        return [number for number, row in self._rows.items() if self._current.get(row.lane) != number]

    def cipher(self, number: int) -> AESGCM:
        """The cipher of a key. Raises UnknownKey."""
        try:
            return self._ciphers[number]
        except KeyError:
            raise UnknownKey(f"no key with the number {number}") from None

    def hash_keys(self) -> list[tuple[int, bytes]]:
        """The keys of keyed hashes with their ids, the current one first. Raises UnknownKey where there is none."""
        current = self.current_number(LOOKUP)
        return sorted(self._hash_keys.items(), key=lambda item: item[0] != current)

    def first_hash_key(self) -> tuple[int, bytes]:
        """The oldest key of keyed hashes: of marks, which have no text kept from which to make them anew."""
        self.current_number(LOOKUP)
        number = min(self._hash_keys, key=lambda number: (self._rows[number].created_at, number))
        return number, self._hash_keys[number]

    def erase(self) -> None:
        """Drop every key, so that whoever still holds this ring can open nothing."""
        self._master = self._process_key = None
        for kept in (self._rows, self._ciphers, self._hash_keys, self._current):
            kept.clear()

    def __repr__(self) -> str:
        return f"KeyRing({len(self._rows)} keys)"

    def __reduce__(self) -> str:
        raise TypeError("a key ring is not pickled")

    def _opened_by(self) -> MasterKey:
        if self._master is None:
            raise UnknownKey("the keys of this ring were erased")
        return self._master

    def _free_number(self) -> int:
        """A random id: after a restored backup a counter would give an old number to another key."""
        while True:
            number = secrets.randbelow(_HIGHEST_NUMBER) + 1
            if number not in self._rows:
                return number

    def _take(self, row: WrappedKey, secret: bytes) -> None:
        self._rows[row.number] = row
        if row.lane == LOOKUP:
            self._hash_keys[row.number] = secret
        elif row.lane == PROCESS:
            self._process_key = secret
        else:
            self._ciphers[row.number] = AESGCM(secret)
        if row.retired_at is None:
            self._current[row.lane] = row.number


def fingerprint_in(wrapped: bytes) -> bytes:
    """The fingerprint of the master key that wrapped a data key, as it stands before the secret."""
    begin = len(_WRAP_VERSION)
    return wrapped[begin : begin + _FINGERPRINT_LENGTH]


def _bound_to(id_: uuid.UUID, lane: str, number: int) -> bytes:
    return _WRAP_VERSION + id_.bytes + number.to_bytes(4, "big") + lane.encode()


def _wrap(master: MasterKey, secret: bytes, id_: uuid.UUID, lane: str, number: int) -> bytes:
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    sealed = AESGCM(master.derive("wrap")).encrypt(nonce, secret, _bound_to(id_, lane, number))
    return _WRAP_VERSION + master.fingerprint + nonce + sealed


def _unwrap(master: MasterKey, row: WrappedKey) -> bytes:
    head = 1 + _FINGERPRINT_LENGTH
    if row.wrapped[:1] != _WRAP_VERSION or len(row.wrapped) <= head + _NONCE_LENGTH:
        raise DamagedKey(f"the data key {row.number} of lane {row.lane} is not whole")
    if not hmac.compare_digest(fingerprint_in(row.wrapped), master.fingerprint):
        raise WrongKey("this key is not the key of this clinic; check the setting CLINIC_KEY")
    nonce, sealed = row.wrapped[head : head + _NONCE_LENGTH], row.wrapped[head + _NONCE_LENGTH :]
    try:
        return AESGCM(master.derive("wrap")).decrypt(nonce, sealed, _bound_to(row.id, row.lane, row.number))
    except (InvalidTag, OverflowError):
        raise DamagedKey(f"the data key {row.number} of lane {row.lane} was changed or moved") from None
