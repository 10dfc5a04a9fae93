"""The memory that the allocator of Linux keeps for a process, and what it gives back."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

ARENAS = 2
"""Python runs one thread at a time: more heaps than this only hold more of what is free."""
_LARGE = 1 << 20
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # M_MMAP_THRESHOLD and M_ARENA_MAX of the GNU library


@cache
def _library() -> Any:
    """The library that allocates, where it is the GNU one: another gives back by itself."""
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None


def keep_little() -> bool:
    """Lets this process and those forked from it keep less of what is free. Called before there are threads.

    Each thread would have a heap of its own, and what is large (the work of a password's hash) would be kept once it
    was there. Whether the allocator took it.
    """
    library = _library()
    settings = ((_ARENA_MAX, ARENAS), (_MMAP_THRESHOLD, _LARGE))
    return library is not None and all(library.mallopt(*setting) == 1 for setting in settings)


@contextmanager
def collection_at_rest() -> Iterator[None]:
    """Rows hold no circles: looking for some among hundreds of thousands takes a sixth of the time or more."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def give_back() -> None:
    """Gives the system what is free again, of a process that has just held much for a moment."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)
