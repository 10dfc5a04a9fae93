"""When a child who was asked for is the child on paper: the full name and the year of birth, and nothing less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clinic.children.likeness import SAME, covered
from clinic.children.spelling import Term, tokens

LEAST_WORDS = 3
"""A name of two words is borne by too many in one camp."""
A_YEAR_OFF = 1
"""Where an age was estimated, its year may be off by one."""


def is_full(name: str) -> bool:
    """Whether enough of a name was typed."""
    return len(tokens(name)) >= LEAST_WORDS


def is_called(name: str, child: Any) -> bool:
    """Whether a full name is the child's: each word of one is found in the other, in one of the two scripts."""
    asked = [Term.of(word) for word in tokens(name)]
    written = (" ".join(part for part in child.name_parts if part), child.name_latin or "")
    return any(_same(asked, [Term.of(word) for word in tokens(text)]) for text in written)


def _same(asked: Sequence[Term], there: Sequence[Term]) -> bool:
    if not there or len(asked) != len(there):
        return False
    return bool(min(covered(list(asked), list(there)), covered(list(there), list(asked))) >= SAME)


def is_born_in(year: int, child: Any) -> bool:
    """Whether a child was born in a year as far as is known; a birth of which nothing is known speaks against none."""
    if child.birth_year is not None:
        return bool(child.birth_year == year)
    if child.estimated_age is not None and child.estimated_on is not None:
        return bool(abs(child.estimated_on.year - child.estimated_age - year) <= A_YEAR_OFF)
    return True
