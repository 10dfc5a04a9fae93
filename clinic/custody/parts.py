"""What the room of custody hangs on the page of a case: the clock."""

from __future__ import annotations

from collections.abc import Mapping

from clinic import clock
from clinic.access.reader import Reader
from clinic.cases.kinds import Stage
from clinic.cases.models import CaseFile
from clinic.cases.parts import Line, Part, PartOf, Place
from clinic.cases.queries import Seat
from clinic.custody import labels, queries
from clinic.law.queries import rule_sets
from clinic.vocabularies.fixed import LegalBasis

HELD_AT: Mapping[LegalBasis, Stage] = {
    LegalBasis.POLICE: Stage.POLICE,
    LegalBasis.PROSECUTION: Stage.PROSECUTION,
    LegalBasis.COURT_REMAND: Stage.COURT,
    LegalBasis.SENTENCE: Stage.MEASURE,
}
"""The stage of the journey that a child is at while held on this word."""


def _clock(case: CaseFile, _seat: Seat, _reader: Reader) -> Part | None:
    held = queries.held_in_case(case.id)
    if held is None:
        return None
    now = clock.now()
    return Part(
        Place.STRIP,
        "custody/_clock.html",
        {
            "where": labels.where_held(held),
            "basis": held.legal_basis,
            "words": labels.words_of(held.clock(rule_sets(), now), now),
        },
        lights=HELD_AT[held.legal_basis],
    )


def _may_be_held(line: Line) -> bool:
    """Whether a period runs, or an arrest is young enough to hold without one."""
    young = clock.today() - queries.YOUNG
    periods = any(fact.runs for fact in line if fact.kind == "custody_period")
    return periods or any(fact.kind == "police_attendance" and fact.on_date >= young for fact in line)


CLOCK = PartOf(_clock, _may_be_held)
