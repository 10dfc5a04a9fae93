"""What the court hangs on the page of a case: the papers that were asked for and have not come."""

from __future__ import annotations

from clinic.access.reader import Reader
from clinic.cases.models import CaseFile
from clinic.cases.parts import Part, PartOf, Place, with_a_step_of
from clinic.cases.queries import Seat
from clinic.court import queries
from clinic.court.kind import FILING, waits_for_answer


def _papers(case: CaseFile, seat: Seat, _reader: Reader) -> Part | None:
    waiting = [paper for paper in queries.papers_of(case.id, seat.lanes) if waits_for_answer(paper)]
    return Part(Place.ASIDE, "court/_papers.html", {"papers": waiting}) if waiting else None


PAPERS = PartOf(_papers, with_a_step_of(FILING.code))
