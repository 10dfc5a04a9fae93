"""A sheet that pictures are drawn on: shapes with a class each, for the page and for paper alike.

Places are given along the line of reading, so that a drawing turns with its language; the drawing itself is written
from left to right, because a program that draws Arabic from right to left is not the same everywhere. Colours are
classes: the page has them in its style sheet, paper in a style of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from clinic.languages import current_language
from clinic.typed import BIDI_CONTROLS

WIDTH: Final = 360
"""Of every drawing: it fits a phone as it is, and a column of a desk or of paper."""
LINE: Final = 17
"""From one line of text to the next."""
LETTER: Final = 8.8
NARROW: Final = (frozenset(" !'()*,-./:;I[]fijlrt|·ادذرزولأإآؤء"), 5.5)
WIDE: Final = (frozenset("%&@MWmwسشصض"), 13.4)
CAPITAL: Final = 10.2
"""How wide letters are, as in the widest font that a page may have: it has other fonts than paper."""
RIGHT_TO_LEFT: Final = "\u2067"
END: Final = "\u2069"

Side = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Rect:
    """A bar."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    shape: str = "rect"


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    tone: str
    shape: str = "stroke"

    @property
    def way(self) -> str:
        """The points as a path is written."""
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in self.points)


@dataclass(frozen=True)
class Words:
    """A piece of text."""

    x: float
    y: float
    text: str
    anchor: Side
    tone: str
    shape: str = "words"


@dataclass(frozen=True)
class Drawing:
    """What was drawn, and how high it became."""

    height: float
    marks: Sequence[Rect | Stroke | Words]
    width: float = WIDTH


@dataclass
class Sheet:
    """Draws along the line of reading: 0 is where a line of text begins."""

    is_rtl: bool = field(default_factory=lambda: current_language().is_rtl)
    marks: list[Rect | Stroke | Words] = field(default_factory=list)

    def bar(self, start: float, top: float, length: float, height: float, tone: str) -> None:
        """A bar that begins at `start`."""
        x = WIDTH - start - length if self.is_rtl else start
        self.marks.append(Rect(_round(x), _round(top), _round(length), _round(height), tone))

    def stroke(self, tone: str, *points: tuple[float, float]) -> None:
        """A line through points."""
        self.marks.append(Stroke(tuple((self._x(along), _round(down)) for along, down in points), tone))

    def words(self, along: float, baseline: float, text: str, side: Side = "start", tone: str = "") -> None:
        """A text that begins, ends or has its middle there."""
        turned: dict[Side, Side] = {"start": "end", "end": "start", "middle": "middle"}
        anchor = turned[side] if self.is_rtl else side
        self.marks.append(Words(self._x(along), _round(baseline), drawn(text), anchor, tone))

    def finish(self, height: float) -> Drawing:
        """The drawing, so high."""
        return Drawing(_round(height), tuple(self.marks))

    def _x(self, along: float) -> float:
        return _round(WIDTH - along if self.is_rtl else along)


def _round(number: float) -> float:
    return round(number, 1)


def drawn(text: str) -> str:
    """A text as a drawing takes it: without marks of direction, but where an Arabic one would else be torn apart.

    A drawing is written from left to right: Arabic words that begin and end with a letter stand right in it, those that
    begin or end with a number or a sign only within a frame of their own.
    """
    plain = str(text).translate(BIDI_CONTROLS).strip()
    if not any(map(_is_arabic, plain)) or (_is_arabic(plain[0]) and _is_arabic(plain[-1])):
        return plain
    return f"{RIGHT_TO_LEFT}{plain}{END}"


def _is_arabic(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def width_of(text: str) -> float:
    """About how wide a text becomes."""
    return sum(map(_width_of_letter, str(text).translate(BIDI_CONTROLS)))


def _width_of_letter(letter: str) -> float:
    for letters, width in (NARROW, WIDE):
        if letter in letters:
            return width
    if unicodedata.combining(letter):
        return 0.0
    return CAPITAL if letter.isupper() else LETTER


def lines_of(text: str, width: float) -> list[str]:
    """A text in lines of no more than a width, broken between words alone."""
    lines: list[str] = []
    for word in str(text).translate(BIDI_CONTROLS).split():
        if lines and width_of(f"{lines[-1]} {word}") <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines
