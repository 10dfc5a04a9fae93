"""The facts of a report from the database: one statement a kind of record, as they stand or as known at a moment.

What is withdrawn, planned or not done and what was merged into another is left out here, once for all figures. The
cases that exist for the reader decide: a step of another case is no fact of this report. Core alone, and rows as the
driver gives them, because a report reads every row of the clinic.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Table, select

from clinic.access.permissions import Role
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
from clinic.db import Days, id_as_stored, read_codes, read_moment, rows_as_stored
from clinic.police.models import PoliceAttendance
from clinic.prosecution.models import ProsecutionAppearance
from clinic.referrals.models import Referral
from clinic.reports import facts
from clinic.reports.facts import UNKNOWN, Id, local_day
from clinic.school.models import SchoolFollowup
from clinic.staff.models import StaffMember
from clinic.versions import as_known
from clinic.vocabularies.fixed import StepState


class Names(NamedTuple):
    """Usernames by id as stored: of everybody, and of who is a lawyer or a counsellor."""

    all: dict[Id, str]
    lawyers: dict[Id, str]
    counsellors: dict[Id, str]


def usernames(*, reader: Reader) -> Names:
    """The usernames of everybody who works or worked in the clinic."""
    member = StaffMember.__table__.c
    rows = rows_as_stored(
        select(id_as_stored(member.id), member.username, member.roles).where(member.clinic_id == reader.clinic_id)
    )
    return Names(
        {row[0]: row[1] for row in rows},
        {row[0]: row[1] for row in rows if Role.LAWYER.value in read_codes(row[2])},
        {row[0]: row[1] for row in rows if Role.COUNSELLOR.value in read_codes(row[2])},
    )


_LAST = itemgetter(-1)


class Recorded:
    """The facts that exist for a reader, as they stand or as known at a moment; each kind is read when it is asked for.

    Narrowed to a project or a lawyer, it holds the cases of these alone. Activities belong to no case and stay.
    """

    def __init__(
        self, *, reader: Reader, as_of: datetime | None = None, project: str | None = None, lawyer: str | None = None
    ) -> None:
        self.reader = reader
        self.as_of = as_of
        self.project = project
        self.lawyer = lawyer
        self.days = Days()

    # Cases

    def _known(self, model: Any, *names: str) -> FromClause:
        table: Table = model.__table__
        return as_known(table, self.as_of, *names)

    def _visible(self, case_id: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """For who sees every case the cases themselves decide, which spares a look at each step."""
        return [] if self.reader.sees_all_cases else [case_id.in_(cases_counted_for(self.reader))]

    @cached_property
    def _names(self) -> Names:
        return usernames(reader=self.reader)

    @cached_property
    def cases(self) -> list[facts.Case]:
        """The cases."""
        return list(self._by_id.values())

    @cached_property
    def _by_id(self) -> dict[Id, facts.Case]:
        """The cases that exist for the reader; a step of any other is left out."""
        children: dict[Id, facts.Child] = {}
        cases = (self._case(row, children) for row in self._case_rows())
        return {case.id: case for case in cases if self._is_asked_for(case)}

    def _case_rows(self) -> list[tuple[Any, ...]]:
        case = self._known(
            CaseFile,
            *("id", "clinic_id", "child_id", "opened_on", "role", "age_at_opening", "referral_source", "offences"),
            *("projects", "lawyer_id", "counsellor_id", "disposition", "disposition_on", "merged_into", "entered"),
        ).alias("c")
        child = self._known(
            Child, "id", "sex", "locality", "refugee_status", "education_at_intake", "merged_into"
        ).alias("k")
        return rows_as_stored(
            select(
                id_as_stored(case.c.id),
                id_as_stored(child.c.id),
                *(child.c[name] for name in ("sex", "locality", "refugee_status", "education_at_intake")),
                *(case.c[name] for name in ("opened_on", "role", "age_at_opening", "referral_source", "offences")),
                case.c.projects,
                id_as_stored(case.c.lawyer_id),
                id_as_stored(case.c.counsellor_id),
                case.c.disposition,
                case.c.disposition_on,
            )
            .select_from(case.join(child, child.c.id == case.c.child_id))
            .where(case.c.clinic_id == self.reader.clinic_id, case.c.id.in_(cases_counted_for(self.reader)))
            .where(case.c.merged_into.is_(None), child.c.merged_into.is_(None))
            .order_by(case.c.entered)
        )

    def _is_asked_for(self, case: facts.Case) -> bool:
        return self.project in (None, *case.projects) and self.lawyer in (None, case.lawyer)

    def _case(self, row: tuple[Any, ...], children: dict[Id, facts.Child]) -> facts.Case:
        case_id, child_id, sex, locality, refugee_status, education, *of_case = row
        opened_on, role, age, source, offences, projects, lawyer, counsellor, disposition, disposition_on = of_case
        child = children.get(child_id)
        if child is None:
            child = children[child_id] = facts.Child(child_id, sex, locality, refugee_status, education)
        name_of, days = self._names.all.get, self.days
        return facts.Case(
            *(case_id, child, days[opened_on], role, age, source, next(iter(read_codes(offences)), None)),
            *(tuple(dict.fromkeys(read_codes(projects))), name_of(lawyer), name_of(counsellor)),
            *(disposition, disposition_on and days[disposition_on]),
        )

    @cached_property
    def periods(self) -> list[facts.OpenPeriod]:
        """The open periods in the order in which each case had them."""
        period = self._known(
            CasePeriod, "id", "clinic_id", "case_id", "opened_on", "closed_on", "closure_reason", "entered"
        ).alias("p")
        rows = rows_as_stored(
            select(
                id_as_stored(period.c.id),
                id_as_stored(period.c.case_id),
                period.c.opened_on,
                period.c.closed_on,
                period.c.closure_reason,
            )
            .where(period.c.clinic_id == self.reader.clinic_id, *self._visible(period.c.case_id))
            .order_by(period.c.opened_on, period.c.entered)
        )
        days, cases = self.days, self._by_id
        begun: set[Id] = set()
        periods = []
        for row_id, case_id, opened_on, closed_on, reason in rows:
            if case_id in cases:
                ended, is_first = closed_on and days[closed_on], case_id not in begun
                periods.append(facts.OpenPeriod(row_id, cases[case_id], days[opened_on], ended, reason, is_first))
                begun.add(case_id)
        return periods

    # Steps

    def _steps(self, model: type[Step], *columns: str, of_any_state: bool = False) -> list[tuple[Any, ...]]:
        """Of each done step of a kind: id, case's id, day, worker's id, the columns, entry; in the order of entry.

        The kind's own table leads, so that an embedded database reads it from end to end.
        """
        step = self._known(Step, "id", "case_id", "state", "on_date", "worker_id", "withdrawn_at", "entered").alias("s")
        kind = self._known(model, "id", "clinic_id", *columns).alias("d")
        done = [] if of_any_state else [step.c.state == StepState.DONE]
        rows = rows_as_stored(
            select(
                id_as_stored(step.c.id),
                id_as_stored(step.c.case_id),
                step.c.on_date,
                id_as_stored(step.c.worker_id),
                *(kind.c[name] for name in columns),
                step.c.entered,
            )
            .select_from(kind.join(step, step.c.id == kind.c.id))
            .where(kind.c.clinic_id == self.reader.clinic_id, step.c.withdrawn_at.is_(None), *done)
            .where(*self._visible(step.c.case_id))
        )
        rows.sort(key=_LAST)  # as good as sorted already, which Python sees and a database does not
        return rows

    @cached_property
    def attendances(self) -> list[facts.Attendance]:
        """Police attendances."""
        cases, days, name_of = self._by_id, self.days, self._names.lawyers.get
        rows = self._steps(
            PoliceAttendance,
            *("arrested_at", "arrested_at_precision", "lawyer_arrived_at", "lawyer_arrived_at_precision"),
            *("questioned_at", "questioned_at_precision", "left_police_at", "left_police_at_precision"),
            *("police_station", "lawyer_attended", "guardian_present", "protection_counsellor_present"),
            *("ill_treatment_alleged", "statement_signed", "police_outcome", "moved_by"),
        )
        rows = [row if row[19] is None else _as_it_was(row, (4, 6, 8, 10), row[19]) for row in rows]
        return [
            facts.Attendance(
                *(row[0], cases[row[1]], days[row[2]], (read_moment(row[4]), row[5] or facts.EXACT), row[12], row[13]),
                *(
                    _at(row[6], row[7]),
                    _at(row[8], row[9]),
                    *row[14:18],
                    _at(row[10], row[11]),
                    row[18],
                    name_of(row[3]),
                ),
            )
            for row in rows
            if row[1] in cases and row[4] is not None
        ]

    @cached_property
    def appearances(self) -> list[facts.Appearance]:
        """Appearances before the prosecution."""
        cases, days, name_of = self._by_id, self.days, self._names.lawyers.get
        return [
            facts.Appearance(row_id, cases[case_id], days[day], attended, name_of(worker))
            for row_id, case_id, day, worker, attended, _entered in self._steps(
                ProsecutionAppearance, "lawyer_attended"
            )
            if case_id in cases
        ]

    @cached_property
    def custody(self) -> list[facts.Custody]:
        """Custody periods."""
        cases, days = self._by_id, self.days
        rows = self._steps(
            CustodyPeriod,
            *("began_at", "began_at_precision", "ended_at", "ended_at_precision", "place", "legal_basis"),
            *("separated_from_adults", "family_visit", "education_access", "moved_by"),
        )
        held = []
        for stored in rows:
            row = stored if stored[13] is None else _as_it_was(stored, (4, 6), stored[13])
            if row[1] in cases and row[4] is not None:
                ended = _at(row[6], row[7])
                began = read_moment(row[4]), row[5] or facts.EXACT
                ended_on = ended and local_day(ended[0])
                held.append(facts.Custody(row[0], cases[row[1]], days[row[2]], began, ended_on, ended, *row[8:13]))
        return held

    @cached_property
    def hearings(self) -> list[facts.Hearing]:
        """Hearings. Each counts by its own status, whatever the state of the step."""
        cases, days, name_of = self._by_id, self.days, self._names.lawyers.get
        rows = self._steps(Hearing, "status", "court", "adjournment_reason", "lawyer_attended", of_any_state=True)
        return [
            facts.Hearing(
                row_id, cases[case_id], days[day], status or UNKNOWN, court, reason, attended, name_of(worker)
            )
            for row_id, case_id, day, worker, status, court, reason, attended, _entered in rows
            if case_id in cases
        ]

    @cached_property
    def sessions(self) -> list[facts.Session]:
        """Counselling sessions."""
        cases, days, name_of = self._by_id, self.days, self._names.counsellors.get
        rows = self._steps(CounsellingSession, "session_kind", "wellbeing_score")
        return [
            facts.Session(row_id, cases[case_id], days[day], kind, score, name_of(worker))
            for row_id, case_id, day, worker, kind, score, _entered in rows
            if case_id in cases
        ]

    @cached_property
    def school_visits(self) -> list[facts.SchoolVisit]:
        """School follow-ups."""
        cases, days, name_of = self._by_id, self.days, self._names.counsellors.get
        return [
            facts.SchoolVisit(row_id, cases[case_id], days[day], status, name_of(worker))
            for row_id, case_id, day, worker, status, _entered in self._steps(SchoolFollowup, "school_status")
            if case_id in cases
        ]

    @cached_property
    def community_visits(self) -> list[facts.CommunityVisit]:
        """Community follow-ups."""
        cases, days, name_of = self._by_id, self.days, self._names.counsellors.get
        return [
            facts.CommunityVisit(row_id, cases[case_id], days[day], kind, name_of(worker))
            for row_id, case_id, day, worker, kind, _entered in self._steps(CommunityFollowup, "community_kind")
            if case_id in cases
        ]

    @cached_property
    def referrals(self) -> list[facts.Referral]:
        """Referrals to other agencies."""
        cases, days = self._by_id, self.days
        return [
            facts.Referral(row_id, cases[case_id], days[day], service, status)
            for row_id, case_id, day, _worker, service, status, _entered in self._steps(Referral, "service", "status")
            if case_id in cases
        ]

    @cached_property
    def complaints(self) -> list[facts.Complaint]:
        """Complaints."""
        cases, days = self._by_id, self.days
        return [
            facts.Complaint(row_id, cases[case_id], days[day], read_codes(about), status)
            for row_id, case_id, day, _worker, about, status, _entered in self._steps(Complaint, "about", "status")
            if case_id in cases
        ]

    # Activities

    @cached_property
    def activities(self) -> list[facts.Activity]:
        """Activities of the clinic."""
        days = self.days
        names = ("held_on", "kind", "participants_female", "participants_male")
        activity = self._known(Activity, "id", "clinic_id", "withdrawn_at", "entered", *names).alias("a")
        rows = rows_as_stored(
            select(id_as_stored(activity.c.id), *(activity.c[name] for name in names))
            .where(activity.c.clinic_id == self.reader.clinic_id, activity.c.withdrawn_at.is_(None))
            .order_by(activity.c.entered)
        )
        return [facts.Activity(row_id, days[held_on], *rest) for row_id, held_on, *rest in rows]


def _as_it_was(row: tuple[Any, ...], moments: tuple[int, ...], seconds: int) -> tuple[Any, ...]:
    """A row of an aged case whose moments figures count from to a day: moved back by so much (clinic.retention)."""
    told = list(row)
    for place in moments:
        if told[place] is not None and told[place + 1] != Precision.DAY:
            told[place] = read_moment(told[place]) + timedelta(seconds=seconds)
    return tuple(told)


def _at(stored: Any, precision: str | None) -> facts.At | None:
    """A moment of two columns; one whose precision nobody wrote is known to the minute."""
    return None if stored is None else (read_moment(stored), precision or facts.EXACT)
