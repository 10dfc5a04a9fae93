"""The names of all children, read and opened for the index in memory: column by column, as the driver gives them.

Each process opens all of them when it is first asked for a name, while somebody waits.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import Any, Final

from sqlalchemy import Table, select, type_coerce
from sqlalchemy.types import NullType

from clinic.children.index import Change
from clinic.children.models import Child, Guardian
from clinic.children.sameness import person_of
from clinic.crypto import current, sealing
from clinic.db import current_clinic, id_as_stored, pack_id, session

NAMES: Final = ("given_name", "father_name", "grandfather_name", "family_name", "name_latin", "born_on")
"""What is sealed of what the index knows of a child."""

_AT_ONCE = 500
"""Children whose names are opened together: what stands beside them is let go of before the next are."""

_CHILD: Final[Table] = Child.__table__  # type: ignore[assignment]
_GUARDIAN: Final[Table] = Guardian.__table__  # type: ignore[assignment]
_Opener = Callable[[Iterable[bytes | None], Iterable[bytes]], list[str | None]]


def names_since(counter: int | None) -> Iterator[Change]:
    """The children whose names changed since a count of changes; all for None."""
    clinic_id = current_clinic.get()
    if clinic_id is None:
        return
    told = (*NAMES, "birth_precision", "locality", "merged_into")
    wanted = select(id_as_stored(_CHILD.c.id), *(type_coerce(_CHILD.c[name], NullType()) for name in told))
    wanted = wanted.where(_CHILD.c.clinic_id == clinic_id)
    if counter is not None:
        wanted = wanted.where(_CHILD.c.names_at > counter)
    opened_by = partial(sealing.opener, current.ring(), clinic_id)
    openers = [opened_by(_CHILD.name, name) for name in NAMES]
    of_guardians = opened_by(_GUARDIAN.name, "name")
    with closing(session.connection().execute(wanted)) as result:
        for rows in result.partitions(_AT_ONCE):
            yield from _changes(rows, openers, of_guardians)


def _changes(rows: Sequence[Any], openers: Sequence[_Opener], of_guardians: _Opener) -> Iterator[Change]:
    stored, *columns = zip(*rows, strict=True)
    ids = [pack_id(one) for one in stored]
    names = [opened(column, ids) for opened, column in zip(openers, columns, strict=False)]
    precisions, places, joined_to = columns[len(NAMES) :]
    beside = _guardians_names([uuid.UUID(bytes=one) for one in ids], of_guardians)
    for child, *parts, latin, born, precision, place, joined in zip(
        ids, *names, precisions, places, joined_to, strict=True
    ):
        person = None if joined is not None else person_of(parts, latin, born, precision, place, beside.get(child, ()))
        yield uuid.UUID(bytes=child), person


def _guardians_names(child_ids: Sequence[uuid.UUID], opened: _Opener) -> Mapping[bytes, list[str]]:
    """The names of those who answer for children, by the bytes of the child's id."""
    of, own = id_as_stored(_GUARDIAN.c.child_id), id_as_stored(_GUARDIAN.c.id)
    wanted = select(of, own, type_coerce(_GUARDIAN.c.name, NullType()))
    wanted = wanted.where(_GUARDIAN.c.child_id.in_(child_ids), _GUARDIAN.c.name.is_not(None))
    found: dict[bytes, list[str]] = {}
    rows = session.connection().execute(wanted).all()
    children, guardians, sealed = zip(*rows, strict=True) if rows else ((), (), ())
    for child, name in zip(children, opened(sealed, map(pack_id, guardians)), strict=True):
        found.setdefault(pack_id(child), []).append(name or "")
    return found
