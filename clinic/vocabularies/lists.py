"""The coded lists: what each code is called, and what a person meant who wrote a label.

The file config/vocabularies.toml is where the lists begin; a clinic lays its own labels, order, added and retired
codes over the editable ones (`Lists.overlaid`). The codes of the fixed lists are the program's own (fixed.py). Where no
clinic's lists are in force, those of the file answer.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from clinic.languages import current_language
from clinic.typed import plain

FILE: Final = Path(__file__).parents[2] / "config" / "vocabularies.toml"
UNKNOWN: Final = "unknown"
UNKNOWN_LABELS: Final = ("Not known", "غير معروف")

Attribute = str | bool


class NoSuchList(KeyError):
    """A list that is neither in the file nor the program's own."""


class NoSuchCode(ValueError):
    """A text that is neither a code of the list nor one of its labels."""

    def __init__(self, vocabulary: str, text: str) -> None:
        super().__init__(f"{vocabulary}: {text}")
        self.vocabulary = vocabulary
        self.text = text


@dataclass(frozen=True, slots=True)
class Term:
    """One code of a list, its labels and the attributes that figures read. A retired one is no longer offered."""

    code: str
    en: str
    ar: str
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))
    retired: bool = False

    @property
    def label(self) -> str:
        """What it is called in the current language."""
        return self.ar if current_language().code == "ar" else self.en

    def has(self, attribute: str) -> bool:
        """Whether an attribute that is yes or no is yes."""
        return self.attributes.get(attribute) is True


@dataclass(frozen=True)
class Vocabulary:
    """A list of terms in the order in which it is offered."""

    name: str
    terms: tuple[Term, ...]
    fixed: bool

    def __post_init__(self) -> None:
        by_code = {term.code: term for term in self.terms}
        if len(by_code) != len(self.terms):
            raise ValueError(f"{self.name}: a code stands twice")
        meanings: dict[str, str] = {}
        for readings in (("code",), ("en", "ar")):  # a code means itself before it can be another's label
            for term in self.terms:
                for reading in readings:
                    meanings.setdefault(folded(getattr(term, reading)), term.code)
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_meanings", meanings)

    @property
    def editable(self) -> bool:
        """Whether a coordinator may add, retire and order its codes."""
        return not self.fixed

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(term.code for term in self.terms)

    @property
    def offered(self) -> tuple[Term, ...]:
        """The terms that a form offers."""
        return tuple(term for term in self.terms if not term.retired)

    def get(self, code: str | None) -> Term | None:
        """The term of a code."""
        return cast(dict[str | None, Term], self.__dict__["_by_code"]).get(code)

    def __contains__(self, code: object) -> bool:
        return code in self.__dict__["_by_code"]

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    def label(self, code: str | None) -> str:
        """What a code is called in the current language; "unknown" in any list; a code nobody knows by itself."""
        term = self.get(code)
        if term is not None:
            return term.label
        if code == UNKNOWN:
            return UNKNOWN_LABELS[1] if current_language().code == "ar" else UNKNOWN_LABELS[0]
        return code or ""

    def code_of(self, text: str) -> str:
        """The code that a text means: a code or a label, in either language. Raises NoSuchCode."""
        if text in self:
            return text
        code = cast(dict[str, str], self.__dict__["_meanings"]).get(folded(text))
        if code is None:
            raise NoSuchCode(self.name, text)
        return code

    def choices(self, *, chosen: str | None = None) -> list[tuple[str, str]]:
        """Code and label of what a form offers; what the record holds already stays offered, though retired."""
        return [(term.code, term.label) for term in self.terms if not term.retired or term.code == chosen]

    def codes_with(self, attribute: str, value: Attribute = True) -> frozenset[str]:
        """The codes whose attribute has this value: the sentences, the authorised bodies."""
        return frozenset(term.code for term in self.terms if term.attributes.get(attribute) == value)


_ALEF = str.maketrans("أإآٱىةؤئ", "ااااي\u0647وي")


def folded(text: str) -> str:
    """A text as it is compared: no marks, tatweel or vowels, one kind of alef, ya and ha, Latin digits, any case."""
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", plain(text)) if not unicodedata.combining(sign))
    return kept.translate(_ALEF).casefold().replace("_", " ").strip()


