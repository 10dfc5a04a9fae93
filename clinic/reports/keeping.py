"""The facts of the whole clinic, kept by a process from one report to the next and brought up to date by what changed.

Facts that were read when the chain of changes had come to a number are true while it has not gone on; where it has, its
new entries name the cases whose facts are read again (`clinic.reports.changes`). Where they do not, or the chain is
another, all is read again. What a reader sees of it is asked of the database for each report: a wall holds at once.
"""

from __future__ import annotations

import gc
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, NamedTuple

from sqlalchemy import select

from clinic import db
from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.cases.queries import cases_counted_for, cases_walled_from
from clinic.reports import changes
from clinic.reports.changes import Changed, Mark
from clinic.reports.facts import Case, Id, Population
from clinic.reports.indicator import Figure
from clinic.reports.reading import rows_of
from clinic.reports.recorded import Recorded
from clinic.reports.scope import Scope
from clinic.reports.shared import Shared, usernames

OF_CASES: Final = (
    *("cases", "periods", "attendances", "appearances", "custody", "hearings", "sessions", "school_visits"),
    *("community_visits", "referrals", "complaints"),
)
"""The kinds of fact that belong to a case, as `Population` names them."""


class Sight(NamedTuple):
    """Which cases a reader's figures count: some, or all but some."""

    ids: frozenset[Id]
    all_but: bool

    def holds(self, case_id: Id) -> bool:
        """Whether a case is among them."""
        return (case_id in self.ids) is not self.all_but


class Whose(NamedTuple):
    """Whose cases a report is about."""

    sight: Sight
    project: str | None
    lawyer: str | None

    def are(self, case: Case) -> bool:
        """Whether a case is one of them."""
        return (
            self.sight.holds(case.id) and self.project in (None, *case.projects) and self.lawyer in (None, case.lawyer)
        )


@dataclass(frozen=True)
class Worked:
    """What was worked out for a question: whose cases it is about, its scope and its figures."""

    whose: Whose
    scope: Scope
    figures: dict[str, Figure] = field(default_factory=dict)

    def answers(self, asked: Scope, whose: Whose) -> bool:
        """Whether a question is the same, but for the facts, which have not changed, and the moment, of which the day
        decides."""
        of_scope = [each.name for each in fields(Scope) if each.init and each.name not in ("population", "as_of")]
        return self.whose == whose and all(
            getattr(self.scope, name) == getattr(asked, name) for name in (*of_scope, "days_known_over")
        )

    def after(self, changed: Collection[str], scope: Scope) -> Worked:
        """What is still known of the same question when kinds of fact have changed, with the facts as they are now."""
        scope.remembered.take_over(self.scope.remembered, changed)
        return Worked(self.whose, scope, {name: figure.after(changed, scope) for name, figure in self.figures.items()})


class Kept:
    """The facts of one clinic as they stood at a mark of the chain, and what was last made of them. For one thread."""

    def __init__(self) -> None:
        self._clinic: uuid.UUID | None = None
        self.let_go()

    def let_go(self) -> None:
        """Forgets all: what is read next would stand beside it."""
        self._mark = changes.NOTHING_YET
        self._shared = Shared()
        self._whole: Population | None = None
        self.let_go_of_figures()

    def let_go_of_figures(self) -> None:
        """Forgets what was worked out for the last question, and keeps the facts."""
        self._worked: Worked | None = None
        self._changed: set[str] = set()

    def worked(self, scope: Scope, reader: Reader, *, project: str | None, lawyer: str | None) -> Worked:
        """What is known of a question, whose scope has no facts yet."""
        whole = self.facts(reader.clinic_id)
        whose = Whose(_sight(reader), project, lawyer)
        if self._worked is None or not self._worked.answers(scope, whose):
            self.let_go_of_figures()  # before the next are made
            self._worked = Worked(whose, replace(scope, population=_narrowed(whole, whose)))
        elif self._changed:
            self._worked = self._worked.after(self._changed, replace(scope, population=_narrowed(whole, whose)))
        self._changed.clear()
        return self._worked

    def facts(self, clinic_id: uuid.UUID) -> Population:
        """The facts of the clinic as they stand."""
        head, reader = changes.head(clinic_id), everything_of(clinic_id)
        whole = self._brought_up_to_date(head, reader) if self._clinic == clinic_id else None
        if whole is None:
            self.let_go()
            whole = self._read(reader)
        self._clinic, self._mark, self._whole = clinic_id, head, whole
        return whole

    def _read(self, reader: Reader) -> Population:
        self._shared.names = usernames(reader=reader)
        recorded = Recorded(reader=reader, shared=self._shared)
        whole = Population(**{name: getattr(recorded, name) for name in (*OF_CASES, "activities")})
        del recorded
        db.let_go_of_pages()
        gc.collect()
        gc.freeze()  # facts hold no circles: to look for some in all of them takes longer than a page
        return whole

    def _brought_up_to_date(self, head: Mark, reader: Reader) -> Population | None:
        """The facts with those of changed cases read again; None where all must be."""
        changed = changes.between(self._mark, head, reader.clinic_id) if self._whole is not None else None
        if self._whole is None or changed is None:
            return None
        if changed.names and usernames(reader=reader) != self._shared.names:
            return None
        fresh = self._fresh(changed, reader)
        self._changed.update(name for name, facts in fresh.items() if facts is not getattr(self._whole, name))
        return replace(self._whole, **fresh)

    def _fresh(self, changed: Changed, reader: Reader) -> dict[str, Any]:
        """The kinds of fact that may have changed, by name."""
        ids = changed.cases | _cases_of(changed.children)
        again = Recorded(reader=reader, shared=self._shared, of_cases=ids)
        stale = {db.to_store(case_id) for case_id in ids}
        fresh = {name: getattr(self._whole, name).with_others(stale, getattr(again, name)) for name in OF_CASES if ids}
        return fresh | {"activities": again.activities} if changed.activities else fresh


def everything_of(clinic_id: uuid.UUID) -> Reader:
    """Who reads what is kept: everything of the clinic, for nobody. What somebody sees of it is narrowed from it."""
    return Reader(clinic_id, clinic_id, "", frozenset(), holds_key=True)


def _cases_of(children: Collection[uuid.UUID]) -> set[uuid.UUID]:
    if not children:
        return set()
    return set(db.session.scalars(select(CaseFile.id).where(CaseFile.child_id.in_(children))))


def _sight(reader: Reader) -> Sight:
    """What the reader's figures count, asked of the database: for who sees every case, from which walls keep them."""
    if reader.sees_all_cases:
        walled = cases_walled_from(reader) if not reader.holds_key else ()
        return Sight(frozenset(map(db.to_store, walled)), all_but=True)
    counted = cases_counted_for(reader).with_only_columns(db.id_as_stored(CaseFile.__table__.c.id))
    return Sight(frozenset(row[0] for row in rows_of(counted)), all_but=False)


def _narrowed(whole: Population, whose: Whose) -> Population:
    """The facts of some cases alone."""
    cases = [case for case in whole.cases if whose.are(case)]
    if len(cases) == len(whole.cases):
        return whole
    ids = {case.id for case in cases}
    rest = {name: getattr(whole, name).that(lambda row: row.case.id in ids) for name in OF_CASES}
    return replace(whole, **rest)


_here: Kept | None = None


def keep_here() -> None:
    """From here on this process, which has one thread, keeps the facts that a report reads."""
    global _here
    _here = Kept()


def kept_here() -> Kept | None:
    """What this process keeps; nothing in one that keeps none."""
    return _here
