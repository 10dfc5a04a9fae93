"""Gaps in what figures need: answers that nobody knows, steps written down late, attendances that never ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import contains_eager

from clinic import db
from clinic.access.lanes import unloaded
from clinic.access.reader import Reader
from clinic.cases.kinds import all_kinds
from clinic.cases.models import CaseFile, Step
from clinic.cases.queries import LINE, is_visible_to
from clinic.clock import Precision
from clinic.counselling.models import CounsellingSession
from clinic.court.models import Hearing
from clinic.custody.models import CustodyPeriod
from clinic.custody.queries import is_arrest_without_end
from clinic.desk.queries import OPEN, Listed, Part, a_list
from clinic.languages import _l
from clinic.police.models import PoliceAttendance
from clinic.prosecution.models import ProsecutionAppearance
from clinic.school.models import SchoolFollowup
from clinic.vocabularies.fixed import Answer, ChildRole, HearingStatus, StepState

LOOKED_AT = timedelta(days=180)
"""Two quarters: what the next report is written from, and what somebody may still remember."""
LATE = 7


NOTHING_MISSING = _l("Nothing is missing here any more.")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: in which steps, and what."""

    code: str
    label: str
    model: type[Step]
    is_missing: Callable[[date], ColumnElement[bool]]


def _unanswered(column: Any) -> Callable[[date], ColumnElement[bool]]:
    return lambda _today: or_(column.is_(None), column == Answer.UNKNOWN)


def _unknown(column: Any) -> Callable[[date], ColumnElement[bool]]:
    return lambda _today: column.is_(None)


def _inexact(precision: Any) -> Callable[[date], ColumnElement[bool]]:
    return lambda _today: or_(precision.is_(None), precision != Precision.MINUTE)


def _never_arrived(_today: date) -> ColumnElement[bool]:
    inexact = _inexact(PoliceAttendance.lawyer_arrived_at_precision)(_today)
    return and_(PoliceAttendance.lawyer_attended == Answer.YES, inexact)


def _late(_today: date) -> ColumnElement[bool]:
    """Written down more than seven days after it happened; what was imported was written down elsewhere."""
    return and_(Step.source != "import", db.days_between(Step.__table__.c.on_date, Step.__table__.c.recorded_at) > LATE)


_P, _H = PoliceAttendance, Hearing

GAPS: tuple[Gap, ...] = (
    Gap("never_left", _l("Taken more than 30 days ago, and nothing says that the child left"), _P,
        lambda _today: is_arrest_without_end()),
    Gap("late", _l("Written down more than 7 days later"), Step, _late),
    Gap("arrested", _l("Minute of the arrest not known"), _P, _inexact(_P.arrested_at_precision)),
    Gap("lawyer_attended", _l("Not known whether a lawyer came"), _P, _unanswered(_P.lawyer_attended)),
    Gap("lawyer_arrived", _l("Minute of the lawyer's arrival not known"), _P, _never_arrived),
    Gap("before_lawyer", _l("Not known whether questioned before the lawyer came"), _P,
        _unanswered(_P.questioned_before_lawyer)),
    Gap("guardian", _l("Not known whether a guardian was there"), _P, _unanswered(_P.guardian_present)),
    Gap("protection", _l("Not known whether the child protection counsellor was there"), _P,
        _unanswered(_P.protection_counsellor_present)),
    Gap("ill_treatment", _l("Nobody asked about ill-treatment"), _P, _unanswered(_P.ill_treatment_alleged)),
    Gap("prosecution_decision", _l("What the prosecution decided is not known"), ProsecutionAppearance,
        _unknown(ProsecutionAppearance.decision)),
    Gap("custody_place", _l("Place of custody not known"), CustodyPeriod, _unknown(CustodyPeriod.place)),
    Gap("custody_basis", _l("Legal basis of custody not known"), CustodyPeriod, _unknown(CustodyPeriod.legal_basis)),
    Gap("hearing_status", _l("What became of a hearing is not known"), Hearing, _unknown(_H.status)),
    Gap("hearing_lawyer", _l("Not known whether a lawyer was at the hearing"), Hearing,
        lambda _today: and_(_H.status == HearingStatus.HELD, _unanswered(_H.lawyer_attended)(_today))),
    Gap("session_kind", _l("Kind of session not known"), CounsellingSession, _unknown(CounsellingSession.session_kind)),
    Gap("school_status", _l("How the child stands in school is not known"), SchoolFollowup,
        _unknown(SchoolFollowup.school_status)),
)  # fmt: skip
BY_CODE = {gap.code: gap for gap in GAPS}


