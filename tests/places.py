"""Where the tests keep their files: in memory where there is room, since a file that is gone in a second need not last.

A clinic waits for the disk at each commit, on purpose; a test that commits fifty times waits for nothing anybody reads.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108  a folder of Linux that lies in memory; Docker gives it 64 MB unless told
ENOUGH = 2 * 1024**3


def quickest() -> Path:
    """The folder for files that nobody reads after the tests."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH:
        return MEMORY
    return Path(tempfile.gettempdir())


def pytest_configure(config: pytest.Config) -> None:
    """The folders of `tmp_path` lie there too, unless somebody names another place."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(quickest()))
