"""What the facts of a report have in common: days, codes, the usernames of who works here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from clinic.access.permissions import Role
from clinic.access.reader import Reader
from clinic.db import id_as_stored, read_codes
from clinic.reports.facts import ACCUSED, ADVICE_ONLY, NO, YES, At, Id, moment
from clinic.reports.reading import Same, rows_of
from clinic.staff.models import StaffMember


class Days(dict[Any, date]):
    """The dates of days as stored, each read once: text on SQLite."""

    def __missing__(self, stored: Any) -> date:
        day: date = date.fromisoformat(stored) if isinstance(stored, str) else stored
        self[stored] = day
        return day


class Moments:
    """One object for each moment: custody begins with an arrest and ends with a release that another row tells, too."""

    def __init__(self) -> None:
        self._known: dict[At, At] = {}

    def __call__(self, at: datetime, precision: str) -> At:
        """A moment that is known so well."""
        told = moment(at, precision)
        return self._known.setdefault(told, told)


class Names(NamedTuple):
    """Usernames by id as stored: of everybody, and of who is a lawyer or a counsellor."""

    all: dict[Id, str]
    lawyers: dict[Id, str]
    counsellors: dict[Id, str]


def usernames(*, reader: Reader) -> Names:
    """The usernames of everybody who works or worked in the clinic."""
    member = StaffMember.__table__.c
    wanted = select(id_as_stored(member.id), member.username, member.roles).where(member.clinic_id == reader.clinic_id)
    rows = list(rows_of(wanted))
    return Names(
        {row[0]: row[1] for row in rows},
        {row[0]: row[1] for row in rows if Role.LAWYER.value in read_codes(row[2])},
        {row[0]: row[1] for row in rows if Role.COUNSELLOR.value in read_codes(row[2])},
    )


class Shared:
    """One object for each distinct day and code, the usernames once they are known, statements put together once."""

    def __init__(self, names: Names | None = None) -> None:
        self.days = Days()
        self.same = Same((code, code) for code in (YES, NO, ACCUSED, ADVICE_ONLY))
        self.names = names
        self._statements: dict[str, Select[Any]] = {}

    def statement(self, name: str, put_together: Callable[[], Select[Any]]) -> Select[Any]:
        """A statement that differs by its parameters alone: to put it together takes longer than its answer."""
        if name not in self._statements:
            self._statements[name] = put_together()
        return self._statements[name]
