"""The attendance note on paper: what a lawyer hands in or keeps of a night at the station."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission
from clinic.audit import readings
from clinic.cases import queries
from clinic.cases.cards import card_of
from clinic.cases.models import Step
from clinic.police.kind import breach_words
from clinic.police.labels import parts_of
from clinic.police.models import PoliceAttendance
from clinic.staff import queries as staff
from clinic.web.guard import current_reader, needs

bp = Blueprint("police", __name__, url_prefix="/police")


@bp.get("/<uuid:step_id>/note")
@needs(Permission.STEP_READ, step=queries.find_step)
def note(step: Step) -> ResponseReturnValue:
    """The attendance as a paper, in the reader's language, with the lanes that the reader has."""
    if not isinstance(step, PoliceAttendance):
        abort(404)
    reader = current_reader()
    seat = queries.seat_of(step.case, reader)
    readings.record("step.printed", subject="step", subject_id=step.id, case_id=step.case_id, lanes=seat.lanes)
    names = staff.names_of(reader=reader)
    return render_template(
        "police/note.html",
        step=step,
        case=step.case,
        child=step.case.child,
        closed=card_of(step, seat.lanes, names).closed,
        breaches=breach_words(step),
        parts=parts_of(step, seat.lanes),
        lawyer=names.get(step.worker_id or step.id, ""),
        by=reader.name,
        printed=clock.now(),
        age=step.case.child.age_on(step.on_date),
    )
