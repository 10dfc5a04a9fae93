"""Whether the server that runs must be started again, because it was given a key that has been changed since.

A server whose key lies in a file reads the new one there by itself. One that was given a passphrase, or the key itself,
holds the old one: it works on, and could not open what data keys of later seal. Beside the data stands which process it
was; once that has ended, another one asks for the key that is valid now.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from clinic.crypto import current
from clinic.operations import seal
from config.settings import Settings


def ask_for(settings: Settings) -> bool:
    """Notes that the server of this home must be started again, if one runs; whether one does."""
    process = seal.server_of(settings)
    if process is None:
        return False
    _mark(settings).write_text(json.dumps({"process": process, "began": _began(process)}), encoding="ascii")
    return True


def is_wanted(settings: Settings) -> bool:
    """Whether the server that ran when the key was changed runs still, or this process met keys it cannot open."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        noted = json.loads(_mark(settings).read_text("ascii"))
        if seal.server_of(settings) == noted["process"] and _began(noted["process"]) == noted["began"]:
            return True
    return current.is_behind()


def _mark(settings: Settings) -> Path:
    return settings.home / "restart.json"


def _began(process: int) -> str:
    """When a process began, as the system counts it: numbers are given again to others."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    return ""
