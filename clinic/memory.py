"""The memory of a process that has just held much for a moment."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Gives the system what is free again: the allocator of Linux keeps it else, for a process that may not need it."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # the GNU library's; another gives it back by itself
        if trim is not None:
            trim(0)
