"""Whether two children on paper are one child: part by part, with birth and place.

Cousins and brothers of a camp share most of a name and often a birth year. Who differs in the given or the father's
name is therefore held below the threshold, whatever else agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from clinic.children.likeness import SAME, covered
from clinic.children.spelling import Term, named_after, tokens


class Parts(NamedTuple):
    """A name in its four parts, as the clinic writes it; a part that is not known is None or empty."""

    given: str | None
    father: str | None = None
    grandfather: str | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What the index knows of one child."""

    parts: Parts
    latin: str | None = None
    further: tuple[str, ...] = ()
    birth: date | None = None
    birth_precision: str = "day"
    locality: str | None = None


def person_of(
    parts: Sequence[str | None],
    latin: str | None,
    born_on: str | None,
    precision: str | None,
    locality: str | None,
    further: Sequence[str] = (),
) -> Person:
    """A child as the index compares them."""
    birth = date.fromisoformat(born_on) if born_on else None
    return Person(Parts(*parts), latin, tuple(further), birth, str(precision or "day"), locality)


class Likely(NamedTuple):
    """A child who may be the same, with what speaks for it: given, father, grandfather, family, latin, birth_date, …"""

    child_id: UUID
    score: float
    reasons: tuple[str, ...]


_WEIGHTS = (3.0, 2.5, 1.5, 2.0)  # given, father, grandfather, family
_OTHER = 70  # below this two parts are two names
_SURE = 80
_CAPS = {"given": 60.0, "father": 78.0, "grandfather": 82.0, "family": 82.0}
_UNKNOWN_COSTS = {"father": 15.0, "grandfather": 2.0, "family": 16.0}


class Comparison:
    """One child as typed, to be compared with many."""

    def __init__(self, asked: Person) -> None:
        self._asked = asked
        self._terms: dict[str, list[Term]] = {}
        self._seen: dict[tuple[str, str], float] = {}

    def with_(self, other: Person) -> tuple[float, tuple[str, ...]]:
        """The score, 0 to 100, and the reasons that speak for it."""
        alike = self._parts(other)
        if alike.get("given") is None:
            return 0.0, ()
        birth, birth_reason = _birth(self._asked, other)
        value = self._name(alike) + birth
        reasons = [part for part, like in alike.items() if like is not None and like >= _SURE]
        cost, cap, reason = self._where_father_is_unknown(alike, other)
        place, place_reason = _locality(self._asked, other)
        value = min(value - cost + place, cap, _highest(alike, birth_reason))
        return max(0.0, min(100.0, value)), tuple(r for r in (*reasons, reason, birth_reason, place_reason) if r)

    def _parts(self, other: Person) -> dict[str, float | None]:
        pairs = zip(Parts._fields, self._asked.parts, other.parts, strict=True)
        return {name: self._part(mine, theirs) if mine and theirs else None for name, mine, theirs in pairs}

    def _part(self, mine: str, theirs: str) -> float | None:
        if (mine, theirs) not in self._seen:
            self._seen[mine, theirs] = _part_alike(self._listen(mine), self._listen(theirs))
        value = self._seen[mine, theirs]
        return None if value < 0 else value

    def _listen(self, text: str) -> list[Term]:
        if text not in self._terms:
            self._terms[text] = [Term.of(token) for token in tokens(text)]
        return self._terms[text]

    def _name(self, alike: dict[str, float | None]) -> float:
        known = [(weight, like) for weight, like in zip(_WEIGHTS, alike.values(), strict=True) if like is not None]
        value = sum(weight * like for weight, like in known) / sum(weight for weight, _ in known)
        value -= sum(8 for part in ("given", "father") if _OTHER <= (alike[part] or 0) < _SURE)
        return value - sum(cost for part, cost in _UNKNOWN_COSTS.items() if part != "father" and alike[part] is None)

    def _where_father_is_unknown(self, alike: dict[str, float | None], other: Person) -> tuple[float, float, str]:
        """Cost, cap and reason. A name in Latin letters of three words or more tells the father too."""
        if alike["father"] is not None:
            return 0.0, 100.0, ""
        for one, two in ((self._asked, other), (other, self._asked)):
            latin = self._listen(one.latin or "")
            if len(latin) >= 3:
                there = self._listen(" ".join(part for part in two.parts if part)) + self._listen(two.latin or "")
                value = covered(latin, there)
                return (0.0, 100.0, "latin") if value >= SAME else (_UNKNOWN_COSTS["father"], _CAPS["father"], "")
        return _UNKNOWN_COSTS["father"], 100.0, ""


def _part_alike(mine: list[Term], theirs: list[Term]) -> float:
    """How alike two parts are; -1 where one says nothing (a dash)."""
    if not (mine and theirs):
        return -1.0
    if len(mine) == len(theirs) == 1:
        one, other = mine[0].text, theirs[0].text
        if one in (named_after(other), other) or named_after(one) == other:
            return 100.0 if one == other else 90.0
    return max(0.0, covered(mine, theirs) if len(mine) <= len(theirs) else covered(theirs, mine))


def _highest(alike: dict[str, float | None], birth_reason: str) -> float:
    """The cap that parts which are other names put on the whole; an equal birth date lifts that of a clan's name."""
    caps = [100.0]
    for part, cap in _CAPS.items():
        like = alike[part]
        if like is not None and like < _OTHER:
            lifted = birth_reason == "birth_date" and part in ("grandfather", "family")
            caps.append(SAME + 3.0 if lifted else cap)
    return min(caps)


def _birth(one: Person, other: Person) -> tuple[float, str]:
    mine, theirs = one.birth, other.birth
    if mine is None or theirs is None:
        return 0.0, ""
    apart = abs(mine.year - theirs.year)
    if one.birth_precision == other.birth_precision == "day":
        if mine == theirs:
            return 8.0, "birth_date"
        if apart == 0 and (mine.day, mine.month) == (theirs.month, theirs.day):
            return 4.0, "birth_date_turned"
        return (-12.0 if apart >= 2 else -3.0), ""
    if apart == 0:
        return 3.0, "birth_year"
    return (-10.0 if apart >= 2 else -1.0), ""


def _locality(one: Person, other: Person) -> tuple[float, str]:
    if not (one.locality and other.locality):
        return 0.0, ""
    return (1.0, "locality") if one.locality == other.locality else (-1.0, "")
