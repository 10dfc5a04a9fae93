"""When two names may be of one person, and which sides of two cases stand against each other. No database."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from clinic.children.likeness import SAME, covered, likeness
from clinic.children.spelling import Term, tokens
from clinic.vocabularies.fixed import ChildRole

K = TypeVar("K")
V = TypeVar("V")
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
    """Compares names; what it heard it keeps as long as it lives itself, and never more than so much."""

    def __init__(self) -> None:
        self._heard: dict[str, tuple[Term, ...]] = {}
        self._terms: dict[str, Term] = {}
        self._likeness: dict[tuple[str, str], float] = {}

    def __call__(self, one: Iterable[str | None], other: Iterable[str | None]) -> int:
        """0 to 100: how alike two people are called, each in one or more writings; 0 where it may not be one person."""
        theirs = [text for text in other if text]
        return max((self._names(mine, text) for mine in one if mine for text in theirs), default=0)

    def _names(self, one: str, other: str) -> int:
        """The shorter name is found in the longer: it begins alike, and of two words the last is the family's."""
        short, long = sorted((self.hear(one), self.hear(other)), key=len)
        if len(short) < LEAST_WORDS or not self.begin_alike(short[0], long[0]):
            return 0
        value = self._two_words(short, long) if len(short) == LEAST_WORDS else covered(short, long, self._words)
        return round(value) if value >= SAME else 0

    def _two_words(self, short: Sequence[Term], long: Sequence[Term]) -> float:
        given, family = self._words(short[0], long[0]), self._words(short[1], long[-1])
        return min(given, family) if family >= SAME else 0.0

    def begin_alike(self, one: Term, other: Term) -> bool:
        """Whether two given names are one: there are few, and everybody's is compared with everybody's."""
        return self._words(one, other) >= SURE

    def _words(self, one: Term, other: Term) -> float:
        pair = (one.text, other.text)
        value = self._likeness.get(pair)
        if value is None:
            value = _room_in(self._likeness)[pair] = likeness(one, other)
        return value

    def hear(self, name: str) -> tuple[Term, ...]:
        """The words of a name."""
        words = self._heard.get(name)
        if words is None:
            words = _room_in(self._heard)[name] = tuple(self._term(word) for word in tokens(name))
        return words

    def _term(self, word: str) -> Term:
        if word not in self._terms:
            _room_in(self._terms)[word] = Term.of(word)
        return self._terms[word]


_MOST_KEPT = 40_000
"""So many names, and so many pairs of words, are kept: what two names of a clinic of 20,000 children ask for."""


def _room_in(kept: dict[K, V]) -> dict[K, V]:
    """What is kept, with room for one more."""
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    return kept


class Colleagues:
    """Who works here, by given name: a name is compared with those alone whose given name may be the same."""

    def __init__(self, people: Iterable[tuple[uuid.UUID, str]], alike: Alike) -> None:
        self._alike = alike
        self._by_given: defaultdict[Term, list[tuple[uuid.UUID, str]]] = defaultdict(list)
        for one in people:
            if words := alike.hear(one[1]):
                self._by_given[words[0]].append(one)
        self._asked: dict[Term, list[tuple[uuid.UUID, str]]] = {}

    def called_like(self, name: str) -> Iterator[tuple[uuid.UUID, int]]:
        """The colleagues who may be the person of a name, and how alike they are called."""
        words = self._alike.hear(name)
        if len(words) < LEAST_WORDS:
            return
        for colleague_id, called in self._of_given(words[0]):
            if score := self._alike([name], [called]):
                yield colleague_id, score

    def _of_given(self, asked: Term) -> list[tuple[uuid.UUID, str]]:
        if asked not in self._asked:
            alike = [
                people
                for given, people in self._by_given.items()
                if self._alike.begin_alike(asked, given) or self._alike.begin_alike(given, asked)
            ]
            self._asked[asked] = [one for people in alike for one in people]
        return self._asked[asked]


def asked_for(name: str) -> list[str]:
    """What an index of names is asked for: the whole name; and its first and last word, since files often lack the
    names between."""
    words = tokens(name)
    if len(words) < LEAST_WORDS:
        return []
    return [name] if len(words) == LEAST_WORDS else [name, f"{words[0]} {words[-1]}"]
