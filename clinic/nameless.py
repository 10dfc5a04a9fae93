"""A file that has no name until it is whole: whatever ends its writer sooner leaves nothing of it on the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def of_folder(folder: Path) -> IO[bytes]:
    """A file of this folder for reading and writing that never has a name, and is gone when it is closed."""
    return tempfile.TemporaryFile(dir=folder)


@contextmanager
def becoming(path: Path) -> Iterator[IO[bytes]]:
    """A new file for its owner alone, which bears its name once all is written. Raises FileExistsError.

    Where a file system knows no files without a name, as that of most sticks, it is copied at the end.
    """
    with _to_be_named(path.parent) as file:
        yield file
        file.flush()
        _name(file, path)


def _to_be_named(folder: Path) -> IO[bytes]:
    """Not what `tempfile` opens: that can never be given a name."""
    with suppress(AttributeError, OSError):
        return os.fdopen(os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600), "w+b")
    return of_folder(folder)


def _name(file: IO[bytes], path: Path) -> None:
    try:
        os.link(f"/proc/self/fd/{file.fileno()}", path)
    except FileExistsError:
        raise
    except OSError:
        _copy(file, path)


def _copy(file: IO[bytes], path: Path) -> None:
    file.seek(0)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        try:
            shutil.copyfileobj(file, copy)
        except BaseException:
            path.unlink()
            raise
