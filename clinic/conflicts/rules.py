"""When two names may be of one person, and which sides of two cases stand against each other. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clinic.children.likeness import SAME, covered, likeness
from clinic.children.spelling import Term, tokens
from clinic.vocabularies.fixed import ChildRole

SURE = 80
"""From here two given names are one."""
LEAST_WORDS = 2
"""A name of one word is borne by too many."""
MOST_EACH = 10
"""So many likely people are told of one name; where more bear it, the likeliest."""
MOST_NAMES = 10
"""Who adds more people than this within an hour is no longer told what a check found: the coordinator is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTold:
    """What is known of somebody on another side of a case."""

    role: str
    name: str | None = None
    phone: str | None = None
    about: str | None = None


AGAINST_THE_ACCUSED = (ChildRole.COMPLAINANT, ChildRole.WITNESS)
"""The roles of children who stand on the other side of one who is accused."""


class Alike:
    """Compares names; what it heard once it keeps as long as it lives itself, and no longer."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[Term, ...]] = {}
        self._begin_alike: dict[tuple[str, str], bool] = {}

    def __call__(self, one: Iterable[str | None], other: Iterable[str | None]) -> int:
        """0 to 100: how alike two people are called, each in one or more writings; 0 where it may not be one person."""
        theirs = [text for text in other if text]
        return max((self._names(mine, text) for mine in one if mine for text in theirs), default=0)

    def _names(self, one: str, other: str) -> int:
        """The shorter name is found in the longer: it begins alike, and of two words the last is the family's."""
        short, long = sorted((self._hear(one), self._hear(other)), key=len)
        if len(short) < LEAST_WORDS or not self._begin(short[0], long[0]):
            return 0
        value = _two_words(short, long) if len(short) == LEAST_WORDS else covered(list(short), list(long))
        return round(value) if value >= SAME else 0

    def _begin(self, one: Term, other: Term) -> bool:
        """Whether two given names are one: there are few, and everybody's is compared with everybody's."""
        pair = (one.text, other.text)
        if pair not in self._begin_alike:
            self._begin_alike[pair] = likeness(one, other) >= SURE
        return self._begin_alike[pair]

    def _hear(self, name: str) -> tuple[Term, ...]:
        if name not in self._heard:
            self._heard[name] = tuple(Term.of(word) for word in tokens(name))
        return self._heard[name]


def _two_words(short: Sequence[Term], long: Sequence[Term]) -> float:
    given, family = likeness(short[0], long[0]), likeness(short[1], long[-1])
    return min(given, family) if family >= SAME else 0.0


def asked_for(name: str) -> list[str]:
    """What an index of names is asked for: the whole name; and its first and last word, since files often lack the
    names between."""
    words = tokens(name)
    if len(words) < LEAST_WORDS:
        return []
    return [name] if len(words) == LEAST_WORDS else [name, f"{words[0]} {words[-1]}"]
