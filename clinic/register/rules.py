"""What an import decides without a database: what a row comes to, which record a row is, and what it changes.

A row that was imported leaves keyed digests with its record: of what it is recognised by, and of what it said, once
without the confidential lanes. So the same row again is known for what it is though the record was corrected since, in
whatever cell, and whoever brings it without reading a lane learns nothing of that lane.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Protocol

from clinic.register.cells import Value, text_of
from clinic.register.format import ALL_LANES, OPEN_LANES, UNKNOWN, Column, Kind, Lane, Sheet
from clinic.register.reading import Row

ACCUSED: Final = "accused"
NOT_SAID: Final = frozenset({"step_ref"})
"""Columns that name a record and say nothing of it."""

Digest = Callable[[str, str], bytes]
"""A keyed digest of a text for a purpose."""


def settled(sheet: Sheet, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """A row with what its blanks stand for, so that it reads as export would write it."""
    said = list(values)
    if sheet.name == "cases":
        role, offence = sheet.at["child_role"], sheet.at["alleged_offence"]
        said[role] = said[role] or ACCUSED
        if said[offence] == (UNKNOWN,) and said[role] != ACCUSED:
            said[offence] = None
    elif sheet.name == "children":
        born, precision = sheet.at["date_of_birth"], sheet.at["date_of_birth_precision"]
        said[precision] = (said[precision] or "day") if said[born] else None
    for column in sheet.of_kind(Kind.CODES):
        place = sheet.at[column.name]
        if said[place] == (UNKNOWN,) and not column.required and column.name != "alleged_offence":
            said[place] = None
    return tuple(said)


def settled_row(sheet: Sheet, row: Row) -> Row:
    """The row with what its blanks stand for; itself if they stand for nothing."""
    values = settled(sheet, row.values)
    return row if values == row.values else Row(row.number, values)


def canonical(sheet: Sheet, values: Sequence[Value], lanes: frozenset[Lane] = ALL_LANES) -> str:
    """A row as one text: every cell of these lanes that says something, under the name of its column."""
    said = (
        f"{column.name}\x1f{text_of(value)}"
        for column, value in zip(sheet.columns, values, strict=True)
        if value is not None and column.lane in lanes and column.name not in NOT_SAID
    )
    return "\x1e".join((sheet.name, *said))


def natural_key(sheet: Sheet, values: Sequence[Value]) -> tuple[str, ...]:
    """By what a step without a reference is recognised: case, starred moment or date, and what stands beside."""
    return tuple(text_of(values[sheet.at[name]]) for name in ("case_ref", sheet.when, *sheet.beside))


@dataclass(frozen=True, slots=True)
class Marks:
    """The digests of a row as imported: which row it is, what it said in the open lanes, and what in all of them."""

    key: bytes
    open: bytes
    content: bytes

    @property
    def kept(self) -> bytes:
        """As it is kept with the record; a row that says nothing in a confidential lane says it once."""
        return self.key + self.open + (self.content if self.content != self.open else b"")


def marks(sheet: Sheet, values: Sequence[Value], digest: Digest, lanes: frozenset[Lane] = ALL_LANES) -> Marks:
    """The digests of a row of steps, of which no more than these lanes counts."""
    key = digest("register key", "\x1e".join((sheet.name, *natural_key(sheet, values))))
    content = content_mark(sheet, values, digest, lanes)
    if all(values[place] is None for place in sheet.confidential):
        return Marks(key, content, content)
    return Marks(key, content_mark(sheet, values, digest, OPEN_LANES), content)


def content_mark(sheet: Sheet, values: Sequence[Value], digest: Digest, lanes: frozenset[Lane] = ALL_LANES) -> bytes:
    """The digest of what a row says in these lanes."""
    return digest("register row", canonical(sheet, values, lanes))


def said_before(kept: bytes | None, content: bytes) -> bool:
    """Whether the record was imported from a row that said the same, as far as the digest of this one goes."""
    return kept is not None and content in _parts(kept, len(content))


def _parts(kept: bytes, length: int) -> Sequence[bytes]:
    """The digests that are kept with a record."""
    return [kept[start : start + length] for start in range(0, len(kept), length)]


class Known(Protocol):
    """A step that the clinic holds, as it is recognised."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def reference(self) -> str | None: ...
    @property
    def digest(self) -> bytes | None: ...
    @property
    def key(self) -> tuple[str, ...]: ...


