"""What a report is asked for, as a form in the address: period, project, lawyer, edition. Codes and days alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField
from wtforms.validators import Optional

from clinic import clock
from clinic.languages import _, _l
from clinic.reports import periods
from clinic.reports.editions import Edition
from clinic.reports.periods import Span
from clinic.reports.queries import Colleague
from clinic.reports.report import EndsBeforeItBegins, Question
from clinic.reports.scope import Period
from clinic.web.fields import DayField
from clinic.web.forms import ClinicForm

OWN = "own"
EDITIONS = {Edition.INTERNAL.value: _l("Internal"), Edition.PUBLIC.value: _l("Public")}
SPANS = {
    Span.MONTH: _l("Months"),
    Span.QUARTER: _l("Quarters"),
    Span.HALF: _l("Half-years"),
    Span.YEAR: _l("Years"),
}


class ReportForm(ClinicForm):
    """Which report. Sent by GET, so that a report has an address; it changes nothing."""

    class Meta:
        csrf = False

    shown = HiddenField()
    """The days that the form was shown with: whoever changes these means them, whatever stands in the list."""
    period = SelectField(_l("Period"), [Optional()], validate_choice=False)
    first = DayField(_l("From"))
    last = DayField(_l("To"))
    project = SelectField(_l("Project"), [Optional()], validate_choice=False)
    lawyer = SelectField(_l("Lawyer"), [Optional()], validate_choice=False)
    edition = SelectField(_l("Edition"), [Optional()], validate_choice=False)
    as_of = DayField(_l("As known on"))

    @classmethod
    def asked(cls, projects: Mapping[str, str], staff: Collection[Colleague]) -> ReportForm:
        """The form as the address has it, with what can be chosen."""
        form = cls(formdata=MultiDict(request.args))
        lawyers = [(str(one.id), one) for one in staff if one.is_lawyer]
        form.projects, form.usernames = set(projects), {key: one.username for key, one in lawyers}
        form.project.choices = [("", _("All projects")), *projects.items()]
        form.lawyer.choices = [("", _("All lawyers")), *((key, one.name) for key, one in lawyers)]
        form.edition.choices = [(code, str(label)) for code, label in EDITIONS.items()]
        form.validate()
        form.period.choices = _periods_offered()
        return form

    projects: Collection[str] = ()
    usernames: Mapping[str, str] = MappingProxyType({})

    @property
    def asked_period(self) -> Period:
        """The days that somebody typed, else the period chosen, else the last quarter that is over."""
        chosen = periods.read(self.period.data or "")
        if chosen is not None and not self._were_days_typed:
            return chosen
        usual = periods.last_quarter(clock.today())
        if self.first.data is None or self.last.data is None:
            return usual
        if self.last.data < self.first.data:
            self.last.errors = [*self.last.errors, str(EndsBeforeItBegins.message)]
            return usual
        return Period(self.first.data, self.last.data)

    @property
    def _were_days_typed(self) -> bool:
        typed = _days(self.first.data, self.last.data)
        return bool(self.shown.data) and bool(typed) and typed != self.shown.data

    @property
    def username(self) -> str | None:
        """The username of the lawyer whose cases are asked for."""
        return self.usernames.get(self.lawyer.data or "")

    @property
    def is_now(self) -> bool:
        """Whether the records are asked for as they stand."""
        return self.as_of.data is None or self.as_of.data >= clock.today()

    def question(self) -> Question:
        """What is asked."""
        project = self.project.data if self.project.data in self.projects else None
        edition = Edition.PUBLIC if self.edition.data == Edition.PUBLIC.value else Edition.INTERNAL
        return Question(
            self.asked_period,
            clock.now() if self.is_now else knowledge_of(self.as_of.data or clock.today()),
            project=project,
            lawyer=self.username,
            edition=edition,
        )

    def show(self, question: Question) -> None:
        """Fills in what was understood, so that the form says which report this is."""
        code = periods.code_of(question.period)
        self.period.data = code or OWN
        if code and code not in _codes_offered(self.period.choices):
            self.period.data = OWN
        self.first.data, self.last.data = question.period
        self.shown.data = _days(*question.period)
        self.edition.data = question.edition.value

    def address(self, question: Question, period: Period | None = None) -> dict[str, Any]:
        """What an address of this report holds, or of the same for another period."""
        asked = period or question.period
        code = periods.code_of(asked)
        days = {"period": code} if code else {"first": asked.first.isoformat(), "last": asked.last.isoformat()}
        more = {
            "project": question.project,
            "lawyer": self.lawyer.data if question.lawyer else None,
            "edition": question.edition.value if question.edition is Edition.PUBLIC else None,
            "as_of": self.as_of.data.isoformat() if self.as_of.data else None,
        }
        return {**days, **{key: value for key, value in more.items() if value}}


def _periods_offered() -> dict[str, list[tuple[str, str]]]:
    today = clock.today()
    offered = {
        str(label): [(periods.code_of(one), periods.in_words(one)) for one in periods.offered(span, today)]
        for span, label in SPANS.items()
    }
    return {_("Days of your own"): [(OWN, _("From and to, below"))], **offered}


def _days(first: date | None, last: date | None) -> str:
    return f"{first.isoformat()}/{last.isoformat()}" if first and last else ""


def _codes_offered(choices: Any) -> set[str]:
    return {code for group in choices.values() for code, _label in group}


def knowledge_of(day: date) -> datetime:
    """What was known on a day is what was known when it ended, or now if it runs."""
    return min(clock.day_ends(day), clock.now())