def _ids(gap: Gap, today: date, reader: Reader) -> Select[*tuple[Any, ...]]:
    """The ids of the steps with a gap, in the cases that exist for the reader."""
    return _looked_at(gap.model, _since(gap, today), today, reader).where(gap.is_missing(today))


def _since(gap: Gap, today: date) -> date:
    return date.min if gap.code == "never_left" else today - LOOKED_AT


def _looked_at(model: type[Step], since: date, today: date, reader: Reader) -> Select[*tuple[Any, ...]]:
    """The ids of the steps of a table in which something may be missing, in the cases that exist for the reader."""
    return (
        select(model.id)
        .join(CaseFile, CaseFile.id == model.case_id)
        .where(
            Step.clinic_id == reader.clinic_id,
            Step.kind.in_([kind.code for kind in all_kinds() if issubclass(kind.model, model)]),
            Step.state == StepState.DONE,
            Step.withdrawn_at.is_(None),
            Step.on_date >= since,
            Step.on_date <= today,
            Step.child_role != ChildRole.ADVICE_ONLY,
            is_visible_to(reader),
        )
    )


def counts(today: date, *, reader: Reader) -> Select[*tuple[Any, ...]]:
    """One row with how many steps have each gap, in the order of GAPS: the steps of a table are gone through once."""
    found: FromClause | None = None
    counted: dict[str, ColumnElement[int]] = {}
    for (model, since), some in _by_table(today).items():
        numbers = (func.count(case((gap.is_missing(today), 1))).label(gap.code) for gap in some)
        asked = or_(*(gap.is_missing(today) for gap in some))
        of_table = _looked_at(model, since, today, reader).where(asked).with_only_columns(*numbers).subquery()
        counted |= {gap.code: of_table.c[gap.code] for gap in some}
        found = of_table if found is None else found.join(of_table, true())
    return select(*(counted[gap.code] for gap in GAPS)).select_from(found)  # type: ignore[arg-type]


def _by_table(today: date) -> dict[tuple[type[Step], date], list[Gap]]:
    """The gaps of each table, and since when it is looked through for them."""
    found: dict[tuple[type[Step], date], list[Gap]] = {}
    for gap in GAPS:
        found.setdefault((gap.model, _since(gap, today)), []).append(gap)
    return found


def there_are(counted: Sequence[int]) -> list[tuple[Gap, int]]:
    """The gaps that there are and how many steps have each, of such a row; the most weighty first."""
    return [(gap, number) for gap, number in zip(GAPS, counted, strict=True) if number]


def steps_with(gap: Gap, today: date, part: Part, *, reader: Reader) -> Listed[Step]:
    """The steps with a gap, the latest first."""
    return a_list(lambda who, day: _steps(gap, day, who))(part, reader=reader, today=today)


def _steps(gap: Gap, today: date, reader: Reader) -> Select[Any]:
    return (
        select(LINE)
        .join(LINE.case)
        .where(LINE.id.in_(_ids(gap, today, reader)))
        .options(*unloaded(LINE, OPEN), contains_eager(LINE.case).joinedload(CaseFile.child))
        .order_by(LINE.on_date.desc(), LINE.id)
    )
