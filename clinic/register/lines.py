"""The lines of a CSV file, made column by column: of a row at a time the library makes them in three times as long.

They are what the library would write: a cell stands in quotes where it holds a comma, a quote or the end of a line. A
typed text that begins as a formula does has one apostrophe before it, so that no spreadsheet takes it for one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat
from typing import Final

from clinic.register.taking import Cell

_END: Final = "\r\n"
_APART: Final = "\n"
_BEGINS: Final = ("=", "+", "-", "@", "'")
_FORMULA: Final = re.compile(r"'*[=+\-@]")
_QUOTED: Final = re.compile('[",\r\n]')


def lines_of(rows: Sequence[Sequence[Cell]], typed: Collection[int] = ()) -> str:
    """The lines of rows of two cells or more, all alike long; what stands in the `typed` columns somebody typed."""
    columns = (_texts(cells, place in typed) for place, cells in enumerate(zip(*rows, strict=True)))
    return _END.join([*map(",".join, zip(*columns, strict=True)), ""]) if rows else ""


def _texts(cells: Sequence[Cell], is_typed: bool) -> Iterable[str]:
    """The cells of one column as they stand in the file. They are looked at together, because most need nothing."""
    if not any(cells) and cells.count(None) == len(cells):
        return repeat("", len(cells))
    texts, has_texts = _as_texts(cells)
    together = _APART.join(texts)
    if is_typed and has_texts and _may_be_a_formula(together):
        texts = [safe(text) if isinstance(cell, str) else text for cell, text in zip(cells, texts, strict=True)]
    if "," in together or '"' in together or "\r" in together or together.count(_APART) >= len(cells):
        texts = [_quoted(text) for text in texts]
    return texts


def _as_texts(cells: Sequence[Cell]) -> tuple[Sequence[str], bool]:
    """The texts of cells, and whether some of them were texts before."""
    kinds = set(map(type, cells))
    if kinds == {str}:
        return cells, True  # type: ignore[return-value]
    return ["" if cell is None else str(cell) for cell in cells], any(issubclass(kind, str) for kind in kinds)


def _may_be_a_formula(together: str) -> bool:
    """Whether some text of a column begins as a formula does, or as what was a formula."""
    return together.startswith(_BEGINS) or any(mark in together and f"{_APART}{mark}" in together for mark in _BEGINS)


def safe(text: str) -> str:
    """A typed text as a spreadsheet takes it for a text."""
    return f"'{text}" if _FORMULA.match(text) else text


def _quoted(text: str) -> str:
    """A text in quotes, where it needs them."""
    return '"{}"'.format(text.replace('"', '""')) if _QUOTED.search(text) else text
