"""The letters that paper can show: those of our two fonts. What they have not is a box, never a refusal to print."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from clinic.formats import AS_IT_BEGINS, END, LEFT_TO_RIGHT

BOX: Final = "\u25a1"
_ISOLATED: Final = re.compile(f"[{LEFT_TO_RIGHT}{AS_IT_BEGINS}{END}]")
_HAS: Final = re.compile(
    "[\n\u0020-\u007e\u00a0-\u024f\u0600-\u0604\u0606-\u06ff\u2010-\u2040\u2042\u2044-\u2052\u2066-\u2069"
    "\u20a0-\u20bf\u2190-\u2199\u25a1]"
)


def on_paper(said: Any) -> Any:
    """The same with texts that the fonts can show, and marks of direction one within no other."""
    if isinstance(said, str):
        return _written(said)
    if isinstance(said, dict):
        return {key: value if key == "drawing" else on_paper(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [on_paper(one) for one in said]
    return said


def _written(text: str) -> str:
    usual = unicodedata.normalize("NFKC" if re.search("[\ufb50-\ufdff\ufe70-\ufefc]", text) else "NFC", text)
    return _outermost("".join(letter if _HAS.match(letter) else _instead(letter) for letter in usual))


def _instead(letter: str) -> str:
    """Nothing for what nobody sees, a space for a space, a box for the rest."""
    category = unicodedata.category(letter)
    if category in ("Cf", "Cc", "Mn"):
        return ""
    return " " if category.startswith("Z") else BOX


def _outermost(text: str) -> str:
    """Marks within marks left out: what is kept together is kept together as a whole."""
    depth, kept = 0, []
    for piece in re.split(f"({_ISOLATED.pattern})", text):
        if not _ISOLATED.fullmatch(piece):
            kept.append(piece)
            continue
        depth = max(0, depth - 1) if piece == END else depth + 1
        if depth == (0 if piece == END else 1):
            kept.append(piece)
    return "".join(kept)
