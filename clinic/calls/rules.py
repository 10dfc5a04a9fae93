"""What a call tells, taken apart: the name, the guardian, the treatment; and what is worth asking next day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from clinic import clock
from clinic.vocabularies.fixed import Answer, Apprehension, HearingStatus, LegalBasis


class Guardian(StrEnum):
    """What is told of the guardian at the station."""

    PRESENT = "present"
    SENT_OUT = "sent_out"
    NOT_THERE = "not_there"
    UNKNOWN = "unknown"


class Treatment(StrEnum):
    """What is told of injuries and treatment."""

    INJURY = "injury"
    ALLEGED = "alleged"
    BOTH = "both"
    NEITHER = "neither"
    UNKNOWN = "unknown"


YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

_GUARDIAN: Mapping[Guardian, tuple[Answer, Answer]] = {  # present at the questioning, came and was sent out
    Guardian.PRESENT: (YES, NO),
    Guardian.SENT_OUT: (NO, YES),
    Guardian.NOT_THERE: (NO, NO),
    Guardian.UNKNOWN: (UNKNOWN, UNKNOWN),
}
_TREATMENT: Mapping[Treatment, tuple[Answer | None, Answer | None]] = {  # injuries seen, ill-treatment alleged
    Treatment.INJURY: (YES, None),  # of the other nothing was told: it is asked next day
    Treatment.ALLEGED: (None, YES),
    Treatment.BOTH: (YES, YES),
    Treatment.NEITHER: (NO, NO),
    Treatment.UNKNOWN: (UNKNOWN, UNKNOWN),
}


def guardian_answers(told: str | None) -> dict[str, Answer | None]:
    """The two answers that one question about the guardian gives; both stay open if it was left open."""
    present, sent_out = _GUARDIAN[Guardian(told)] if told else (None, None)
    return {"guardian_present": present, "guardian_sent_out": sent_out}


def treatment_answers(told: str | None) -> dict[str, Answer | None]:
    """The two answers that one question about treatment gives; both stay open if it was left open."""
    seen, alleged = _TREATMENT[Treatment(told)] if told else (None, None)
    return {"injuries_seen": seen, "ill_treatment_alleged": alleged}


def night_day(at: time, now: datetime) -> date:
    """The day of a time told without one: the last time that the clock showed it."""
    wall = clock.local(now)
    return wall.date() if at <= wall.time() else wall.date() - timedelta(days=1)


# A name as it is told, in one line

_JOINS_THE_NEXT = frozenset(
    {"عبد", "أبو", "ابو", "أبي", "أم", "ام", "آل", "بن", "ابن"}
    | {"abd", "abed", "abdel", "abdul", "abu", "abo", "al", "el", "bin"}
)
_JOINS_THE_ONE_BEFORE = frozenset({"الدين", "الله", "eddin", "al-din", "allah"})


def name_words(name: str) -> list[str]:
    """The names in a line, those of two words kept together: عبد الرحمن, أبو عكر, نور الدين."""
    words: list[str] = []
    joined = False
    for word in name.split():
        if words and (joined or word.casefold() in _JOINS_THE_ONE_BEFORE):
            words[-1] = f"{words[-1]} {word}"
        else:
            words.append(word)
        joined = word.casefold() in _JOINS_THE_NEXT
    return words


def name_parts(name: str) -> tuple[str | None, str | None, str | None, str | None]:
    """Given name, father's, grandfather's and family's: the first said is the given name, the last the family's."""
    words = name_words(name)
    given, middle, family = words[:1], words[1:-1], words[1:][-1:]
    father, grandfather = middle[:1], middle[1:]
    parts = (given, father, grandfather, family)
    return tuple(" ".join(part) or None for part in parts)  # type: ignore[return-value]


def is_latin(name: str) -> bool:
    """Whether a name is told in Latin letters."""
    return any(sign.isascii() and sign.isalpha() for sign in name)


# What was left open

Asked = Callable[[Any], bool]


def _took_place(step: Any) -> bool:
    return step.status in (HearingStatus.HELD, HearingStatus.ADJOURNED)


def _not_with_the_police(step: Any) -> bool:
    return bool(step.legal_basis != LegalBasis.POLICE)


def _longer_than(span: timedelta) -> Asked:
    """Whether the child was or is held so long that the question makes sense."""
    return lambda step: bool((step.ended.at if step.ended else clock.now()) - step.began.at > span)


ASKED_IF: Mapping[tuple[str, str], Asked] = {
    ("police_attendance", "lawyer_arrived"): lambda step: step.lawyer_attended == YES,
    ("police_attendance", "questioned"): lambda step: step.questioned_before_lawyer == YES,
    ("police_attendance", "guardian_sent_out"): lambda step: step.guardian_present == NO,
    ("police_attendance", "family_told_when"): lambda step: step.family_told == YES,
    ("police_attendance", "ill_treatment_kinds"): lambda step: step.ill_treatment_alleged == YES,
    ("police_attendance", "medical_examination"): lambda step: step.injuries_seen == YES,
    ("police_attendance", "statement_language"): lambda step: step.statement_signed == YES,
    ("police_attendance", "ordered_by"): lambda step: step.apprehension == Apprehension.ARREST,
    ("police_attendance", "police_outcome"): lambda step: step.left_police is not None,
    ("custody_period", "holding_body"): _not_with_the_police,  # there the attendance asks it
    ("custody_period", "lawyer_visit"): _not_with_the_police,
    ("custody_period", "family_visit"): _longer_than(timedelta(days=1)),
    ("custody_period", "education_access"): _longer_than(timedelta(days=7)),
    ("hearing", "lawyer_attended"): _took_place,
    ("hearing", "child_attended"): _took_place,
    ("hearing", "guardian_present"): _took_place,
    ("hearing", "protection_counsellor_present"): _took_place,
}
"""A question that another answer makes worth asking; every other one is."""

TOGETHER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("police_attendance", "lawyer_attended"): ("lawyer_arrived",),  # who attended arrived at some time
}
"""Questions that are asked on one page, because one answer needs the other."""


def is_worth_asking(kind: str, name: str, step: Any) -> bool:
    """Whether a question about a step that was left open is to be asked."""
    condition = ASKED_IF.get((kind, name))
    return condition is None or condition(step)
