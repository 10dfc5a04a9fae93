"""The seal: the keys leave the memory, the server starts anew without them, and answers nobody until it is unsealed.

A mark beside the data says that the clinic is sealed; it names nobody. Whoever finds the computer then finds files that
do not open without the key, which lies elsewhere. Only the key takes the seal away.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
from pathlib import Path

from sqlalchemy import update

from clinic import clock, db
from clinic.audit import actions as audit
from clinic.children import index
from clinic.crypto import current
from clinic.operations import keys
from clinic.staff.models import StaffSession
from config.settings import Settings


def mark_of(settings: Settings) -> Path:
    """The mark of a sealed clinic."""
    return settings.home / "sealed.json"


def is_sealed(settings: Settings) -> bool:
    """Whether the clinic is sealed."""
    return mark_of(settings).exists()


def end_sessions() -> None:
    """Signs everybody out. The caller commits."""
    running = StaffSession.clinic_id == db.current_clinic.get()
    ended = update(StaffSession).where(running, StaffSession.ended_at.is_(None)).values(ended_at=clock.now())
    db.session.execute(ended, execution_options={"synchronize_session": False})


def shut(settings: Settings, *, after: float = 0) -> None:
    """Puts the mark in place; then, some seconds later if asked, drops the keys and has the server begin anew."""
    mark = mark_of(settings)
    with os.fdopen(os.open(mark, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(json.dumps({"sealed_at": clock.now().isoformat()}))
        file.flush()
        os.fsync(file.fileno())
    if after:
        threading.Timer(after, _drop, (settings,)).start()
    else:
        _drop(settings)


def _drop(settings: Settings) -> None:
    _forget()
    _tell_the_server(settings)


def _forget() -> None:
    db.session.remove()
    current.forget()
    index.forget()


def open_again(settings: Settings) -> None:
    """Takes the mark away; the clinic was opened with its key just now. The server is to be started again."""
    end_sessions()
    audit.record("clinic.unsealed")
    db.session.commit()
    mark_of(settings).unlink(missing_ok=True)
    _tell_the_server(settings)


# --- the server


def _tell_the_server(settings: Settings) -> None:
    """Ends the server of this home at once; `after_the_end` begins what comes next."""
    process = server_of(settings)
    if process is not None:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGINT)


def server_of(settings: Settings) -> int | None:
    """The process of the server that runs for this home."""
    with contextlib.suppress(OSError, ValueError):
        process = int(settings.server_path.read_text("ascii"))
        os.kill(process, 0)  # whether it is there at all
        if _is_ours(process):
            return process
    return None


def _is_ours(process: int) -> bool:
    """Whether a process is a server of ours: numbers are given again to others."""
    said = Path(f"/proc/{process}/cmdline")
    if not said.exists():
        return True
    words = [Path(os.fsdecode(word)).name for word in said.read_bytes().split(b"\0")]
    return {"clinic", "run"} <= set(words) or "clinic.operations.sealed:application()" in words


def after_the_end(settings: Settings) -> None:
    """What a server becomes that ends: of a sealed clinic it begins anew, as another program image, without keys."""
    if is_sealed(settings):
        keys.take_back(settings)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CLINIC_KEY")}
        os.execve(sys.executable, [sys.executable, "-m", "clinic.operations.sealed"], kept)  # noqa: S606 - ourselves


if __name__ == "__main__":
    after_the_end(Settings.from_environment())
