"""The desk: what each person sees first; its lists as a whole; the calendar."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from importlib.metadata import version
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Lane, Permission, Role
from clinic.access.reader import Reader
from clinic.audit import readings
from clinic.calls.queries import open_questions
from clinic.desk import clocks, coordination, gaps, labels, queries, rules, sections
from clinic.desk.queries import WHOLE, Part
from clinic.jobs.labels import refusal_in_words
from clinic.operations import restarting
from clinic.operations.places import NoBackup
from clinic.operations.queries import bytes_on_disk, clock_was_set_back, copies_of_the_clinic
from clinic.staff import queries as staff
from clinic.staff.models import AccountState
from clinic.typed import place_in_list
from clinic.web.drafts import KEPT_FOR
from clinic.web.guard import current_reader, needs

bp = Blueprint("desk", __name__)
P = Permission
AHEAD = timedelta(days=14)
BACKUP_IS_OLD_AFTER = timedelta(days=2)
SEVERAL = Part(8)


@bp.get("/desk")
@needs(P.DESK_READ)
def show() -> ResponseReturnValue:
    """What the person who is signed in sees first, for each of their roles."""
    reader, now = current_reader(), clock.now()
    desk: dict[str, Any] = {
        "now": now,
        "today": clock.local_date(now),
        "greeting": labels.greeting(_first_name(reader), now),
    }
    if reader.has(Role.ADMINISTRATOR):
        desk |= _of_administrator(reader)
    if reader.roles - {Role.ADMINISTRATOR}:
        desk |= _of_team(reader, now) | {"sections": sections.sections_for(reader, desk["today"])}
    if reader.has(Role.LAWYER):
        desk["held"] = clocks.held_now(now, reader=reader)
    if reader.has(Role.COUNSELLOR):
        desk |= _calls(reader, now)
        if desk["to_call"]:
            readings.record("desk.read", lanes=frozenset({Lane.IDENTITY}))
    if reader.has(Role.COORDINATOR):
        desk |= _of_coordinator(reader, desk["today"])
    return render_template("desk/show.html", **desk)


def _first_name(reader: Reader) -> str:
    return reader.name.split()[0] if reader.name.split() else reader.name


def _of_team(reader: Reader, now: datetime) -> dict[str, Any]:
    """What lies ahead in 14 days, what is to be done, what was typed and not sent."""
    today = clock.local_date(now)
    planned = queries.planned_between(today, today + AHEAD, reader=reader)
    clashing = rules.clashing(planned)
    return {
        "hearings": [labels.line_of_hearing(step, clashing) for step in planned if step.kind == "hearing"],
        "ahead": [labels.line_of_step(step, clashing=clashing) for step in planned if step.kind != "hearing"],
        "tasks": queries.tasks_to_do(SEVERAL, reader=reader),
        "drafts": queries.drafts_of(now - KEPT_FOR, Part(5), reader=reader),
        "what_was_typed": labels.what_was_typed,
        "questions": open_questions(reader=reader),
    }


def _calls(reader: Reader, now: datetime) -> dict[str, Any]:
    """Whom it is safe to call now: words that can be read decide; the others are shown, for a person to decide."""
    found = queries.may_be_called(Part(WHOLE), reader=reader)
    told = [(guardian, case, rules.safe_now(guardian.safe_when, now)) for guardian, case in found.rows]
    safe = sorted((row for row in told if row[2] is not False), key=lambda row: row[2] is None)
    return {"to_call": safe[: queries.SHORT], "to_call_total": len(safe)}


def _of_coordinator(reader: Reader, today: date) -> dict[str, Any]:
    quarter = coordination.figures_of(today, reader=reader)
    return {"gaps": quarter.gaps, "quarter": quarter, "colleagues": quarter.colleagues}


def _of_administrator(reader: Reader) -> dict[str, Any]:
    """Accounts, and how the clinic's computer is doing. No child."""
    accounts = staff.list_accounts(reader=reader)
    return {
        "waiting": [member for member in accounts if member.state == AccountState.WAITING],
        **_backups(),
        "open_accounts": sum(member.state == AccountState.OPEN for member in accounts),
        "version": version("sanad"),
        "megabytes": bytes_on_disk() / 1_000_000,
        "embedded": current_app.config["SETTINGS"].is_embedded,
        "mail": current_app.config["SETTINGS"].mail is not None,
        "clock_was_at": clock_was_set_back(),
        "restart_wanted": restarting.is_wanted(current_app.config["SETTINGS"]),
    }


