"""Every column has one lane, and every secret is sealed in its own."""

from __future__ import annotations

from clinic import models
from clinic.access import lanes
from clinic.db import Model


def test_every_column_of_every_table_has_a_lane() -> None:
    known = lanes.columns_by_table()
    tables = [table for table in models.metadata.tables.values() if not table.name.endswith("_version")]
    missing = [f"{t.name}.{c.name}" for t in tables for c in t.columns if c.name not in known.get(t.name, {})]
    assert missing == []


def test_lanes_toml_names_nothing_that_is_not_there() -> None:
    tables = {table.name: set(table.columns.keys()) for table in models.metadata.tables.values()}
    gone = [
        f"{t}.{c}" for t, columns in lanes.columns_by_table().items() for c in columns if c not in tables.get(t, ())
    ]
    assert gone == []


def test_a_secret_is_sealed_in_the_lane_of_its_column() -> None:
    other = [
        f"{mapper.local_table.name}.{name}"
        for mapper in Model.registry.mappers
        for name, secret in vars(mapper.class_).items()
        if hasattr(secret, "lane") and lanes.lane_of(mapper.local_table.name, name).value != secret.lane
    ]
    assert other == []
