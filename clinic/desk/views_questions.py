"""What was left open, answered on the desk by one press."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from clinic.access.permissions import Permission
from clinic.access.policy import may
from clinic.calls import actions as calls
from clinic.cases.kinds import Field, Shape, kind_of
from clinic.cases.models import Step
from clinic.cases.queries import find_step, seat_of
from clinic.desk.views_tasks import bp as bp
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.vocabularies.fixed import Answer
from clinic.web.guard import current_reader, needs


@bp.post("/desk/questions/<uuid:step_id>/<name>")
@needs(Permission.STEP_RECORD, step=find_step)
def answer(step: Step, name: str) -> ResponseReturnValue:
    """Yes, no or not known to one open question; who was quicker is not overwritten."""
    said = request.form.get("answer", "")
    if _asked(step, name) is None or said not in {each.value for each in Answer}:
        abort(404)
    if not may(current_reader(), kind_of(step).permission, step):
        abort(403)
    try:
        if getattr(step, name) is None:
            calls.answer_about_step(step, {name: Answer(said)}, by=current_reader())
            flash(_("Saved."), "success")
        else:
            flash(_("A colleague answered this already."), "warning")
    except Refusal as refusal:
        flash(refusal.sentence, "warning")
    return redirect(url_for("desk.show", _anchor="left-open"), code=303)


def _asked(step: Step, name: str) -> Field | None:
    """The question of this name that this reader may be asked."""
    fields = kind_of(step).fields_for(seat_of(step.case, current_reader()).lanes)
    answers = (field for field in fields if field.question and field.shape is Shape.ANSWER)
    return next((field for field in answers if field.name == name), None)
