"""The letter of a referral: what the other organisation is told, and nothing else of the file."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from clinic import languages
from clinic.access.permissions import Permission
from clinic.audit import readings
from clinic.cases import queries as cases
from clinic.referrals import queries
from clinic.referrals.models import Referral
from clinic.web.guard import current_reader, needs

bp = Blueprint("referrals", __name__)


@bp.get("/steps/<uuid:step_id>/letter")
@needs(Permission.STEP_READ, step=queries.find_referral)
def letter(step: Referral) -> ResponseReturnValue:
    """The letter on paper, in the language that `in` names; refused without a consent or a reason."""
    lanes = cases.seat_in(step.case_id, current_reader()).lanes
    readings.record("referral.letter", subject="step", subject_id=step.id, case_id=step.case_id, lanes=lanes)
    consent = queries.consent_of(step)
    if consent is None and not step.without_consent:
        return render_template("referrals/no_consent.html", step=step, case=step.case), 409
    wanted = request.args.get("in")
    if wanted in languages.LANGUAGES:
        languages.use(wanted)
    return render_template("referrals/letter.html", step=step, case=step.case, consent=consent, clinic=g.clinic)
