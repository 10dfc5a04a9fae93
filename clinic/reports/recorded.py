"""The facts of a report from the database: one statement a kind of record, as they stand or as known at a moment.

What is withdrawn, planned or not done and what was merged into another is left out here, once for all figures. The
cases that exist for the reader decide: a step of another case is no fact of this report. Core alone, and rows as the
driver gives them, because a report reads every row of the clinic: a fact holds one object for each distinct value,
which spares half its memory.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, FromClause, Select, Table, bindparam, select

from clinic.access.reader import Reader
from clinic.activities.models import Activity
from clinic.cases.models import CaseFile, CasePeriod, Step
from clinic.cases.queries import cases_counted_for
from clinic.children.models import Child
from clinic.clock import Precision
from clinic.community.models import CommunityFollowup
from clinic.complaints.models import Complaint
from clinic.counselling.models import CounsellingSession
from clinic.court.models import Hearing
from clinic.custody.models import CustodyPeriod
from clinic.db import id_as_stored, read_codes, read_moments, unindexed
from clinic.police.models import PoliceAttendance
from clinic.prosecution.models import ProsecutionAppearance
from clinic.referrals.models import Referral
from clinic.reports import facts
from clinic.reports.facts import UNKNOWN, Id, local_day
from clinic.reports.reading import ByBegin, InOrder, Stored, in_order, rows_of
from clinic.reports.shared import Moments, Names, Shared, usernames
from clinic.rows import batches_as_stored
from clinic.school.models import SchoolFollowup
from clinic.versions import as_known
from clinic.vocabularies.fixed import StepState

T = TypeVar("T")


class Recorded:
    """The facts that exist for a reader, as they stand or as known at a moment; each kind is read when it is asked for.

    Narrowed to a project or a lawyer, it holds the cases of these alone; within two days, the steps from one to the
    other; to some cases, these. Activities belong to no case and stay.
    """

    def __init__(
        self,
        *,
        reader: Reader,
        as_of: datetime | None = None,
        project: str | None = None,
        lawyer: str | None = None,
        within: tuple[date, date] | None = None,
        of_cases: Collection[uuid.UUID] | None = None,
        shared: Shared | None = None,
    ) -> None:
        self.reader = reader
        self.as_of = as_of
        self.project = project
        self.lawyer = lawyer
        self.within = within
        self.of_cases = of_cases
        self.shared = shared or Shared()
        self.days, self.same = self.shared.days, self.shared.same
        self._moment = Moments()

    # Cases

    def _known(self, model: Any, *names: str) -> FromClause:
        table: Table = model.__table__
        return as_known(table, self.as_of, *names)

    def _visible(self, case_id: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """For who sees every case the cases themselves decide, which spares a look at each step."""
        if self.of_cases is not None:
            return [_is_one_of_these(case_id)]
        return [] if self.reader.sees_all_cases else [case_id.in_(cases_counted_for(self.reader))]

    def _batches(self, name: str, wanted: Callable[[], Select[Any]]) -> Iterator[list[Stored]]:
        """The rows of a kind of record."""
        if self.of_cases is None:
            return batches_as_stored(wanted())
        return batches_as_stored(self.shared.statement(name, wanted), {_THESE: list(self.of_cases)})

    @cached_property
    def names(self) -> Names:
        """The usernames of those who work here."""
        return self.shared.names or usernames(reader=self.reader)

    @cached_property
    def cases(self) -> InOrder[facts.Case]:
        """The cases that exist for the reader."""
        children: dict[Id, facts.Child] = {}
        batches = self._batches("case", self._cases_wanted)
        found = in_order(batches, lambda rows: [self._case(row, children) for row in rows])
        return found if self.project is None and self.lawyer is None else found.that(self._is_asked_for)

    @cached_property
    def _by_id(self) -> dict[Id, facts.Case]:
        """The same; a step of any other is left out."""
        return {case.id: case for case in self.cases}

    def _cases_wanted(self) -> Select[Any]:
        case = self._known(CaseFile, "clinic_id", "child_id", "merged_into", *_OF_CASE).alias("c")
        child = self._known(Child, "merged_into", *_OF_CHILD).alias("k")
        wanted = (
            select(*_as_stored(child, _OF_CHILD), *_as_stored(case, _OF_CASE))
            .select_from(case.join(child, child.c.id == case.c.child_id))
            .where(unindexed(case.c.clinic_id) == self.reader.clinic_id)
            .where(unindexed(case.c.id).in_(cases_counted_for(self.reader)))
            .where(case.c.merged_into.is_(None), child.c.merged_into.is_(None))
        )
        return wanted if self.of_cases is None else wanted.where(_is_one_of_these(case.c.id))

    def _is_asked_for(self, case: facts.Case) -> bool:
        return self.project in (None, *case.projects) and self.lawyer in (None, case.lawyer)

    def _case(self, row: Stored, children: dict[Id, facts.Child]) -> facts.Case:
        child_id, sex, locality, refugee_status, education, case_id, opened_on, role, age, source, *of_case = row
        offences, projects, lawyer, counsellor, decided, decided_on, _entered = of_case
        name_of, same = self.names.all.get, self.same
        child = children.get(child_id)
        if child is None:
            child = facts.Child(child_id, same[sex], same[locality], same[refugee_status], same[education])
            children[child_id] = child
        offence, listed = read_codes(offences), read_codes(projects)
        if len(listed) > 1:
            listed = tuple(dict.fromkeys(listed))
        return facts.Case(
            case_id,
            child,
            self.days[opened_on],
            same[role],
            age,
            same[source],
            offence[0] if offence else None,
            listed,
            name_of(lawyer),
            name_of(counsellor),
            same[decided],
            decided_on and self.days[decided_on],
        )

    @cached_property
    def periods(self) -> InOrder[facts.OpenPeriod]:
        """The open periods in the order in which each case had them."""
        days, cases, same = self.days, self._by_id, self.same
        begun: set[Id] = set()
        periods = ByBegin()
        for case_id, opened_on, closed_on, reason, entered in self._by_begin():
            if case_id in cases:
                ended, is_first = closed_on and days[closed_on], case_id not in begun
                periods.append(facts.OpenPeriod(cases[case_id], days[opened_on], ended, same[reason], is_first))
                periods.entered.append(entered)
                begun.add(cases[case_id].id)
        return periods

    def _by_begin(self) -> list[Stored]:
        """Open periods by when they began, those of one day in the order of entry."""
        rows = chain.from_iterable(self._batches("period", self._periods_wanted))
        return sorted(sorted(rows, key=itemgetter(4)), key=itemgetter(1))

    def _periods_wanted(self) -> Select[Any]:
        names = ("opened_on", "closed_on", "closure_reason", "entered")
        period = self._known(CasePeriod, "clinic_id", "case_id", *names).alias("p")
        return select(id_as_stored(period.c.case_id), *(period.c[name] for name in names)).where(
            unindexed(period.c.clinic_id) == self.reader.clinic_id, *self._visible(period.c.case_id)
        )

    # Steps

    def _steps(
        self, model: type[Step], *columns: str, put_together: Callable[[list[Stored]], list[T]], **which: Any
    ) -> InOrder[T]:
        """The facts of a kind of step in the cases asked for, in the order of entry."""
        batches = self._batches(model.__tablename__, lambda: self._steps_wanted(model, columns, **which))
        return in_order(batches, put_together, of=self._by_id)

    def _steps_wanted(
        self, model: type[Step], columns: Sequence[str], *, needs: str | None = None, of_any_state: bool = False
    ) -> Select[Any]:
        """Of each done step of a kind: id, case's id, day, worker's id, the columns, entry.

        The kind's own table leads, so that an embedded database reads it from end to end.
        """
        step = self._known(Step, "id", "case_id", "state", "on_date", "worker_id", "withdrawn_at", "entered").alias("s")
        kind = self._known(model, "id", "clinic_id", *columns).alias("d")
        wanted = (
            select(
                id_as_stored(step.c.id),
                id_as_stored(step.c.case_id),
                step.c.on_date,
                id_as_stored(step.c.worker_id),
                *(kind.c[name] for name in columns),
                step.c.entered,
            )
            .select_from(kind.join(step, step.c.id == kind.c.id))
            .where(unindexed(kind.c.clinic_id) == self.reader.clinic_id, step.c.withdrawn_at.is_(None))
            .where(*self._visible(step.c.case_id))
        )
        if self.within is not None:
            wanted = wanted.where(unindexed(step.c.on_date).between(*self.within))
        if needs is not None:
            wanted = wanted.where(kind.c[needs].is_not(None))
        return wanted if of_any_state else wanted.where(step.c.state == StepState.DONE)

    def _moments(self, rows: Sequence[Stored], place: int) -> list[Any]:
        """The moments of two columns, time and precision; one whose precision nobody wrote is known to the minute.

        What was moved in an aged case, by the seconds before the entry, is told as it was (clinic.retention).
        """
        read = zip(rows, read_moments([row[place] for row in rows]), strict=True)
        return [
            None
            if at is None
            else self._moment(
                at if row[-2] is None or row[place + 1] == Precision.DAY else at + timedelta(seconds=row[-2]),
                row[place + 1] or facts.EXACT,
            )
            for row, at in read
        ]

    @cached_property
    def attendances(self) -> InOrder[facts.Attendance]:
        """Police attendances."""
        cases, days, same, name_of = self._by_id, self.days, self.same, self.names.lawyers.get

        def put_together(rows: list[Stored]) -> list[facts.Attendance]:
            moments = (self._moments(rows, place) for place in (4, 6, 8, 10))
            return [
                facts.Attendance(
                    *(cases[row[1]], days[row[2]], arrested, same[row[12]], same[row[13]], arrived),
                    *(questioned, same[row[14]], same[row[15]], same[row[16]], same[row[17]], left, same[row[18]]),
                    name_of(row[3]),
                )
                for row, arrested, arrived, questioned, left in zip(rows, *moments, strict=True)
            ]

        return self._steps(
            PoliceAttendance,
            *("arrested_at", "arrested_at_precision", "lawyer_arrived_at", "lawyer_arrived_at_precision"),
            *("questioned_at", "questioned_at_precision", "left_police_at", "left_police_at_precision"),
            *("police_station", "lawyer_attended", "guardian_present", "protection_counsellor_present"),
            *("ill_treatment_alleged", "statement_signed", "police_outcome", "moved_by"),
            put_together=put_together,
            needs="arrested_at",
        )

    @cached_property
    def custody(self) -> InOrder[facts.Custody]:
        """Custody periods."""
        cases, days, same = self._by_id, self.days, self.same

        def put_together(rows: list[Stored]) -> list[facts.Custody]:
            moments = zip(rows, self._moments(rows, 4), self._moments(rows, 6), strict=True)
            return [
                facts.Custody(
                    *(row[0], cases[row[1]], days[row[2]], began, ended and local_day(ended), ended),
                    *(same[row[8]], same[row[9]], same[row[10]], same[row[11]], same[row[12]]),
                )
                for row, began, ended in moments
            ]

        return self._steps(
            CustodyPeriod,
            *("began_at", "began_at_precision", "ended_at", "ended_at_precision", "place", "legal_basis"),
            *("separated_from_adults", "family_visit", "education_access", "moved_by"),
            put_together=put_together,
            needs="began_at",
        )

    @cached_property
    def hearings(self) -> InOrder[facts.Hearing]:
        """Hearings. Each counts by its own status, whatever the state of the step."""
        cases, days, same, name_of = self._by_id, self.days, self.same, self.names.lawyers.get
        return self._steps(
            *(Hearing, "status", "court", "adjournment_reason", "lawyer_attended"),
            put_together=lambda rows: [
                facts.Hearing(
                    *(cases[case_id], days[day], same[status] or UNKNOWN, same[court], same[reason]),
                    *(same[attended], name_of(worker)),
                )
                for _id, case_id, day, worker, status, court, reason, attended, _entered in rows
            ],
            of_any_state=True,
        )

    def _steps_of_one_code(
        self, fact: Callable[[facts.Case, date, str | None, str | None], T], names: dict[Id, str], *of: Any
    ) -> InOrder[T]:
        """The facts of a kind of step that has one code and the name of who did it."""
        cases, days, same, name_of = self._by_id, self.days, self.same, names.get
        return self._steps(
            *of,
            put_together=lambda rows: [
                fact(cases[case_id], days[day], same[code], name_of(worker))
                for _id, case_id, day, worker, code, _entered in rows
            ],
        )

    @cached_property
    def appearances(self) -> InOrder[facts.Appearance]:
        """Appearances before the prosecution."""
        return self._steps_of_one_code(facts.Appearance, self.names.lawyers, ProsecutionAppearance, "lawyer_attended")

    @cached_property
    def school_visits(self) -> InOrder[facts.SchoolVisit]:
        """School follow-ups."""
        return self._steps_of_one_code(facts.SchoolVisit, self.names.counsellors, SchoolFollowup, "school_status")

    @cached_property
    def community_visits(self) -> InOrder[facts.CommunityVisit]:
        """Community follow-ups."""
        return self._steps_of_one_code(
            facts.CommunityVisit, self.names.counsellors, CommunityFollowup, "community_kind"
        )

    @cached_property
    def sessions(self) -> InOrder[facts.Session]:
        """Counselling sessions."""
        cases, days, same, name_of = self._by_id, self.days, self.same, self.names.counsellors.get
        return self._steps(
            *(CounsellingSession, "session_kind", "wellbeing_score"),
            put_together=lambda rows: [
                facts.Session(cases[case_id], days[day], same[kind], score, name_of(worker))
                for _id, case_id, day, worker, kind, score, _entered in rows
            ],
        )

    @cached_property
    def referrals(self) -> InOrder[facts.Referral]:
        """Referrals to other agencies."""
        cases, days, same = self._by_id, self.days, self.same
        return self._steps(
            *(Referral, "service", "status"),
            put_together=lambda rows: [
                facts.Referral(cases[case_id], days[day], same[service], same[status])
                for _id, case_id, day, _worker, service, status, _entered in rows
            ],
        )

    @cached_property
    def complaints(self) -> InOrder[facts.Complaint]:
        """Complaints."""
        cases, days, same = self._by_id, self.days, self.same
        return self._steps(
            *(Complaint, "about", "status"),
            put_together=lambda rows: [
                facts.Complaint(cases[case_id], days[day], read_codes(about), same[status])
                for _id, case_id, day, _worker, about, status, _entered in rows
            ],
        )

    # Activities

    @cached_property
    def activities(self) -> list[facts.Activity]:
        """Activities of the clinic."""
        days = self.days
        names = ("held_on", "kind", "participants_female", "participants_male")
        activity = self._known(Activity, "clinic_id", "withdrawn_at", "entered", *names).alias("a")
        wanted = (
            select(*(activity.c[name] for name in names))
            .where(activity.c.clinic_id == self.reader.clinic_id, activity.c.withdrawn_at.is_(None))
            .order_by(activity.c.entered)
        )
        return [facts.Activity(days[held_on], *rest) for held_on, *rest in rows_of(wanted)]


_OF_CHILD = ("id", "sex", "locality", "refugee_status", "education_at_intake")
_OF_CASE = (
    *("id", "opened_on", "role", "age_at_opening", "referral_source", "offences", "projects", "lawyer_id"),
    *("counsellor_id", "disposition", "disposition_on", "entered"),
)


_THESE = "these"


def _is_one_of_these(case_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return case_id.in_(bindparam(_THESE, expanding=True))


def _as_stored(of: FromClause, names: Sequence[str]) -> list[ColumnElement[Any]]:
    return [id_as_stored(of.c[name]) if name in ("id", "lawyer_id", "counsellor_id") else of.c[name] for name in names]
