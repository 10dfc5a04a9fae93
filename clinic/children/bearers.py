"""Who bears a name, by the numbers that the index of names gives to children.

Who bears a token is kept as an array of numbers. What is asked of them (who has all names that were typed, who lacks
one) is answered by integers with a bit for each child: the bits of twenty thousand are 2.5 KB, and to put two of them
together takes a millionth of a second, where a set of two thousand numbers takes fifty.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from clinic.children.spelling import Term

BESIDE, GRANDFATHER, FATHER, FAMILY, GIVEN = range(5)
"""Whose name a token is of, as seen from the child; beside: a guardian's, or عكر for ابو عكر."""

_OFTEN = 64
"""The bits are kept of what one child in so many bears: of rarer tokens, however many, they would fill the memory."""


@dataclass(slots=True, eq=False)
class Token:
    """A token that somebody's name holds."""

    number: int
    term: Term
    who: array[int] = field(default_factory=lambda: array("I"))
    """Who bears it, by number."""
    whose: bytearray = field(default_factory=bytearray)
    """Beside each, whose name it is of."""
    _bits: dict[int, int] | None = None

    def add(self, child: int, whose: int) -> None:
        """A child bears it, who did not before."""
        self.who.append(child)
        self.whose.append(whose)
        if self._bits is not None:
            self._bits[whose] = self._bits.get(whose, 0) | 1 << child

    def remove(self, child: int) -> None:
        """A child does not bear it any more."""
        place = self.who.index(child)
        if self._bits is not None:
            self._bits[self.whose[place]] ^= 1 << child
        self.who[place], self.whose[place] = self.who[-1], self.whose[-1]
        self.who.pop()
        self.whose.pop()

    def bits(self, children: int) -> Mapping[int, int]:
        """Who bears it, of so many children, as bits, by whose name it is of."""
        if self._bits is not None:
            return self._bits
        bits = self._as_bits(children)
        if len(self.who) * _OFTEN >= children:
            self._bits = bits
        return bits

    def _as_bits(self, children: int) -> dict[int, int]:
        room = {whose: bytearray(children + 7 >> 3) for whose in set(self.whose)}
        for child, whose in zip(self.who, self.whose, strict=True):
            room[whose][child >> 3] |= 1 << (child & 7)
        return {whose: int.from_bytes(there, "little") for whose, there in room.items()}


def as_bits(children: Iterable[int]) -> int:
    """A few children as bits."""
    numbers = tuple(children)
    room = bytearray((max(numbers, default=0) >> 3) + 1)
    for number in numbers:
        room[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(room, "little")


def numbers_of(bits: int) -> Iterator[int]:
    """The numbers of the children in bits, the least first."""
    text = f"{bits:b}"[::-1]
    number = text.find("1")
    while number >= 0:
        yield number
        number = text.find("1", number + 1)


def all_or_all_but_one(having: Iterable[int]) -> tuple[int, int]:
    """Who is in all of two or more, and who is in all but one, as bits."""
    in_all, in_all_but_one = -1, 0  # before the first is asked, everybody is in all
    for bits in having:
        in_all_but_one = (in_all_but_one & bits) | (in_all & ~bits)
        in_all &= bits
    return in_all, in_all_but_one
