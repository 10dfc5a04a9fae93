"""Reading the lists as the clinic has them, once a process for each change."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from clinic.db import current_clinic, session
from clinic.staff.queries import clinic_at_work
from clinic.vocabularies import lists
from clinic.vocabularies.lists import Edit, Lists, Vocabulary
from clinic.vocabularies.models import VocabularyTerm

_kept: dict[uuid.UUID, tuple[int, Lists]] = {}


def terms_of(name: str | None = None) -> list[VocabularyTerm]:
    """What the clinic changed, in one list or in all."""
    wanted = select(VocabularyTerm).where(VocabularyTerm.clinic_id == current_clinic.get())
    if name is not None:
        wanted = wanted.where(VocabularyTerm.list_name == name)
    return list(session.scalars(wanted.order_by(VocabularyTerm.list_name, VocabularyTerm.position)))


def own_lists() -> Lists:
    """The lists with the clinic's changes, read anew when its counter says that somebody changed them."""
    clinic_id = current_clinic.get()
    clinic = clinic_at_work(clinic_id) if clinic_id else None
    changed = clinic.lists_changed if clinic else 0
    if clinic_id is None or changed == 0:
        return lists.shipped()
    kept = _kept.get(clinic_id)
    if kept is None or kept[0] != changed:
        kept = changed, lists.shipped().overlaid(map(_edit, terms_of()))
        _kept[clinic_id] = kept
    return kept[1]


def _edit(term: VocabularyTerm) -> Edit:
    return Edit(term.list_name, term.code, term.en, term.ar, term.position, term.retired, term.attributes)


def put_in_force() -> None:
    """Lets the clinic's own lists answer from here on."""
    lists.use(own_lists())


def find_list(name: str) -> Vocabulary | None:
    """A list as the clinic has it; None if there is none of the name."""
    try:
        return lists.lists()[name]
    except lists.NoSuchList:
        return None
