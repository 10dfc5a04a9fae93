"""The demonstration's present: tonight's calls, the week ahead, what waits for an answer. Made through the actions."""

from __future__ import annotations

from collections.abc import Mapping

from clinic.access.reader import Reader


def plan(staff: Mapping[str, Reader]) -> None:
    """Plans the week around today."""