def _page_asked_for() -> int:
    return min(max(1, request.args.get("page", 1, type=place_in_list)), 10_000)


@bp.get("/desk/lists/<code>")
@needs(P.DESK_READ)
def whole(code: str) -> ResponseReturnValue:
    """One of the desk's lists as a whole, 25 rows a page."""
    reader, page = current_reader(), _page_asked_for()
    section = sections.SECTIONS.get(code)
    if section is None or not sections.is_for(section, reader):
        abort(404)
    lines = section.rows(clock.today(), Part(WHOLE, (page - 1) * WHOLE), reader)
    return _whole_page(section.title, section.empty, lines, page)


def _whole_page(title: str, empty: str, lines: queries.Listed[labels.Line], page: int) -> ResponseReturnValue:
    """A page of a list, with the pages before and after it."""
    first = (page - 1) * WHOLE
    around = {
        "first": first + 1,
        "last": first + len(lines.rows),
        "before": f"{request.path}?page={page - 1}" if page > 1 else None,
        "after": f"{request.path}?page={page + 1}" if first + len(lines.rows) < lines.total else None,
    }
    return render_template("desk/whole.html", title=title, empty_words=empty, lines=lines, **around)


@bp.get("/desk/gaps/<code>")
@needs(P.AUDIT_READ)
def gap(code: str) -> ResponseReturnValue:
    """The steps in which something is missing that figures need."""
    found, page = gaps.BY_CODE.get(code), _page_asked_for()
    if found is None:
        abort(404)
    steps = gaps.steps_with(found, clock.today(), Part(WHOLE, (page - 1) * WHOLE), reader=current_reader())
    lines = queries.Listed([labels.line_of_step(step) for step in steps.rows], steps.total)
    return _whole_page(found.label, gaps.NOTHING_MISSING, lines, page)


@bp.get("/calendar")
@needs(P.CASE_READ)
def calendar() -> ResponseReturnValue:
    """What lies ahead, day by day: the month on a wide screen, the week of the chosen day on a phone."""
    reader, today = current_reader(), clock.today()
    weekend = current_app.config["SETTINGS"].weekend
    month = rules.month_of(_day_asked_for() or today, weekend)
    of_all = reader.sees_all_cases and request.args.get("whose") == "all"
    days = _days(month, reader, of_all=of_all)
    return render_template("desk/calendar.html", month=month, today=today, days=days, of_all=of_all, weekend=weekend)


def _day_asked_for() -> date | None:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _days(month: rules.Month, reader: Reader, *, of_all: bool) -> dict[date, list[labels.Line]]:
    """What stands on each day: appointments in the order of their hours, then tasks."""
    steps = queries.planned_between(month.first, month.last, reader=reader, of_all=of_all)
    clashing = frozenset() if of_all else rules.clashing(steps)
    days: dict[date, list[labels.Line]] = defaultdict(list)
    for step in steps:
        days[step.on_date].append(labels.line_of_step(step, clashing=clashing))
    for task in queries.tasks_between(month.first, month.last, reader=reader):
        days[task.due_on or month.chosen].append(labels.line_of_task(task))
    return days


def _backups() -> dict[str, object]:
    """When the clinic was last copied elsewhere, a copy last tried out, and why the last one was not made."""
    copies = copies_of_the_clinic()
    is_old = copies.made_at is not None and copies.made_at < clock.now() - BACKUP_IS_OLD_AFTER
    why = refusal_in_words(copies.problem or NoBackup.__name__) if copies.failed_at else ""
    return {"copies": copies, "backup_is_old": is_old, "backup_problem": why}
