"""Reading children: who exists for a reader, search by name and number, and who may be the same child.

Which children exist for a reader follows from their cases; the room of the cases hands that over as a `Sight`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import selectinload

from clinic import versions
from clinic.access.reader import Reader
from clinic.audit.models import AuditEntry
from clinic.children import index
from clinic.children.listed import ListedChild, listed
from clinic.children.models import Child, Guardian, LikelyPair, PairState
from clinic.children.names import Likely, NameIndex, Person
from clinic.children.numbers import card_number, phone_digits
from clinic.children.unsealing import names_since
from clinic.crypto import current, sealing
from clinic.db import Id, current_clinic, session
from clinic.prepared import send
from clinic.staff.models import Clinic
from clinic.staff.queries import names_of
from clinic.typed import plain

SHOWN = 25  # how many children a search shows


@dataclass(frozen=True)
class Sight:
    """What the room of the cases says of children: who exists for a reader, their cases, whose case has a reference."""

    visible_to: Callable[[Reader], Select[uuid.UUID]]
    walled_from: Callable[[Reader], Select[uuid.UUID]]
    cases_of: Callable[[Collection[uuid.UUID], Reader], Mapping[uuid.UUID, Sequence[Any]]]
    with_case: Callable[[str, Reader], Select[uuid.UUID]]


_sight: Sight | None = None


def look_through(sight: Sight) -> None:
    """Makes this the way in which children are seen; done once, where the house is wired."""
    global _sight
    _sight = sight


def seen() -> Sight:
    """The way in which children are seen."""
    if _sight is None:
        raise RuntimeError("nobody said which children exist for a reader")
    return _sight


def find_child(child_id: uuid.UUID, *, reader: Reader) -> Child | None:
    """The child with guardians; None if the child does not exist for the reader."""
    return session.scalar(
        select(Child)
        .where(Child.id == child_id, Child.id.in_(seen().visible_to(reader).where(Child.id == child_id)))
        .options(selectinload(Child.guardians))
    )


def find_guardian(guardian_id: uuid.UUID, *, reader: Reader) -> Guardian | None:
    """A guardian of a child who exists for the reader."""
    return session.scalar(
        select(Guardian).where(Guardian.id == guardian_id, Guardian.child_id.in_(seen().visible_to(reader)))
    )


def last_change(child: Child, *, reader: Reader) -> tuple[str, datetime]:
    """Who saved the child last, and when."""
    who = versions.last_replaced_by(child) or child.recorded_by
    return names_of(reader=reader).get(who, "") if who else "", child.known_from


def last_change_of_guardian(guardian: Guardian, *, reader: Reader) -> tuple[str, datetime]:
    """Who saved the guardian last, and when.

    No past state of a guardian is kept: the record of changes says it, but for what a register brought.
    """
    entry = session.execute(
        select(AuditEntry.who, AuditEntry.at)
        .where(AuditEntry.clinic_id == reader.clinic_id, AuditEntry.subject_id == guardian.id)
        .order_by(AuditEntry.number.desc())
        .limit(1)
    ).first()
    if entry is None:
        return last_change(guardian.child, reader=reader)
    return names_of(reader=reader).get(entry.who or guardian.id, ""), entry.at


def visible_ids(reader: Reader) -> set[uuid.UUID]:
    """The ids of the children who exist for the reader."""
    return set(session.scalars(seen().visible_to(reader)))


# --- search


@dataclass(frozen=True)
class Hit:
    """A child who was found, and the cases of theirs that the reader sees."""

    child: ListedChild
    cases: Sequence[Any]


def search(text: str, *, reader: Reader) -> list[Hit]:
    """Whom a text may mean, the likeliest first: a reference, a card number, a phone, any part of a name."""
    text = plain(text)
    if not text:
        return []
    if any(sign.isdigit() for sign in text):
        found = dict.fromkeys([*session.scalars(_by_reference(text, reader)), *session.scalars(_by_number(text))])
    else:
        found = dict.fromkeys(_by_name(text, reader))
    return _hits(list(found), reader, at_most=SHOWN)


def _by_name(text: str, reader: Reader) -> list[uuid.UUID]:
    """Whose name it may be, among the children whom this reader may see; more than are shown where some are hidden.

    Who sees every case but those behind a wall asks the whole index, and who is hidden is left out afterwards: to list
    twenty thousand children takes longer than to find one.
    """
    if not reader.sees_all_cases:
        allowed, hidden = visible_ids(reader), 0
    else:
        allowed, hidden = None, len(send(seen().walled_from(reader)).all())
    with index.reading():
        return [hit.child_id for hit in names().search(text, allowed=allowed, limit=SHOWN + hidden)]


@lru_cache(maxsize=256)
def _of_these(visible: Select[uuid.UUID]) -> Select[*tuple[Any, ...]]:
    """The statement for those of some ids who exist for a reader; put together once for each."""
    these = Child.id.in_(bindparam("these", type_=Id, expanding=True))
    return listed().where(Child.id.in_(visible.where(these)))


def _hits(ids: Sequence[uuid.UUID], reader: Reader, at_most: int | None = None) -> list[Hit]:
    """Those who exist for the reader, in this order."""
    if not ids:
        return []
    visible = _of_these(seen().visible_to(reader))
    children = {child.id: child for child in listed().read(visible, {"these": ids}, reader.clinic_id)}
    found = [children[child_id] for child_id in ids if child_id in children][:at_most]
    cases = seen().cases_of([child.id for child in found], reader)
    return [Hit(child, cases.get(child.id, ())) for child in found]


_YEAR_AND_NUMBER = re.compile(r"(?:.*\D)?((?:19|20)\d\d)\D+(\d{1,5})")
_SHORT_NUMBER = re.compile(r"\d{1,5}")


def _by_reference(text: str, reader: Reader) -> Select[uuid.UUID]:
    """Whose own reference it is, or whose case's: `DH-2016-00042`, also as `2016-42` or `42`."""
    wanted = [text.upper()]
    if match := _YEAR_AND_NUMBER.fullmatch(text):
        wanted.append(f"%-{match[1]}-{int(match[2]):05d}")
    elif _SHORT_NUMBER.fullmatch(text):
        wanted.append(f"%-{int(text):05d}")
    own = and_(Child.clinic_id == reader.clinic_id, Child.reference == text.upper())
    return select(Child.id).where(or_(own, *(Child.id.in_(seen().with_case(one, reader)) for one in wanted)))


