"""Who has the names that were asked for is found without looking at everybody, and is who would be found by looking.

The people are invented.
"""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.children import bearers
from clinic.children.bearers import all_or_all_but_one, as_bits, numbers_of
from clinic.children.likeness import together
from clinic.children.names import NameIndex, Parts, Person
from clinic.children.spelling import tokens

CHILDREN = st.sets(st.integers(0, 30))


@given(CHILDREN)
def test_children_as_bits_are_the_same_children(children: set[int]) -> None:
    assert list(numbers_of(as_bits(children))) == sorted(children)


@given(st.lists(CHILDREN, min_size=2, max_size=5))
def test_nobody_is_missed_who_has_all_names_or_lacks_one(having: list[set[int]]) -> None:
    lacks = {child: sum(child not in who for who in having) for child in set().union(*having)}
    in_all, in_all_but_one = (set(numbers_of(bits)) for bits in all_or_all_but_one(map(as_bits, having)))
    assert in_all == {child for child, lacking in lacks.items() if lacking == 0}
    assert in_all_but_one == {child for child, lacking in lacks.items() if lacking == 1}


# --- the index beside one who looks at everybody

NAMES = ["محمد", "محمود", "Mohammed", "أحمد", "حمد", "سامر", "Samir", "أبو عكر", "عكر", "عبد الله", "نور الدين", "حسن"]
NAME = st.sampled_from(NAMES)
PERSON = st.builds(
    Person,
    st.builds(Parts, NAME, NAME, st.none() | NAME, st.none() | NAME),
    st.none() | st.just("Mohammed Samir Abu Aker"),
    st.lists(NAME, max_size=1).map(tuple),
)
CHILD = st.integers(1, 12).map(lambda number: UUID(int=number))
CHANGE = st.tuples(CHILD, st.none() | PERSON)
SEARCH = st.tuples(
    st.lists(NAME, min_size=1, max_size=4).map(" ".join), st.none() | st.sets(CHILD), st.sampled_from((1, 3, 20))
)
COUNTS = {"given": 1.0, "family": 0.99, "father": 0.98, "latin": 0.98, "grandfather": 0.97, "beside": 0.93}
SURELY, LACKING = 95, 30


def counted(person: Person) -> dict[str, float]:
    """A person's tokens, and what each counts."""
    counts = dict.fromkeys((token for name in person.further for token in tokens(name)), COUNTS["beside"])
    own = {**person.parts._asdict(), "latin": person.latin}
    for part in ("grandfather", "father", "family", "given", "latin"):
        for token in tokens(own[part] or ""):
            counts[token] = max(COUNTS[part], counts.get(token, 0))
            if token.startswith(("ابو", "عبد", "abu", "abd")) and len(token) >= 6:
                counts.setdefault(token[3:], COUNTS["beside"])
    return counts


class Plainly:
    """Looks at every child, and knows only of the index which tokens are like a word."""

    def __init__(self, text: str, index: NameIndex) -> None:
        asked = tokens(text)
        self.alike = [index._alike(word, typing=n == len(asked) - 1) for n, word in enumerate(asked)]

    def found(self, people: dict[UUID, Person], limit: int) -> list[tuple[UUID, float]]:
        everybody = {child: counted(person) for child, person in people.items()}
        scores = self.of_one(everybody, limit) if len(self.alike) == 1 else self.of_several(everybody, people, limit)
        best = sorted(scores, key=lambda child: (-scores[child], child.bytes))[:limit]
        return [(child, round(scores[child], 1)) for child in best]

    def of_one(self, everybody: dict[UUID, dict[str, float]], limit: int) -> dict[UUID, float]:
        looked_at: dict[str, float] = {}
        (alike,) = self.alike
        enough: float | None = None
        for word, value in sorted(alike.items(), key=lambda item: -item[1]):
            if enough is None or value >= enough - 1:
                looked_at[word] = value
                who = [child for child, own in everybody.items() if own.keys() & looked_at.keys()]
                enough = value if enough is None and len(who) >= limit else enough
        scores = {
            child: max((looked_at[word] * counts for word, counts in own.items() if word in looked_at), default=None)
            for child, own in everybody.items()
        }
        return {child: score for child, score in scores.items() if score is not None}

    def of_several(
        self, everybody: dict[UUID, dict[str, float]], people: dict[UUID, Person], limit: int
    ) -> dict[UUID, float]:
        lacking_at_most = (0, 0, 1) if len(self.alike) > 2 else (0, 0)
        found: list[UUID] = []
        for surely, most in zip((SURELY, 0, 0), lacking_at_most, strict=False):
            found = [child for child, own in everybody.items() if self.lacks(own, surely) <= most]
            if len(found) >= limit:
                break
        return {child: self.score(everybody[child], people[child]) for child in found}

    def lacks(self, own: dict[str, float], surely: float) -> int:
        return sum(not any(alike.get(word, -1) >= surely for word in own) for alike in self.alike)

    def score(self, own: dict[str, float], person: Person) -> float:
        scores, left = [], dict(own)
        for alike in self.alike:
            values = {word: alike[word] * counts for word, counts in left.items() if word in alike}
            best = max(values, key=lambda word: values[word], default=None)
            scores.append(LACKING if best is None else values[best])
            left.pop(best or "", None)
        begins = any(word in self.alike[0] for word in tokens(person.parts.given or ""))
        return max(0.0, together(scores) - (0 if begins else 1))


@pytest.mark.parametrize("often", [1, 64], ids=["bits are made when asked for", "bits are kept"])
def test_the_same_children_are_found_in_the_same_order_as_by_looking_at_everybody(
    often: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bearers, "_OFTEN", often)

    @settings(max_examples=80, deadline=None)
    @given(st.lists(st.tuples(st.lists(CHANGE, min_size=1, max_size=10), SEARCH), min_size=1, max_size=4))
    def looked_for_between_changes(days: list[tuple[list[tuple[UUID, Person | None]], tuple[str, set[UUID], int]]]):
        index, people = NameIndex(), {}
        for changes, (text, allowed, limit) in days:
            for child, person in changes:
                if person is None:
                    index.remove(child)
                    people.pop(child, None)
                else:
                    index.put(child, person)
                    people[child] = person
            may_be = {child: one for child, one in people.items() if allowed is None or child in allowed}
            assert index.search(text, allowed, limit) == Plainly(text, index).found(may_be, limit)

    looked_for_between_changes()
