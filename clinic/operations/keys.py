"""Where the clinic's key comes from: a file, the environment, a passphrase, or the server that started this process."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from collections.abc import Callable
from dataclasses import replace

from clinic import embedded
from clinic.crypto.keyring import KeyProblem, MasterKey
from clinic.crypto.slots import KeySlots
from config.settings import Settings

LONGEST_TEXT = 256


class NoKey(KeyProblem):
    """No key was named, or what was named is none; the message says what to do."""


def key_of(settings: Settings, slots: KeySlots | None = None) -> MasterKey:
    """The key of the clinic in CLINIC_HOME; the demonstration's lies beside its data. Raises KeyProblem.

    `slots`: those of a clinic that is not there yet.
    """
    if settings.key_handed is not None:
        return _handed(settings.key_handed)
    if settings.key_path is not None:
        return MasterKey.from_file(settings.key_path)
    if settings.key_text is not None:
        return _from_text(settings.key_text)
    if settings.key_asked:
        return _asked(slots or KeySlots.read(settings.slots_path))
    if settings.demo_key_path.exists():
        return demonstration_key(settings)
    raise NoKey("CLINIC_KEY is not set. Set it to the path of the clinic's key, or to ask for its passphrase.")


def told(settings: Settings) -> str:
    """Where the clinic's key comes from, in words."""
    if settings.key_path is not None:
        return f"in {settings.key_path}"
    if settings.key_asked:
        return "made from a passphrase"
    return "in the setting CLINIC_KEY" if settings.names_a_key else f"the demonstration's, in {settings.demo_key_path}"


def demonstration_key(settings: Settings) -> MasterKey:
    """The key that lies with the demonstration: by its place the demonstration's, whatever its text says."""
    return MasterKey.from_file(settings.demo_key_path).as_demonstration()


def _from_text(text: str) -> MasterKey:
    try:
        return MasterKey.from_text(text)
    except ValueError:
        raise NoKey("CLINIC_KEY begins like a key but is not a whole one. Copy the whole line of the key.") from None


def _asked(slots: KeySlots) -> MasterKey:
    if not slots.has_passphrase:
        raise NoKey("No passphrase opens this clinic. Set CLINIC_KEY to the path of its key.")
    return slots.master_of(ask("Passphrase of the clinic: "))


def ask(question: str) -> str:
    """What somebody types unseen; a line of standard input where there is no terminal. Raises NoKey."""
    if sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(question, stream=sys.stderr)
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise NoKey("CLINIC_KEY is ask, and there is nobody to ask: start this at a terminal, or pipe the passphrase.")
    return line.rstrip("\r\n")


def hand_over(settings: Settings, key: MasterKey) -> Settings:
    """Leaves the key in memory for the workers of the server, where it comes from no file: nobody is asked twice."""
    if settings.key_text is None and not settings.key_asked:
        return settings
    handle = os.memfd_create("clinic", 0)
    os.write(handle, key.text.encode())
    return replace(settings, key_path=None, key_text=None, key_asked=False, key_handed=handle)


def environment_for_workers(settings: Settings) -> dict[str, str]:
    """The environment that the server's workers get: without a key in it."""
    kept = dict(os.environ)
    if settings.key_handed is not None:
        kept.pop("CLINIC_KEY", None)
        kept["CLINIC_KEY_HANDED"] = str(settings.key_handed)
    return kept


def _handed(handle: int) -> MasterKey:
    with contextlib.suppress(OSError, ValueError):
        return MasterKey.from_text(os.pread(handle, LONGEST_TEXT, 0).decode("ascii"))
    raise NoKey("The key that the server was given is gone. Start the server again.")


def take_back(settings: Settings) -> None:
    """Empties what was handed to the workers, for all of them at once."""
    if settings.key_handed is not None:
        os.ftruncate(settings.key_handed, 0)


def file_key_of(settings: Settings, key: Callable[[], MasterKey]) -> bytes | None:
    """The key of the embedded database's files, None where they are plain. Raises KeyProblem."""
    if not settings.is_embedded or not embedded.is_encrypted(embedded.path_of(settings.database_url)):
        return None
    if not settings.slots_path.exists():
        raise NoKey(f"{settings.slots_path} is missing, and the files do not open without it. Bring back its copy.")
    return KeySlots.read(settings.slots_path).file_key(key())
