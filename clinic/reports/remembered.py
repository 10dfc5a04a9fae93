"""What is small and takes long to work out of facts: told again until a kind of fact that it was made of changes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeVar

_T = TypeVar("_T")


class _Known(NamedTuple):
    reads: frozenset[str]
    given: object
    answer: Any


class Remembered:
    """What was worked out for one question, by name."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def told(self, what: str, reads: Collection[str], work_out: Callable[[], _T], given: object = None) -> _T:
        """What is made of these kinds of fact, as `Population` names them, and of what is given besides."""
        known = self._known.get(what)
        if known is None or known.given != given:
            known = self._known[what] = _Known(frozenset(reads), given, work_out())
        answer: _T = known.answer
        return answer

    def take_over(self, before: Remembered, changed: Collection[str]) -> None:
        """Takes over what was known of the same question before these kinds of fact changed, and is as it was."""
        self._known.update((what, known) for what, known in before._known.items() if known.reads.isdisjoint(changed))
