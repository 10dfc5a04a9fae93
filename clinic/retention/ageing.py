"""One child's file becomes rows of facts, in the transaction at hand. Nothing is asked here: the run asks before.

The rows are written past the mapper, so that no state before is kept; what was known when stays as it was (`as_of`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, and_, delete, or_, select, update

from clinic.children.actions import names_changed
from clinic.clock import day_begins, day_ends, local_date
from clinic.db import Model, session
from clinic.jobs import actions as jobs
from clinic.retention import kept
from clinic.retention.kept import table_named, with_twin
from clinic.retention.moments import Move, Times, is_moved, moves_of_each, moves_of_stays

Ids = Collection[uuid.UUID]
Decided = Mapping[uuid.UUID, Collection[date]]
POLICE: Final = ("arrested_at", "lawyer_arrived_at", "questioned_at", "left_police_at")
CUSTODY: Final = ("began_at", "ended_at")


def age(child_id: uuid.UUID, on: date) -> None:
    """Leaves of a child, of whoever was joined to it, and of their cases what figures read. Flushes, never commits."""
    session.flush()
    children = _joined_to(child_id)
    cases = _ids("case_file", "child_id", children)
    steps = _ids("step", "case_id", cases)
    _move_moments(steps, _decisions_of(cases))
    _empty("child", kept.CHILD, "id", children)
    _empty("case_file", kept.CASE, "id", cases)
    _empty("case_period", kept.PERIOD, "case_id", cases)
    _empty("team_member", kept.TEAM, "case_id", cases)
    _empty("wall", kept.WALL, "case_id", cases)
    _empty("step", kept.STEP, "id", steps)
    for kind, columns in kept.KINDS.items():
        _empty(kind, columns, "id", steps)
    _remove_the_rest(children, cases, steps)
    _write(table_named("case_file"), [{"id": case_id, "aged_on": on} for case_id in cases])
    names_changed(children)


def _joined_to(child_id: uuid.UUID) -> set[uuid.UUID]:
    """The child, and the files that were joined to it, over whatever number of joinings."""
    found, further = {child_id}, {child_id}
    while further:
        further = set(_ids("child", "merged_into", further)) - found
        found |= further
    return found


def _ids(name: str, column: str, owners: Ids) -> list[uuid.UUID]:
    table = table_named(name)
    return list(session.scalars(select(table.c.id).where(table.c[column].in_(owners))))


# --- what stays, emptied of the rest


def _empty(name: str, columns: frozenset[str], by: str, owners: Ids) -> None:
    """Empties a table and its twin of all but these columns, for the rows of these owners."""
    for table in with_twin(name):
        mine = table.c[by].in_(owners)
        emptied: dict[str, Any] = {column.name: None for column in table.columns if column.name not in columns}
        if "lanes_written" in table.c:
            emptied["lanes_written"] = ()
        if emptied:
            _run(update(table).where(mine).values(emptied))
        _leave_the_day(table, mine)


def _leave_the_day(table: Table, mine: ColumnElement[bool]) -> None:
    """Of the moments that must stay, only the day."""
    for name in kept.TO_THE_DAY & set(table.c.keys()):
        rows = session.execute(select(*_key(table), table.c[name]).where(mine, table.c[name].is_not(None)))
        _write(table, [{**_key_of(table, row), name: _day_of(row[-1])} for row in rows])


def _day_of(at: datetime) -> datetime:
    return day_begins(local_date(at))


def _key(table: Table) -> list[Any]:
    return list(table.primary_key.columns)


def _key_of(table: Table, row: Any) -> dict[str, Any]:
    return {column.name: value for column, value in zip(_key(table), row, strict=False)}


def _write(table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Writes columns of single rows, found by their keys."""
    for row in rows:
        key = and_(*(column == row[column.name] for column in _key(table) if column.name in row))
        named = {column.name for column in _key(table)}
        _run(update(table).where(key).values({name: value for name, value in row.items() if name not in named}))


def _run(statement: Any) -> None:
    session.execute(statement, execution_options={"synchronize_session": False})


# --- what goes


def _remove_the_rest(children: Ids, cases: Ids, steps: Ids) -> None:
    """Whatever else belongs to the child, a case or a step, who depends on others first."""
    owners = {"child": children, "case_file": cases, "step": steps}
    jobs.forget_about([*children, *cases, *steps])
    _remove_drafts([*children, *cases, *steps])
    for name in _tables_that_go():
        table = table_named(name)
        mine = or_(*(table.c[column].in_(owners[owner]) for owner, column in _belongs_by(name)))
        _remove(name, session.scalars(select(table.c.id).where(mine)).all())
    for table in with_twin("step"):
        _run(delete(table).where(table.c.id.in_(steps), table.c.kind.not_in(kept.KINDS)))


def _remove(name: str, ids: Ids) -> None:
    """Rows of a table and their past states, and before them what hangs on them."""
    if not ids:
        return
    for further, column in kept.hanging_on(name):
        table = table_named(further)
        _remove(further, session.scalars(select(table.c.id).where(table.c[column].in_(ids))).all())
    for table in with_twin(name):
        _run(delete(table).where(table.c.id.in_(ids)))


