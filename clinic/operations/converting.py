"""Encrypting the files of an embedded database that lie in clear, and back, with the server stopped.

The copy is made beside the file, compared with it row by row, and takes its place in one step. The records go first to
be encrypted and last to be plain, so that what is stopped in the middle opens and can be gone on with.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from clinic import embedded
from clinic.crypto import slots
from clinic.crypto.keyring import MasterKey
from clinic.operations import starting
from config.settings import Settings

Say = Callable[[str], None]


def encrypt(settings: Settings, key: MasterKey, say: Say) -> None:
    """Encrypts the files as a whole. Raises NotReady, KeyProblem, embedded.CannotConvert."""
    _refuse(settings)
    kept = slots.KeySlots.read(settings.slots_path)
    stretch = kept.stretch_of(key)
    file_key = (kept.file_key(key) if kept.slots else None) or slots.new_file_key()
    kept.with_slot(key, file_key=file_key, stretch=stretch).write(settings.slots_path)
    waiting = [path for path in _files(settings) if embedded.is_plain(path)]
    for path in waiting:
        embedded.convert(path, before=None, after=file_key)
        say(f"{path.name} is encrypted, and the same as before.")
    if not waiting:
        say("The files are encrypted already.")


def decrypt(settings: Settings, key: MasterKey, say: Say) -> None:
    """Makes the files plain; names and notes in them stay sealed. Raises as `encrypt` does."""
    _refuse(settings)
    kept = slots.KeySlots.read(settings.slots_path)
    waiting = [path for path in reversed(_files(settings)) if embedded.is_encrypted(path)]
    for path in waiting:
        embedded.convert(path, before=kept.file_key(key), after=None)
        say(f"{path.name} is plain, and the same as before.")
    if not waiting:
        say("The files are plain already.")
    if kept.has_passphrase:
        kept.plain().write(settings.slots_path)
    else:
        settings.slots_path.unlink(missing_ok=True)


def _refuse(settings: Settings) -> None:
    if not settings.is_embedded:
        raise starting.NotReady("This is for the embedded database. PostgreSQL keeps its own files; encrypt its disk.")
    if not starting.has_file(settings):
        raise starting.NotReady(f"There is no clinic in {settings.home} yet.")


def _files(settings: Settings) -> list[Path]:
    records = embedded.path_of(settings.database_url)
    return [path for path in (records, embedded.readings_beside(records)) if path.exists()]