@dataclass
class _Unclaimed:
    """The steps that no row has claimed yet, to be found in four ways."""

    known: Sequence[Known]
    length: int
    claimed: set[uuid.UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.by_content: dict[bytes, list[Known]] = defaultdict(list)
        self.by_mark: dict[bytes, list[Known]] = defaultdict(list)
        self.by_key: dict[tuple[str, ...], list[Known]] = defaultdict(list)
        for step in self.known:
            if step.digest:
                key, *contents = _parts(step.digest, self.length)
                self.by_mark[key].append(step)
                for content in contents:
                    self.by_content[content].append(step)
            self.by_key[step.key].append(step)

    @cached_property
    def _by_reference(self) -> dict[str, Known]:
        own = {str(step.id): step for step in self.known}
        return own | {step.reference: step for step in self.known if step.reference}

    def claim(self, waiting: list[Known] | None) -> Known | None:
        """The first of those waiting that nobody has claimed."""
        return next((self._claimed(step) for step in waiting or () if step.id not in self.claimed), None)

    def claim_reference(self, reference: str) -> Known | None:
        """The step that bears a reference."""
        step = self._by_reference.get(reference)
        return self._claimed(step) if step is not None else None

    def _claimed(self, step: Known) -> Known:
        self.claimed.add(step.id)
        return step


def recognised(
    sheet: Sheet, rows: Sequence[Row], known: Sequence[Known], marks_of: Callable[[Row], Marks]
) -> dict[int, Known]:
    """Which step each row is, by row number; a row that is none of them is new.

    A row with a reference is the step that bears it. Of those without, first come the rows that say what a row said
    when it was imported, then those recognised by what they were recognised by then, then by what their record says
    now; where several are alike, in their order. So no correction on either side doubles a record.
    """
    if not known or not rows:
        return {}
    unclaimed, found = _Unclaimed(known, len(marks_of(rows[0]).key)), dict[int, Known]()
    at = sheet.at["step_ref"]
    without = [row for row in rows if not row.values[at]]
    for row in rows:
        step = unclaimed.claim_reference(str(row.values[at])) if row.values[at] else None
        if step is not None:
            found[row.number] = step
    for claim in (
        lambda row: unclaimed.claim(unclaimed.by_content.get(marks_of(row).content)),
        lambda row: unclaimed.claim(unclaimed.by_mark.get(marks_of(row).key)),
        lambda row: unclaimed.claim(unclaimed.by_key.get(natural_key(sheet, row.values))),
    ):
        _claim_all(without, found, claim)
    return found


def _claim_all(rows: Iterable[Row], found: dict[int, Known], claim: Callable[[Row], Known | None]) -> None:
    for row in rows:
        if row.number not in found and (step := claim(row)) is not None:
            found[row.number] = step


def changes(
    sheet: Sheet,
    columns: frozenset[str],
    said: Sequence[Value],
    held: Sequence[Value],
    lanes: frozenset[Lane] = ALL_LANES,
) -> tuple[tuple[Column, Value], ...]:
    """The cells of a row that say something else than the record, of the columns that the file has.

    A cell outside the lanes of who brings it is neither compared nor written: whether it says the same would tell what
    is there. A blank in a confidential lane leaves what is there: it was written for an exporter without the lane.
    """
    return tuple(
        (column, value)
        for column, value, there in zip(sheet.columns, said, held, strict=True)
        if column.lane in lanes and column.name in columns and column.name not in NOT_SAID and value != there
        if not _leaves(column, value)
    )


def _leaves(column: Column, value: Value) -> bool:
    return column.lane not in OPEN_LANES and value in (None, (UNKNOWN,))
