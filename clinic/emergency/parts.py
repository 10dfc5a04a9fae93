"""What stands on the page of a case while somebody has it open in an emergency."""

from __future__ import annotations

from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.cases.parts import Part, PartOf, Place
from clinic.cases.queries import Seat
from clinic.emergency import queries
from clinic.staff.queries import names_of


def _running(case: CaseFile, _seat: Seat, reader: Reader) -> Part | None:
    running = queries.running_in(case.id)
    if not running:
        return None
    return Part(Place.STRIP, "emergency/_running.html", {"running": running, "names": names_of(reader=reader)})


RUNNING = PartOf(_running)
