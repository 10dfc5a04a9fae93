"""The page by which a child's own file is handed over."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Lane, Permission
from clinic.audit import readings
from clinic.cases import queries as cases
from clinic.cases.models import CaseFile
from clinic.handover import queries, work
from clinic.handover.forms import HandOverForm
from clinic.languages import current_language
from clinic.refusals import Refusal
from clinic.web.guard import current_reader, needs

bp = Blueprint("handover", __name__, url_prefix="/handover")
PURPOSE = "handover"


@bp.route("/<uuid:case_id>", methods=["GET", "POST"])
@needs(Permission.CASE_HAND_OVER, fresh=True, case=cases.find_case)
def prepare(case: CaseFile) -> ResponseReturnValue:
    """Says to whom the file goes and under which consent; it is then made in the background."""
    offered = queries.consents_for(case.id, clock.today())
    form = HandOverForm.begun(PURPOSE, subject_id=case.id, case_id=case.id, data=_begun())
    form.offer(offered)
    if token := form.sent(PURPOSE, subject_id=case.id):
        said = {**form.values("to_whom", "form", "language"), "sharing_id": token.record_id}
        consent = next(one for one in offered if str(one.id) == form.consent.data)
        try:
            job = work.ask(case, consent, by=current_reader(), **said)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(url_for("jobs.show", job_id=job.id), code=303)
    lanes = cases.seat_of(case, current_reader()).lanes
    readings.record("case.read", subject="case_file", subject_id=case.id, case_id=case.id, lanes=lanes)
    is_whole = Lane.ILL_TREATMENT in lanes
    return render_template("handover/prepare.html", case=case, form=form, offered=offered, is_whole=is_whole)


def _begun() -> dict[str, str]:
    return {"form": "pdf", "language": current_language().code}
