"""Which lane each column belongs to, and what a query leaves unloaded for a reader without it.

`lanes.toml` beside this file assigns every column of every table; a test holds it against the models, and each `Secret`
against the lane that it is sealed in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, defer
from sqlalchemy.orm.interfaces import ORMOption

from clinic.access.permissions import Lane

_FILE = Path(__file__).with_name("lanes.toml")


@lru_cache(maxsize=1)
def columns_by_table() -> Mapping[str, Mapping[str, Lane]]:
    """Of each table, the lane of each column."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {
        table: {column: Lane(lane) for lane, columns in lanes.items() for column in columns}
        for table, lanes in tables.items()
    }


def lane_of(table: str, column: str) -> Lane:
    """The lane of a column. Raises KeyError for a column that lanes.toml does not know."""
    return columns_by_table()[table.removesuffix("_version")][column]


@lru_cache(maxsize=256)
def unloaded(entity: Any, held: frozenset[Lane]) -> tuple[ORMOption, ...]:
    """Loader options that leave every column outside the held lanes unloaded; touching one raises.

    `entity` is a model, or the entity of `with_polymorphic`, of which the columns of all kinds are covered.
    """
    seen = inspect(entity)
    mapper: Mapper[Any] = seen.mapper
    kinds = list(mapper.self_and_descendants) if seen.is_aliased_class else [mapper]
    options = []
    for kind in kinds:
        owner = entity if kind is mapper else getattr(entity, kind.class_.__name__)
        own = (a for a in kind.column_attrs if a.parent is kind and (kind is mapper or a.key not in mapper.attrs))
        options += [defer(getattr(owner, a.key), raiseload=True) for a in own if not _held(a, held)]
    return tuple(options)


def _held(attribute: Any, held: frozenset[Lane]) -> bool:
    column = attribute.columns[0]
    return lane_of(column.table.name, column.name) in held
