"""The fifteen juvenile justice indicators of UNICEF and UNODC: to which of them one clinic's records can speak.

Names and definitions of the first ten are those published (domain notes, section 3); of the last five they are from
memory, and marked so. A figure of one clinic is the clinic-caseload version of an indicator, never the national one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from clinic.languages import _l


class Answer(StrEnum):
    """Whether this clinic's records can speak to an indicator."""

    YES = "yes"
    IN_PART = "in_part"
    NO = "no"


ANSWER_LABELS: Final = {
    Answer.YES: _l("Yes, of our own cases"),
    Answer.IN_PART: _l("In part: a count of our own"),
    Answer.NO: _l("No"),
}


@dataclass(frozen=True)
class International:
    """One of the fifteen."""

    number: int
    name: str
    definition: str
    answer: Answer
    taken_from: tuple[str, ...]
    why: str
    is_core: bool = False
    is_unconfirmed: bool = False
    is_a_part: bool = False
    """Whether it is a part of our figure, whose whole would be read for it."""


FIFTEEN: Final = (
    International(
        1,
        _l("Children in conflict with the law"),
        _l("Children arrested in 12 months, per 100,000 children."),
        Answer.IN_PART,
        ("cases_opened",),
        _l("We count our own cases. The rate needs all arrests and the number of children in the country."),
    ),
    International(
        2,
        _l("Children in detention"),
        _l("Children in detention on a day, per 100,000 children."),
        Answer.IN_PART,
        ("in_custody_at_end",),
        _l("We count the children we work with who are held. The rate needs all who are held."),
        is_core=True,
    ),
    International(
        3,
        _l("Children in pre-sentence detention"),
        _l("Children in pre-sentence detention on a day, per 100,000 children."),
        Answer.IN_PART,
        ("in_custody_at_end",),
        _l("Our figure by legal basis tells it of our own cases. The rate needs all who are held."),
        is_core=True,
        is_a_part=True,
    ),
    International(
        4,
        _l("Duration of pre-sentence detention"),
        _l("Time that children spend in detention before sentence."),
        Answer.YES,
        ("pre_sentence_detention_days",),
        _l("Taken of the cases decided in the period."),
    ),
    International(
        5,
        _l("Duration of sentenced detention"),
        _l("Time that children spend in detention after sentence."),
        Answer.YES,
        ("sentenced_detention_days",),
        _l("Taken of the custody that ended in the period. One clinic has few such cases."),
    ),
    International(
        6,
        _l("Child deaths in detention"),
        _l("Deaths in detention in 12 months, per 1,000 children detained."),
        Answer.NO,
        (),
        _l("A rate of one clinic would mean nothing. Each death is an incident of its own and is told as one."),
    ),
    International(
        7,
        _l("Separation from adults"),
        _l("Share of children in detention who are not wholly separated from adults."),
        Answer.YES,
        ("not_separated_from_adults",),
        _l("Taken of the custody periods that touch the period, not of one day."),
    ),
    International(
        8,
        _l("Contact with parents and family"),
        _l("Share of children in detention visited by family in the last three months."),
        Answer.YES,
        ("family_contact",),
        _l("Taken of custody of seven days or more, whenever the visit was."),
    ),
    International(
        9,
        _l("Custodial sentencing"),
        _l("Share of children sentenced who are sentenced to custody."),
        Answer.YES,
        ("custodial_sentence_rate",),
        _l("Taken of the cases decided in the period."),
        is_core=True,
    ),
    International(
        10,
        _l("Pre-sentence diversion"),
        _l("Share of children diverted or sentenced who are diverted before sentence."),
        Answer.YES,
        ("diversion_rate",),
        _l("Taken of the cases decided in the period; acquittals and dismissals are neither."),
        is_core=True,
    ),
    International(
        11,
        _l("Aftercare"),
        _l("Share of children released from detention who receive aftercare."),
        Answer.YES,
        ("aftercare",),
        _l("Counselling, a school or a community follow-up of ours within 30 days counts."),
        is_unconfirmed=True,
    ),
    International(
        12,
        _l("Regular independent inspections"),
        _l("Whether inspections are guaranteed, and the share of places inspected in 12 months."),
        Answer.NO,
        (),
        _l("It speaks of places of detention, not of children."),
        is_unconfirmed=True,
    ),
    International(
        13,
        _l("Complaints mechanism"),
        _l("Whether children in detention can complain, and the share of places where they can."),
        Answer.IN_PART,
        ("complaints_filed", "complaints_answered"),
        _l("We count the complaints that we file and that are answered. The indicator speaks of places."),
        is_unconfirmed=True,
    ),
    International(
        14,
        _l("Specialised juvenile justice system"),
        _l("Whether a specialised system exists in law and in practice."),
        Answer.NO,
        (),
        _l("It is a matter of policy, told in the words of the report."),
        is_core=True,
        is_unconfirmed=True,
    ),
    International(
        15,
        _l("Prevention"),
        _l("Whether there is a national plan for preventing children's involvement in crime."),
        Answer.NO,
        (),
        _l("It is a matter of policy, told in the words of the report."),
        is_unconfirmed=True,
    ),
)
