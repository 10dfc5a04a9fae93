"""Finding a child by name in either script, and children who may be the same.

Names are never indexed at rest: a `NameIndex` lives in the memory of the process and forgets all when it is dropped.
It keeps no cache outside itself, for the same reason.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import reduce
from heapq import nsmallest
from operator import and_, or_
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import fuzz, process

from clinic.children.bearers import (
    BESIDE,
    FAMILY,
    FATHER,
    GIVEN,
    GRANDFATHER,
    Token,
    all_or_all_but_one,
    as_bits,
    numbers_of,
)
from clinic.children.likeness import MISSING, SAME, likeness, score, together
from clinic.children.numbers import card_number, phone_digits
from clinic.children.packing import packed, unpacked
from clinic.children.sameness import Comparison, Likely, Parts, Person
from clinic.children.spelling import Term, latin_form, named_after, normalise, skeleton, tokens

__all__ = [
    "Found", "Likely", "NameIndex", "Parts", "Person", "card_number", "latin_form", "likeness", "normalise",
    "phone_digits", "score", "skeleton", "tokens",
]  # fmt: skip

_ALIKE = 68  # from here a token is worth showing to one who searches
_LOOSE = 72  # the plain likeness of two sounds that is worth a closer look
_COUNTS = (0.93, 0.97, 0.98, 0.99, 1.0)  # how much a token counts, by whose name it is of
_PARTS = (GRANDFATHER, FATHER, FAMILY, GIVEN, FATHER)  # the last is the name in Latin letters
_SURELY = 95  # tokens this alike are looked at before those that are less
_WIDE = 60  # how many misspellings of one token are looked at

_WHOSE, _TOKEN = 7, 3
"""A token of a child as one number: whose name it is of, and from which bit on which it is."""

_Scored = tuple[float, bytes]  # what sorts: the score from above, then the id


Heard = dict[tuple[str, bool], dict[str, float]]
"""The tokens of an index that are like a word, by the word and whether it may be half typed."""


class Found(NamedTuple):
    """A child found by name."""

    child_id: UUID
    score: float


class NameIndex:
    """The names of all children in memory, found by any part, in either script, half typed or misspelt.

    Every process that answers pages holds one. Children and tokens are numbered in it, who bears a token is an array of
    numbers, and what is known of a child is bytes: as objects it would be six times as large.
    """

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}  # of children; that of one who is forgotten is given again
        self._ids: list[bytes] = []
        self._people: list[bytes] = []
        self._words: list[bytes] = []  # a child's tokens
        self._free: list[int] = []
        self._known: dict[str, Token] = {}
        self._by_number: dict[int, Token] = {}
        self._next = 0  # number of a token
        self._by_key: defaultdict[str, set[str]] = defaultdict(set)
        self._split: dict[str, tuple[tuple[str, str | None], ...]] = {}
        self._inner: dict[str, tuple[str, str | None]] = {}
        self._by_text: list[tuple[str, str]] | None = None  # None: the four lists are to be put in order
        self._in_key_order: list[tuple[str, str]] = []
        self._by_sound: list[tuple[str, str]] = []
        self._sounds: list[str] = []

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, child_id: object) -> bool:
        return isinstance(child_id, UUID) and child_id.bytes in self._numbers

    def person(self, child_id: UUID) -> Person:
        """What the index knows of a child."""
        return unpacked(self._people[self._numbers[child_id.bytes]])

    def add(
        self,
        child_id: UUID,
        parts: Parts | tuple[str | None, ...],
        latin: str | None = None,
        further: Iterable[str] = (),
        birth: date | None = None,
        birth_precision: str = "day",
        locality: str | None = None,
    ) -> None:
        """Learn a child, or learn them anew."""
        self.put(child_id, Person(Parts(*parts), latin, tuple(further), birth, birth_precision, locality))

    update = add

    def put(self, child_id: UUID, person: Person) -> None:
        """Learn a child, or learn them anew."""
        self.remove(child_id)
        number = self._place(child_id.bytes)
        self._people[number] = packed(person)
        words = array("I")
        for word, whose in self._words_of(person).items():
            token = self._known.get(word) or self._learn(word)
            token.add(number, whose)
            words.append(token.number << _TOKEN | whose)
        self._words[number] = words.tobytes()

    def _place(self, child_id: bytes) -> int:
        """The number of a child who is new."""
        if self._free:
            number = self._free.pop()
            self._ids[number] = child_id
        else:
            number = len(self._ids)
            self._ids.append(child_id)
            self._people.append(b"")
            self._words.append(b"")
        self._numbers[child_id] = number
        return number

    def remove(self, child_id: UUID) -> None:
        """Forget a child; one who is not there is forgotten already."""
        number = self._numbers.pop(child_id.bytes, None)
        if number is None:
            return
        for word in self._words_at(number):
            token = self._by_number[word >> _TOKEN]
            token.remove(number)
            if not token.who:
                self._unlearn(token)
        self._ids[number] = self._people[number] = self._words[number] = b""
        self._free.append(number)
        self.settle()  # a name nobody bears any more is not kept

    def settle(self) -> None:
        """Forget what only learning needs."""
        self._split.clear()
        self._inner.clear()

    def _words_at(self, number: int) -> memoryview:
        return memoryview(self._words[number]).cast("I")

    def _words_of(self, person: Person) -> dict[str, int]:
        """A person's tokens, and whose name each is of; of several the one that counts the most."""
        words: dict[str, int] = {}
        for name in person.further:
            for word in tokens(name):
                words[word] = BESIDE
        parts = person.parts
        own = zip((parts.grandfather, parts.father, parts.family, parts.given, person.latin), _PARTS, strict=True)
        for part, whose in own:
            for word, inner in self._tokens(part) if part else ():
                words[word] = max(whose, words.get(word, 0))
                if inner:
                    words.setdefault(inner, BESIDE)
        return words

    def _tokens(self, name: str) -> tuple[tuple[str, str | None], ...]:
        found = self._split.get(name)
        if found is None:
            found = self._split[name] = tuple(map(self._with_inner, tokens(name)))
        return found

    def _with_inner(self, token: str) -> tuple[str, str | None]:
        """A token, and the one in it; one object of each, however many names hold it."""
        found = self._inner.get(token)
        if found is None:
            found = self._inner[token] = token, named_after(token)
        return found

    def _learn(self, word: str) -> Token:
        token = self._known[word] = self._by_number[self._next] = Token(self._next, Term.of(word))
        self._next += 1
        for key in token.term.keys:
            self._by_key[key].add(word)
        self._by_text = None
        return token

    def _unlearn(self, token: Token) -> None:
        for key in token.term.keys:
            self._by_key[key].discard(token.term.text)
        del self._known[token.term.text], self._by_number[token.number]
        self._by_text, self._in_key_order, self._by_sound, self._sounds = None, [], [], []

    # --- search

    def search(
        self, text: str, allowed: Collection[UUID] | None = None, limit: int = 20, heard: Heard | None = None
    ) -> list[Found]:
        """The children whose names hold what was typed, the best first, among those allowed (None: all).

        Who asks for many names while the index is held still keeps what was heard between them.
        """
        asked = tokens(text)[:8]
        if not asked or limit < 1:
            return []
        kept: Heard = {} if heard is None else heard
        alike = [self._heard(word, n == len(asked) - 1, kept) for n, word in enumerate(asked)]
        among = -1 if allowed is None else as_bits(self._numbers_of(allowed))
        scored = self._one_word(alike[0], among, limit) if len(alike) == 1 else self._many(alike, among, limit)
        return [Found(UUID(bytes=child_id), round(-value, 1)) for value, child_id in nsmallest(limit, scored)]

    def _heard(self, word: str, typing: bool, kept: Heard) -> dict[str, float]:
        if (word, typing) not in kept:
            kept[word, typing] = self._alike(word, typing=typing)
        return kept[word, typing]

    def _among(self, allowed: Collection[UUID] | None) -> set[int] | None:
        """The numbers of those who are allowed and known; None for all."""
        return None if allowed is None else set(self._numbers_of(allowed))

    def _numbers_of(self, allowed: Collection[UUID]) -> Iterator[int]:
        return (number for one in allowed if (number := self._numbers.get(one.bytes)) is not None)

    def _one_word(self, alike: dict[str, float], among: int, limit: int) -> list[_Scored]:
        """Who bears a word like this; words less alike are not looked at once enough are found."""
        by_score: defaultdict[float, int] = defaultdict(int)
        found = 0
        reached: float | None = None
        for word, value in sorted(alike.items(), key=lambda item: -item[1]):
            if reached is not None and value < reached - 1:
                break
            for whose, bits in self._known[word].bits(len(self._ids)).items():
                by_score[value * _COUNTS[whose]] |= bits & among
                found |= bits & among
            if reached is None and found.bit_count() >= limit:
                reached = value
        return self._best(by_score, limit)

    def _best(self, by_score: dict[float, int], limit: int) -> list[_Scored]:
        """So many at least with their best score, the highest scores first."""
        scored: list[_Scored] = []
        seen = 0
        for value in sorted(by_score, reverse=True):
            scored += [(-value, self._ids[number]) for number in numbers_of(by_score[value] & ~seen)]
            seen |= by_score[value]
            if len(scored) >= limit:
                break
        return scored

    def _many(self, alike: list[dict[str, float]], among: int, limit: int) -> list[_Scored]:
        found = 0
        for reached in self._reached(alike):
            found = reached & among
            if found.bit_count() >= limit:
                break
        worth = [self._worth(words) for words in alike]
        is_asked_for = frozenset[int]().union(*worth).__contains__
        scores: dict[tuple[int, ...], float] = {}
        scored = []
        for number in numbers_of(found):
            near = tuple(filter(is_asked_for, self._words_at(number)))
            if near not in scores:
                scores[near] = _score(near, worth)
            scored.append((-scores[near], self._ids[number]))
        return scored

    def _worth(self, words: dict[str, float]) -> dict[int, float]:
        """What each token of a child counts for a name that was asked for, which these words are like."""
        return {
            self._known[word].number << _TOKEN | whose: value * counts
            for word, value in words.items()
            for whose, counts in enumerate(_COUNTS)
        }

    def _reached(self, alike: list[dict[str, float]]) -> Iterator[int]:
        """Who surely has all that was asked for; then the misspelt too; then, of three names or more, who lacks one."""
        having = [self._who(words, surely=True) for words in alike]
        yield reduce(and_, having)
        having = [who | self._who(words, surely=False) for who, words in zip(having, alike, strict=True)]
        having_all, lacking = all_or_all_but_one(having)
        yield having_all
        if len(alike) > 2:
            yield having_all | lacking

    def _who(self, words: dict[str, float], *, surely: bool) -> int:
        """Who bears one of the words that are surely the one that was asked for; or of those that may be."""
        wanted = [self._known[word] for word, value in words.items() if (value >= _SURELY) is surely]
        return reduce(or_, (bits for token in wanted for bits in token.bits(len(self._ids)).values()), 0)

    def _alike(self, word: str, *, typing: bool = False) -> dict[str, float]:
        """Every token of the index like this one, with how alike."""
        self._put_in_order()
        term = self._known[word].term if word in self._known else Term.of(word)
        near = {word for key in term.keys for word in self._by_key.get(key, ())}
        rough = process.extract(term.sound, self._sounds, scorer=fuzz.ratio, score_cutoff=_LOOSE, limit=_WIDE)
        near.update(self._by_sound[position][1] for _, _, position in rough)
        scored = {other: likeness(term, self._known[other].term) for other in near}
        found = {other: value for other, value in scored.items() if value >= _ALIKE}
        if typing or len(word) >= 3:
            for other in self._begun(term):
                value = 70 + 25 * min(1.0, len(word) / max(1, len(other)))
                found[other] = max(found.get(other, 0.0), value)
        return found

    def _begun(self, term: Term) -> Iterator[str]:
        """The tokens that begin as this one is written, as it sounds, or with its consonants."""
        yield from (word for _, word in _beginning(self._by_text or [], term.text))
        if len(term.sound) > 1:
            yield from (word for _, word in _beginning(self._by_sound, term.sound))
        if len(term.keys[0]) > 1:
            yield from (word for _, word in _beginning(self._in_key_order, term.keys[0]))

    def _put_in_order(self) -> None:
        if self._by_text is None:
            terms = [token.term for token in self._known.values()]
            self._by_sound = sorted((term.sound, term.text) for term in terms)
            self._sounds = [sound for sound, _ in self._by_sound]
            self._in_key_order = sorted((term.keys[0], term.text) for term in terms)
            self._by_text = sorted((term.text, term.text) for term in terms)

    # --- the same child?

    def likely_same(
        self,
        parts: Parts | tuple[str | None, ...],
        latin: str | None = None,
        birth: date | None = None,
        birth_precision: str = "day",
        locality: str | None = None,
        allowed: Collection[UUID] | None = None,
        threshold: float = SAME,
    ) -> list[Likely]:
        """The children who may be this one, the likeliest first. Cousins and brothers share most of a name, and are
        not: who differs in the given or the father's name stays below the threshold."""
        asked = Person(Parts(*parts), latin, (), birth, birth_precision, locality)
        compare, among = Comparison(asked), self._among(allowed)
        found = []
        for number in self._near(asked):
            if among is None or number in among:
                value, reasons = compare.with_(unpacked(self._people[number]))
                if value >= threshold:
                    found.append(Likely(UUID(bytes=self._ids[number]), round(value, 1), reasons))
        return sorted(found, key=lambda likely: (-likely.score, likely.child_id.bytes))

    def _near(self, asked: Person) -> set[int]:
        """Who has a given name like this one and one name more."""
        given, *others = (self._having(part) for part in asked.parts)
        near = given & set[int]().union(*others)
        written = [self._having(word) for word in tokens(asked.latin or "")]
        return near | (set.intersection(*written) if len(written) > 1 else set())

    def _having(self, part: str | None) -> set[int]:
        words = [self._alike(word) for word in tokens(part or "")]
        return set[int]().union(*(self._known[word].who for alike in words for word in alike))


def _score(words: tuple[int, ...], worth: list[dict[int, float]]) -> float:
    """How well what was asked for is found among the tokens of a child that are like any of it."""
    scores, used = [], set()
    for asked in worth:
        best, chosen = float(MISSING), -1
        for word in words:
            value = asked.get(word, 0.0)
            if value > best and word not in used:
                best, chosen = value, word
        used.add(chosen)
        scores.append(best)
    first = worth[0]
    in_order = any(word & _WHOSE == GIVEN and word in first for word in words)
    return max(0.0, together(scores) - (0 if in_order else 1))  # who types names begins with the given one


def _beginning(ordered: list[tuple[str, str]], start: str) -> Iterator[tuple[str, str]]:
    """The pairs of a sorted list whose first begins so."""
    for position in range(bisect_left(ordered, (start, "")), len(ordered)):
        if not ordered[position][0].startswith(start):
            return
        yield ordered[position]
