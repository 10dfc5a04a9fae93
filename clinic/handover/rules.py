"""What of a file the child may have: its own answers and words, never another's (docs/decisions/0016).

Answers, days, codes and numbers of the lane of facts are the child's. Of what was typed, only what is named in `OWN`;
`KEPT` names the rest and why it stays, so that a new text has to be decided on (a test).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from clinic.access.permissions import Lane
from clinic.cases.kinds import Field, Shape, StepKind

TYPED: Final = frozenset({Shape.LINE, Shape.TEXT})


class Kept(StrEnum):
    """Why a text stays with the clinic."""

    DEFENCE = "defence"  # what a colleague thinks of the defence, or of the child
    OTHERS = "others"  # it names somebody else, or may
    TO_OTHERS = "to_others"  # what was told to somebody outside: the ledger of what was shared says it


OWN: Final = frozenset(
    {
        ("police_attendance", "account"),  # the child's own words of how it was treated
        ("police_attendance", "ill_treatment_kinds"),
        ("prosecution_appearance", "prosecution_office"),
        ("prosecution_appearance", "statement_note"),  # what the child said there
        ("custody_period", "order_number"),
        ("custody_period", "solitary"),
        ("hearing", "court_number"),
        ("filing", "number"),
        ("decision", "number"),
        ("complaint", "number"),
        ("complaint", "about"),
        ("complaint", "account"),
        ("complaint", "answer"),
        ("counselling_session", "wellbeing_score"),  # how the child rated itself
        ("referral", "agency"),
    }
)
"""Texts, and answers of other lanes than facts, that are the child's."""

KEPT: Final = {
    ("police_attendance", "ordered_by"): Kept.OTHERS,
    ("police_attendance", "injuries_note"): Kept.DEFENCE,
    ("police_attendance", "confession_note"): Kept.DEFENCE,
    ("police_attendance", "note"): Kept.DEFENCE,
    ("prosecution_appearance", "prosecutor"): Kept.OTHERS,
    ("prosecution_appearance", "note"): Kept.DEFENCE,
    ("custody_period", "ordered_by"): Kept.OTHERS,
    ("custody_period", "conditions_note"): Kept.DEFENCE,
    ("custody_period", "note"): Kept.DEFENCE,
    ("hearing", "judge"): Kept.OTHERS,
    ("hearing", "order"): Kept.DEFENCE,
    ("hearing", "note"): Kept.DEFENCE,
    ("filing", "with_whom"): Kept.OTHERS,
    ("filing", "note"): Kept.DEFENCE,
    ("decision", "note"): Kept.DEFENCE,
    ("measure", "supervised_by"): Kept.OTHERS,
    ("measure", "note"): Kept.DEFENCE,
    ("counselling_session", "agreed"): Kept.DEFENCE,
    ("counselling_session", "note"): Kept.DEFENCE,
    ("assessment", "strengths"): Kept.DEFENCE,
    ("assessment", "note"): Kept.DEFENCE,
    ("school_followup", "said_as"): Kept.TO_OTHERS,
    ("school_followup", "action"): Kept.OTHERS,
    ("school_followup", "note"): Kept.DEFENCE,
    ("community_followup", "result"): Kept.OTHERS,
    ("community_followup", "note"): Kept.DEFENCE,
    ("referral", "contact_person"): Kept.OTHERS,
    ("referral", "shared"): Kept.TO_OTHERS,
    ("referral", "without_consent"): Kept.DEFENCE,
    ("referral", "note"): Kept.DEFENCE,
    ("complaint", "against"): Kept.OTHERS,
    ("complaint", "told"): Kept.OTHERS,
    ("note", "legal_text"): Kept.DEFENCE,
    ("note", "social_text"): Kept.DEFENCE,
    ("note", "team_text"): Kept.OTHERS,
}


def is_the_childs(kind: StepKind, field: Field) -> bool:
    """Whether an answer of a step belongs to the child."""
    if (kind.code, field.name) in OWN:
        return True
    return field.shape not in TYPED and kind.lane(field.name) == Lane.FACTS


def fields_of(kind: StepKind, held: frozenset[Lane]) -> tuple[Field, ...]:
    """The answers of a kind that the child may have and that whoever hands them over may read."""
    return tuple(field for field in kind.fields_for(held) if is_the_childs(kind, field) and field.name != kind.when)
