"""The report: figures group by group, and the list of rows behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from clinic import memory
from clinic.access.permissions import Lane, Permission
from clinic.audit import readings
from clinic.db import read_id
from clinic.jobs import actions as jobs
from clinic.languages import _
from clinic.memory import collection_at_rest
from clinic.reports import labels, periods, pictures, queries, telling, work
from clinic.reports import rows as lists_of_rows
from clinic.reports.completeness import completeness
from clinic.reports.editions import Edition
from clinic.reports.files import FORMS
from clinic.reports.forms import ReportForm
from clinic.reports.indicator import GROUP_LABELS, Figure, Indicator
from clinic.reports.indicators import INDICATORS
from clinic.reports.picture import Picture
from clinic.reports.report import Question, Report
from clinic.reports.scope import Period
from clinic.typed import place_in_list
from clinic.web import aside
from clinic.web.guard import current_reader, needs

bp = Blueprint("reports", __name__, url_prefix="/reports")

PAGE = 100


def is_weighty() -> bool:
    """Whether the reader's report is made by a process of its own."""
    return work.is_weighty(reader=current_reader())


class Asked:
    """The report that an address asks for."""

    def __init__(self, indicator: Indicator | None = None) -> None:
        reader = current_reader()
        projects, staff = queries.projects(reader=reader), queries.colleagues(reader=reader)
        self.form = ReportForm.asked(projects, staff)
        self.question: Question = self.form.question()
        self.names = queries.names(projects, staff, self.question.edition)
        self.form.show(self.question)
        self.report: Report = queries.make_report(
            self.question, reader=reader, is_now=self.form.is_now, indicator=indicator
        )
        self.is_internal = self.question.edition is Edition.INTERNAL

    @classmethod
    @contextmanager
    def for_a_while(cls, indicator: Indicator | None = None) -> Iterator[Asked]:
        """The report, or one figure of it, while its page is written; what it read is let go of with it.

        What a template is given and its macros hold each other until Python looks for circles: all facts of the clinic
        would wait for that.
        """
        with collection_at_rest():
            asked = cls(indicator)
            try:
                yield asked
            finally:
                if indicator is None:
                    asked.report.scope.let_go_of_the_way()
                del asked.report
                if not aside.is_beside():
                    memory.give_back()

    def url(self, endpoint: str, **values: Any) -> str:
        """An address about this report."""
        return url_for(endpoint, **{**self.form.address(self.question), **values})

    def url_of_period(self, period: Period) -> str:
        """The same report of another period."""
        return url_for(".show", **self.form.address(self.question, period))

    @property
    def targets_url(self) -> str | None:
        """Where the targets of this report are set; none for the report of one lawyer's cases."""
        if self.question.lawyer is not None:
            return None
        first, last = self.question.period
        return url_for("targets.add", first=first.isoformat(), last=last.isoformat(), project=self.question.project)

    def opens(self, name: str, number: str = "") -> str | None:
        """The address of the list behind a number, if it opens one."""
        if not self.is_internal or not lists_of_rows.opens(name, number):
            return None
        return self.url(".figure", name=name, **({"of": number} if number else {}))


@bp.get("")
@needs(Permission.REPORT_READ)
@aside.answered(is_weighty)
def show() -> ResponseReturnValue:
    """Every figure of a period, with pictures, and how much is known."""
    readings.record("report.read", subject="report")
    with Asked.for_a_while() as asked:
        return _page(asked)


def _page(asked: Asked) -> str:
    report, question = asked.report, asked.question
    groups = telling.groups_of(report, asked.names)
    by_id = {told.id: told for group in groups for told in group.figures}
    drawn = pictures.pictures_of(report)
    return render_template(
        "reports/show.html",
        asked=asked,
        form=asked.form,
        groups=groups,
        headlines=[by_id[name] for name in telling.HEADLINES],
        pictures={group: [picture for picture in drawn if picture.group is group] for group in GROUP_LABELS},
        case_of=_case_links(drawn),
        completeness=completeness(report.scope) if asked.is_internal else [],
        is_empty=report.figures["services_delivered"].fields["value"] == 0 and asked.is_internal,
        before=asked.url_of_period(periods.before(question.period)),
        after=asked.url_of_period(periods.after(question.period)),
        **telling.about(report, asked.names),
    )


def _case_links(drawn: list[Picture]) -> Callable[[Any], Markup | str]:
    """A link to the case of a line of a picture, where it exists for the reader."""
    ids = {read_id(line.case_id) for picture in drawn for line in picture.lines if line.case_id}
    cases = queries.cases_of(ids, reader=current_reader())

    def link(case_id: Any) -> Markup | str:
        case = cases.get(read_id(case_id))
        if case is None:
            return "–"
        if case.aged_on:
            return Markup('<bdi class="code">{}</bdi>').format(case.reference)
        address = url_for("cases.show", case_id=case.id)
        return Markup('<a href="{}"><bdi class="code">{}</bdi></a>').format(address, case.reference)

    return link


@bp.get("/as/<form>")
@needs(Permission.REPORT_READ)
def download(form: str) -> ResponseReturnValue:
    """The same report as a file."""
    if form not in FORMS:
        abort(404)
    if work.is_long(form, reader=current_reader()):
        address: dict[str, Any] = {**request.args, "form": form}
        return render_template("reports/long.html", address=url_for(".prepare", **address))
    readings.record("report.downloaded", subject="report")
    found = FORMS[form]
    with Asked.for_a_while() as asked:
        answer = Response(found.write(asked.report, asked.names, g.clinic), mimetype=found.mimetype)
    name = work.file_name(asked.question.period, form)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("/as/<form>")
