"""The report made in the background, where making it would keep somebody waiting."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from clinic import clock, db
from clinic.access.permissions import Permission
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.cases.queries import how_many_visible_to
from clinic.jobs import progress
from clinic.jobs.kinds import JobKind, Ready, Work
from clinic.languages import _, _l
from clinic.reports import periods, queries
from clinic.reports.editions import Edition
from clinic.reports.files import FORMS
from clinic.reports.keeping import everything_of, kept_here
from clinic.reports.report import Question
from clinic.reports.scope import Period
from clinic.staff.models import Clinic

LONG: Final = 4_000
"""So many cases are counted while somebody waits, and no more."""
FEW: Final = 200
"""So many cases are counted by the process that was asked, and no more: handing a page on takes as long as that."""
WEIGHT: Final = {"pdf": 4, "xlsx": 2}
"""How much longer than the page a form takes."""


def is_long(form: str, *, reader: Reader) -> bool:
    """Whether a report as a file takes so long that it is made in the background. A small clinic never waits."""
    return how_many_visible_to(reader, at_most=LONG + 1) * WEIGHT.get(form, 1) > LONG


def is_weighty(*, reader: Reader) -> bool:
    """Whether a report reads so much that the process beside makes the page."""
    return how_many_visible_to(reader, at_most=FEW + 1) > FEW


def make_ready() -> None:
    """Reads what this process keeps, where reports are weighty, before somebody waits for one."""
    kept = kept_here()
    try:
        for clinic_id in db.session.scalars(select(Clinic.id)).all():
            if kept is not None and is_weighty(reader=everything_of(clinic_id)):
                kept.facts(clinic_id)
    finally:
        db.session.remove()


def parameters(form: str, question: Question, *, is_now: bool, lawyer: str | None) -> dict[str, Any]:
    """What is asked for, in codes, days and ids; `lawyer` is an id."""
    return {
        "form": form,
        "first": question.period.first.isoformat(),
        "last": question.period.last.isoformat(),
        "as_of": None if is_now else question.as_of.isoformat(),
        "project": question.project,
        "lawyer": lawyer if question.lawyer else None,
        "edition": question.edition.value,
        "keys": question.keys,
    }


def file_name(period: Period, form: str) -> str:
    """What the file is called."""
    return f"report-{period.first.isoformat()}-{period.last.isoformat()}.{form}"


def _make(work: Work) -> Ready:
    asked, reader = work.asked, work.person
    readings.record("report.downloaded", subject="report")
    progress.tell("counting")
    question = _question(asked, reader)
    report = queries.make_report(question, reader=reader, is_now=asked["as_of"] is None)
    progress.tell("making")
    form = FORMS[asked["form"]]
    clinic = db.session.get_one(Clinic, reader.clinic_id)
    projects, staff = queries.projects(reader=reader), queries.colleagues(reader=reader)
    content = form.write(report, queries.names(projects, staff, question.edition), clinic)
    return Ready(content, file_name(question.period, asked["form"]), form.mimetype)


def _question(asked: Mapping[str, Any], reader: Reader) -> Question:
    if asked["project"] and asked["project"] not in queries.projects(reader=reader):
        raise queries.NoSuchProject
    return Question(
        _period(asked),
        datetime.fromisoformat(asked["as_of"]) if asked["as_of"] else clock.now(),
        tuple(asked["keys"]),
        project=asked["project"],
        lawyer=_username(asked["lawyer"], reader) if asked["lawyer"] else None,
        edition=Edition(asked["edition"]),
    )


def _username(lawyer_id: str, reader: Reader) -> str:
    wanted = uuid.UUID(lawyer_id)
    for one in queries.colleagues(reader=reader):
        if one.id == wanted and one.is_lawyer:
            return one.username
    raise queries.NoSuchLawyer


def _period(asked: Mapping[str, Any]) -> Period:
    return Period(date.fromisoformat(asked["first"]), date.fromisoformat(asked["last"]))


def _in_words(asked: Mapping[str, Any]) -> str:
    return _("%(period)s, %(form)s", period=periods.in_words(_period(asked)), form=asked["form"].upper())


KIND = JobKind(code="report", label=_l("Report"), run=_make, needs=Permission.REPORT_READ, describe=_in_words)
