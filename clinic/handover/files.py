"""A file that is handed over, as a PDF to read and as JSON for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from clinic import clock
from clinic.cases.cards import words_of
from clinic.clock import Moment
from clinic.handover import telling
from clinic.handover.queries import OwnFile, OwnStep
from clinic.languages import current_language
from clinic.reports.paper.letters import on_paper
from clinic.reports.paper.press import printed
from clinic.reports.papers import TEMPLATES
from clinic.staff.models import Clinic

TEMPLATE: Final = TEMPLATES / "handover/file.typ"
FORMAT: Final = "sanad-own-file-1"


@dataclass(frozen=True)
class Form:
    """One of the forms of a file."""

    name: str
    mimetype: str
    write: Callable[[OwnFile, Clinic], bytes]


def as_pdf(own: OwnFile, clinic: Clinic) -> bytes:
    """The file on paper, in the language of the moment."""
    return printed(on_paper(telling.document_of(own, clinic)), TEMPLATE)


def as_json(own: OwnFile, clinic: Clinic) -> bytes:
    """The same for a program: codes and days beside the words."""
    told = {
        "format": FORMAT,
        "language": current_language().code,
        "clinic": clinic.name,
        "made_on": clock.today(),
        "child": _child(own),
        "guardians": [{"name": one.name, "relationship": one.relationship} for one in own.guardians],
        "case": _case(own),
        "consents": [_consent(one) for one in own.consents],
        "shared": [{"what": one.what, "to_whom": one.to_whom, "on": one.on} for one in own.shared],
        "steps": [_step(one) for one in own.steps],
        "not_in_it": telling.not_in_it(own),
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=_plain).encode()


def _plain(value: Any) -> Any:
    """A day or a moment as text."""
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _child(own: OwnFile) -> dict[str, Any]:
    child = own.child
    names = ("given_name", "father_name", "grandfather_name", "family_name", "name_latin", "born_on", "birth_precision")
    facts = ("estimated_age", "estimated_on", "sex", "locality", "refugee_status", "disability", "education_at_intake")
    return {name: getattr(child, name) for name in (*names, *facts, "school_type", "school_name", "unrwa_number")}


def _case(own: OwnFile) -> dict[str, Any]:
    names = ("reference", "role", "offences", "offence_on", "proceeding_status", "disposition", "disposition_on")
    told = {name: getattr(own.case, name) for name in (*names, "prosecution_number", "court_number")}
    periods = [
        {"opened_on": one.opened_on, "closed_on": one.closed_on, "closure_reason": one.closure_reason}
        for one in own.case.periods
    ]
    return {**told, "periods": periods}


def _consent(one: Any) -> dict[str, Any]:
    names = ("purpose", "given_by_guardian", "given_by_child", "form", "refused", "given_on", "until", "withdrawn_on")
    return {name: getattr(one, name) for name in names}


def _step(one: OwnStep) -> dict[str, Any]:
    step = one.step
    return {
        "kind": step.kind,
        "called": str(one.kind.label),
        "state": step.state,
        "on": step.on_date,
        "at": _moment(step.happened),
        "answers": [
            {
                "name": field.name,
                "label": str(field.label),
                "value": _value(getattr(step, field.name)),
                "words": words_of(getattr(step, field.name), field),
            }
            for field in one.answered
        ],
    }


def _value(value: Any) -> Any:
    return _moment(value) if isinstance(value, Moment) else value


def _moment(moment: Moment | None) -> dict[str, str] | None:
    return None if moment is None else {"utc": moment.at.isoformat(), "known_to": moment.precision.value}


FORMS: Final[Mapping[str, Form]] = {
    "pdf": Form("own-file.pdf", "application/pdf", as_pdf),
    "json": Form("own-file.json", "application/json", as_json),
}
