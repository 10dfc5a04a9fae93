"""How alike two names are, in one script or across both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from clinic.children.spelling import Term, tokens

SAME = 85
"""From here two writings are taken for one name (tried on invented names: tests/children/test_names.py)."""

MISSING = 30
"""What a name asked for and not there counts."""


def likeness(one: Term, other: Term) -> float:
    """0 to 100: how alike two tokens are. Equal consonants are weighed by the vowels between them, else by letters."""
    if one.text == other.text:
        return 100.0
    close = fuzz.ratio(one.sound, other.sound)
    shared = next((key for key in one.keys if key in other.keys), None)
    if shared is None:
        written = fuzz.ratio(one.text, other.text) if one.is_arabic == other.is_arabic else 0.0
        return 0.95 * max(written, close)
    cost = 0 if shared == one.keys[0] == other.keys[0] else 6
    pairs = zip(one.gaps[: len(shared)], other.gaps[: len(shared)], strict=False)
    cost += sum(_gap_cost(one, other, mine, theirs, place=n) for n, (mine, theirs) in enumerate(pairs))
    heard = max(50.0, 97.0 - cost - (_tail_cost(one, other, shared) if len(shared) == 1 else 0))
    return heard if shared else (heard + close) / 2


def _tail_cost(one: Term, other: Term, shared: str) -> int:
    """Of a name with one consonant the end decides: علي is not علاء; but the end of عيسى is that of Issa."""
    mine, theirs = (term.sound.rpartition(shared)[2] for term in (one, other))
    if mine.endswith("y") == theirs.endswith("y"):
        return 0
    return 20 if one.is_arabic == other.is_arabic or "aa" in mine + theirs else 2


def _gap_cost(one: Term, other: Term, mine: str, theirs: str, *, place: int) -> int:
    """What it costs that two names have other vowels at one place: محمد is not محمود, Samer is not Samir."""
    if mine == theirs:
        return 0
    if place == 0:
        return 15 if not (mine and theirs) and "*" not in mine + theirs else 1
    if one.is_arabic != other.is_arabic:
        return _across(mine, theirs, place) if one.is_arabic else _across(theirs, mine, place)
    return _in_arabic(mine, theirs) if one.is_arabic else _in_latin(mine, theirs)


def _in_arabic(mine: str, theirs: str) -> int:
    differing = set(mine) ^ set(theirs)
    return 22 * len(differing & set("ui")) + 5 * ("a" in differing) + 8 * ("*" in differing)


def _across(arabic: str, latin: str, place: int) -> int:
    """و wants an o or u, ي an i or e; where Arabic writes nothing, Latin has no long vowel (but Moustafa)."""
    if "*" in arabic:
        return 0
    if not arabic:
        return (4 if latin == "ou" and place == 1 else 14) if latin in _LONG else 0
    missing = ("u" in arabic and not set("ou") & set(latin)) + ("i" in arabic and not set("ie") & set(latin))
    return 18 * missing + 6 * ("a" in arabic and not set("ae") & set(latin))


_LONG = {"ou", "oo", "ee", "ii", "uu", "ei", "ai"}
_ROUNDED, _OPEN, _NARROW = set("ou"), set("ae*"), set("ie*")


def _in_latin(mine: str, theirs: str) -> int:
    if not (mine and theirs):
        return 12 if len(mine + theirs) > 1 else 3
    one, other = set(mine), set(theirs)
    if any(one & kind and other & kind for kind in (_ROUNDED, _OPEN, _NARROW)):
        return 1
    return 6 if len(mine) == len(theirs) == 1 else 12


def together(scores: Sequence[float]) -> float:
    """The score of a name by its tokens: one that is far off tells more than the others being equal."""
    return sum(scores) / len(scores) - 0.4 * (100 - min(scores))


def score(query: str, name: str) -> float:
    """0 to 100: how far every name in the query is found in the name, in whichever script and order."""
    asked, there = [Term.of(token) for token in tokens(query)], [Term.of(token) for token in tokens(name)]
    return max(0.0, covered(asked, there)) if asked and there else 0.0


def covered(asked: Sequence[Term], there: Sequence[Term], alike: Callable[[Term, Term], float] = likeness) -> float:
    pairs = sorted(
        ((alike(a, b), i, j) for i, a in enumerate(asked) for j, b in enumerate(there)), key=lambda pair: -pair[0]
    )
    best: dict[int, float] = {}
    used: set[int] = set()
    for value, i, j in pairs:
        if i not in best and j not in used:
            best[i] = value
            used.add(j)
    return together([best.get(i, MISSING) for i in range(len(asked))])
