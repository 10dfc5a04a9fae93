"""Finding a child by name in either script, and children who may be the same.

Names are never indexed at rest: a `NameIndex` lives in the memory of the process and forgets all when it is dropped.
It keeps no cache outside itself, for the same reason.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import date
from heapq import nsmallest
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import fuzz, process

from clinic.children.likeness import MISSING, SAME, likeness, score, together
from clinic.children.numbers import card_number, phone_digits
from clinic.children.sameness import Comparison, Likely, Parts, Person
from clinic.children.spelling import Term, latin_form, named_after, normalise, skeleton, tokens

__all__ = [
    "Found", "Likely", "NameIndex", "Parts", "Person", "card_number", "latin_form", "likeness", "normalise",
    "phone_digits", "score", "skeleton", "tokens",
]  # fmt: skip

_ALIKE = 68  # from here a token is worth showing to one who searches
_LOOSE = 72  # the plain likeness of two sounds that is worth a closer look
_COUNTS = (0.97, 0.98, 0.99, 1.0, 0.98)  # grandfather, father, family, given, Latin form: who is called so comes first
_SURELY = 95  # tokens this alike are looked at before those that are less
_BESIDE = 0.93  # a guardian's name, or عكر for ابو عكر, counts this much of a child's own
_WIDE = 60  # how many misspellings of one token are looked at

_Scored = tuple[float, int, UUID]  # what sorts: the score from above, then the id


class Found(NamedTuple):
    """A child found by name."""

    child_id: UUID
    score: float


class NameIndex:
    """The names of all children in memory, found by any part, in either script, half typed or misspelt."""

    def __init__(self) -> None:
        self._people: dict[UUID, Person] = {}
        self._words: dict[UUID, dict[str, float]] = {}  # the child's tokens, and how much each counts
        self._who: dict[str, set[UUID]] = {}
        self._terms: dict[str, Term] = {}
        self._by_key: defaultdict[str, set[str]] = defaultdict(set)
        self._split: dict[str, tuple[tuple[str, str | None], ...]] = {}
        self._by_text: list[tuple[str, str]] | None = None  # None: the four lists are to be put in order
        self._in_key_order: list[tuple[str, str]] = []
        self._by_sound: list[tuple[str, str]] = []
        self._sounds: list[str] = []

    def __len__(self) -> int:
        return len(self._people)

    def __contains__(self, child_id: object) -> bool:
        return child_id in self._people

    def person(self, child_id: UUID) -> Person:
        """What the index knows of a child."""
        return self._people[child_id]

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
        self._people[child_id] = person
        words = self._words[child_id] = self._words_of(person)
        for word in words:
            who = self._who.get(word)
            if who is None:
                who = self._who[word] = set()
                self._learn(word)
            who.add(child_id)

    def remove(self, child_id: UUID) -> None:
        """Forget a child; one who is not there is forgotten already."""
        if self._people.pop(child_id, None) is None:
            return
        for word in self._words.pop(child_id):
            self._who[word].discard(child_id)
            if not self._who[word]:
                self._unlearn(word)
        self._split.clear()  # a name nobody bears any more is not kept

    def _words_of(self, person: Person) -> dict[str, float]:
        words: dict[str, float] = {}
        for name in person.further:
            for word, _ in self._tokens(name):
                words[word] = _BESIDE
        parts = person.parts
        own = zip((parts.grandfather, parts.father, parts.family, parts.given, person.latin), _COUNTS, strict=True)
        for part, counts in own:
            for word, inner in self._tokens(part) if part else ():
                words[word] = max(counts, words.get(word, 0.0))
                if inner:
                    words.setdefault(inner, _BESIDE)
        return words

    def _tokens(self, name: str) -> tuple[tuple[str, str | None], ...]:
        found = self._split.get(name)
        if found is None:
            found = self._split[name] = tuple((token, named_after(token)) for token in tokens(name))
        return found

    def _learn(self, word: str) -> None:
        term = self._terms[word] = Term.of(word)
        for key in term.keys:
            self._by_key[key].add(word)
        self._by_text = None

    def _unlearn(self, word: str) -> None:
        for key in self._terms.pop(word).keys:
            self._by_key[key].discard(word)
        del self._who[word]
        self._by_text, self._in_key_order, self._by_sound, self._sounds = None, [], [], []

    # --- search

    def search(self, text: str, allowed: Container[UUID] | None = None, limit: int = 20) -> list[Found]:
        """The children whose names hold what was typed, the best first, among those allowed (None: all)."""
        asked = tokens(text)[:8]
        if not asked or limit < 1:
            return []
        alike = [self._alike(word, typing=n == len(asked) - 1) for n, word in enumerate(asked)]
        scored = self._one_word(alike[0], allowed, limit) if len(alike) == 1 else self._many(alike, allowed, limit)
        return [Found(child, round(-value, 1)) for value, _, child in nsmallest(limit, scored)]

    def _one_word(self, alike: dict[str, float], allowed: Container[UUID] | None, limit: int) -> list[_Scored]:
        """Who bears a word like this; words less alike are not looked at once enough are found."""
        best: dict[UUID, float] = {}
        reached: float | None = None
        for word, value in sorted(alike.items(), key=lambda item: -item[1]):
            if reached is not None and value < reached - 1:
                break
            for child in self._who[word]:
                if allowed is None or child in allowed:
                    best[child] = max(best.get(child, 0.0), value * self._words[child][word])
            if len(best) >= limit and reached is None:
                reached = value
        return [(-value, child.int, child) for child, value in best.items()]

    def _many(self, alike: list[dict[str, float]], allowed: Container[UUID] | None, limit: int) -> list[_Scored]:
        found: set[UUID] = set()
        for reached in self._reached(alike):
            found = {child for child in reached if allowed is None or child in allowed}
            if len(found) >= limit:
                break
        return [(-self._score(child, alike), child.int, child) for child in found]

    def _reached(self, alike: list[dict[str, float]]) -> Iterator[set[UUID]]:
        """Who surely has all that was asked for; then the misspelt too; then, of three names or more, who lacks one."""
        surely = [{word: value for word, value in words.items() if value >= _SURELY} for words in alike]
        yield set.intersection(*self._reach(surely))
        loosely = self._reach(alike)
        yield set.intersection(*loosely)
        if len(loosely) > 2:
            others = ([r for n, r in enumerate(loosely) if n != left_out] for left_out in range(len(loosely)))
            yield set[UUID]().union(*(set.intersection(*sorted(reach, key=len)) for reach in others))

    def _reach(self, alike: list[dict[str, float]]) -> list[set[UUID]]:
        return [set[UUID]().union(*(self._who[word] for word in words)) for words in alike]

    def _score(self, child: UUID, alike: list[dict[str, float]]) -> float:
        words = self._words[child]
        scores, used = [], set()
        for asked in alike:
            best, chosen = float(MISSING), ""
            for word, weight in words.items():
                value = asked.get(word, 0.0) * weight
                if value > best and word not in used:
                    best, chosen = value, word
            used.add(chosen)
            scores.append(best)
        given = self._people[child].parts.given
        in_order = any(
            word in alike[0] for word, _ in self._tokens(given or "")
        )  # who types names begins with the given one
        return max(0.0, together(scores) - (0 if in_order else 1))

    def _alike(self, word: str, *, typing: bool = False) -> dict[str, float]:
        """Every token of the index like this one, with how alike."""
        self._put_in_order()
        term = self._terms.get(word) or Term.of(word)
        near = {word for key in term.keys for word in self._by_key.get(key, ())}
        rough = process.extract(term.sound, self._sounds, scorer=fuzz.ratio, score_cutoff=_LOOSE, limit=_WIDE)
        near.update(self._by_sound[position][1] for _, _, position in rough)
        scored = {other: likeness(term, self._terms[other]) for other in near}
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
            self._by_sound = sorted((term.sound, word) for word, term in self._terms.items())
            self._sounds = [sound for sound, _ in self._by_sound]
            self._in_key_order = sorted((term.keys[0], word) for word, term in self._terms.items())
            self._by_text = sorted((word, word) for word in self._terms)

    # --- the same child?

    def likely_same(
        self,
        parts: Parts | tuple[str | None, ...],
        latin: str | None = None,
        birth: date | None = None,
        birth_precision: str = "day",
        locality: str | None = None,
        allowed: Container[UUID] | None = None,
        threshold: float = SAME,
    ) -> list[Likely]:
        """The children who may be this one, the likeliest first. Cousins and brothers share most of a name, and are
        not: who differs in the given or the father's name stays below the threshold."""
        asked = Person(Parts(*parts), latin, (), birth, birth_precision, locality)
        compare = Comparison(asked)
        found = []
        for child in self._near(asked):
            if allowed is None or child in allowed:
                value, reasons = compare.with_(self._people[child])
                if value >= threshold:
                    found.append(Likely(child, round(value, 1), reasons))
        return sorted(found, key=lambda likely: (-likely.score, likely.child_id.bytes))

    def _near(self, asked: Person) -> set[UUID]:
        """Who has a given name like this one and one name more."""
        given, *others = (self._having(part) for part in asked.parts)
        near = given & set[UUID]().union(*others)
        written = [self._having(word) for word in tokens(asked.latin or "")]
        return near | (set.intersection(*written) if len(written) > 1 else set())

    def _having(self, part: str | None) -> set[UUID]:
        words = [self._alike(word) for word in tokens(part or "")]
        return set[UUID]().union(*(self._who[word] for alike in words for word in alike))


def _beginning(ordered: list[tuple[str, str]], start: str) -> Iterator[tuple[str, str]]:
    """The pairs of a sorted list whose first begins so."""
    for position in range(bisect_left(ordered, (start, "")), len(ordered)):
        if not ordered[position][0].startswith(start):
            return
        yield ordered[position]