def means_unknown(text: str) -> bool:
    """Whether a text says that something is not known, in either language."""
    return folded(text) in {UNKNOWN, *map(folded, UNKNOWN_LABELS)}


@dataclass(frozen=True, slots=True)
class Edit:
    """How a clinic has one code of an editable list: its labels, its place, whether it is retired."""

    vocabulary: str
    code: str
    en: str
    ar: str
    position: int
    retired: bool = False
    attributes: Mapping[str, Attribute] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Lists:
    """All lists of a clinic, by name. What follows from them may be kept by them: changed ones are others."""

    vocabularies: Mapping[str, Vocabulary]

    def __getitem__(self, name: str) -> Vocabulary:
        try:
            return self.vocabularies[name]
        except KeyError:
            raise NoSuchList(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self.vocabularies

    def __iter__(self) -> Iterator[Vocabulary]:
        return iter(self.vocabularies.values())

    def overlaid(self, edits: Iterable[Edit]) -> Lists:
        """The same lists with a clinic's own labels, order, added and retired codes.

        A code of the file keeps its attributes, because figures read them; an added one brings its own. What was not
        edited keeps its place in the file. In a fixed list labels alone change.
        """
        by_list: dict[str, list[Edit]] = {}
        for edit in edits:
            by_list.setdefault(edit.vocabulary, []).append(edit)
        changed = {name: _edited(self[name], edits_of_list) for name, edits_of_list in by_list.items()}
        return Lists({**self.vocabularies, **changed})


def _edited(vocabulary: Vocabulary, edits: Iterable[Edit]) -> Vocabulary:
    terms = {term.code: (position, term) for position, term in enumerate(vocabulary.terms)}
    for edit in edits:
        if edit.code in terms:
            place, term = terms[edit.code]
            if vocabulary.fixed:
                terms[edit.code] = place, replace(term, en=edit.en, ar=edit.ar)
            else:
                terms[edit.code] = edit.position, replace(term, en=edit.en, ar=edit.ar, retired=edit.retired)
        elif not vocabulary.fixed:
            own = MappingProxyType(dict(edit.attributes))
            terms[edit.code] = edit.position, Term(edit.code, edit.en, edit.ar, own, edit.retired)
    ordered = sorted(terms.values(), key=lambda placed: placed[0])
    return Vocabulary(vocabulary.name, tuple(term for _place, term in ordered), vocabulary.fixed)


def load(path: Path = FILE) -> Lists:
    """The lists of a file."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    fixed = content.pop("fixed", {})
    lists = {name: _vocabulary(name, terms, fixed=False) for name, terms in content.items()}
    return Lists(lists | {name: _vocabulary(name, terms, fixed=True) for name, terms in fixed.items()})


def _vocabulary(name: str, terms: Mapping[str, Mapping[str, Any]], *, fixed: bool) -> Vocabulary:
    return Vocabulary(name, tuple(_term(code, entry) for code, entry in terms.items()), fixed)


def _term(code: str, entry: Mapping[str, Any]) -> Term:
    attributes = {key: value for key, value in entry.items() if key not in ("en", "ar")}
    return Term(code, entry["en"], entry["ar"], MappingProxyType(attributes))


@cache
def shipped() -> Lists:
    """The lists of the file, read once a process."""
    return load()


_in_force: ContextVar[Lists | None] = ContextVar("lists", default=None)


def lists() -> Lists:
    """The lists of the clinic at work, else the file's."""
    return _in_force.get() or shipped()


def use(own: Lists | None) -> None:
    """Let a clinic's own lists answer from here on, in this request."""
    _in_force.set(own)


@contextmanager
def using(own: Lists) -> Iterator[Lists]:
    """Let these lists answer within the block."""
    token = _in_force.set(own)
    try:
        yield own
    finally:
        _in_force.reset(token)


def label(name: str, code: str | None) -> str:
    """What a code of a list is called in the current language."""
    return lists()[name].label(code)


def choices(name: str, *, chosen: str | None = None) -> list[tuple[str, str]]:
    """Code and label of what a form offers."""
    return lists()[name].choices(chosen=chosen)


def code_of(name: str, text: str) -> str:
    """The code that a text means. Raises NoSuchCode."""
    return lists()[name].code_of(text)
