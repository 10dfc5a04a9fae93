"""The kind of step of a complaint."""

from __future__ import annotations

from typing import Any

from clinic import clock
from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, Shape, Side, StepKind, Tag
from clinic.complaints import rules
from clinic.complaints.models import Complaint
from clinic.languages import _, _l
from clinic.vocabularies import lists
from clinic.vocabularies.fixed import ComplaintStatus


def _title(complaint: Complaint) -> str:
    if complaint.body is None:
        return _("Complaint")
    return _("Complaint: %(body)s", body=lists.label("complaint_body", complaint.body))


def _tags(complaint: Any, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    if rules.is_overdue(complaint.status, complaint.answered_on, complaint.answer_due_on, clock.today()):
        return (Tag(_("Answer overdue"), "warn"),)
    if complaint.status == ComplaintStatus.UPHELD:
        return (Tag(_("Upheld"), "good"),)
    return ()


COMPLAINT = StepKind(
    code="complaint",
    room="complaints",
    model=Complaint,
    label=_l("Complaint"),
    plural=_l("Complaints"),
    add=_l("Record a complaint"),
    icon="complaint",
    side=Side.LEGAL,
    when="filed_on",
    check=rules.check,
    tags=_tags,
    title=_title,
    read_by=_l("The team reads to whom and when; only the lawyers of this case read how the child was treated."),
    fields=(
        Field("filed_on", _l("Day on which it was filed"), Shape.DATE, required=True),
        Field("body", _l("With whom it was filed"), Shape.CODE, list="complaint_body", required=True),
        Field("number", _l("Their number"), Shape.LINE, quiet=True),
        Field(
            "child_agrees",
            _l("Does the child want this complaint?"),
            Shape.ANSWER,
            quiet=True,
            hint=_l("Told what may follow from it, in words of the child's age."),
            question=_l("Does the child want this complaint?"),
        ),
        Field("medical_report", _l("Is there a medical report?"), Shape.ANSWER, quiet=True),
        Field(
            "about",
            _l("What it is about"),
            Shape.CODES,
            list="ill_treatment",
            required=True,
            section=_l("How the child was treated"),
            hint=_l("Press all that apply."),
        ),
        Field("against", _l("Against whom"), Shape.LINE),
        Field("account", _l("What the child tells"), Shape.TEXT, hint=_l("In the child's own words where you can.")),
        Field(
            "told",
            _l("Who was told"),
            Shape.LINE,
            quiet=True,
            section=_l("What became of it"),
            hint=_l("Whom of the family and of the authorities you told of the complaint."),
        ),
        Field("answer_due_on", _l("Answer expected by"), Shape.DATE, seldom=True, quiet=True),
        Field("status", _l("Where it stands"), Shape.CODE, list="complaint_status", required=True),
        Field("answered_on", _l("Answered on"), Shape.DATE, seldom=True),
        Field("answer", _l("What they answered"), Shape.TEXT, hint=_l("Only the lawyers of this case read this.")),
    ),
)
