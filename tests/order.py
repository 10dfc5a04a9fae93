"""Which test comes first: journeys, then what is slow, then everything else.

Workers that share the tests take from each other what is left in the end; what is left should be short.
"""

from __future__ import annotations

import pytest

FIRST = ("browser", "slow")


def place_of(item: pytest.Item) -> int:
    """The earlier the longer it takes."""
    return next((place for place, mark in enumerate(FIRST) if item.get_closest_marker(mark)), len(FIRST))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Among those of one sort the order stays, by which tests on the same database stand together."""
    items.sort(key=place_of)
