"""Changing the lists: labels, order, codes added, retired and brought back; in force from the next page on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import update

from clinic.audit import actions as chain
from clinic.db import current_clinic, session
from clinic.staff.models import Clinic
from clinic.vocabularies import queries, rules, usage
from clinic.vocabularies.lists import Attribute, Vocabulary
from clinic.vocabularies.models import VocabularyTerm


def relabel(vocabulary: Vocabulary, code: str, *, en: str | None, ar: str | None) -> None:
    """Gives a code other labels."""
    rules.refuse_unless_labelled(vocabulary, code, en, ar)
    term = _rows(vocabulary, [code])[code]
    term.en, term.ar = str(en), str(ar)
    _done("relabelled", vocabulary, code)


def set_attributes(vocabulary: Vocabulary, code: str, attributes: Mapping[str, Attribute]) -> None:
    """Says what an added code stands for in figures. Raises AttributesInUse once a record holds it."""
    term = _rows(vocabulary, [code])[code]
    if dict(term.attributes) == dict(attributes):
        return
    if not term.added or usage.is_used(vocabulary.name, code):
        raise rules.AttributesInUse
    term.attributes = dict(attributes)
    _done("redefined", vocabulary, code)


def add(
    vocabulary: Vocabulary, *, en: str | None, ar: str | None, attributes: Mapping[str, Attribute] | None = None
) -> str:
    """Adds a code at the end of a list and gives it."""
    if vocabulary.fixed:
        raise rules.FixedList
    rules.refuse_unless_labelled(vocabulary, None, en, ar)
    code = rules.new_code(str(en), vocabulary.codes)
    place = len(vocabulary.codes)
    session.add(
        VocabularyTerm(
            list_name=vocabulary.name,
            code=code,
            en=str(en),
            ar=str(ar),
            position=place,
            added=True,
            attributes=dict(attributes or {}),
        )
    )
    _reorder(vocabulary, vocabulary.codes)
    _done("added", vocabulary, code)
    return code


def move(vocabulary: Vocabulary, code: str, *, up: bool) -> None:
    """Moves a code a place up or down."""
    if vocabulary.fixed:
        raise rules.FixedList
    _reorder(vocabulary, rules.moved(vocabulary.codes, code, up=up))
    _done("moved", vocabulary, code)


def retire(vocabulary: Vocabulary, code: str) -> None:
    """Forms offer the code no longer; records that hold it keep it, and figures count it."""
    if vocabulary.fixed:
        raise rules.FixedList
    rules.refuse_the_last(vocabulary, code)
    _rows(vocabulary, [code])[code].retired = True
    _done("retired", vocabulary, code)


def bring_back(vocabulary: Vocabulary, code: str) -> None:
    """Forms offer the code again."""
    _rows(vocabulary, [code])[code].retired = False
    _done("brought_back", vocabulary, code)


def _reorder(vocabulary: Vocabulary, codes: Sequence[str]) -> None:
    rows = _rows(vocabulary, codes)
    for place, code in enumerate(codes):
        rows[code].position = place


def _rows(vocabulary: Vocabulary, codes: Sequence[str]) -> dict[str, VocabularyTerm]:
    """The clinic's rows of these codes, made from the list as it stands where there were none."""
    rows = {row.code: row for row in queries.terms_of(vocabulary.name)}
    for place, term in enumerate(vocabulary):
        if term.code in codes and term.code not in rows:
            row = VocabularyTerm(list_name=vocabulary.name, code=term.code, en=term.en, ar=term.ar, position=place)
            row.retired, row.added, row.attributes = term.retired, False, {}
            session.add(row)
            rows[term.code] = row
    return rows


def _done(deed: str, vocabulary: Vocabulary, code: str) -> None:
    session.flush()
    session.execute(
        update(Clinic).where(Clinic.id == current_clinic.get()).values(lists_changed=Clinic.lists_changed + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    chain.record(f"list.{deed}", detail=f"{vocabulary.name}:{code}")
