"""What counselling hangs on the page of a case: how the child is over the months, for its counsellors."""

from __future__ import annotations

from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.cases.parts import Part, PartOf, Place, with_a_step_of
from clinic.cases.queries import Seat
from clinic.counselling import queries
from clinic.counselling.kind import SESSION


def _wellbeing(case: CaseFile, seat: Seat, _reader: Reader) -> Part | None:
    scores = queries.wellbeing_of(case.id, seat)
    if len(scores) < 2:
        return None
    return Part(Place.ASIDE, "counselling/_wellbeing.html", {"scores": scores})


WELLBEING = PartOf(_wellbeing, with_a_step_of(SESSION.code))
