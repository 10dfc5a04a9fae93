"""The appearance before the juvenile prosecution as a kind of step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic.access.permissions import Lane
from clinic.cases import dates
from clinic.cases.kinds import Field, Shape, Side, Stage, StepKind, Tag
from clinic.cases.models import CaseFile
from clinic.languages import _l
from clinic.prosecution import rules
from clinic.prosecution.models import ProsecutionAppearance
from clinic.prosecution.rules import Breach
from clinic.vocabularies.fixed import StepState

BREACH_WORDS: Mapping[Breach, str] = {
    Breach.WITHOUT_LAWYER: _l("Without a lawyer"),
    Breach.WITHOUT_GUARDIAN: _l("Without a guardian"),
    Breach.WITHOUT_COUNSELLOR: _l("Without a child protection counsellor"),
}

FIELDS = (
    Field("appeared", _l("Appeared at"), Shape.MOMENT, required=True, planned=True,
          section=_l("The appearance")),
    Field("prosecution_office", _l("Prosecution office"), Shape.LINE, planned=True, hint=_l("For example: Bethlehem")),
    Field("prosecutor", _l("Prosecutor"), Shape.LINE, quiet=True),
    Field("lawyer_attended", _l("Lawyer attended"), Shape.ANSWER, section=_l("Who was there"),
          question=_l("Was the lawyer there?")),
    Field("guardian_present", _l("Guardian present"), Shape.ANSWER, question=_l("Was a guardian there?")),
    Field("protection_counsellor_present", _l("Child protection counsellor present"), Shape.ANSWER,
          question=_l("Was a child protection counsellor there?")),
    Field("told_of_charge", _l("Told of the charge"), Shape.ANSWER, section=_l("Questioning"),
          question=_l("Was the child told of the charge?")),
    Field("charges", _l("Charges"), Shape.CODES, list="offence", hint=_l("As the prosecution names them.")),
    Field("questioned", _l("The child was questioned"), Shape.ANSWER, question=_l("Was the child questioned?")),
    Field("statement_note", _l("What the child said"), Shape.TEXT),
    Field("decision", _l("Decision"), Shape.CODE, list="prosecution_decision", section=_l("The decision"),
          question=_l("What did the prosecution decide?")),
    Field("days_ordered", _l("Days of detention ordered"), Shape.NUMBER, least=1, most=180,
          hint=_l("Only with a decision to detain or to extend.")),
    Field("bail_amount", _l("Bail, in dinars"), Shape.NUMBER, most=1_000_000, quiet=True),
    Field("complainant_consents", _l("The complainant agrees to mediation"), Shape.ANSWER, quiet=True,
          hint=_l("Mediation needs the agreement of the complainant.")),
    Field("note", _l("Note for the defence"), Shape.TEXT, section=_l("For the lawyer")),
)  # fmt: skip


def _check(values: Mapping[str, Any], _case: CaseFile, state: StepState) -> None:
    dates.refuse_a_day_to_come("appeared", values.get("appeared"), state)
    rules.check(values)


def _tags(step: ProsecutionAppearance, _held: frozenset[Lane]) -> tuple[Tag, ...]:
    return tuple(
        Tag(str(BREACH_WORDS[breach]), "warn" if breach == Breach.WITHOUT_COUNSELLOR else "alarm")
        for breach in rules.breaches(step)
    )


APPEARANCE = StepKind(
    code="prosecution_appearance",
    room="prosecution",
    model=ProsecutionAppearance,
    label=_l("Before the prosecution"),
    plural=_l("Before the prosecution"),
    add=_l("Prosecution"),
    icon="prosecution",
    side=Side.LEGAL,
    when="appeared",
    fields=FIELDS,
    stage=Stage.PROSECUTION,
    plannable=True,
    check=_check,
    tags=_tags,
    read_by=_l(
        "The team of this case and the coordinator read the answers and times. What the child said, and the notes for "
        "the defence, are read by the lawyers of this case alone."
    ),
)
