"""Templates that were compiled beforehand, by whoever set the program up, as Python's own bytecode is.

A process that answers pages would compile each template that it meets anew: a tenth of a second for a first page. It
reads what lies beside the installed packages, and writes nothing there itself. What was compiled of another text, by
another Python or Jinja, or under other rules of ours, is compiled again as if nothing were there.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Final

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

FOLDER: Final = Path(sys.prefix) / "templates"
_DECIDE: Final = ("web/compiled.py", "web/shell.py", "web/templating.py", "formats.py", "languages.py")
"""The modules of the program that say what becomes of a template."""


class Compiled(BytecodeCache):
    """What a folder holds of compiled templates."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._rules = _rules()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """What a template is known by: its name, and where it lies."""
        return f"{name}\n{filename}"

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes what was compiled of this very text."""
        begins = self._begins(bucket)
        with suppress(OSError, EOFError, ValueError, TypeError):
            held = self._path(bucket).read_bytes()
            if held.startswith(begins):
                bucket.code = marshal.loads(held[len(begins) :])  # noqa: S302  # nosec B302 - ours, as the program is

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Who serves keeps nothing."""

    def write(self, bucket: Bucket) -> None:
        """Keeps what was compiled of a text, whole or not at all."""
        path = self._path(bucket)
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(self._begins(bucket) + marshal.dumps(bucket.code))
        unfinished.replace(path)

    def _begins(self, bucket: Bucket) -> bytes:
        return hashlib.sha256(f"{self._rules}\n{bucket.key}\n{bucket.checksum}".encode()).digest()

    def _path(self, bucket: Bucket) -> Path:
        name, _filename = bucket.key.split("\n")
        return self._folder / f"{name.replace('/', '.')}.code"


@cache
def _rules() -> str:
    known = hashlib.sha256(MAGIC_NUMBER + version("jinja2").encode())
    for module in _DECIDE:
        known.update((Path(__file__).parents[1] / module).read_bytes())
    return known.hexdigest()


def compile_all(environment: Environment, names: Iterable[str], folder: Path = FOLDER) -> int:
    """Compiles the templates that are not there as they are now. Result: how many."""
    kept, number = Compiled(folder), 0
    for name in names:
        source, filename, _is_as_it_was = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        bucket = kept.get_bucket(environment, name, filename, source)
        if bucket.code is None:
            bucket.code = environment.compile(source, name, filename)
            kept.write(bucket)
            number += 1
    return number
