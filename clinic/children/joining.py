"""Joining two files of one child: everything that points to the one is pointed to the other.

Nothing is deleted: the joined file stays, empty, and names the one that holds everything now; the chain of changes
names every row that was moved, so that the joining can be taken apart again.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Mapper

from clinic.access.reader import Reader
from clinic.audit import actions as chain
from clinic.children.actions import names_changed, reckon_ages, settle_pair
from clinic.children.models import Child, LikelyPair, PairState
from clinic.db import Model, session
from clinic.languages import _l
from clinic.refusals import Refusal


class OneOfThePair(Refusal):
    """The file to be kept is neither of the two."""

    message = _l("Choose which of the two files is kept.")
    field = "kept"


def join_children(pair: LikelyPair, *, kept: uuid.UUID, by: Reader) -> Child:
    """The coordinator decides: one child. The other file's cases, steps and guardians become the kept one's."""
    if kept not in (pair.first_id, pair.second_id):
        raise OneOfThePair
    keeps = session.get_one(Child, kept)
    leaves = session.get_one(Child, pair.second_id if kept == pair.first_id else pair.first_id)
    settle_pair(pair, PairState.SAME, by)
    moved = [f"{table.name}.{column}:{','.join(ids)}" for table, column, ids in _move(leaves, keeps)]
    _settle_other_pairs(pair, leaves.id, keeps.id, by)
    leaves.merged_into = keeps.id
    session.flush()
    session.expire(keeps, ["guardians", "cases"])
    session.expire(leaves, ["guardians", "cases"])
    for case in keeps.cases:
        reckon_ages(case, keeps)
    names_changed([keeps.id, leaves.id])
    chain.record("child.joined", subject=leaves, detail=" ".join([f"into:{keeps.id.hex}", *moved]))
    chain.record("pair.same", subject=pair)
    session.flush()
    return keeps


def pointing_to_children() -> list[tuple[Mapper[Any], str]]:
    """Every model with a column that points to a child, but the pairs and the children themselves."""
    return [
        (mapper, mapper.get_property_by_column(column).key)
        for mapper in Model.registry.mappers
        if isinstance(mapper.local_table, Table) and mapper.class_ not in (Child, LikelyPair)
        for column in mapper.local_table.columns
        if any(key.column.table.name == "child" for key in column.foreign_keys)
    ]


def _move(leaves: Child, keeps: Child) -> list[tuple[Table, str, list[str]]]:
    """Moves the rows one by one through their models, so that the states before are kept."""
    moved = []
    for mapper, name in pointing_to_children():
        column = getattr(mapper.class_, name)
        rows = session.scalars(select(mapper.class_).where(column == leaves.id)).all()
        for row in rows:
            setattr(row, name, keeps.id)
        if rows and isinstance(mapper.local_table, Table):
            moved.append((mapper.local_table, name, [row.id.hex for row in rows]))
    session.flush()
    return moved


def _settle_other_pairs(pair: LikelyPair, leaves: uuid.UUID, keeps: uuid.UUID, by: Reader) -> None:
    """Other pairs of the file that goes become pairs of the one that stays; a double one is settled with this one."""
    pairs = session.scalars(
        select(LikelyPair).where(
            LikelyPair.clinic_id == pair.clinic_id,
            or_(LikelyPair.first_id.in_((leaves, keeps)), LikelyPair.second_id.in_((leaves, keeps))),
        )
    ).all()
    known = {(one.first_id, one.second_id) for one in pairs}
    for one in pairs:
        if one is pair or leaves not in (one.first_id, one.second_id):
            continue
        other = one.second_id if one.first_id == leaves else one.first_id
        first, second = sorted((keeps, other), key=lambda each: each.bytes)
        if (first, second) in known:
            if one.state == PairState.OPEN:
                settle_pair(one, PairState.SAME, by)
        else:
            one.first_id, one.second_id = first, second
            known.add((first, second))
    session.flush()
