"""Forms of a case: opening, correcting, team, closing, consent, intake and lists."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from flask import g
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Regexp

from clinic import clock
from clinic.access.permissions import Role
from clinic.cases.consent import ConsentGiven
from clinic.cases.labels import FORMS, PURPOSES
from clinic.cases.lists import NOBODY, RUNNING, Wanted
from clinic.cases.models import CaseFile
from clinic.cases.queries import project_choices
from clinic.children.forms import ChildFields, GuardianFields
from clinic.formats import isolate
from clinic.languages import _, _l, _n
from clinic.staff import queries as staff
from clinic.staff.labels import roles_in_words
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import ChildRole
from clinic.web.fields import CodeField, CodesField, DayField, LineField, PersonField, TextField, required
from clinic.web.forms import ClinicForm, RecordForm

Choices = Callable[[], list[tuple[str, str]]]


def people_with(role: Role) -> Callable[[], Iterable[tuple[uuid.UUID, str]]]:
    """The people of a role, asked when the form is shown."""
    return lambda: _of_role(role)


def _of_role(role: Role, *, leaving: bool = False) -> list[tuple[uuid.UUID, str]]:
    """Asked once a request, however many fields offer the same people."""
    known: dict[tuple[Role, bool], list[tuple[uuid.UUID, str]]] = g.setdefault("people_of_roles", {})
    if (role, leaving) not in known:
        known[role, leaving] = staff.people_with(role, reader=g.reader, leaving=leaving)
    return known[role, leaving]


class ProjectsField(CodesField):
    """Projects that fund a case, by code."""

    def __init__(self, label: Any = None, **rest: Any) -> None:
        super().__init__(label, vocabulary="projects", **rest)

    def _offered(self) -> list[tuple[str, str]]:
        return project_choices(reader=g.reader, held=set(self.data or ()))


class CaseFields(ClinicForm):
    """What a case says when it is opened."""

    role = CodeField(
        _l("The child is"),
        [required(_l("Choose what the child is in this case."))],
        vocabulary="child_role",
        side_by_side=True,
        default=ChildRole.ACCUSED.value,
    )
    opened_on = DayField(
        _l("Opened on"), [required(_l("Say when the case was opened."))], default=clock.today, latest=clock.today
    )
    referral_source = CodeField(
        _l("Who sent the child to us"),
        [required(_l("Choose who sent the child."))],
        vocabulary="referral_source",
        unknown=True,
    )
    offences = CodesField(_l("Accused of"), vocabulary="offence", description=_l("The main one first."))
    offence_on = DayField(_l("Day of the alleged offence"), latest=clock.today)
    projects = ProjectsField(_l("Funded by"))

    def case_values(self) -> dict[str, Any]:
        """What an action takes of the case."""
        values = self.values("role", "opened_on", "referral_source", "offences", "offence_on", "projects")
        if values["referral_source"] == lists.UNKNOWN:
            values["referral_source"] = None
        return {**values, "role": ChildRole(values["role"])}


class TeamFields(ClinicForm):
    """Who leads."""

    lawyer = PersonField(_l("Lawyer"), people=people_with(Role.LAWYER))
    counsellor = PersonField(_l("Counsellor"), people=people_with(Role.COUNSELLOR))

    def team(self) -> list[tuple[uuid.UUID, Role]]:
        """The people chosen, with their roles."""
        chosen = ((self.lawyer.data, Role.LAWYER), (self.counsellor.data, Role.COUNSELLOR))
        return [(person, role) for person, role in chosen if person is not None]


def _labelled(labels: Any) -> Choices:
    return lambda: [(str(code.value), str(label)) for code, label in labels.items()]


class ConsentFields(ClinicForm):
    """Who agreed to our help, and how."""

    consent_guardian = BooleanField(_l("The guardian agrees"))
    consent_child = BooleanField(_l("The child agrees"))
    consent_form = SelectField(_l("How"), choices=_labelled(FORMS), default="written")
    consent_confirm_by = DayField(_l("To be confirmed by"), description=_l("Where it was given for now, at night."))

    def consent(self) -> ConsentGiven | None:
        """The consent to our help, if anybody gave it."""
        if not (self.consent_guardian.data or self.consent_child.data):
            return None
        return ConsentGiven(
            by_guardian=self.consent_guardian.data,
            by_child=self.consent_child.data,
            form=self.consent_form.data,
            confirm_by=self.consent_confirm_by.data,
        )


class OpenCaseForm(ConsentFields, TeamFields, CaseFields, RecordForm):
    """A case for a child whom the clinic knows."""


class OpenCaseWithChildForm(ChildFields, GuardianFields, OpenCaseForm):
    """A case and its child, in one screen. `sure` is sent from the page that showed who may be the same."""

    sure = StringField()  # a button's, so never written into the page as hidden: the browser would send that one first


class AnotherChildForm(ChildFields, GuardianFields, TeamFields, RecordForm):
    """Another child of the same event: the facts of the event are taken over."""

    role = CodeField(
        _l("The child is"),
        [required(_l("Choose what the child is in this case."))],
        vocabulary="child_role",
        side_by_side=True,
        default=ChildRole.ACCUSED.value,
    )
    sure = StringField()  # a button's, so never written into the page as hidden: the browser would send that one first


class CorrectCaseForm(CaseFields, RecordForm):
    """Corrects what a case says."""

    prosecution_number = LineField(_l("Number at the prosecution"), render_kw={"dir": "ltr"})
    court_number = LineField(_l("Number at the court"), render_kw={"dir": "ltr"})
    summary = TextField(_l("In a few words"), description=_l("What the case is about. The whole team reads it."))

    @staticmethod
    def known(case: CaseFile) -> dict[str, Any]:
        """What the case says now, by field."""
        names = ("opened_on", "offences", "offence_on", "projects", "prosecution_number", "court_number", "summary")
        data = {name: getattr(case, name) for name in names}
        return {**data, "role": case.role.value, "referral_source": case.referral_source or lists.UNKNOWN}


# --- team


class ChangeTeamForm(ClinicForm):
    """Puts somebody on the team, for good or until a day, in the place of somebody or beside them."""

    role = SelectField(
        _l("As"), choices=lambda: [("lawyer", _("Lawyer")), ("counsellor", _("Counsellor"))], default="lawyer"
    )
    person = PersonField(
        _l("Who joins"),
        [required(_l("Choose who joins."))],
        people=lambda: _everybody(),
        blank=_l("Choose…"),
    )
    instead_of = PersonField(_l("In the place of"), people=tuple, blank=_l("Nobody: beside the others"))
    since = DayField(_l("From"), [required(_l("Say from which day."))], default=clock.today)
    until = DayField(_l("Until (the last day)"), description=_l("Leave it empty for good."))
    note = TextField(_l("Hand-over"), description=_l("What the person who takes over must know. The team reads it."))


class CaseloadForm(ClinicForm):
    """Hands all open cases of one person to another."""

    role = SelectField(
        _l("As"), choices=lambda: [("lawyer", _("Lawyer")), ("counsellor", _("Counsellor"))], default="lawyer"
    )
    leaves = PersonField(
        _l("From"),
        [required(_l("Choose whose cases."))],
        people=lambda: _everybody(leaving=True),
        blank=_l("Choose…"),
    )
    joins = PersonField(
        _l("To"), [required(_l("Choose who takes over."))], people=lambda: _everybody(), blank=_l("Choose…")
    )
    since = DayField(_l("From the day"), [required(_l("Say from which day."))], default=clock.today)
    until = DayField(_l("Until (the last day)"), description=_l("Leave it empty for good."))
    note = TextField(_l("Hand-over"), description=_l("What the person who takes over must know. The team reads it."))


def _everybody(*, leaving: bool = False) -> list[tuple[uuid.UUID, str]]:
    """Who works with cases, each name with the roles that it is chosen for."""
    roles: dict[tuple[str, uuid.UUID], list[str]] = {}
    for role in (Role.LAWYER, Role.COUNSELLOR):
        for person, name in _of_role(role, leaving=leaving):
            roles.setdefault((name, person), []).append(role.value)
    return [(person, f"{isolate(name)} · {roles_in_words(held)}") for (name, person), held in sorted(roles.items())]


# --- closing


class ProposeClosingForm(ClinicForm):
    """A worker proposes to close."""

    reason = CodeField(_l("Because"), [required(_l("Choose why the case closes."))], vocabulary="closure_reason")
    closed_on = DayField(
        _l("Closed on"), [required(_l("Say from which day."))], default=clock.today, latest=clock.today
    )
    note = TextField(_l("For the coordinator"), description=_l("What was reached, and what is handed over to whom."))


class AnswerClosingForm(ClinicForm):
    """The coordinator approves or sends back."""

    answer = SelectField(
        _l("Answer"),
        choices=lambda: [("approved", _("Approve: the case closes")), ("sent_back", _("Send back to the team"))],
        default="approved",
    )
    note = TextField(_l("Note"), description=_l("Needed where it is sent back: what is still to be done."))


class ReopenForm(ClinicForm):
    """Opens a closed case again."""

    opened_on = DayField(
        _l("Opened again on"), [required(_l("Say from which day."))], default=clock.today, latest=clock.today
    )
    note = TextField(_l("Why"))


# --- consent


class ConsentForm(RecordForm):
    """One line of the ledger."""

    purpose = SelectField(_l("What it is for"), choices=_labelled(PURPOSES), default="service")
    refused = BooleanField(_l("It was refused"))
    by_guardian = BooleanField(_l("By the guardian"))
    by_child = BooleanField(_l("By the child"))
    form = SelectField(_l("How"), choices=_labelled(FORMS), default="written")
    given_on = DayField(_l("On"), [required(_l("Say on which day."))], default=clock.today, latest=clock.today)
    until = DayField(_l("Until"), description=_l("Leave it empty if no end was agreed."))
    confirm_by = DayField(_l("To be confirmed by"), description=_l("Where it was given for now, at night."))
    to_whom = LineField(_l("To whom, for a referral"), description=_l("The organisation or person, by name."))
    note = TextField(_l("What may be shared, and what must not"))


class ShareForm(RecordForm):
    """What was shared under a consent."""

    what = TextField(
        _l("What was shared"),
        [required(_l("Write what was shared."))],
        description=_l("Which papers, or what was told. As little as serves the child."),
    )
    to_whom = LineField(_l("With whom"), [required(_l("Write with whom it was shared."))])
    shared_on = DayField(_l("On"), [required(_l("Say on which day."))], default=clock.today, latest=clock.today)


class ConfirmConsentForm(ClinicForm):
    """A consent given for now is confirmed."""

    confirmed_on = DayField(
        _l("Confirmed on"), [required(_l("Say on which day."))], default=clock.today, latest=clock.today
    )


class WithdrawConsentForm(ClinicForm):
    """Consent is withdrawn."""

    withdrawn_on = DayField(
        _l("Withdrawn on"), [required(_l("Say on which day."))], default=clock.today, latest=clock.today
    )
    because = TextField(_l("What was said"))


# --- intake


class IntakeForm(RecordForm):
    """An inbound referral, as told."""

    received_on = DayField(
        _l("Received on"), [required(_l("Say on which day."))], default=clock.today, latest=clock.today
    )
    referral_source = CodeField(_l("From"), [required(_l("Choose who sent the child."))], vocabulary="referral_source")
    urgent = BooleanField(_l("It is urgent"))
    child_name = LineField(_l("Name of the child, as told"))
    child_about = TextField(_l("About the child"), description=_l("Age, where from, the family's phone, as told."))
    referrer = LineField(_l("Who called or wrote"))
    referrer_phone = LineField(_l("Their phone"), render_kw={"inputmode": "tel", "dir": "ltr"})
    wish = TextField(_l("What they wish"))


class DeclineForm(ClinicForm):
    """An inbound referral is declined."""

    answer_note = TextField(_l("Why, and what was said to them"), [required(_l("Say why, in a few words."))])


# --- projects


class ProjectForm(ClinicForm):
    """What a funding project is called, and when it ended."""

    name_ar = LineField(_l("In Arabic"))
    name = LineField(_l("In English"), [required(_l("Write what the project is called."))])
    ended_on = DayField(_l("Ended on"), description=_l("From the next day on forms offer it no longer."))


class AddProjectForm(ProjectForm):
    """A new project has a code, which the register and the reports know it by."""

    code = LineField(
        _l("Code"),
        [
            required(_l("Choose a short code.")),
            Regexp(r"[a-z0-9_]+$", message=_l("Small Latin letters, digits and underscores alone.")),
        ],
        description=_l("Small Latin letters, digits and underscores. It stays the same for good."),
        render_kw={"dir": "ltr"},
    )


# --- lists


def _days(*numbers: int) -> Choices:
    return lambda: [("", _("Any")), *((str(number), _n("%(num)d day", "%(num)d days", number)) for number in numbers)]


class ListForm(ClinicForm):
    """What a list is narrowed by. Codes and days alone: it stands in the address."""

    status = SelectField(
        _l("Case"),
        choices=lambda: [
            (RUNNING, _("Open cases")),
            ("closing_proposed", _("Closing proposed")),
            ("closed", _("Closed cases")),
            ("all", _("All")),
        ],
        default=RUNNING,
    )
    stage = CodeField(_l("Stage"), vocabulary="proceeding_status", blank=_l("Any"))
    offence = CodeField(_l("Accused of"), vocabulary="offence", blank=_l("Any"))
    worker = SelectField(_l("Worker"), choices=lambda: _workers(), default="")
    hearing = SelectField(_l("Next hearing within"), choices=_days(7, 14, 30), default="")
    quiet = SelectField(_l("No step for"), choices=_days(14, 30, 60, 90), default="")
    held = BooleanField(_l("In custody now"))

    class Meta:
        """Nothing is changed by it."""

        csrf = False

    def wanted(self, *, mine: bool) -> Wanted:
        """What is looked for; an answer that is none of those offered narrows nothing."""
        self.validate()
        said = {each.name: None if each.errors else each.data or None for each in self}
        return Wanted(
            mine=mine,
            status=None if said["status"] == "all" else said["status"] or RUNNING,
            stage=said["stage"],
            held=bool(said["held"]),
            offence=said["offence"],
            worker=said["worker"],
            hearing_within=int(said["hearing"]) if said["hearing"] else None,
            quiet_for=int(said["quiet"]) if said["quiet"] else None,
        )


def _workers() -> list[tuple[str, str]]:
    return [("", _("Anybody")), (NOBODY, _("Nobody yet")), *((str(person), name) for person, name in _everybody())]
