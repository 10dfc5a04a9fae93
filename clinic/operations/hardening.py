"""What a process that holds keys leaves to no one else: no core dump, no look into its memory, no file for others."""

from __future__ import annotations

import contextlib
import os
import resource
import sys

from clinic.operations import watching


def forbid_dumps() -> None:
    """Has the system write no image of this process, and let no other process of its user look into it (Linux)."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        watching.forbid_looks()


def keep_to_itself() -> None:
    """For a server: besides, whatever file it makes is its own user's alone."""
    forbid_dumps()
    os.umask(0o077)
