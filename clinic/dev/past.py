"""The demonstration's past: an invented register of the last eighteen months, brought in through the importer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from clinic import clock, db
from clinic.dev.make_register import SHEETS, Register, Rows
from clinic.register import actions
from clinic.register.actions import Choices
from clinic.register.sources import NumberedRow, RawSheet

CASES, SEED = 90, 1
REACHES_BACK = timedelta(days=548)
SETTLED = timedelta(days=2)  # what the register tells of a night is over by then


class NotARegisterOfOurs(RuntimeError):
    """The invented register breaks the contract."""


def bring_in(*, until: date, say: Callable[[str], None]) -> None:
    """Writes an invented register that ends today and imports it, each record known from its own day."""
    last = until - SETTLED
    rows = Register(CASES, SEED, last - REACHES_BACK, last).build()
    outcome = actions.import_register(_InMemory(as_of_now(rows)), Choices(known_from_start=True))
    if outcome.errors:
        raise NotARegisterOfOurs(outcome.errors[0].sentence)
    db.session.commit()
    say(f"{len(rows['children'])} children, {len(rows['cases'])} cases, {sum(map(len, rows.values()))} rows in all.")


class _InMemory:
    """A register as rows in memory."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def sheets(self) -> Iterator[RawSheet]:
        for name, rows in self._rows.items():
            yield RawSheet(name, partial(_numbered, SHEETS[name], rows))


def _numbered(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[NumberedRow]:
    yield 1, header
    for number, row in enumerate(rows, start=2):
        yield number, ["" if cell is None else cell for cell in row]


def as_of_now(rows: Rows) -> Rows:
    """The register as it would be today: what is still to come has not been written down yet."""
    now, today = clock.local(clock.now()).replace(tzinfo=None), clock.today()
    for row in _cells(rows, "custody_periods"):
        if row["ended_at"] and row["ended_at"] > now:
            row["ended_at"] = None
    rows["custody_periods"] = [row for row in rows["custody_periods"] if _began(row) <= now]
    for sheet, ends, status, before in (
        ("complaints", "answered_on", "status", "filed"),
        ("referrals", "completed_on", "status", "accepted"),
    ):
        for row in _cells(rows, sheet):
            if row[ends] and row[ends] > today:
                row[ends], row[status] = None, before
    for row in _cells(rows, "cases"):
        if row["consent_given_on"] and row["consent_given_on"] > today:
            row["consent_given_on"] = None
    return rows


def _began(row: Sequence[Any]) -> datetime:
    began: datetime = row[SHEETS["custody_periods"].index("began_at")]
    return began


class _Cells:
    """A row whose cells are reached by the names of their columns."""

    def __init__(self, columns: Sequence[str], row: list[Any]) -> None:
        self._columns = columns
        self._row = row

    def __getitem__(self, name: str) -> Any:
        return self._row[self._columns.index(name)]

    def __setitem__(self, name: str, value: Any) -> None:
        self._row[self._columns.index(name)] = value


def _cells(rows: Rows, sheet: str) -> Iterator[_Cells]:
    return (_Cells(SHEETS[sheet], row) for row in rows[sheet])
