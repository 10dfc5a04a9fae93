"""Inbound referrals, and the ledger of consents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Permission
from clinic.audit import readings
from clinic.cases import consent as ledger
from clinic.cases import intake as referrals
from clinic.cases import labels, page, queries
from clinic.cases.consent import ConsentGiven
from clinic.cases.forms import ConfirmConsentForm, ConsentForm, DeclineForm, IntakeForm, WithdrawConsentForm
from clinic.cases.models import CaseFile, Consent, Intake
from clinic.cases.views import bp
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import queries as staff
from clinic.web.guard import current_reader, needs

P = Permission
_TOLD = (
    "received_on",
    "referral_source",
    "urgent",
    "child_name",
    "child_about",
    "referrer",
    "referrer_phone",
    "wish",
)
_AGREED = (
    "purpose",
    "refused",
    "by_guardian",
    "by_child",
    "form",
    "given_on",
    "until",
    "confirm_by",
    "to_whom",
    "note",
)


@bp.get("/intakes")
@needs(P.INTAKE_READ)
def intakes() -> ResponseReturnValue:
    """Inbound referrals: those that wait; with ?answered=1 those that were answered."""
    waiting = request.args.get("answered") != "1"
    after = max(0, request.args.get("after", 0, type=int))
    found, total = referrals.list_intakes(reader=current_reader(), waiting=waiting, after=after)
    return render_template("cases/intakes.html", labels=labels, found=found, total=total, after=after, waiting=waiting)


@bp.route("/intakes/add", methods=["GET", "POST"])
@needs(P.INTAKE_ANSWER)
def add_intake() -> ResponseReturnValue:
    """Notes an inbound referral as told."""
    form = IntakeForm.begun("intake")
    if form.validate_on_submit() and (token := form.accepted("intake")) is not None:
        try:
            noted = referrals.note_intake(form.values(*_TOLD), by=current_reader(), intake_id=token.record_id)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form.saved()
            flash(_("The referral is noted."), "success")
            return redirect(url_for(".show_intake", intake_id=noted.id), code=303)
    return render_template("cases/add_intake.html", form=form)


@bp.route("/intakes/<uuid:intake_id>", methods=["GET", "POST"])
@needs(P.INTAKE_ANSWER, intake=referrals.find_intake)
def show_intake(intake: Intake) -> ResponseReturnValue:
    """A referral as told; accept it, which opens a case, or decline it."""
    form = DeclineForm()
    if request.method == "GET":
        readings.record("intake.read", subject="intake", subject_id=intake.id, case_id=intake.case_id)
    elif form.validate_on_submit():
        try:
            referrals.decline(intake, by=current_reader(), note=form.answer_note.data or "")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("The referral is declined."), "success")
            return redirect(url_for(".intakes"), code=303)
    names = staff.names_of(reader=current_reader())
    return render_template("cases/intake.html", labels=labels, intake=intake, form=form, names=names)


# --- consent


@bp.route("/<uuid:case_id>/consents", methods=["GET", "POST"])
@needs(P.CASE_WRITE, case=queries.find_case)
def consents(case: CaseFile) -> ResponseReturnValue:
    """The ledger of consents, and a new line."""
    form = ConsentForm()
    if form.validate_on_submit():
        try:
            ledger.give_consent(case, ConsentGiven(**form.values(*_AGREED)), by=current_reader())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".consents", case_id=case.id), code=303)
    lines, names_by_id = page.consents_of(case.id), staff.names_of(reader=current_reader())
    return render_template(
        "cases/consents.html", labels=labels, case=case, form=form, lines=lines, names=names_by_id, today=clock.today()
    )


@bp.route("/consents/<uuid:consent_id>/confirm", methods=["GET", "POST"])
@needs(P.CASE_WRITE, consent=ledger.find_consent)
def confirm_consent(consent: Consent) -> ResponseReturnValue:
    """A consent given for now is confirmed."""
    form = ConfirmConsentForm()
    if form.validate_on_submit():
        try:
            ledger.confirm_consent(consent, on=form.confirmed_on.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Confirmed."), "success")
            return redirect(url_for(".consents", case_id=consent.case_id), code=303)
    return render_template("cases/consent.html", labels=labels, consent=consent, form=form, withdrawing=False)


@bp.route("/consents/<uuid:consent_id>/withdraw", methods=["GET", "POST"])
@needs(P.CASE_WRITE, consent=ledger.find_consent)
def withdraw_consent(consent: Consent) -> ResponseReturnValue:
    """Consent is withdrawn."""
    form = WithdrawConsentForm()
    if form.validate_on_submit():
        try:
            ledger.withdraw_consent(consent, on=form.withdrawn_on.data, because=form.because.data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            flash(_("Withdrawn."), "success")
            return redirect(url_for(".consents", case_id=consent.case_id), code=303)
    return render_template("cases/consent.html", labels=labels, consent=consent, form=form, withdrawing=True)
