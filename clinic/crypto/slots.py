"""What lies beside the data so that a master key can open it: key slots, as a disk's encryption has them.

A slot is for one master key. It holds the key of the database's files wrapped by that master key, where the files are
encrypted, and how to stretch the passphrase, where the master key is made from one. Two slots are there only while the
master key is being changed, so that whatever stops in the middle can go on with either.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import unicodedata
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from clinic.crypto.keyring import KEY_LENGTH, DamagedKey, KeyFileProblem, MasterKey, WrongKey

SHORTEST_PASSPHRASE = 20
_VERSION = 1
_SALT_LENGTH = 16
_NONCE_LENGTH = 12


class ShortPassphrase(ValueError):
    """A passphrase that could be guessed once the data is in other hands."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """How a passphrase becomes a master key: argon2id (RFC 9106), its second recommendation with twice the memory."""

    salt: str
    kibibytes: int = 128 * 1024
    rounds: int = 3
    lanes: int = 4

    @classmethod
    def new(cls) -> Stretch:
        """With a salt of its own."""
        return cls(secrets.token_hex(_SALT_LENGTH))

    def master(self, passphrase: str) -> MasterKey:
        """The master key of a passphrase. Takes a third of a second on purpose."""
        words = _plain(passphrase).encode()
        return MasterKey(
            hash_secret_raw(
                words, bytes.fromhex(self.salt), self.rounds, self.kibibytes, self.lanes, KEY_LENGTH, Type.ID
            )
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """What one master key needs beside itself."""

    fingerprint: str
    stretch: Stretch | None = None
    file_key: str | None = None


def _plain(passphrase: str) -> str:
    """A passphrase however its keyboard spells it, and however many spaces stand between its words."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split())


def refuse_short(passphrase: str) -> None:
    """Raises ShortPassphrase."""
    if len(_plain(passphrase)) < SHORTEST_PASSPHRASE:
        raise ShortPassphrase(
            f"The passphrase needs {SHORTEST_PASSPHRASE} characters or more: six words drawn by chance are good."
        )


class KeySlots:
    """The slots of one clinic."""

    def __init__(self, slots: tuple[Slot, ...] = ()) -> None:
        self.slots = slots

    @classmethod
    def read(cls, path: Path) -> KeySlots:
        """The slots beside the data; none where there is no file. Raises KeyFileProblem."""
        try:
            return cls.from_text(path.read_text("utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError, KeyError, TypeError):
            raise KeyFileProblem(path, "the key slots cannot be read; bring back the copy in the backup") from None

    @classmethod
    def from_text(cls, text: str) -> KeySlots:
        """The slots that a file, or the head of a copy, holds. Raises ValueError, KeyError, TypeError."""
        return cls(tuple(_slot(one) for one in json.loads(text)["slots"]))

    def write(self, path: Path) -> None:
        """Puts the slots in place whole or not at all. Raises KeyFileProblem."""
        text = json.dumps({"version": _VERSION, "slots": [asdict(slot) for slot in self.slots]}, indent=1)
        making = path.with_name(f"{path.name}.new")
        try:
            with contextlib.suppress(FileNotFoundError):
                making.unlink()
            with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            making.replace(path)
            settle(path.parent)
        except OSError as problem:
            raise KeyFileProblem(path, f"the key slots cannot be written ({problem.strerror})") from None

    def with_slot(
        self, master: MasterKey, *, file_key: bytes | None = None, stretch: Stretch | None = None
    ) -> KeySlots:
        """With a slot for this master key, in place of one that it had."""
        wrapped = None if file_key is None else _wrap(master, file_key)
        return KeySlots((*self.without(master).slots, Slot(master.fingerprint.hex(), stretch, wrapped)))

    def without(self, master: MasterKey) -> KeySlots:
        """Without the slot of this master key."""
        return KeySlots(tuple(slot for slot in self.slots if slot.fingerprint != master.fingerprint.hex()))

    def only(self, master: MasterKey) -> KeySlots:
        """The slot of this master key alone."""
        return KeySlots(tuple(slot for slot in self.slots if slot.fingerprint == master.fingerprint.hex()))

    def file_key(self, master: MasterKey) -> bytes | None:
        """The key of the files; None where they are not encrypted. Raises WrongKey, DamagedKey."""
        for slot in self.slots:
            if slot.fingerprint == master.fingerprint.hex():
                return None if slot.file_key is None else _unwrap(master, slot.file_key)
        raise WrongKey("this key is not the key of this clinic; check the setting CLINIC_KEY")

    def stretch_of(self, master: MasterKey) -> Stretch | None:
        """How this master key was made from a passphrase, if it was."""
        return next((slot.stretch for slot in self.slots if slot.fingerprint == master.fingerprint.hex()), None)

    def master_of(self, passphrase: str) -> MasterKey:
        """The master key that this passphrase makes. Raises WrongKey."""
        for slot in self.slots:
            if slot.stretch is not None:
                master = slot.stretch.master(passphrase)
                if master.fingerprint.hex() == slot.fingerprint:
                    return master
        raise WrongKey("this is not the passphrase of this clinic")

    @property
    def has_passphrase(self) -> bool:
        """Whether a passphrase opens this clinic."""
        return any(slot.stretch is not None for slot in self.slots)

    def plain(self) -> KeySlots:
        """The slots of files that are not encrypted: only what a passphrase needs."""
        return KeySlots(tuple(replace(slot, file_key=None) for slot in self.slots if slot.stretch is not None))


def new_file_key() -> bytes:
    """A key for the files of one clinic."""
    return secrets.token_bytes(KEY_LENGTH)


def _slot(kept: dict[str, object]) -> Slot:
    stretch = kept["stretch"]
    wrapped = kept["file_key"]
    return Slot(
        str(kept["fingerprint"]),
        Stretch(**stretch) if isinstance(stretch, dict) else None,
        None if wrapped is None else str(wrapped),
    )


def settle(folder: Path) -> None:
    """Has the disk keep the new name of a file, whatever happens to the power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wrap(master: MasterKey, secret: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_LENGTH)
    sealed = AESGCM(master.derive("file")).encrypt(nonce, secret, master.fingerprint)
    return base64.b64encode(nonce + sealed).decode("ascii")


def _unwrap(master: MasterKey, wrapped: str) -> bytes:
    try:
        kept = base64.b64decode(wrapped, validate=True)
        return AESGCM(master.derive("file")).decrypt(kept[:_NONCE_LENGTH], kept[_NONCE_LENGTH:], master.fingerprint)
    except (InvalidTag, ValueError):
        raise DamagedKey("the wrapped key of the database's files was changed") from None