@needs(Permission.REPORT_READ)
def prepare(form: str) -> ResponseReturnValue:
    """The same report as a file, made in the background."""
    if form not in FORMS:
        abort(404)
    asked = Asked()
    wanted = work.parameters(form, asked.question, is_now=asked.form.is_now, lawyer=asked.form.lawyer.data)
    job = jobs.enqueue(work.KIND.code, by=current_reader().staff_id, **wanted)
    return redirect(url_for("jobs.show", job_id=job.id), code=303)


@bp.get("/figures/<name>")
@needs(Permission.REPORT_READ)
@aside.answered(is_weighty)
def figure(name: str) -> ResponseReturnValue:
    """One figure: what it means, its parts by a key, and the list of rows behind a number."""
    if name not in INDICATORS:
        abort(404)
    readings.record("report.rows_read", subject="report", lanes=frozenset({Lane.FACTS, Lane.IDENTITY}))
    with Asked.for_a_while(INDICATORS[name]) as asked:
        if not asked.is_internal:
            abort(404)
        return _page_of(asked, asked.report.figures[name])


def _page_of(asked: Asked, found: Figure) -> str:
    asked.report.says(found.indicator.id)  # reads what it needs, before anything looks at its parts
    key = _key_asked(found)
    choice = Choice(key, _part_asked(found, key), _number_asked(found))
    return render_template(
        "reports/figure.html",
        asked=asked,
        indicator=found.indicator,
        told=telling.told(asked.report, found.indicator, asked.names),
        numbers=_numbers(asked, found),
        of_activities=not found.indicator.of_cases,
        **_parts(asked, found, choice),
        **_rows(asked, found, choice),
        **telling.about(asked.report, asked.names),
    )


class Choice(NamedTuple):
    """Which rows of a figure are asked for: of which number, of which part by which key."""

    key: str | None
    part: str | None
    number: str


def _parts(asked: Asked, found: Figure, choice: Choice) -> dict[str, Any]:
    """The keys that a figure can be broken down by, and its parts by the one asked for."""
    indicator, key = found.indicator, choice.key
    name = indicator.id
    return {
        "keys": [(each, labels.key_label(each), asked.url(".figure", name=name, by=each)) for each in indicator.keys],
        "by": key,
        "key_note": labels.key_note(key) if key else "",
        "part": choice.part,
        "part_label": labels.part_label(key, choice.part, asked.names) if key and choice.part else None,
        "table": telling.table_of(indicator, key, found.breakdown(key), asked.names) if key else None,
        "url_of_part": lambda code: asked.url(".figure", name=name, by=key, part=code, of=choice.number) + "#rows",
    }


def _rows(asked: Asked, found: Figure, choice: Choice) -> dict[str, Any]:
    """One page of the rows behind a number."""
    rows = found.rows_of(choice.number, choice.key, choice.part)
    page = max(1, request.args.get("page", 1, type=place_in_list))
    shown = lists_of_rows.page_of(rows, page, PAGE)
    cases = queries.cases_of(lists_of_rows.case_ids(shown), reader=current_reader())
    return {
        "number": choice.number,
        "rows": lists_of_rows.listed(found, shown, cases),
        "how_many": labels.rows_in_words(found.indicator, len(rows)),
        **_paging(asked, found, choice, page, len(rows)),
    }


def _key_asked(found: Figure) -> str | None:
    key = request.args.get("by")
    return key if key in found.indicator.keys else None


def _part_asked(found: Figure, key: str | None) -> str | None:
    """The part whose rows are asked for, if the figure has it."""
    part = request.args.get("part")
    return part if key and part and part in found.parts(key) else None


def _number_asked(found: Figure) -> str:
    """The number whose rows are asked for; else the first that the figure has."""
    numbers = _numbers_of(found)
    wanted = request.args.get("of", "")
    name, _colon, code = wanted.partition(":")
    has = wanted in numbers or (bool(code) and code in _table(found, name))
    return wanted if has and lists_of_rows.opens(found.indicator.id, wanted) else numbers[0]


def _table(found: Figure, name: str) -> dict[str, int]:
    table: Any = found.fields.get(name, {})
    return table if isinstance(table, dict) else {}


def _numbers_of(found: Figure) -> list[str]:
    fields = found.fields
    if "numerator" in fields:
        return ["numerator", "denominator", "unknown"]
    if "n" in fields:
        return ["n", "unknown"]
    return ["value"]


def _numbers(asked: Asked, found: Figure) -> list[tuple[str, str, str, str]]:
    """Each number of a figure: its name, what it is called, how much, and the address of its list."""
    name = found.indicator.id
    return [
        (
            number,
            str(labels.NUMBER_LABELS[number]),
            labels.count(len(found.rows_of(number))),
            asked.url(".figure", name=name, of=number) + "#rows",
        )
        for number in _numbers_of(found)
    ]


def _paging(asked: Asked, found: Figure, choice: Choice, page: int, total: int) -> dict[str, Any]:
    def url(to: int) -> str:
        more = {"by": choice.key, "part": choice.part} if choice.key else {}
        return asked.url(".figure", name=found.indicator.id, of=choice.number, page=to, **more) + "#rows"

    return {
        "sentence": _(
            "%(first)s to %(last)s of %(all)s",
            first=labels.count((page - 1) * PAGE + 1),
            last=labels.count(min(page * PAGE, total)),
            all=labels.count(total),
        ),
        "has_pages": total > PAGE,
        "page_before": url(page - 1) if page > 1 else None,
        "page_after": url(page + 1) if page * PAGE < total else None,
    }
