"""What one test leaves to the next, because it is alike for all: templates, statements and addresses, once compiled.

Each test has a database, an engine and an application of its own, and a server has one of each for as long as it lives.
What is kept here is what a server keeps, too: it holds nothing of any clinic, and nobody can tell that it is there.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, MutableMapping
from functools import cache, partialmethod
from types import CodeType
from typing import Any

from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.orm import Mapper
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from clinic.db import Database
from clinic.web.templating import Templates

MOST_STATEMENTS = 4000


class Compiled(BytecodeCache):
    """The templates as they were compiled for another test: each has an application of its own, and they are alike."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code


class Statements(MutableMapping[Any, Any]):
    """The statements as they were compiled for another engine of the same kind.

    SQLAlchemy names with each statement the dialect that it was compiled for, of which every engine has one of its own.
    """

    def __init__(self) -> None:
        self.kept: LRUCache[Any, Any] = LRUCache(MOST_STATEMENTS)

    def __getitem__(self, key: Any) -> Any:
        return self.kept[_for_each_engine(key)]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self.kept[_for_each_engine(key)] = compiled

    def __delitem__(self, key: Any) -> None:
        del self.kept[_for_each_engine(key)]

    def get(self, key: Any, default: Any = None) -> Any:
        return self.kept.get(_for_each_engine(key), default)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.kept)

    def __len__(self) -> int:
        return len(self.kept)


def _for_each_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return dialect.driver, dialect.loaded_dbapi, *rest


_statements = Statements()
_builders: dict[Any, Any] = {}
_make_database = Database.__init__
_compile_builder = Rule._compile_builder


def _with_kept_statements(database: Database, *told: Any, **more: Any) -> None:
    _make_database(database, *told, **more)
    for engine in {database.main, database.readings}:
        engine.update_execution_options(compiled_cache=_statements)


def _kept_builder(rule: Rule, append_unknown: bool = True) -> Any:
    """The function that writes an address: of two rules that read the same, the same."""
    key = rule.rule, repr(rule._trace), repr(rule.defaults), append_unknown
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def keep() -> None:
    """From here on, until the process ends."""
    Templates.__init__ = partialmethod(Templates.__init__, bytecode_cache=Compiled())  # type: ignore[assignment, method-assign]
    Mapper._compiled_cache = _statements  # type: ignore[assignment]  # of what a flush writes
    Database.__init__ = _with_kept_statements  # type: ignore[method-assign]
    Rule._compile_builder = _kept_builder  # type: ignore[method-assign]


@cache
def settle() -> None:
    """Keeps Python's search for circles from all that was read so far: nothing of it ever goes, and it is large."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)
