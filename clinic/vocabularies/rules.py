"""What holds for an edited list: labels that tell codes apart, codes that are never used again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from clinic.languages import _l
from clinic.refusals import Refusal
from clinic.vocabularies.lists import Attribute, Lists, Vocabulary, folded

NOT_AN_ATTRIBUTE = "review"  # says that somebody is to look at the Arabic


class NeedsBothLabels(Refusal):
    """A code without its label in both languages."""

    message = _l("Write the label in both languages: forms and reports need them.")


class CalledSoAlready(Refusal):
    """A label that another code of the list has."""

    message = _l("Another code of this list is called so already. An import could not tell them apart.")


class FixedList(Refusal):
    """A list of the program's own: its labels can be changed, nothing else."""

    message = _l("The program decides by this list: its labels can be changed, its codes cannot.")


class LastOne(Refusal):
    """The last code of a list that is still offered."""

    message = _l("This is the last code that forms offer in this list. Add another first.")


class AttributesInUse(Refusal):
    """Attributes of a code that records hold: figures of the past would change."""

    message = _l("Records hold this code already, and figures read what it stands for. Retire it and add another.")


def refuse_unless_labelled(vocabulary: Vocabulary, code: str | None, en: str | None, ar: str | None) -> None:
    """Raises NeedsBothLabels and CalledSoAlready."""
    for field, label in (("en", en), ("ar", ar)):
        if not label:
            raise NeedsBothLabels(field=field)
        for term in vocabulary:
            if term.code != code and folded(label) in {folded(term.en), folded(term.ar), folded(term.code)}:
                raise CalledSoAlready(field=field)


def refuse_the_last(vocabulary: Vocabulary, code: str) -> None:
    """Raises LastOne if nothing would be offered without this code."""
    if not [term for term in vocabulary.offered if term.code != code]:
        raise LastOne


def new_code(en: str, taken: Collection[str]) -> str:
    """A code made from an English label that no code of the list has: small letters, digits and low lines."""
    plain = unicodedata.normalize("NFKD", en).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "code"
    stem = f"{stem}_own" if stem == "unknown" else stem
    return next(code for code in (stem, *(f"{stem}_{number}" for number in range(2, 10_000))) if code not in taken)


def attributes_of(shipped: Lists, name: str) -> Mapping[str, Sequence[Attribute]]:
    """What figures read of the codes of a list: each attribute with the values that it takes in the file."""
    found: dict[str, list[Attribute]] = {}
    for term in shipped[name]:
        for attribute, value in term.attributes.items():
            if attribute != NOT_AN_ATTRIBUTE and value not in found.setdefault(attribute, []):
                found[attribute].append(value)
    return found


def moved(codes: Sequence[str], code: str, *, up: bool) -> list[str]:
    """The codes with one of them a place earlier or later."""
    order = list(codes)
    place = order.index(code)
    other = place - 1 if up else place + 1
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order
