"""The demonstration's past: an invented register of the last eighteen months, brought in through the importer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date


def bring_in(*, until: date, say: Callable[[str], None]) -> None:
    """Writes an invented register that ends today and imports it."""
