"""Inbound referrals, and the ledger of consents."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from clinic import clock
from clinic.access.permissions import Lane, Permission
from clinic.audit import readings
from clinic.cases import consent as ledger
from clinic.cases import intake as referrals
from clinic.cases import labels, page, queries, sharing
from clinic.cases.consent import ConsentGiven
from clinic.cases.forms import (
    ConfirmConsentForm,
    ConsentForm,
    DeclineForm,
    IntakeForm,
    ShareForm,
    WithdrawConsentForm,
)
from clinic.cases.models import CaseFile, Consent, Intake, IntakeAnswer
from clinic.cases.views import bp, looked_at
from clinic.children import queries as children
from clinic.children.queries import Hit
from clinic.languages import _
from clinic.refusals import Refusal
from clinic.staff import queries as staff
from clinic.typed import place_in_list
from clinic.web.guard import current_reader, needs

P = Permission
MOST_KNOWN = 5
"""How many children of a name like the one told a referral shows."""
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
    after = request.args.get("after", 0, type=place_in_list)
    found, total = referrals.list_intakes(reader=current_reader(), waiting=waiting, after=after)
    return render_template("cases/intakes.html", labels=labels, found=found, total=total, after=after, waiting=waiting)


@bp.route("/intakes/add", methods=["GET", "POST"])
@needs(P.INTAKE_ANSWER)
def add_intake() -> ResponseReturnValue:
    """Notes an inbound referral as told."""
    form = IntakeForm.begun("intake")
    if token := form.sent("intake"):
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
    note = form.answer_note.data or ""
    if form.validate_on_submit() and form.takes(lambda: referrals.decline(intake, by=current_reader(), note=note)):
        flash(_("The referral is declined."), "success")
        return redirect(url_for(".intakes"), code=303)
    readings.record("intake.read", subject="intake", subject_id=intake.id, case_id=intake.case_id)
    names, known = staff.names_of(reader=current_reader()), _called_so(intake)
    return render_template("cases/intake.html", labels=labels, intake=intake, form=form, names=names, known=known)


def _called_so(intake: Intake) -> list[Hit]:
    """The children whom a waiting referral may mean: by the whole name as told, else by its first and last."""
    words = (intake.child_name or "").split()
    if intake.answer != IntakeAnswer.WAITING or not words:
        return []
    found = children.search(" ".join(words), reader=current_reader())
    if not found and len(words) > 2:
        found = children.search(f"{words[0]} {words[-1]}", reader=current_reader())
    return found[:MOST_KNOWN]


# --- consent


@bp.route("/<uuid:case_id>/consents", methods=["GET", "POST"])
@needs(P.CASE_WRITE, case=queries.find_case)
def consents(case: CaseFile) -> ResponseReturnValue:
    """The ledger of consents, and a new line."""
    form = ConsentForm.begun("consent", subject_id=case.id, case_id=case.id)
    if request.args.get("purpose") in labels.PURPOSES and not form.is_submitted() and form.draft is None:
        form.purpose.data = request.args["purpose"]
    if token := form.sent("consent", subject_id=case.id):
        given, consent_id = ConsentGiven(**form.values(*_AGREED)), token.record_id
        if form.takes(lambda: ledger.give_consent(case, given, by=current_reader(), consent_id=consent_id)):
            flash(_("Saved."), "success")
            return redirect(url_for(".consents", case_id=case.id), code=303)
    return _ledger_page(case, form)


def _ledger_page(case: CaseFile, form: ConsentForm) -> ResponseReturnValue:
    looked_at(case, queries.seat_of(case, current_reader()).lanes)
    lines = page.consents_of(case.id)
    return render_template(
        "cases/consents.html",
        labels=labels,
        case=case,
        form=form,
        lines=lines,
        shared=sharing.by_consent(sharing.everything_shared(case.id, lines)),
        may_be_shared_under=sharing.may_be_shared_under,
        names=staff.names_of(reader=current_reader()),
        today=clock.today(),
    )


@bp.route("/consents/<uuid:consent_id>/share", methods=["GET", "POST"])
@needs(P.CASE_WRITE, consent=ledger.find_consent)
def share(consent: Consent) -> ResponseReturnValue:
    """Notes what was shared under a consent, with whom and when."""
    told = {"to_whom": consent.to_whom, "shared_on": clock.today()}
    form = ShareForm.begun("consent:share", subject_id=consent.id, case_id=consent.case_id, data=told)
    if token := form.sent("consent:share", subject_id=consent.id):
        said = {**form.values("what", "to_whom", "shared_on"), "sharing_id": token.record_id}
        if form.takes(lambda: sharing.note_shared(consent, by=current_reader(), **said)):
            flash(_("Saved."), "success")
            return redirect(url_for(".consents", case_id=consent.case_id), code=303)
    _looked_at_consent(consent)
    return render_template("cases/share.html", labels=labels, consent=consent, form=form)


def _looked_at_consent(consent: Consent) -> None:
    """Notes that the reader reads what was agreed, and with whom something was shared."""
    lanes = frozenset({Lane.FACTS, Lane.IDENTITY})
    readings.record("case.read", subject="consent", subject_id=consent.id, case_id=consent.case_id, lanes=lanes)


@bp.route("/consents/<uuid:consent_id>/confirm", methods=["GET", "POST"])
@needs(P.CASE_WRITE, consent=ledger.find_consent)
def confirm_consent(consent: Consent) -> ResponseReturnValue:
    """A consent given for now is confirmed."""
    form = ConfirmConsentForm()
    on = form.confirmed_on.data
    if form.validate_on_submit() and form.takes(lambda: ledger.confirm_consent(consent, on=on)):
        flash(_("Confirmed."), "success")
        return redirect(url_for(".consents", case_id=consent.case_id), code=303)
    _looked_at_consent(consent)
    return render_template("cases/consent.html", labels=labels, consent=consent, form=form, withdrawing=False)


@bp.route("/consents/<uuid:consent_id>/withdraw", methods=["GET", "POST"])
@needs(P.CASE_WRITE, consent=ledger.find_consent)
def withdraw_consent(consent: Consent) -> ResponseReturnValue:
    """Consent is withdrawn."""
    form = WithdrawConsentForm()
    on, because = form.withdrawn_on.data, form.because.data
    if form.validate_on_submit() and form.takes(lambda: ledger.withdraw_consent(consent, on=on, because=because)):
        flash(_("Withdrawn."), "success")
        return redirect(url_for(".consents", case_id=consent.case_id), code=303)
    _looked_at_consent(consent)
    told = sharing.everything_shared(consent.case_id, page.consents_of(consent.case_id))
    shared = sharing.by_consent(told).get(consent.id, ())
    return render_template(
        "cases/consent.html", labels=labels, consent=consent, form=form, withdrawing=True, shared=shared
    )