def _tables_that_go() -> list[str]:
    """The tables of which nothing stays, who depends on others first."""
    tables = [table for table in reversed(Model.metadata.sorted_tables) if not table.name.endswith("_version")]
    names = [table.key for table in tables if table.key not in kept.ELSEWHERE and not kept.stays(table.key)]
    return [name for name in names if _belongs_by(name)]


def _belongs_by(name: str) -> list[tuple[str, str]]:
    table = table_named(name)
    return [(owner, column) for owner in kept.OWNERS for column in kept.columns_of(owner, table)]


def _remove_drafts(ids: Iterable[uuid.UUID]) -> None:
    """Forms half typed, also those that know the child or the case only by their address."""
    table = table_named("draft")
    _run(delete(table).where(or_(*(table.c.place.contains(str(one)) for one in ids))))


# --- moments


def _decisions_of(cases: Ids) -> Decided:
    """The days on which cases were decided, in all that was ever known of them."""
    found: dict[uuid.UUID, set[date]] = defaultdict(set)
    for table in with_twin("case_file"):
        wanted = select(table.c.id, table.c.disposition_on).where(
            table.c.id.in_(cases), table.c.disposition_on.is_not(None)
        )
        for case_id, day in session.execute(wanted):
            found[case_id].add(day)
    return found


def _move_moments(steps: Ids, decided: Decided) -> None:
    case_of = _cases_of(steps)
    police = _versions("police_attendance", POLICE, steps)
    _apply("police_attendance", POLICE, police, moves_of_each(_at_the_police(police, case_of, decided)))
    custody = _versions("custody_period", CUSTODY, steps)
    _apply("custody_period", CUSTODY, custody, moves_of_stays(_in_custody(custody, case_of, decided)))


def _cases_of(steps: Ids) -> dict[uuid.UUID, uuid.UUID]:
    table = table_named("step")
    rows = session.execute(select(table.c.id, table.c.case_id).where(table.c.id.in_(steps)))
    return {row.id: row.case_id for row in rows}


Version = tuple[Table, Row[Any]]


def _versions(name: str, columns: Sequence[str], steps: Ids) -> dict[uuid.UUID, list[Version]]:
    """Every state of the steps of a kind, as it stands and as it stood."""
    found: dict[uuid.UUID, list[Version]] = defaultdict(list)
    for table in with_twin(name):
        told = [table.c[part] for column in columns for part in (column, f"{column}_precision")]
        for row in session.execute(select(*_key(table), *told).where(table.c.id.in_(steps))):
            found[row.id].append((table, row))
    return found


def _moments(states: Iterable[Version], columns: Sequence[str]) -> tuple[Any, ...]:
    told = (row._mapping for _table, row in states)
    return tuple((row[name], row[f"{name}_precision"]) for row in told for name in columns if row[name] is not None)


def _at_the_police(
    steps: Mapping[uuid.UUID, Sequence[Version]], case_of: Mapping[uuid.UUID, uuid.UUID], decided: Decided
) -> dict[uuid.UUID, Times]:
    """The first arrest counts to the day of the decision; which one is first may have been known otherwise before."""
    return {
        step_id: Times(_moments(states, POLICE), is_counted_from=case_of[step_id] in decided)
        for step_id, states in steps.items()
    }


def _in_custody(
    steps: Mapping[uuid.UUID, Sequence[Version]], case_of: Mapping[uuid.UUID, uuid.UUID], decided: Decided
) -> dict[uuid.UUID, Times]:
    found = {}
    for step_id, states in steps.items():
        spans = [(row.began_at, row.ended_at) for _table, row in states if row.began_at is not None]
        days = decided.get(case_of[step_id], ())
        found[step_id] = Times(
            _moments(states, CUSTODY),
            begins=tuple(began for began, _ended in spans),
            runs=any(ended is None for _began, ended in spans),
            is_counted_from=any(_is_cut_off(span, day) for span in spans for day in days),
        )
    return found


def _is_cut_off(span: tuple[datetime, datetime | None], decided_on: date) -> bool:
    """Whether the end of the day of the decision lies within."""
    began, ended = span
    return began < day_ends(decided_on) and (ended is None or ended > day_ends(decided_on))


def _apply(
    name: str, columns: Sequence[str], steps: Mapping[uuid.UUID, Sequence[Version]], moves: Mapping[uuid.UUID, Move]
) -> None:
    for step_id, move in moves.items():
        for table, row in steps[step_id]:
            told: dict[str, Any] = {"moved_by": int(move.by.total_seconds()) if move.is_kept else None}
            told |= {column: _moved(row._mapping, column, move.by) for column in columns}
            _write(table, [_key_of(table, row) | told])


def _moved(row: Any, column: str, by: timedelta) -> datetime | None:
    at: datetime | None = row[column]
    if at is None:
        return None
    return at - by if is_moved(row[f"{column}_precision"]) else _day_of(at)