def _by_number(text: str) -> Select[uuid.UUID]:
    """Whose card number it is, or whose guardian's phone."""
    cards = sealing.lookup_hashes(current.ring(), "card", card_number(text))
    phones = sealing.lookup_hashes(current.ring(), "phone", phone_digits(text))
    clinic_id = current_clinic.get()
    of_guardian = select(Guardian.child_id).where(Guardian.clinic_id == clinic_id, Guardian.phone_hash.in_(phones))
    return select(Child.id).where(
        Child.clinic_id == clinic_id, or_(Child.card_hash.in_(cards), Child.id.in_(of_guardian))
    )


# --- the index of names in memory


def names() -> NameIndex:
    """The index of names of this process, fresh. Ask it inside `index.reading()`."""
    session.flush()  # a child who was registered a moment ago is counted already
    counter = send(_HOW_OFTEN_CHANGED, {"clinic_id": current_clinic.get()}).scalar() or 0
    return index.ensure_fresh(counter, names_since)


_HOW_OFTEN_CHANGED = select(Clinic.names_changed).where(Clinic.id == bindparam("clinic_id"))


# --- the same child?


@dataclass(frozen=True)
class Resemblance:
    """Who may be the same child: those whom the reader sees, whether the clinic knows others, and all for the desk."""

    shown: tuple[Hit, ...]
    others: bool
    everybody: tuple[Likely, ...]

    def __bool__(self) -> bool:
        return bool(self.shown) or self.others


def likely_same(person: Person, card: str | None, *, reader: Reader, but: uuid.UUID | None = None) -> Resemblance:
    """Who may be this child by name, birth and place, or by card number. One behind a wall is not hinted at."""
    with index.reading():
        found = {like.child_id: like for like in _alike(person)}
    if card:
        by_card = session.scalars(select(Child.id).where(Child.clinic_id == reader.clinic_id, _has_card(card)))
        found.update({child_id: Likely(child_id, 100.0, ("card",)) for child_id in by_card})
    found.pop(but or uuid.UUID(int=0), None)
    if not found:
        return Resemblance((), False, ())
    walled = set(session.scalars(seen().walled_from(reader).where(Child.id.in_(found.keys()))))
    shown = _hits(list(found), reader)
    others = found.keys() - walled - {hit.child.id for hit in shown}
    return Resemblance(tuple(shown), bool(others), tuple(found.values()))


def _has_card(card: str) -> Any:
    return Child.card_hash.in_(sealing.lookup_hashes(current.ring(), "card", card_number(card)))


def _alike(person: Person) -> list[Likely]:
    parts, birth = person.parts, person.birth
    return names().likely_same(parts, person.latin, birth, person.birth_precision, person.locality)


@dataclass(frozen=True)
class Pair:
    """Two files that may be of one child, with the cases of each."""

    pair: LikelyPair
    first: Child
    second: Child
    cases: Mapping[uuid.UUID, Sequence[Any]]


def pairs_to_decide(*, reader: Reader, after: int = 0, limit: int = 25) -> list[Pair]:
    """The pairs that nobody has decided, those first that somebody asks about, then the likeliest."""
    found = session.scalars(
        _open_pairs(reader)
        .order_by(LikelyPair.asked.desc(), LikelyPair.score.desc(), LikelyPair.id)
        .offset(after)
        .limit(limit)
    ).all()
    return _with_children(found, reader)


def _open_pairs(reader: Reader) -> Select[LikelyPair]:
    visible = seen().visible_to(reader)
    return select(LikelyPair).where(
        LikelyPair.clinic_id == reader.clinic_id,
        LikelyPair.state == PairState.OPEN,
        LikelyPair.first_id.in_(visible),
        LikelyPair.second_id.in_(visible),
    )


def find_pair(pair_id: uuid.UUID, *, reader: Reader) -> LikelyPair | None:
    """An undecided pair of children who both exist for the reader."""
    return session.scalar(_open_pairs(reader).where(LikelyPair.id == pair_id))


def pair_with_children(pair: LikelyPair, *, reader: Reader) -> Pair:
    """A pair with both children, their guardians and their cases."""
    return _with_children([pair], reader)[0]


def _with_children(pairs: Sequence[LikelyPair], reader: Reader) -> list[Pair]:
    ids = {child_id for pair in pairs for child_id in (pair.first_id, pair.second_id)}
    if not ids:
        return []
    wanted = select(Child).where(Child.id.in_(ids)).options(selectinload(Child.guardians))
    children = {child.id: child for child in session.scalars(wanted)}
    cases = seen().cases_of(ids, reader)
    return [Pair(pair, children[pair.first_id], children[pair.second_id], cases) for pair in pairs]
