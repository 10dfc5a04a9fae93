"""What stands on the page of a case: who else it is about, and that the coordinator is to be asked.

The sentence is the same whatever was found, and whether it was found here or in the other case.
"""

from __future__ import annotations

from clinic.access.permissions import Lane
from clinic.access.reader import Reader
from clinic.cases import around
from clinic.cases.around import Further
from clinic.cases.models import CaseFile
from clinic.cases.parts import Part, PartOf, Place
from clinic.cases.queries import Seat
from clinic.conflicts import queries
from clinic.db import session


def _around(case: CaseFile, reader: Reader) -> queries.AroundCase:
    """Read once a request for both parts, where there is anything."""
    if not around.there_may_be("others", case.id):
        return queries.NOBODY
    key = ("conflicts around", case.id, reader.staff_id)
    if key not in session.info:
        session.info[key] = queries.around(case.id, reader)
    found: queries.AroundCase = session.info[key]
    return found


def _ask_first(case: CaseFile, _seat: Seat, reader: Reader) -> Part | None:
    return Part(Place.STRIP, "conflicts/_ask_first.html") if _around(case, reader).must_ask else None


def _people(case: CaseFile, seat: Seat, reader: Reader) -> Part | None:
    if Lane.IDENTITY not in seat.lanes:
        return None
    return Part(Place.ASIDE, "conflicts/_people.html", {"people": _around(case, reader).people, "case_id": case.id})


OTHERS = Further(queries.is_about_others)
ASK_FIRST, PEOPLE = PartOf(_ask_first), PartOf(_people)
