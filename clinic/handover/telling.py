"""A file that is handed over, in words: headings, pairs of label and answer, and the steps, for paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clinic import clock, formats
from clinic.cases.cards import fact_of
from clinic.cases.kinds import Shape
from clinic.cases.labels import FORMS, PURPOSES
from clinic.cases.models import Consent
from clinic.children.labels import birth
from clinic.children.models import Child
from clinic.clock import Precision
from clinic.handover.queries import OwnFile, OwnStep
from clinic.languages import _, current_language
from clinic.staff.models import Clinic
from clinic.vocabularies.fixed import StepState
from clinic.vocabularies.lists import label

Pair = tuple[str, str]


def document_of(own: OwnFile, clinic: Clinic) -> dict[str, Any]:
    """The whole file as the template of the paper takes it."""
    today = clock.today()
    return {
        "language": current_language().code,
        "title": _("The child's own file"),
        "reference": own.case.reference,
        "name": formats.isolate(own.child.name or own.child.name_latin or ""),
        "clinic": clinic.name,
        "demonstration": _("Demonstration: every person here is invented") if clinic.is_demonstration else "",
        "made": [today.year, today.month, today.day],
        "made-on": _("Handed over on %(day)s", day=formats.day(today)),
        "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "sections": [
            {"title": _("The child"), "pairs": _kept(of_the_child(own.child)), "lines": []},
            {"title": _("Guardians"), "pairs": [], "lines": of_guardians(own)},
            {"title": _("The case"), "pairs": _kept(of_the_case(own)), "lines": []},
            {"title": _("Consent"), "pairs": [], "lines": [of_a_consent(one) for one in own.consents]},
            {"title": _("Shared with others"), "pairs": [], "lines": of_what_was_shared(own)},
        ],
        "none": _("none noted"),
        "steps-title": _("Steps"),
        "steps": [_step(one) for one in own.steps],
        "not-in-it": {"title": _("What is not in this file"), "lines": not_in_it(own)},
    }


def _kept(pairs: Iterator[tuple[str, str | None]]) -> list[Pair]:
    return [(name, words) for name, words in pairs if words]


def of_the_child(child: Child) -> Iterator[tuple[str, str | None]]:
    """Who the child is."""
    yield _("Name"), formats.isolate(child.name) if child.name else None
    yield _("Name in Latin letters"), child.name_latin
    yield _("Born"), born(child)
    yield _("Girl or boy"), label("sex", child.sex)
    yield _("Lives in"), label("locality", child.locality) if child.locality else None
    yield _("Refugee status"), label("refugee_status", child.refugee_status) if child.refugee_status else None
    yield _("Card number"), formats.isolate(child.unrwa_number) if child.unrwa_number else None
    yield _("Lives with a disability"), label("answer", child.disability) if child.disability else None
    yield _("School or work now"), label("education", child.education_at_intake) if child.education_at_intake else None
    yield _("Name of the school"), child.school_name


def born(child: Child) -> str | None:
    """The day of birth as well as it is known; else the estimate."""
    if child.birth_date is None and child.estimated_age:
        return _("about %(age)s years old", age=formats.number(child.estimated_age))
    return birth(child)


def of_guardians(own: OwnFile) -> list[str]:
    """Who answers for the child. Numbers, and when it is safe to call, stay with the clinic."""
    return [
        _("%(name)s (%(who)s)", name=formats.isolate(one.name or _("Name not known")), who=_who(one.relationship))
        for one in own.guardians
    ]


def _who(relationship: str | None) -> str:
    return label("relationship", relationship) if relationship else _("Guardian")


def of_the_case(own: OwnFile) -> Iterator[tuple[str, str | None]]:
    """What the case is."""
    case = own.case
    yield _("The child is"), label("child_role", case.role)
    yield _("Accused of"), _(", ").join(label("offence", code) for code in case.offences)
    yield _("Day of the alleged offence"), formats.day(case.offence_on) if case.offence_on else None
    for period in case.periods:
        yield _("Opened on"), formats.day(period.opened_on)
        if period.closed_on and period.closure_reason:
            yield _("Closed on"), f"{formats.day(period.closed_on)} · {label('closure_reason', period.closure_reason)}"
    yield _("Stage"), label("proceeding_status", case.proceeding_status)
    yield _("Decision"), label("disposition", case.disposition) if case.disposition else None
    yield _("Number at the prosecution"), formats.isolate(case.prosecution_number) if case.prosecution_number else None
    yield _("Number at the court"), formats.isolate(case.court_number) if case.court_number else None


def of_a_consent(one: Consent) -> str:
    """A line of the ledger in words."""
    by = [_("By the guardian") if one.given_by_guardian else "", _("By the child") if one.given_by_child else ""]
    told = [str(PURPOSES[one.purpose]), *filter(None, by), str(FORMS[one.form]), formats.day(one.given_on)]
    if one.refused:
        told.append(_("refused"))
    if one.withdrawn_on:
        told.append(_("withdrawn on %(day)s", day=formats.day(one.withdrawn_on)))
    return " · ".join(told)


def of_what_was_shared(own: OwnFile) -> list[str]:
    """What others were told, whom and when: the one place where the file names others than guardians."""
    return [
        f"{formats.isolate(one.what)} · {_('with %(whom)s', whom=formats.isolate(one.to_whom))} · {formats.day(one.on)}"
        for one in own.shared
    ]


def _step(one: OwnStep) -> dict[str, Any]:
    answers = [(field, fact_of(one.step, field)) for field in one.answered]
    return {
        "title": str(one.kind.label),
        "when": when(one),
        "state": state(one),
        "pairs": [(fact.label, fact.words) for field, fact in answers if field.shape is not Shape.TEXT],
        "texts": [(fact.label, fact.words) for field, fact in answers if field.shape is Shape.TEXT],
    }


def when(one: OwnStep) -> str:
    """The day of a step, and the time where it has one."""
    happened = one.step.happened
    known = happened is not None and happened.precision != Precision.DAY
    return formats.day_and_time(happened) if happened is not None and known else formats.day(one.step.on_date)


def state(one: OwnStep) -> str:
    """What became of a step that did not simply take place."""
    return {StepState.PLANNED: _("Planned"), StepState.NOT_DONE: _("Did not take place")}.get(one.step.state, "")


def not_in_it(own: OwnFile) -> list[str]:
    """What stays with the clinic, and where to ask for the rest."""
    told = [
        _("Notes that lawyers and counsellors wrote for their own work."),
        _("Names of other people, but for guardians and for those to whom something of the child was told."),
        _("Telephone numbers, and when it is safe to call."),
    ]
    if not own.is_whole:
        told.append(_("What the child told of how it was treated: the lawyer of the case hands that over."))
    return told
