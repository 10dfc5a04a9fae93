"""What the room of calls hangs on the page of a case: what was left open at night."""

from __future__ import annotations

from clinic.access.permissions import Lane
from clinic.access.reader import Reader
from clinic.calls import queries
from clinic.cases.around import Further
from clinic.cases.models import CaseFile
from clinic.cases.parts import Part, PartOf, Place
from clinic.cases.queries import Seat

SHOWN = 3


def _left_open(case: CaseFile, seat: Seat, _reader: Reader) -> Part | None:
    if case.is_closed or Lane.FACTS not in seat.lanes:
        return None
    questions = queries.open_questions_in(case, seat)
    if not questions:
        return None
    return Part(Place.STRIP, "calls/_left_open.html", {"questions": questions[:SHOWN], "number": len(questions)})


QUESTIONS = Further(queries.may_be_open, queries.since)
LEFT_OPEN = PartOf(_left_open)
